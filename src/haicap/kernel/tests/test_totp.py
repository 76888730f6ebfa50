"""Codes by time against the vectors of the standards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from haicap.kernel import totp

SECRET = b"12345678901234567890"
# RFC 6238, appendix B, the rows of SHA-1: seconds since 1970, code of eight digits
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
# RFC 4226, appendix D: counter 0 to 9
COUNTED = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_rfc_6238(seconds, code):
    moment = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_at(SECRET, totp.step_at(moment), digits=8) == code
    assert totp.matching_step(SECRET, code[2:], moment) == seconds // 30


@pytest.mark.parametrize(("step", "code"), list(enumerate(COUNTED)))
def test_the_vectors_of_rfc_4226(step, code):
    assert totp.code_at(SECRET, step) == code


def test_one_step_of_drift_and_no_more():
    moment = datetime.fromtimestamp(1111111111, UTC)
    now = totp.step_at(moment)
    for step in range(now - 3, now + 4):
        found = totp.matching_step(SECRET, totp.code_at(SECRET, step), moment)
        assert found == (step if abs(step - now) <= 1 else None)


def test_a_used_step_and_those_before_it_never_count_again():
    moment = datetime.fromtimestamp(1111111111, UTC)
    now = totp.step_at(moment)
    assert totp.matching_step(SECRET, totp.code_at(SECRET, now), moment, after=now) is None
    assert totp.matching_step(SECRET, totp.code_at(SECRET, now - 1), moment, after=now) is None
    assert totp.matching_step(SECRET, totp.code_at(SECRET, now + 1), moment, after=now) == now + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_matches_nothing(code):
    assert totp.matching_step(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_the_key_and_the_address_of_the_qr_code():
    assert totp.key_text(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert totp.address(SECRET, issuer="HaiCap", account="motcua-03664") == (
        "otpauth://totp/HaiCap:motcua-03664?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=HaiCap&digits=6&period=30"
    )
