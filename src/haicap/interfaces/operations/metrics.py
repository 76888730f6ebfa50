"""Counting requests across the web server's processes, and Prometheus' text form; no dependency, a microsecond a request.

Each process counts in a small file of its own that is mapped into memory; whoever is asked adds all files up. A process
that dies leaves its counts, so no counter ever falls while the server runs; `serve` clears them when it starts.
"""

from __future__ import annotations

import mmap
import os
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from threading import Lock

from django.http import HttpRequest, HttpResponse

from haicap.kernel.db import home
from haicap.kernel.limits.rules import Door
from haicap.kernel.limits.web import UNKNOWN

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
REFUSED = (*(door.value for door in Door), UNKNOWN)
# in order: one count a status class, one a bucket (with +Inf), the sum of microseconds, one a door that refused
SUM = len(CLASSES) + len(BUCKETS) + 1
SLOTS = SUM + 1 + len(REFUSED)
_SHAPE = struct.Struct(f"={SLOTS}Q")
_SLOT = struct.Struct("=Q")
UNCOUNTED = frozenset({"/healthz", "/readyz", "/metrics"})

Handler = Callable[[HttpRequest], HttpResponse]


def directory() -> Path:
    """Where the processes of this installation keep their counts."""
    return home.home() / "run" / "requests"


def clear() -> None:
    """Begin at nought: called before the web server starts."""
    for path in _made(directory()).iterdir():
        path.unlink(missing_ok=True)


def _made(folder: Path) -> Path:
    for path in (folder.parent.parent, folder.parent):
        home.private_directory(path)
    return home.private_directory(folder)


class Counts:
    """The counts of this process, shared with the others by a file."""

    def __init__(self, path: Path) -> None:
        _made(path.parent)
        # Opened without emptying it: a dead process of the same number may have counted here.
        with path.open("ab+") as file:
            file.truncate(_SHAPE.size)
            self._memory = mmap.mmap(file.fileno(), _SHAPE.size)
        self._lock = Lock()

    def add(self, status: int, seconds: float) -> None:
        """Count one answer."""
        bucket = next((i for i, most in enumerate(BUCKETS) if seconds <= most), len(BUCKETS))
        with self._lock:
            self._raise(min(max(status // 100, 1), len(CLASSES)) - 1, 1)
            self._raise(len(CLASSES) + bucket, 1)
            self._raise(SUM, int(seconds * 1_000_000))

    def refuse(self, door: str) -> None:
        """Count one request that `door` refused, or that nobody could count."""
        with self._lock:
            self._raise(SUM + 1 + REFUSED.index(door), 1)

    def _raise(self, slot: int, by: int) -> None:
        (value,) = _SLOT.unpack_from(self._memory, slot * _SLOT.size)
        _SLOT.pack_into(self._memory, slot * _SLOT.size, value + by)


def counted(get_response: Handler) -> Handler:
    """Counts every answer but those that machines ask for."""
    folder = directory()

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        answer = get_response(request)
        if request.path_info not in UNCOUNTED:
            counts = _counts_of(os.getpid(), folder)
            counts.add(answer.status_code, time.perf_counter() - began)
            if door := getattr(request, "refused_door", ""):
                counts.refuse(door)
        return answer

    return middleware


@cache
def _counts_of(pid: int, folder: Path) -> Counts:
    """The counts of a process: one that was forked after counting gets its own."""
    return Counts(folder / str(pid))


def totals() -> tuple[int, ...]:
    """The counts of all processes, slot by slot."""
    sums = [0] * SLOTS
    folder = directory()
    for path in folder.iterdir() if folder.is_dir() else ():
        content = path.read_bytes()
        if len(content) == _SHAPE.size:
            sums = [a + b for a, b in zip(sums, _SHAPE.unpack(content), strict=True)]
    return tuple(sums)


def request_lines() -> Iterator[str]:
    """The counts of requests in Prometheus' text form."""
    counts = totals()
    yield from heading("haicap_requests_total", "counter", "Answers by class of HTTP status.")
    for name, value in zip(CLASSES, counts, strict=False):
        yield f'haicap_requests_total{{status="{name}"}} {value}'
    yield from heading("haicap_request_seconds", "histogram", "Time from request to answer, in seconds.")
    running = 0
    for most, value in zip((*BUCKETS, "+Inf"), counts[len(CLASSES) : SUM], strict=True):
        running += value
        yield f'haicap_request_seconds_bucket{{le="{most}"}} {running}'
    yield f"haicap_request_seconds_sum {counts[SUM] / 1_000_000:.6f}"
    yield f"haicap_request_seconds_count {running}"
    yield from heading("haicap_limits_refused_total", "counter", "Requests beyond the limit of a kind of door.")
    refused = dict(zip(REFUSED, counts[SUM + 1 :], strict=True))
    unknown = refused.pop(UNKNOWN)
    for door, value in refused.items():
        yield f'haicap_limits_refused_total{{door="{door}"}} {value}'
    yield from heading(
        "haicap_limits_uncounted_total", "counter", "Requests of strangers whose address no proxy told: not limited."
    )
    yield f"haicap_limits_uncounted_total {unknown}"


def gauge(name: str, words: str, value: float) -> Iterable[str]:
    """One gauge with its explanation."""
    return (*heading(name, "gauge", words), f"{name} {value:g}")


def heading(name: str, kind: str, words: str) -> Iterable[str]:
    """The two lines above a metric."""
    return (f"# HELP {name} {words}", f"# TYPE {name} {kind}")
