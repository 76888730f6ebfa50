"""The doors, how often each may be knocked at and why, and the arithmetic. No database, no request here.

The arithmetic is the generic cell rate algorithm: one moment a source, until which it has used up what it may. It lets
`most` through at once and then one each `period / most`; a source that rests is as new after one `period`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock
from typing import Final


class Door(StrEnum):
    """Kinds of doors."""

    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    TRACKING = "tracking"
    READING = "reading"
    BULK = "bulk"
    API_PUBLIC = "api_public"
    API_TOKEN = "api_token"  # noqa: S105 - a door
    SESSION = "session"
    UPLOAD = "upload"


@dataclass(frozen=True)
class Limit:
    """`most` requests in `period` seconds from one source; `reason` says why so many.

    `by_process`: counted by each web process for itself, for sources that are known by a signed pass.
    `failures_only`: what is answered with success is given back.
    """

    most: int
    period: int
    reason: str
    by_process: bool = False
    failures_only: bool = False

    @property
    def each(self) -> float:
        """Seconds that one request uses up."""
        return self.period / self.most


LIMITS: Final[Mapping[Door, Limit]] = {
    Door.SIGN_IN: Limit(
        30, 600, "an office of 200 behind one address mistypes some 20 times on a Monday; successes are given back",
        failures_only=True,
    ),
    Door.SECOND_STEP: Limit(30, 600, "as signing in; the code itself pauses by its account", failures_only=True),
    Door.TRACKING: Limit(
        120, 60, "many citizens share a carrier's address; the slip's secret of 40 bits outlasts it by millennia"
    ),
    Door.READING: Limit(1200, 60, "20 a second: a carrier's or a school's whole network reads, one program cannot flood"),
    Door.BULK: Limit(60, 60, "each converts 1,000 addresses or a file; a program that sends more wants a token or a file"),
    Door.API_PUBLIC: Limit(600, 60, "without a token: a neighbour's system that asks as people click"),
    Door.API_TOKEN: Limit(6000, 60, "a system of record at full load sends some 15 a second a token", by_process=True),
    Door.SESSION: Limit(1200, 60, "nobody clicks 20 times a second; a page's fragments and live parts count too",
                        by_process=True),
    Door.UPLOAD: Limit(240, 60, "a scanner's whole tray dropped at once", by_process=True),
}  # fmt: skip

_SETTING = re.compile(r"([a-z_]+)=(?:(off)|([0-9]{1,7})/([0-9]{1,5}))", re.ASCII)


def configured(text: str) -> dict[Door, Limit]:
    """The limits with what `text` changes: "sign_in=60/600 api_token=off" (requests/seconds). A door that is off is left out.

    Raises ValueError with a sentence for what it does not understand.
    """
    limits = dict(LIMITS)
    for word in text.replace(",", " ").split():
        found = _SETTING.fullmatch(word)
        if word == "off":
            return {}
        if not found or found[1] not in LIMITS:
            raise ValueError(
                f"HAICAP_LIMITS: “{word}” is not understood. Write door=requests/seconds or door=off, "
                f"with a door of {', '.join(Door)}."
            )
        door = Door(found[1])
        if found[2]:
            limits.pop(door, None)
            continue
        most, period = int(found[3]), int(found[4])
        if not most or not period:
            raise ValueError(f"HAICAP_LIMITS: “{word}” lets nobody in. Write {door}=off for no limit.")
        limits[door] = replace(LIMITS[door], most=most, period=period)
    return limits


def source_address(remote: str, forwarded: str, proxies: int) -> str | None:
    """The address that a request came from: `remote`, or behind `proxies` trusted ones what the outermost of them saw.

    `forwarded` is the header X-Forwarded-For, of which only the last `proxies` entries were written by ours; what stands
    before them anybody may have invented. IPv6 counts by /64, which is one household. None where it cannot be known.
    """
    if proxies:
        told = [part.strip() for part in forwarded.split(",")] if forwarded else []
        if len(told) < proxies:
            return None
        remote = told[-proxies]
    try:
        address = ipaddress.ip_address(_without_port(remote))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 64), strict=False).network_address) + "/64"
        address = address.ipv4_mapped
    return str(address)


def _without_port(text: str) -> str:
    """ "192.0.2.1:443" and "[2001:db8::1]:443" without the port, "2001:db8::1%eth0" without the zone."""
    if text.startswith("["):
        text = text[1:].split("]", maxsplit=1)[0]
    elif text.count(":") == 1:
        text = text.split(":")[0]
    return text.split("%")[0]


class Counters:
    """The counts of one process, for doors that are not counted in the database. Bounded: what has run out goes first."""

    def __init__(self, most: int = 20_000) -> None:
        self._until: dict[str, float] = {}
        self._most = most
        self._lock = Lock()

    def take(self, key: str, limit: Limit, now: float) -> float:
        """Count one request at `now` (seconds, any origin); gives 0, or how many seconds to wait."""
        with self._lock:
            until = max(self._until.get(key, 0.0), now) + limit.each
            wait = until - limit.period - now
            if wait > 1e-6:
                return wait
            if len(self._until) >= self._most:
                self._tidy(now)
            self._until[key] = until
        return 0.0

    def __len__(self) -> int:
        return len(self._until)

    def _tidy(self, now: float) -> None:
        self._until = {key: until for key, until in self._until.items() if until > now}
        for key in self._oldest(len(self._until) - self._most + 1):
            del self._until[key]

    def _oldest(self, count: int) -> Sequence[str]:
        return sorted(self._until, key=self._until.__getitem__)[: max(0, count)]
