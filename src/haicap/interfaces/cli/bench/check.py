"""What the access check adds to a request: the same requests in this process, with the check and without it, in turn.

Without: no predicate is asked, and the scope of the transaction is not entered but stands in the connection already, so
that the same rows come back through the same policies. What is taken away is taken from the functions that this process
has loaded, for as long as the measurement lasts; no setting and no variable does it, so no served installation can.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

WARM, PAIRS = 10, 120


def cost(request: Callable[[int], bytes]) -> dict[str, float]:
    """Medians in milliseconds of `PAIRS` requests each way, and of the differences between neighbours."""
    from django.test import Client, RequestFactory

    from haicap.domain.people.web.identity import actor_of

    kept, bare = [], []
    for number in range(WARM + PAIRS):
        path, headers = parsed(request(number))
        client = Client(headers=headers)
        actor = actor_of(RequestFactory(headers=headers).get(path))  # type: ignore[arg-type]
        client.get(path)  # what this officer needs lies ready, as on a running server
        with_check = _timed(client, path)
        with _unchecked(actor):
            without = _timed(client, path)
        if number >= WARM:
            kept.append(with_check)
            bare.append(without)
    differences = [one - other for one, other in zip(kept, bare, strict=True)]
    return {
        "with_ms": round(statistics.median(kept), 3), "without_ms": round(statistics.median(bare), 3),
        "access_ms": round(statistics.median(differences), 3),
    }  # fmt: skip


def parsed(request: bytes) -> tuple[str, dict[str, str]]:
    """The path and headers of a request as the load sends it."""
    head = request.decode().split("\r\n")
    return head[0].split(" ")[1], dict(line.split(": ", 1) for line in head[1:] if ": " in line)


def _timed(client: Any, path: str) -> float:
    begin = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - begin) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code} while the access check was measured")
    return taken


@contextlib.contextmanager
def _unchecked(actor: Any) -> Iterator[None]:
    """Inside, this process neither asks a predicate nor enters a scope: the actor's own stands in the connection."""
    from django.db import connection

    from haicap.kernel import access, scope
    from haicap.kernel.web import callers

    @contextlib.contextmanager
    def standing(_: Any, *, read_only: bool = False, note: Any = None) -> Iterator[None]:
        yield

    def nobody_asks(*_: Any) -> None:
        return None

    stands_for = {
        "entered": (scope.entered, standing), "insist": (access.insist, nobody_asks),
        "caller": (callers.caller, lambda request, *_: request.actor),
    }  # fmt: skip
    changed = [
        (module, name, real)
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith("haicap.")
        for name, (real, _) in stands_for.items()
        if vars(module).get(name) is real
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STAND, [actor.account_id, actor.name, actor.unit_id, *actor.entry_parameters()[4:]])
    try:
        for module, name, _ in changed:
            setattr(module, name, stands_for[name][1])
        yield
    finally:
        for module, name, real in changed:
            setattr(module, name, real)
        with connection.cursor() as cursor:
            cursor.execute(_STAND, ["", "", "", "", ""])


_STAND = (
    "SELECT set_config('haicap.actor', %s::text, false), set_config('haicap.actor_name', %s::text, false),"
    " set_config('haicap.unit', %s::text, false), set_config('haicap.units', %s::text, false),"
    " set_config('haicap.agencies', %s::text, false)"
)
