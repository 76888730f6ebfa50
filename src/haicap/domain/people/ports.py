"""What the room asks of others: an OpenID provider, through whoever was registered to fetch; and, of the rooms above, which
kinds of work there are that a post may lend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from haicap.kernel.openid import Fetch, Unreachable

_fetch: list[Fetch] = []


@dataclass(frozen=True, slots=True)
class WorkKind:
    """One kind of work that a delegation may name: a procedure, in its field, in the reader's language."""

    code: str
    name: str
    field: str
    field_name: str


_kinds: list[Callable[[], Sequence[WorkKind]]] = []


def register_fetch(fetch: Fetch) -> None:
    """Let providers be asked by `fetch`."""
    _fetch[:] = [fetch]


def fetch_from_provider() -> Fetch:
    """Who asks providers. Raises Unreachable where nobody was registered."""
    if not _fetch:
        raise Unreachable("nobody is there to ask providers")
    return _fetch[0]


def register_kinds(source: Callable[[], Sequence[WorkKind]]) -> None:
    """Called once, by the room that knows the kinds of work."""
    _kinds[:] = [source]


def kinds_of_work() -> Sequence[WorkKind]:
    """Every kind of work of today, by field; none where no room has registered."""
    return _kinds[0]() if _kinds else ()
