"""A certificate is followed to a root and looked up in its issuer's list: real authorities, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from haicap.domain.people.signing_authorities import load_list, read_authority, read_list, revocations
from haicap.domain.people.signing_errors import SigningRefused
from haicap.domain.people.signing_rules import Cannot, Held, State, Why, cannot_sign
from haicap.domain.people.signing_trust import Authority, Chain, Listed, judge
from haicap.domain.people.tests.issuers import Issuer
from haicap.kernel import clock

ROOT = Issuer("Gốc thử")
MIDDLE = Issuer("Trung gian thử", ROOT)
LEAF = MIDDLE.issue("Lò Thị Ánh")
NOW = clock.now()
OF_RSA = Issuer("Gốc RSA", own_key=rsa.generate_private_key(65537, 1024))  # noqa: S505 - of a test, quickly made
PAST = {"first": NOW - timedelta(days=30), "last": NOW - timedelta(days=1)}
KNOWN = [Authority(1, ROOT.certificate), Authority(2, MIDDLE.certificate)]


def _as_if_sha1(file: bytes) -> bytes:
    """Said to be signed with RSA over SHA-1 instead of SHA-256: the library makes no such signatures any more."""
    return file.replace(bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105"))


def known(*issuers: Issuer) -> list[Authority]:
    return [Authority(place, one.certificate) for place, one in enumerate(issuers, 1)]


def listed(revoked, *, of=1, ends=7):
    """The known issuers, one of them with a list."""
    kept = revocations(load_list([ROOT, MIDDLE][of].list_of(revoked)))
    return [replace(one, revoked=kept, list_ends=NOW + timedelta(days=ends)) if place == of else one
            for place, one in enumerate(KNOWN)]  # fmt: skip


def test_a_path_leads_over_intermediates_to_a_root():
    found = judge(LEAF, KNOWN, NOW)
    assert (found.chain, found.anchor_id, found.listed) == (Chain.TRUSTED, 1, Listed.NONE)
    assert judge(LEAF, KNOWN[1:], NOW).chain == Chain.UNKNOWN, "an intermediate alone is no anchor"
    assert judge(LEAF, [], NOW).chain == Chain.UNKNOWN
    assert judge(ROOT.issue("Cà Văn Bình", named=False), KNOWN, NOW).chain == Chain.TRUSTED


def test_who_claims_to_be_of_an_issuer_that_has_not_signed_is_found_out():
    assert judge(MIDDLE.issue("Kẻ giả", forged=True), KNOWN, NOW).chain == Chain.FORGED
    assert judge(MIDDLE.issue("Kẻ giả", forged=True, named=False), KNOWN, NOW).chain == Chain.UNKNOWN
    renewed = Issuer("Trung gian thử", ROOT)  # the same name, a new key that nobody entered yet
    assert judge(renewed.issue("Lò Thị Ánh"), KNOWN, NOW).chain == Chain.UNKNOWN
    assert judge(renewed.issue("Lò Thị Ánh"), [*KNOWN, Authority(3, renewed.certificate)], NOW).chain == Chain.TRUSTED


def test_an_issuer_that_ran_out_may_not_issue_or_was_revoked_breaks_the_path():
    late = Issuer("Hết hạn", ROOT, **PAST)
    assert judge(late.issue("A"), known(ROOT, late), NOW).chain == Chain.ENDED
    nobody = Issuer("Không có quyền", ROOT, extensions=[(x509.BasicConstraints(ca=False, path_length=None), True)])
    assert judge(nobody.issue("A"), known(ROOT, nobody), NOW).chain == Chain.BROKEN
    short = Issuer("Gốc ngắn", extensions=Issuer.of_an_authority(path_length=0))
    below = Issuer("Dưới gốc ngắn", short)
    assert judge(short.issue("A"), known(short, below), NOW).chain == Chain.TRUSTED
    assert judge(below.issue("A"), known(short, below), NOW).chain == Chain.BROKEN
    of_the_root = listed({MIDDLE.certificate.serial_number: None}, of=0)
    assert judge(LEAF, of_the_root, NOW).chain == Chain.BROKEN


def test_a_path_that_goes_round_or_on_and_on_ends():
    one, two = Issuer("Một"), Issuer("Hai")
    one.certificate, two.certificate = (
        other.issue(name, key=own.key, extensions=Issuer.of_an_authority())
        for name, own, other in (("Một", one, two), ("Hai", two, one))
    )
    assert judge(one.issue("A"), known(one, two), NOW).chain == Chain.BROKEN


def test_a_digest_that_can_be_forged_is_not_believed():
    weak = x509.load_der_x509_certificate(_as_if_sha1(OF_RSA.issue("Lò Thị Ánh").public_bytes(Encoding.DER)))
    assert judge(weak, known(OF_RSA), NOW).chain == Chain.WEAK
    root = Authority(
        1, x509.load_der_x509_certificate(_as_if_sha1(OF_RSA.file))
    )  # what a root says of itself proves nothing
    assert judge(OF_RSA.issue("Lò Thị Ánh"), [root], NOW).chain == Chain.TRUSTED


@pytest.mark.parametrize(
    ("reason", "why"),
    [(x509.ReasonFlags.key_compromise, Why.COMPROMISED), (x509.ReasonFlags.affiliation_changed, Why.CHANGED),
     (x509.ReasonFlags.cessation_of_operation, Why.LEFT_POST), (x509.ReasonFlags.superseded, Why.OTHER), (None, Why.OTHER)],
)  # fmt: skip
def test_a_serial_on_the_list_is_revoked_for_its_reason(reason, why):
    found = judge(LEAF, listed({LEAF.serial_number: reason}), NOW)
    assert (found.chain, found.listed, found.revocation.why) == (Chain.TRUSTED, Listed.REVOKED, why)


def test_a_list_that_is_old_says_stale_but_takes_no_revocation_back():
    assert judge(LEAF, listed({}), NOW).listed == Listed.GOOD
    assert judge(LEAF, listed({}, ends=-1), NOW).listed == Listed.STALE
    assert judge(LEAF, listed({LEAF.serial_number: None}, ends=-1), NOW).listed == Listed.REVOKED
    assert judge(LEAF, listed({LEAF.serial_number: x509.ReasonFlags.certificate_hold}), NOW).listed == Listed.HELD
    freed = listed({LEAF.serial_number: x509.ReasonFlags.remove_from_crl})
    assert judge(LEAF, freed, NOW).listed == Listed.GOOD


def test_who_is_suspended_or_of_no_trusted_issuer_cannot_sign():
    held = Held(State.ISSUED, NOW - timedelta(days=9), NOW + timedelta(days=9))
    day = clock.local(NOW).date()
    assert cannot_sign(held, day) is None
    assert cannot_sign(replace(held, suspended=True, untrusted=True), day) == Cannot.HELD
    assert cannot_sign(replace(held, untrusted=True), day) == Cannot.UNTRUSTED
    assert cannot_sign(replace(held, state=State.REVOKED, untrusted=True), day) == Cannot.REVOKED


def words(refused) -> str:
    return str(refused.value.problems[0].message)


def test_an_authority_is_read_root_first():
    facts = read_authority(ROOT.file, [], NOW)
    assert (facts.name, facts.is_root, facts.valid_to) == ("Gốc thử", True, ROOT.certificate.not_valid_after_utc)
    assert facts.fingerprint_in_pairs.replace(":", "").lower() == ROOT.certificate.fingerprint(hashes.SHA256()).hex()
    assert not read_authority(MIDDLE.certificate.public_bytes(Encoding.PEM), KNOWN[:1], NOW).is_root
    with pytest.raises(SigningRefused) as refused:
        read_authority(MIDDLE.file, [], NOW)
    assert "“Gốc thử”" in words(refused)


def _changed(file: bytes) -> bytes:
    return file[:-1] + bytes([file[-1] ^ 1])


KEY = ROOT.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
CONSTRAINED = [*Issuer.of_an_authority(),
               (x509.NameConstraints(permitted_subtrees=[x509.DNSName("vn")], excluded_subtrees=None), True)]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", ".cer"), (b"\x00\xff" * 50, ".cer"), (b"x" * 70_000, "64 KB"), (KEY, "khóa bí mật"),
        (LEAF.public_bytes(Encoding.DER), "không có quyền cấp"), (_changed(ROOT.file), "Chữ ký"),
        (OF_RSA.file, "2048"),
        (Issuer("Cũ", **PAST).file, "không có hiệu lực"), (Issuer("Hẹp", extensions=CONSTRAINED).file, "ràng buộc"),
        (Issuer("Lạ", Issuer("Ngoài")).file, "“Ngoài”"),
    ],
)  # fmt: skip
def test_what_is_no_authority_to_be_trusted_is_refused(file, said):
    with pytest.raises(SigningRefused) as refused:
        read_authority(file, KNOWN, NOW)
    assert said in words(refused)


def _point(**changes):
    parts = {"full_name": None, "relative_name": None, "only_contains_user_certs": False, "only_contains_ca_certs": False,
             "only_some_reasons": None, "indirect_crl": False, "only_contains_attribute_certs": False}  # fmt: skip
    return [(x509.IssuingDistributionPoint(**parts | changes), True)]


def test_a_list_is_taken_of_a_known_issuer_whose_signature_it_bears():
    facts = read_list(
        MIDDLE.list_of({1: None, 2: None}, number=12, extensions=_point(only_contains_user_certs=True)), KNOWN, NOW
    )
    assert (facts.authority_id, facts.number, facts.entries) == (2, "12", 2)
    pem = load_list(ROOT.list_of({})).public_bytes(Encoding.PEM)
    assert read_list(pem, KNOWN, NOW).authority_id == 1


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", ".crl"), (b"\xff\x00" * 9, ".crl"), (ROOT.file, ".crl"), (Issuer("Ngoài").list_of({}), "“Ngoài”"),
        (MIDDLE.list_of({}, key=ec.generate_private_key(ec.SECP256R1())), "Chữ ký"),
        (MIDDLE.list_of({}, extensions=[(x509.DeltaCRLIndicator(1), True)]), "một phần"),
        (MIDDLE.list_of({}, extensions=_point(indirect_crl=True)), "một phần"),
        (MIDDLE.list_of({}, extensions=_point(only_contains_ca_certs=True)), "một phần"),
        (MIDDLE.list_of({}, since=timedelta(days=-1)), "tương lai"),
    ],
)  # fmt: skip
def test_a_list_with_a_fault_is_refused(file, said):
    with pytest.raises(SigningRefused) as refused:
        read_list(file, KNOWN, NOW)
    assert said in words(refused)
