"""One-time codes by time: RFC 6238 (TOTP) over RFC 4226 (HOTP), with SHA-1, 30 seconds and 6 digits, as every
authenticator application understands them. Nothing here knows a clock, an account or a table."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_S = 30  # RFC 6238, 4.1: the recommended step
DIGITS = 6
DRIFT = 1  # RFC 6238, 5.2: one step back and one ahead, for clocks that differ and people who type


def code_at(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226, 5.3: the last nibble says which 31 bits count)."""
    mark = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mark[-1] & 0x0F
    number = int.from_bytes(mark[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_at(moment: datetime) -> int:
    """The number of the step in which `moment` (aware) lies."""
    return int(moment.timestamp()) // STEP_S


def matching_step(secret: bytes, code: str, moment: datetime, *, after: int = -1) -> int | None:
    """The step whose code was typed, within `DRIFT` of `moment` and later than `after` (the last one used, RFC 6238, 5.2:
    no code counts twice); None where there is none. Takes the same time whichever step it is."""
    typed, now, found = code.encode(), step_at(moment), None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), typed) and step > after:
            found = step
    return found


def key_text(secret: bytes) -> str:
    """The secret for typing: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address(secret: bytes, *, issuer: str, account: str) -> str:
    """What the QR code says: an `otpauth:` address (the key URI format of authenticator applications)."""
    facts = {"secret": key_text(secret).replace(" ", ""), "issuer": issuer, "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{urlencode(facts, quote_via=quote)}"
