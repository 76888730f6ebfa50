"""What stands in a certificate's file (X.509, RFC 5280): read, never typed. A certificate is public; a key is not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from haicap.domain.people.signing_errors import SigningRefused
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

MOST_BYTES: Final = 64 * 1024
LONGEST: Final = 500
_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"
_UNREADABLE: Final = (ValueError, TypeError, x509.UnsupportedGeneralNameType, UnicodeError)
_NUMBER: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate as its file tells it. `numbers`: personal ID numbers that its subject carries."""

    serial: str
    issuer: str
    subject: str
    common_name: str
    numbers: frozenset[str]
    fingerprint: str
    valid_from: datetime
    valid_to: datetime
    file: bytes
    """The certificate itself, DER."""

    def is_of(self, names: Iterable[str], id_number: str = "") -> bool:
        """True where the subject bears one of `names` (accents and case do not matter) and no other ID number."""
        if self.numbers and id_number and id_number not in self.numbers:
            return False
        return vi.fold(self.common_name) in {vi.fold(name) for name in names}


def read_certificate(data: bytes) -> CertificateFacts:
    """The facts of a .cer, .crt or .pem file, DER or PEM. Raises SigningRefused with what to do."""
    try:
        return _facts(load(data))
    except _UNREADABLE as error:
        raise unreadable() from error


def load(data: bytes) -> x509.Certificate:
    """The certificate in a file. A file that also holds a private key is refused: whoever got it could sign.

    Raises SigningRefused with what to do.
    """
    if len(data) > MOST_BYTES:
        raise refused(bi("Tệp lớn hơn 64 KB, không phải chứng thư số.", "Over 64 KB: this is no certificate."))
    if b"PRIVATE KEY" in data:
        raise refused(bi(
            "Tệp này chứa khóa bí mật! Không gửi tệp này cho ai; báo lộ khóa và chỉ nạp tệp chứng thư số.",
            "This file holds a private key! Send it to nobody; report the key, and upload the certificate alone.",
        ))  # fmt: skip
    try:
        return (x509.load_pem_x509_certificate if _BEGIN in data else x509.load_der_x509_certificate)(data)
    except _UNREADABLE as error:
        raise unreadable() from error


def _facts(found: x509.Certificate) -> CertificateFacts:
    file = found.public_bytes(Encoding.DER)
    names = [str(one.value) for one in found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    subject = clean(found.subject.rfc4514_string())[:LONGEST]
    texts = [str(one.value) for one in found.subject]
    return CertificateFacts(
        serial=serial_of(found),
        issuer=name_of(found.issuer),
        subject=subject,
        common_name=clean(names[0]) if names else "",
        numbers=frozenset(number for text in texts for number in _NUMBER.findall(text)),
        fingerprint=hashlib.sha256(file).hexdigest(),
        valid_from=found.not_valid_before_utc,
        valid_to=found.not_valid_after_utc,
        file=file,
    )


def serial_of(certificate: x509.Certificate) -> str:
    """The serial number as people compare it."""
    return f"{certificate.serial_number:x}".upper()


def name_of(name: x509.Name) -> str:
    """How an issuer is called: its common name, else all of it."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return clean(str(common[0].value) if common else name.rfc4514_string())[:LONGEST]


def unreadable() -> SigningRefused:
    """What is no certificate."""
    return refused(bi(
        "Không đọc được chứng thư số. Xuất lại tệp .cer, .crt hoặc .pem từ phần mềm ký số.",
        "The certificate cannot be read. Export it again as .cer, .crt or .pem.",
    ))  # fmt: skip


def refused(text: object) -> SigningRefused:
    """A file that is not taken, with why."""
    return SigningRefused(problems=[Problem("tep", text)])
