"""The only door to time: everything asks here what moment or day it is, so that tests can set it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in Vietnam's time zone (+07:00)."""
    return datetime.now(ZONE)


def today() -> date:
    """The present day in Vietnam."""
    return now().date()


def local(moment: datetime) -> datetime:
    """The same moment on Vietnam's wall clock; a naive `moment` raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(ZONE)
