"""Passkeys: the four messages of WebAuthn Level 3 between a browser and this house, by Yubico's library.

Nothing here knows a clock, an account or a table. Everything that a browser sends is foreign bytes: whatever a parser
makes of them becomes `Refused`.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

CHALLENGE_BYTES = 32  # Level 3, 13.4.3: at least 16
LONGEST_ANSWER = 16_000  # characters of JSON; keys without attestation need about 1,000
T = TypeVar("T")


class Refused(Exception):
    """An answer that does not hold; the text says why, for the log and for tests, not for who sent it."""


@dataclass(frozen=True)
class Site:
    """What passkeys are bound to: the host's name (the RP id), and the one origin that pages have."""

    host: str
    origin: str

    @property
    def server(self) -> Fido2Server:
        """The library's judge for this site. Who made the device is not asked (no attestation): any device will do."""
        return Fido2Server(PublicKeyCredentialRpEntity(name="HaiCap", id=self.host), verify_origin=self.origin.__eq__)


@dataclass(frozen=True)
class Made:
    """A new passkey: its number, what is kept of it, and how often it has signed."""

    number: bytes
    credential: bytes
    count: int


@dataclass(frozen=True)
class Said:
    """What an answer carries: how often the key has signed, and whether the device verified who holds it."""

    count: int
    verified: bool


def site_of(base_url: str) -> Site | None:
    """The site of an address, `https://dichvucong.example.gov.vn`; None where its host is a number, which no passkey can be
    bound to (Level 3, 5.1.3: an effective domain)."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, f"{parts.scheme}://{parts.netloc}".lower()) if host else None
    return None


def new_challenge() -> bytes:
    """What the next answer must have signed."""
    return secrets.token_bytes(CHALLENGE_BYTES)


def creation(
    site: Site, challenge: bytes, *, handle: bytes, name: str, shown: str, held: Sequence[bytes]
) -> dict[str, Any]:
    """What `navigator.credentials.create` is given, as JSON: `handle` comes back when the key signs in by itself; devices that
    hold one of `held` refuse to make another."""
    options, _ = site.server.register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=name, display_name=shown),
        credentials=_descriptors(held),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=challenge,
    )
    return dict(options.public_key)


def request(site: Site, challenge: bytes, *, held: Sequence[bytes] | None, must_verify: bool) -> dict[str, Any]:
    """What `navigator.credentials.get` is given, as JSON: one of the keys `held`, or any that the device offers (None)."""
    options, _ = site.server.authenticate_begin(
        _descriptors(held) if held is not None else None,
        user_verification=_verification(must_verify),
        challenge=challenge,
    )
    return dict(options.public_key)


def made(site: Site, challenge: bytes, answer: Mapping[str, Any]) -> Made:
    """The passkey that the browser made for `challenge`. Raises Refused."""
    state = _state(challenge, must_verify=False)  # what the device verified now is asked for at each use
    data: AuthenticatorData = _foreign(lambda: site.server.register_complete(state, answer))
    credential = data.credential_data
    if credential is None or isinstance(credential.public_key, UnsupportedKey):
        raise Refused("no key that can be checked")
    return Made(bytes(credential.credential_id), bytes(credential), int(data.counter))


def number_of(answer: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Which key an answer names, and whose it says that it is (b"" where it does not say). Raises Refused."""
    read = _foreign(lambda: AuthenticationResponse.from_dict(answer))
    return bytes(read.raw_id), bytes(read.response.user_handle or b"")


def asserted(site: Site, challenge: bytes, answer: Mapping[str, Any], *, credential: bytes, must_verify: bool) -> Said:
    """What the key `credential` signed for `challenge`, at this site. Raises Refused."""
    state = _state(challenge, must_verify=must_verify)

    def judge() -> AuthenticatorData:
        site.server.authenticate_complete(state, [AttestedCredentialData(credential)], answer)
        return AuthenticationResponse.from_dict(answer).response.authenticator_data

    data = _foreign(judge)
    return Said(int(data.counter), bool(data.is_user_verified()))


def _foreign(read: Callable[[], T | None]) -> T:
    try:
        found = read()
    except Exception as error:
        raise Refused(str(error)) from None
    if found is None:
        raise Refused("nothing")
    return found


def _state(challenge: bytes, *, must_verify: bool) -> dict[str, Any]:
    """What the library would have had us keep from question to answer. Raises Refused where nothing was asked."""
    if len(challenge) != CHALLENGE_BYTES:
        raise Refused("no challenge")
    return {"challenge": websafe_encode(challenge), "user_verification": _verification(must_verify)}


def _descriptors(numbers: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=number) for number in numbers]


def _verification(must: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if must else UserVerificationRequirement.PREFERRED
