"""A message leaves by HTTP: one POST, no redirect followed, the answer's body never read."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from haicap.kernel.outbox import rules
from haicap.kernel.outbox.ports import DeliveryFailed


class StayHere(HTTPRedirectHandler):
    """A redirect could lead a signed message to somebody who never subscribed."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Never follow."""


_opener = build_opener(StayHere)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST `body` to an http(s) address; gives the status, also one that refuses. Raises DeliveryFailed.

    Waits `rules.PATIENCE` for the connection and for the answer.
    """
    if not rules.is_deliverable_to(url):
        raise DeliveryFailed("the address is not an http(s) one")
    request = Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - the scheme is checked above
    try:
        with _opener.open(request, timeout=rules.PATIENCE.total_seconds()) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        refusal.close()
        return refusal.code
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise DeliveryFailed(str(getattr(error, "reason", error))[:300]) from error
