"""How fast the installation grows: measured once a day by the worker, told on the page of health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection

from haicap.kernel import clock
from haicap.kernel.db import connect
from haicap.kernel.files.queries import stored_bytes
from haicap.kernel.jobs.commands import note_size
from haicap.kernel.jobs.models import DaySize
from haicap.kernel.jobs.queries import sizes_since
from haicap.kernel.outbox.queries import queue

WEEK, MONTH = 7, 30
SLACK: Final = {WEEK: 2, MONTH: 5}
"""So many days older may the measure be that stands for a week or a month ago: the worker does not run every day."""
FULL_SOON: Final = timedelta(days=90)
FURTHEST: Final = timedelta(days=3650)


@dataclass(frozen=True)
class Grown:
    """What was added between two days, in bytes and messages; `days` lie between them."""

    days: int
    database: int
    files: int
    waiting: int


@dataclass(frozen=True)
class Growth:
    """The last measure, what was added in a week and a month (None where too few days are known), and when the disk is full
    at that pace (None where it is not known, or further away than can be told)."""

    last: DaySize | None
    known_days: int
    week: Grown | None
    month: Grown | None
    full_on: date | None
    soon: bool


def measure() -> dict[str, int]:
    """Write today's sizes down; gives them. Worker only. A pass over the rows of files, a few milliseconds for thousands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        sizes = {"database": int(cursor.fetchone()[0]), "files": stored_bytes(), "waiting": queue().waiting}
    note_size(clock.today(), **sizes)
    return sizes


def look(disk_free: int) -> Growth:
    """The growth until now, with `disk_free` bytes left where this installation keeps its files. One statement."""
    today = clock.today()
    measured = sizes_since(today - timedelta(days=MONTH + SLACK[MONTH] + 1))
    return grown(measured, disk_free, database_is_here=not connect.has_own_server(), today=today)


def grown(measured: Sequence[DaySize], disk_free: int, *, database_is_here: bool, today: date) -> Growth:
    """The same from what was measured, the oldest first. A database on another server does not fill this disk.

    The pace is the month's, else the week's: a week holds one weekend and no month's end.
    """
    if not measured:
        return Growth(None, 0, None, None, None, soon=False)
    last = measured[-1]
    week, month = (_since(measured, days) for days in (WEEK, MONTH))
    pace = month or week
    full_on = _full_on(pace, disk_free, today, database_is_here) if pace else None
    return Growth(
        last, (last.day - measured[0].day).days, week, month, full_on,
        soon=full_on is not None and full_on - today <= FULL_SOON,
    )  # fmt: skip


def _since(measured: Sequence[DaySize], days: int) -> Grown | None:
    last = measured[-1]
    newest, oldest = last.day - timedelta(days=days), last.day - timedelta(days=days + SLACK[days])
    before = next((one for one in reversed(measured) if oldest <= one.day <= newest), None)
    if before is None:
        return None
    return Grown(
        (last.day - before.day).days, last.database - before.database, last.files - before.files,
        last.waiting - before.waiting,
    )  # fmt: skip


def _full_on(pace: Grown, disk_free: int, today: date, database_is_here: bool) -> date | None:
    added = pace.files + (pace.database if database_is_here else 0)
    if added <= 0:
        return None
    left = disk_free * pace.days // added
    return today + timedelta(days=left) if left <= FURTHEST.days else None
