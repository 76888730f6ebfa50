"""What pages and doors of passkeys share: whether they work at this address, the challenge of a browser, its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from haicap.domain.people.rules import CHALLENGE_LIFE
from haicap.kernel import webauthn
from haicap.kernel.access import SIGN_IN

COOKIE = "haicap_challenge"
_SALT = "haicap.challenge"


def offered(request: HttpRequest) -> bool:
    """True where the page was opened at the installation's own address and that is a name: a passkey made for it would
    not answer under another one."""
    return webauthn.site_of(settings.HAICAP_BASE_URL) is not None and (
        request.get_host().lower() == urlsplit(settings.HAICAP_BASE_URL).netloc.lower()
    )


def keep_challenge(response: HttpResponse, challenge: bytes, account_id: int | None) -> None:
    """Bind a challenge to the browser that asks, and to the account whose password was right (None: to nobody yet)."""
    response.set_cookie(
        COOKIE, signing.dumps([account_id or 0, challenge.hex()], salt=_SALT), max_age=int(CHALLENGE_LIFE.total_seconds()),
        path=SIGN_IN, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def challenge_of(request: HttpRequest, account_id: int | None) -> bytes:
    """The challenge of this browser for that account, or for nobody yet; b"", which no key has signed, where there is none."""
    try:
        owner, challenge = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=CHALLENGE_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return b""
    return bytes.fromhex(challenge) if owner == (account_id or 0) else b""


def drop_challenge(response: HttpResponse) -> None:
    """A challenge is asked once."""
    response.delete_cookie(COOKIE, path=SIGN_IN, samesite="Strict")


def answer_in(request: HttpRequest) -> Mapping[str, Any]:
    """What the browser's script sent; {} for what is no such thing."""
    text = request.POST.get("credential", "")
    if len(text) > webauthn.LONGEST_ANSWER:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
