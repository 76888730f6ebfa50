"""Where a sign-in comes from: the network address, and the browser, known again by a cookie of its own."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from haicap.domain.people.commands import Source
from haicap.kernel.access import SIGN_IN
from haicap.kernel.limits.web import address_of

COOKIE = "haicap_browser"
KEPT_S = 400 * 24 * 3600  # the longest that browsers keep a cookie (RFC 6265bis, 5.6.2)
ACCOUNTS_KEPT = 8  # of those who share a machine at a counter, the latest
_SALT = "haicap.browser"
_NUMBER_BYTES = 16


def source_of(request: HttpRequest) -> Source:
    """Whom a failure of this request counts for."""
    device, accounts = _known(request)
    return Source(address=address_of(request) or "", device=device, known_for=frozenset(accounts))


def know_again(request: HttpRequest, response: HttpResponse, account_id: int) -> None:
    """Somebody has signed in here, all steps passed: strangers' failures do not hold this browser up any more.

    The cookie opens nothing. It names accounts and a random number of the browser, and is sent to the sign-in pages only.
    """
    device, accounts = _known(request)
    kept = [account_id, *(one for one in accounts if one != account_id)][:ACCOUNTS_KEPT]
    response.set_cookie(
        COOKIE, signing.dumps([device or secrets.token_hex(_NUMBER_BYTES), kept], salt=_SALT), max_age=KEPT_S,
        path=SIGN_IN, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def known_name(request: HttpRequest) -> str:
    """The number of a browser that is known again, for limits: it has a count of its own; "" for a stranger's."""
    return _known(request)[0]


def _known(request: HttpRequest) -> tuple[str, list[int]]:
    try:
        device, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_S)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return device, accounts
