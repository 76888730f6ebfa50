"""What the room asks of the world outside: an OpenID provider, through whoever was registered to fetch."""

from __future__ import annotations

from haicap.kernel.openid import Fetch, Unreachable

_fetch: list[Fetch] = []


def register_fetch(fetch: Fetch) -> None:
    """Let providers be asked by `fetch`."""
    _fetch[:] = [fetch]


def fetch_from_provider() -> Fetch:
    """Who asks providers. Raises Unreachable where nobody was registered."""
    if not _fetch:
        raise Unreachable("nobody is there to ask providers")
    return _fetch[0]
