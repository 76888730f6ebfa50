"""Whether an issuer that is trusted has signed a certificate, and whether it stands on that issuer's revocation list.

RFC 5280: section 4 (what makes a certificate one of an issuer), 5 (revocation lists), 6.1 (the path from a certificate to an
anchor). `cryptography.x509.verification` judges paths by the rules of web servers, which officials' certificates do not meet;
so the path is walked here, and signatures alone are left to the library. No database, no network, no clock here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from django.db.models import TextChoices

from haicap.domain.people.signing_rules import Why
from haicap.kernel.language import bi

MOST_LINKS: Final = 6
"""The longest path: a person's certificate, some intermediate authorities, the root."""
WEAK: Final = (hashes.MD5, hashes.SHA1)
"""Digests under which a signature can be forged; on a root the signature says nothing, so that it may bear one."""

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


class Chain(TextChoices):
    """What came of following a certificate to an anchor. Kept with the certificate."""

    UNCHECKED = "unchecked", bi("Chưa kiểm tra: chưa có tệp", "Not checked: its file is not here")
    TRUSTED = "trusted", bi("Đúng nơi cấp tin cậy", "Of a trusted issuer")
    UNKNOWN = "unknown", bi("Chưa rõ nơi cấp", "No anchor known for its issuer")
    ENDED = "ended", bi("Chứng thư của nơi cấp đã hết hạn", "The issuer's own certificate has run out")
    BROKEN = "broken", bi("Nơi cấp không được phép hoặc đã bị thu hồi", "The issuer may not issue, or was revoked")
    WEAK = "weak", bi("Ký bằng thuật toán đã yếu", "Signed by a digest that can be forged")
    FORGED = "forged", bi("Không phải nơi cấp ấy ký", "Not signed by the issuer that it names")


class Listed(TextChoices):
    """What the issuer's revocation list says of a certificate. Kept with the certificate."""

    NONE = "none", bi("Chưa có danh sách thu hồi", "No revocation list")
    GOOD = "good", bi("Không bị thu hồi", "Not revoked")
    STALE = "stale", bi("Danh sách thu hồi đã quá hạn", "The revocation list is out of date")
    HELD = "held", bi("Nơi cấp tạm dừng", "Suspended by its issuer")
    REVOKED = "revoked", bi("Đã bị thu hồi", "Revoked")


FALSE: Final = (Chain.ENDED, Chain.BROKEN, Chain.WEAK, Chain.FORGED)
"""Whoever verifies a signature made with such a certificate refuses it."""
TRAITS: Final[Mapping[x509.ReasonFlags, Why]] = {
    x509.ReasonFlags.key_compromise: Why.COMPROMISED,
    x509.ReasonFlags.ca_compromise: Why.COMPROMISED,
    x509.ReasonFlags.aa_compromise: Why.COMPROMISED,
    x509.ReasonFlags.affiliation_changed: Why.CHANGED,
    x509.ReasonFlags.cessation_of_operation: Why.LEFT_POST,
    x509.ReasonFlags.privilege_withdrawn: Why.LEFT_POST,
}
"""A list's reason (RFC 5280, 5.3.1) as this register says it; any other is Why.OTHER."""


@dataclass(frozen=True)
class Revocation:
    """An entry of a list. `why`: None while the certificate is only suspended (certificateHold)."""

    at: datetime
    why: Why | None


@dataclass(frozen=True)
class Authority:
    """An issuer that is trusted, and what its list says; `revoked` is None where no list is known."""

    id: int
    certificate: x509.Certificate
    revoked: Mapping[int, Revocation] | None = None
    list_ends: datetime | None = None

    @property
    def is_root(self) -> bool:
        """True for one that nobody above it has issued."""
        return self.certificate.subject == self.certificate.issuer


@dataclass(frozen=True)
class Verdict:
    """What is known of a certificate. `anchor_id`: the root at the end of its path."""

    chain: Chain
    anchor_id: int | None = None
    listed: Listed = Listed.NONE
    revocation: Revocation | None = None


def judge(certificate: x509.Certificate, authorities: Sequence[Authority], at: datetime) -> Verdict:
    """Follow a certificate to a root among `authorities` at a moment (with its zone), and look it up in its issuer's list.

    The certificate's own dates are not judged here: `signing_rules.cannot_sign` does, for a whole day.
    """
    verdict, current = Verdict(Chain.UNKNOWN), certificate
    for below in range(MOST_LINKS):
        if _is_weak(current):
            return Verdict(Chain.WEAK, None, verdict.listed, verdict.revocation)
        issuer, why = issuer_of(current, authorities)
        if issuer is None:
            return Verdict(why, None, verdict.listed, verdict.revocation)
        listed, entry = _looked_up(current, issuer, at)
        if not below:
            verdict = Verdict(Chain.UNKNOWN, None, listed, entry)
        fault = _fault(issuer, below, at, None if not below else entry)
        if fault:
            return Verdict(fault, None, verdict.listed, verdict.revocation)
        if issuer.is_root:
            return Verdict(Chain.TRUSTED, issuer.id, verdict.listed, verdict.revocation)
        current = issuer.certificate
    return Verdict(Chain.BROKEN, None, verdict.listed, verdict.revocation)


def issuer_of(certificate: x509.Certificate, authorities: Sequence[Authority]) -> tuple[Authority | None, Chain]:
    """Who among `authorities` has signed a certificate; where nobody has, whether it claims to be of one's very key."""
    why = Chain.UNKNOWN
    for one in authorities:
        if one.certificate.subject != certificate.issuer or names_another_key(certificate, one.certificate):
            continue
        try:
            certificate.verify_directly_issued_by(one.certificate)
        except InvalidSignature:
            if _key_id(certificate, x509.AuthorityKeyIdentifier) is not None:
                why = Chain.FORGED  # an issuer whose key was renewed under its name has another key's number
        except _UNREADABLE:  # of an algorithm that the library does not know: nobody can say
            continue
        else:
            return one, Chain.TRUSTED
    return None, why


def has_signed_itself(certificate: x509.Certificate) -> bool:
    """True for a root whose signature is its own key's."""
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, *_UNREADABLE):
        return False
    return True


def names_another_key(
    signed: x509.Certificate | x509.CertificateRevocationList, issuer: x509.Certificate
) -> bool:  # fmt: skip
    """True where what was signed says by number that another key than this issuer's has signed it."""
    wanted, own = _key_id(signed, x509.AuthorityKeyIdentifier), _key_id(issuer, x509.SubjectKeyIdentifier)
    return wanted is not None and own is not None and wanted != own


def extension_of(
    of: x509.Certificate | x509.CertificateRevocationList, kind: type[_Extension]
) -> _Extension | None:  # fmt: skip
    """An extension; None where it is not there, or the extensions cannot be read."""
    try:
        return of.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, *_UNREADABLE):
        return None


def _key_id(of: x509.Certificate | x509.CertificateRevocationList, kind: type[x509.ExtensionType]) -> bytes | None:
    found = extension_of(of, kind)
    number = getattr(found, "key_identifier", None)
    return number if isinstance(number, bytes) else None


def _is_weak(certificate: x509.Certificate) -> bool:
    try:
        return isinstance(certificate.signature_hash_algorithm, WEAK)
    except UnsupportedAlgorithm:
        return True


def _fault(issuer: Authority, below: int, at: datetime, revoked: Revocation | None) -> Chain | None:
    """What keeps a path from going on over `issuer`; `below`: how many intermediate authorities are under it; `revoked`: what
    its list says of the one just under it."""
    if revoked is not None:
        return Chain.BROKEN
    if not issuer.certificate.not_valid_before_utc <= at <= issuer.certificate.not_valid_after_utc:
        return Chain.ENDED
    basic = extension_of(issuer.certificate, x509.BasicConstraints)
    if basic is None or not basic.ca or (basic.path_length is not None and below > basic.path_length):
        return Chain.BROKEN
    return None


def _looked_up(certificate: x509.Certificate, issuer: Authority, at: datetime) -> tuple[Listed, Revocation | None]:
    if issuer.revoked is None:
        return Listed.NONE, None
    entry = issuer.revoked.get(certificate.serial_number)
    if entry is not None:  # a list that is out of date takes nothing back
        return (Listed.REVOKED, entry) if entry.why else (Listed.HELD, entry)
    current = issuer.list_ends is not None and at <= issuer.list_ends
    return (Listed.GOOD if current else Listed.STALE), None
