"""Before every door: who knocks, how often they may, and the answer to whom it was too much."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from haicap.kernel.limits import commands
from haicap.kernel.limits.errors import TooMany
from haicap.kernel.limits.rules import LIMITS, Counters, Door, Limit, configured, source_address
from haicap.kernel.scope import ANONYMOUS, Actor
from haicap.kernel.web import problems
from haicap.kernel.web.doors import is_program
from haicap.kernel.web.middleware import error_page

Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])
Known = Callable[[HttpRequest], str]

UNKNOWN = "unknown_source"  # told beside the doors: requests that nobody could count
_SALT = "haicap.limits"
_SUCCESS = range(200, 400)
_log = logging.getLogger("haicap.limits")
_counters = Counters()
_known: list[Known] = []


def limited(door: Door | None, *, only: str = "") -> Callable[[View], View]:
    """Say which door a view is; None for one that costs nothing. `only`: requests of this method alone.

    A view that says nothing is a page to read (or, for somebody signed in, one of their pages).
    """

    def decorate(view: View) -> View:
        view.door = (door, only)  # type: ignore[attr-defined]
        return view

    return decorate


def register_known(read: Known) -> None:
    """Whoever knows a browser again (`read` gives its name, or "" for a stranger's) says so once, at the start.

    A known one has a count of its own: strangers behind the same address cannot use it up.
    """
    _known.append(read)


class Limits:
    """The middleware. Behind the one that says who asks, before all that costs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        taken = getattr(request, "_limits_taken", None)
        if taken and answer.status_code in _SUCCESS:
            _in_peace(commands.give_back, *taken)
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Count the request; the refusal where it is one too many. No statement for those who are known by a pass."""
        door = _door(request, view)
        if door is None:
            return None
        try:
            take(request, door)
        except TooMany as refusal:
            return problems.of_error(refusal) if is_program(request) else error_page(request, refusal)
        return None


def take(request: HttpRequest, door: Door) -> None:
    """Count one request at `door`. Raises TooMany. At most one statement."""
    limit = limits().get(door)
    if limit is None:
        return
    if limit.by_process:
        wait = _counters.take(f"{door}:{_pass_of(request)}", limit, time.monotonic())
    else:
        key = _key(request, door)
        wait = 0.0 if key is None else _in_peace(commands.take, key, limit) or 0.0
        if key is not None and limit.failures_only and not wait:
            request._limits_taken = (key, limit)  # type: ignore[attr-defined]
    if wait:
        request.refused_door = door.value  # type: ignore[attr-defined] # counted by whoever counts answers
        raise TooMany(door=door, wait=wait)


def limits() -> dict[Door, Limit]:
    """The limits in force."""
    return _configured(settings.HAICAP_LIMITS)


@lru_cache(maxsize=16)
def _configured(text: str) -> dict[Door, Limit]:
    return configured(text)


def _door(request: HttpRequest, view: Any) -> Door | None:
    """Which door a request stands before. Who has a pass reads through the doors of those who are known."""
    said, only = getattr(view, "door", (Door.READING, ""))
    if said is None or (only and request.method != only):
        return None
    actor = _actor(request)
    if is_program(request):
        if actor.pass_id is None:
            return Door.API_PUBLIC
        return Door.SESSION if "*" in actor.scopes else Door.API_TOKEN
    if said == Door.READING and actor.pass_id is not None:
        return Door.SESSION
    if LIMITS[said].by_process and actor.pass_id is None:
        return Door.READING  # a stranger, who will be sent to sign in
    return Door(said)


def _key(request: HttpRequest, door: Door) -> bytes | None:
    """The source under which a request counts, as 16 bytes that tell nothing: the pass of somebody who is known, a browser
    that is known again, else the address. None (and a line in the log) where a proxy does not say where from."""
    actor = _actor(request)
    name = f"pass:{actor.pass_id}" if actor.pass_id is not None else ""
    name = name or next((f"known:{found}" for read in _known if (found := read(request))), "")
    if not name:
        address = address_of(request)
        if address is None:
            request.refused_door = UNKNOWN  # type: ignore[attr-defined]
            _say_unknown()
            return None
        name = f"address:{address}"
    return salted_hmac(_SALT, f"{door}|{name}", algorithm="sha256").digest()[:16]


def address_of(request: HttpRequest) -> str | None:
    """Where a request came from, by what is trusted (see `source_address`); None where no proxy told."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return source_address(request.META.get("REMOTE_ADDR", ""), forwarded, settings.HAICAP_TRUSTED_PROXIES)


@lru_cache(maxsize=1)
def _say_unknown() -> None:
    """Said once a process."""
    _log.warning(
        "nobody is limited by address: X-Forwarded-For does not carry what HAICAP_TRUSTED_PROXIES=%s promises",
        settings.HAICAP_TRUSTED_PROXIES,
    )


def _pass_of(request: HttpRequest) -> int | None:
    return _actor(request).pass_id


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


def _in_peace(call: Callable[[bytes, Limit], Any], key: bytes, limit: Limit) -> Any:
    """Counting never breaks a request: a database that does not answer is told by the page itself."""
    try:
        return call(key, limit)
    except DatabaseError as error:
        _log.warning("not counted: %s", error)
        if not connection.in_atomic_block:
            connection.close()
        return None
