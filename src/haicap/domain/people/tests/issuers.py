"""Issuers of the tests: real authorities, certificates and revocation lists, all of small keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from haicap.kernel import clock

SIGNS = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
    key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


class Issuer:
    """An authority with a key of its own; a root unless `above` has issued it."""

    def __init__(self, name: str = "Gốc thử", above: Issuer | None = None, **changes: Any) -> None:
        self.key: Any = changes.pop("own_key", None) or ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.serial = 100
        self.certificate = (above or self).issue(
            name, key=self.key, extensions=changes.pop("extensions", self.of_an_authority()), **changes
        )

    @staticmethod
    def of_an_authority(path_length: int | None = None) -> list[tuple[x509.ExtensionType, bool]]:
        """What makes a certificate one of an authority."""
        return [(x509.BasicConstraints(ca=True, path_length=path_length), True), (SIGNS, True)]

    @property
    def file(self) -> bytes:
        """Its certificate, DER."""
        return self.certificate.public_bytes(Encoding.DER)

    def issue(
        self, name: str, *, number: str = "", key: Any = None, first: datetime | None = None, last: datetime | None = None,
        extensions: Any = (), named: bool = True, digest: Any = None, forged: bool = False,
    ) -> x509.Certificate:  # fmt: skip
        """A certificate for `name`. `named`: it says by number which key has signed it; `forged`: another key has."""
        now, own = clock.now(), key or self.key
        words = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        words += [x509.NameAttribute(NameOID.SERIAL_NUMBER, f"CCCD:{number}")] if number else []
        self.serial += 1
        built = (
            x509.CertificateBuilder().subject_name(x509.Name(words)).issuer_name(self.name).serial_number(self.serial)
            .public_key(own.public_key())
            .not_valid_before(first or now - timedelta(days=30)).not_valid_after(last or now + timedelta(days=700))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        )  # fmt: skip
        if named:
            built = built.add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        for extension, critical in extensions:
            built = built.add_extension(extension, critical=critical)
        return built.sign(ec.generate_private_key(ec.SECP256R1()) if forged else self.key, digest or hashes.SHA256())

    def list_of(
        self, revoked: Mapping[int, x509.ReasonFlags | None], *, number: int = 1, since: timedelta = timedelta(hours=1),
        until: timedelta = timedelta(days=7), key: Any = None, extensions: Any = (), digest: Any = None,
    ) -> bytes:  # fmt: skip
        """A revocation list, DER: serial numbers with reasons."""
        now = clock.now()
        built = (
            x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(now - since).next_update(now + until)
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )  # fmt: skip
        for extension, critical in extensions:
            built = built.add_extension(extension, critical=critical)
        for serial, why in revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(days=2))
            entry = entry.add_extension(x509.CRLReason(why), critical=False) if why else entry
            built = built.add_revoked_certificate(entry.build())
        return built.sign(key or self.key, digest or hashes.SHA256()).public_bytes(Encoding.DER)
