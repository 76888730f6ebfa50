"""The rules of training and of digital certificates, at their edges; reading a certificate's file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from haicap.domain.people import signing_rules, training_rules
from haicap.domain.people.signing_errors import SigningRefused
from haicap.domain.people.signing_files import MOST_BYTES, read_certificate
from haicap.domain.people.signing_rules import MOVES, Cannot, Held, State, cannot_sign, must_sign, stage
from haicap.domain.people.training_rules import ClassState, Result, known_until, proposed_result, state_of
from haicap.kernel import clock

DAY = date(2026, 1, 31)
KEY = ec.generate_private_key(ec.SECP256R1())


def at(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), clock.ZONE)


@pytest.mark.parametrize(
    ("months", "until"),
    [(None, None), (1, date(2026, 2, 28)), (12, date(2027, 1, 31)), (25, date(2028, 2, 29)), (11, date(2026, 12, 31))],
)
def test_until_when_a_topic_counts(months, until):
    assert known_until(DAY, months) == until


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 600))
def test_a_topic_counts_until_a_day_of_the_month_that_lies_so_many_months_later(passed, months):
    until = known_until(passed, months)
    assert until is not None
    assert (until.year - passed.year) * 12 + until.month - passed.month == months
    assert until.day == passed.day or (until + timedelta(days=1)).day == 1


def test_a_result_is_proposed_by_the_days_attended():
    days = [date(2026, 1, n) for n in range(1, 6)]
    assert proposed_result(days, days[:4]) == Result.PASSED  # four of five are 80 %
    assert proposed_result(days, days[:3]) == Result.FAILED
    assert proposed_result(days, []) == proposed_result(days, [DAY]) == Result.ABSENT


def test_where_a_class_stands():
    days = [date(2026, 1, 5), date(2026, 1, 6)]
    stands = [(4, 3), (5, 3), (6, 3), (7, 3), (6, 0)]
    assert [state_of(days, date(2026, 1, day), cancelled=False, unmarked=n) for day, n in stands] == [
        ClassState.PLANNED, ClassState.RUNNING, ClassState.RUNNING, ClassState.UNMARKED, ClassState.DONE,
    ]  # fmt: skip
    assert state_of(days, DAY, cancelled=True, unmarked=0) == ClassState.CANCELLED


def test_an_empty_part_of_a_need_speaks_of_all():
    asked = {"unit_level": "xa", "body": "office", "post": "clerk"}
    assert training_rules.needs("", "", "", **asked)
    assert training_rules.needs("xa", "office", "clerk", **asked)
    for level, body, post in (("tinh", "", ""), ("", "center", ""), ("", "", "head")):
        assert not training_rules.needs(level, body, post, **asked)


def held(**changes: object) -> Held:
    return Held(**{"state": State.ISSUED, "valid_from": at(DAY), "valid_to": at(DAY) + timedelta(days=1)} | changes)


def test_a_certificate_serves_when_it_is_valid_to_the_end_of_the_day():
    assert cannot_sign(held(), DAY) is None
    assert cannot_sign(held(valid_to=at(DAY) + timedelta(hours=23, minutes=59)), DAY) == Cannot.EXPIRES_TODAY
    assert cannot_sign(held(valid_to=at(DAY)), DAY) == Cannot.EXPIRED
    assert cannot_sign(held(), DAY - timedelta(days=1)) == Cannot.NOT_YET
    assert cannot_sign(held(), DAY + timedelta(days=1)) == Cannot.EXPIRED


def test_every_other_reason_is_told():
    assert cannot_sign(None, DAY) == cannot_sign(held(state=State.WITHDRAWN), DAY) == Cannot.NONE
    for state, why in ((State.REQUESTED, Cannot.PENDING), (State.SENT, Cannot.PENDING), (State.REVOKED, Cannot.REVOKED),
                       (State.BLOCKED, Cannot.BLOCKED)):  # fmt: skip
        assert cannot_sign(held(state=state), DAY) == why
    assert cannot_sign(held(device_lost=True), DAY) == Cannot.DEVICE_LOST
    assert cannot_sign(held(), DAY, absent=True) == Cannot.ABSENT


@pytest.mark.parametrize(
    ("left", "warns"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_the_warnings_before_an_end(left, warns):
    assert stage(at(DAY + timedelta(days=left), 17), DAY) == warns


def test_who_must_sign():
    for block, body, post, must in (
        ("committee", "committee", "chair", True), ("committee", "center", "head", True), ("council", "council", "deputy", False),
        ("council", "council_standing", "deputy", True), ("committee", "office", "officer", False), ("party", "x", "head", False),
    ):  # fmt: skip
        assert must_sign(block, body, post) == must


def test_no_move_leads_out_of_an_end():
    ends = {State.REVOKED, State.WITHDRAWN}
    assert all(not ends & set(before) for before, _ in MOVES.values())
    assert {after for _, after in MOVES.values()} == set(State) - {State.REQUESTED}
    assert signing_rules.blocks_at_once("compromised") and not signing_rules.blocks_at_once("left_post")


def made(
    name: str = "Lò Thị Ánh", *, number: str = "", first: date = DAY, last: date = date(2028, 1, 1), serial: int = 7
):
    words = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    words += [x509.NameAttribute(NameOID.SERIAL_NUMBER, f"CCCD:{number}")] if number else []
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nơi cấp thử")])
    built = x509.CertificateBuilder().subject_name(x509.Name(words)).issuer_name(issuer).serial_number(serial)
    built = built.public_key(KEY.public_key()).not_valid_before(at(first, 7)).not_valid_after(at(last, 17))
    return built.sign(KEY, hashes.SHA256())


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_the_facts_come_from_the_file(encoding):
    facts = read_certificate(made(number="014190001234", serial=0xABC).public_bytes(encoding))
    assert (facts.serial, facts.issuer, facts.common_name) == ("ABC", "Nơi cấp thử", "Lò Thị Ánh")
    assert (facts.valid_from, facts.valid_to) == (at(DAY, 7), at(date(2028, 1, 1), 17))
    assert facts.is_of(["lo thi anh"], "014190001234")
    assert not facts.is_of(["Lò Thị Ánh"], "014190009999"), "another ID number is another person"
    assert not facts.is_of(["Lò Thị Yến"], "014190001234")


def test_what_is_no_certificate_is_refused_and_a_key_most_of_all():
    key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for data, word in (
        (b"", "cer"), (b"\x00\xff" * 40, "cer"), (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cer"),
        (b"x" * (MOST_BYTES + 1), "64 KB"), (made().public_bytes(Encoding.PEM) + key, "khóa bí mật"),
    ):  # fmt: skip
        with pytest.raises(SigningRefused) as refused:
            read_certificate(data)
        assert word in str(refused.value.problems[0].message)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data):
    with pytest.raises(SigningRefused):
        read_certificate(data)
