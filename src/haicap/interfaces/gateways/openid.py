"""How the program asks an OpenID provider: short, bounded, never led elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from haicap.interfaces.gateways.webhooks import StayHere
from haicap.kernel.openid import Unreachable, Untrusted

PATIENCE_S = 5.0  # for each silence, and for the whole of a body that comes in drops
PIECE_BYTES = 16 * 1024
MOST_BYTES = 256 * 1024
REFUSALS = range(400, 500)
_opener = build_opener(StayHere)
_at_home = build_opener(StayHere, ProxyHandler({}))  # a provider on this machine is not asked through a proxy


def fetch(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """GET `url`, or POST `form` to it; gives the body. Raises Unreachable; Untrusted where a posted form was refused."""
    body = urlencode(form).encode() if form is not None else None
    asked = Request(url, data=body, headers={"Accept": "application/json", **(headers or {})})  # noqa: S310 - see below
    if asked.type not in {"https", "http"}:
        raise Unreachable("the address is not an http(s) one")
    opener = _at_home if urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"} else _opener
    try:
        with opener.open(asked, timeout=PATIENCE_S) as answer:
            return _whole(answer)
    except HTTPError as refusal:
        refusal.close()
        if form is not None and refusal.code in REFUSALS:
            raise Untrusted(f"the provider refused the code ({refusal.code})") from None
        raise Unreachable(f"status {refusal.code}") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise Unreachable(str(getattr(error, "reason", error))[:300]) from error


def _whole(answer: HTTPResponse) -> bytes:
    """The body. Raises Unreachable for one that is too long, or not there in time: a page waits for it."""
    told, until = bytearray(), time.monotonic() + PATIENCE_S
    while piece := answer.read1(PIECE_BYTES):
        told += piece
        if len(told) > MOST_BYTES:
            raise Unreachable("the answer is too long")
        if time.monotonic() > until:
            raise Unreachable("the answer takes too long")
    if answer.length:
        raise Unreachable("the answer broke off")
    return bytes(told)
