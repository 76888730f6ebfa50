"""Files of issuers: the certificates of authorities that are to be trusted, and their revocation lists. Read and judged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from haicap.domain.people.signing_files import load, name_of, refused, serial_of, unreadable
from haicap.domain.people.signing_rules import Why
from haicap.domain.people.signing_trust import (
    TRAITS,
    WEAK,
    Authority,
    Revocation,
    extension_of,
    has_signed_itself,
    issuer_of,
    names_another_key,
)
from haicap.kernel import vi
from haicap.kernel.language import bi

MOST_LIST_BYTES: Final = 16 * 1024 * 1024
SHORTEST_RSA: Final = 2048
_BEGIN_LIST: Final = b"-----BEGIN X509 CRL-----"
# What this program honours when it follows a path; a critical extension beyond these must be refused (RFC 5280, 4.2).
_KNOWN_OF_AUTHORITIES: Final = frozenset({
    x509.BasicConstraints.oid, x509.KeyUsage.oid, x509.CertificatePolicies.oid, x509.ExtendedKeyUsage.oid,
})  # fmt: skip
_KNOWN_OF_LISTS: Final = frozenset({x509.IssuingDistributionPoint.oid})
_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension,
                      x509.UnsupportedGeneralNameType)  # fmt: skip


@dataclass(frozen=True)
class AuthorityFacts:
    """An authority's certificate as its file tells it."""

    name: str
    issuer: str
    serial: str
    fingerprint: str
    valid_from: datetime
    valid_to: datetime
    is_root: bool
    file: bytes

    @property
    def fingerprint_in_pairs(self) -> str:
        """As issuers publish it: AB:CD:…"""
        return in_pairs(self.fingerprint)


@dataclass(frozen=True)
class ListFacts:
    """A revocation list, once its signature was checked."""

    authority_id: int
    number: str
    this_update: datetime
    next_update: datetime
    entries: int
    file: bytes


def in_pairs(digest: str) -> str:
    """A digest as issuers publish it: AB:CD:…"""
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)).upper()


def read_authority(data: bytes, known: Sequence[Authority], now: datetime) -> AuthorityFacts:
    """An authority's certificate that may be trusted: a root that has signed itself, or one that a known authority has signed.

    Raises SigningRefused with what to do.
    """
    found = load(data)
    try:
        fault = _fault_of(found, known, now)
        if fault:
            raise refused(fault)
        file = found.public_bytes(Encoding.DER)
        return AuthorityFacts(
            name=name_of(found.subject), issuer=name_of(found.issuer), serial=serial_of(found),
            fingerprint=hashlib.sha256(file).hexdigest(), valid_from=found.not_valid_before_utc,
            valid_to=found.not_valid_after_utc, is_root=found.subject == found.issuer, file=file,
        )  # fmt: skip
    except _UNREADABLE as error:
        raise unreadable() from error


def _fault_of(found: x509.Certificate, known: Sequence[Authority], now: datetime) -> Any:
    basic, usage = extension_of(found, x509.BasicConstraints), extension_of(found, x509.KeyUsage)
    if basic is None or not basic.ca or (usage is not None and not usage.key_cert_sign):
        return bi("Đây không phải chứng thư của nơi cấp (không có quyền cấp chứng thư số).",
                  "This is not an issuer's certificate: it may not issue any.")  # fmt: skip
    if any(one.critical and one.oid not in _KNOWN_OF_AUTHORITIES for one in found.extensions):
        return bi("Chứng thư có ràng buộc mà chương trình này chưa kiểm tra được, nên không nhận.",
                  "The certificate has a constraint that this program cannot honour, so it is not taken.")  # fmt: skip
    if not found.not_valid_before_utc <= now < found.not_valid_after_utc:
        days = f"{vi.date_text(found.not_valid_before_utc.date())} – {vi.date_text(found.not_valid_after_utc.date())}"
        text = bi("Chứng thư không có hiệu lực hôm nay ({days}).", "The certificate is not valid today ({days}).")
        return text.format(days=days)
    key = found.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < SHORTEST_RSA:
        return bi("Khóa RSA ngắn hơn 2048 bit, không còn an toàn.", "Its RSA key is shorter than 2048 bits: not safe.")
    if found.subject == found.issuer:
        return "" if has_signed_itself(found) else bi(
            "Chữ ký của chứng thư gốc sai: tệp đã bị sửa hoặc không phải chứng thư gốc.",
            "The root has not signed itself: the file was changed, or is no root.")  # fmt: skip
    if isinstance(found.signature_hash_algorithm, WEAK):
        return bi("Chứng thư ký bằng thuật toán đã yếu (SHA-1, MD5).", "It is signed by a weak digest (SHA-1, MD5).")
    if issuer_of(found, known)[0] is None:
        text = bi("Nơi cấp trên là “{name}”, chưa có ở đây: nạp chứng thư ấy trước.",
                  "Its issuer “{name}” is not here: load that one's certificate first.")  # fmt: skip
        return text.format(name=name_of(found.issuer))
    return ""


def read_list(data: bytes, known: Sequence[Authority], now: datetime) -> ListFacts:
    """A complete revocation list that a known authority has signed. Raises SigningRefused with what to do."""
    if len(data) > MOST_LIST_BYTES:
        raise refused(bi("Danh sách lớn hơn 16 MB.", "The list is larger than 16 MB."))
    try:
        found = load_list(data)
        authority, fault = _authority_of(found, known)
        fault = fault or _fault_of_list(found, now)
        if fault or authority is None or found.next_update_utc is None:
            raise refused(fault)
        number = extension_of(found, x509.CRLNumber)
        return ListFacts(
            authority_id=authority.id, number=str(number.crl_number) if number else "", this_update=found.last_update_utc,
            next_update=found.next_update_utc, entries=len(found), file=found.public_bytes(Encoding.DER),
        )  # fmt: skip
    except _UNREADABLE as error:
        raise refused(bi(
            "Không đọc được danh sách thu hồi. Tải lại tệp .crl từ trang của nơi cấp.",
            "The revocation list cannot be read. Download the issuer's .crl file again.",
        )) from error  # fmt: skip


def load_list(data: bytes) -> x509.CertificateRevocationList:
    """A list from a file, DER or PEM. Raises ValueError."""
    return (x509.load_pem_x509_crl if _BEGIN_LIST in data else x509.load_der_x509_crl)(data)


def revocations(of: x509.CertificateRevocationList) -> Mapping[int, Revocation]:
    """What a list says, by serial number."""
    found = {}
    for entry in of:
        why = _reason(entry)
        if why != x509.ReasonFlags.remove_from_crl:
            held = why == x509.ReasonFlags.certificate_hold
            found[entry.serial_number] = Revocation(
                entry.revocation_date_utc, None if held else TRAITS.get(why, Why.OTHER) if why else Why.OTHER
            )
    return found


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, *_UNREADABLE):
        return None


def _authority_of(found: x509.CertificateRevocationList, known: Sequence[Authority]) -> tuple[Authority | None, Any]:
    named = [one for one in known if one.certificate.subject == found.issuer]
    for one in named:
        if names_another_key(found, one.certificate):
            continue
        usage = extension_of(one.certificate, x509.KeyUsage)
        if (usage is None or usage.crl_sign) and found.is_signature_valid(one.certificate.public_key()):  # type: ignore[arg-type]
            return one, ""
    if named:
        return None, bi("Chữ ký của danh sách không phải của “{name}”: tệp đã bị sửa hoặc khóa của nơi cấp đã đổi.",
                        "The list is not signed by “{name}”: the file was changed, or the issuer has a new key."
                        ).format(name=name_of(found.issuer))  # fmt: skip
    return None, bi("Danh sách của “{name}”, chưa có trong các nơi cấp tin cậy: nạp chứng thư của nơi ấy trước.",
                    "The list is of “{name}”, who is not trusted here: load that one's certificate first."
                    ).format(name=name_of(found.issuer))  # fmt: skip


def _fault_of_list(found: x509.CertificateRevocationList, now: datetime) -> Any:
    partial = bi("Danh sách này chỉ là một phần (delta, gián tiếp). Nạp danh sách đầy đủ của nơi cấp.",
                 "This list is a part only (delta, indirect). Load the issuer's complete one.")  # fmt: skip
    if any(one.critical and one.oid not in _KNOWN_OF_LISTS for one in found.extensions):
        return partial
    point = extension_of(found, x509.IssuingDistributionPoint)
    if point is not None and (
        point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs
        or point.only_contains_ca_certs
    ):  # fmt: skip
        return partial
    if isinstance(found.signature_hash_algorithm, WEAK):
        return bi(
            "Danh sách ký bằng thuật toán đã yếu (SHA-1, MD5).", "The list is signed by a weak digest (SHA-1, MD5)."
        )
    if found.next_update_utc is None:
        return bi("Danh sách không ghi ngày phát hành kế tiếp.", "The list does not say when the next one comes.")
    if found.last_update_utc > now:
        return bi("Danh sách ghi ngày phát hành ở tương lai; xem lại đồng hồ máy chủ.",
                  "The list says that it is of a day to come; look at the server's clock.")  # fmt: skip
    return ""
