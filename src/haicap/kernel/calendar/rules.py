"""What an exceptional day is, how a province's days go before the nation's, and how hours are written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from haicap.kernel.calendar.errors import HoursWrong
from haicap.kernel.language import bi
from haicap.kernel.workdays import OFFICE_HOURS, Calendar, Hours

NATION = ""


class DayKind(StrEnum):
    """A day off, or a day that is worked although the week or the nation would be off."""

    OFF = "off"
    MAKEUP = "makeup"


KIND_LABELS: dict[DayKind, Any] = {
    DayKind.OFF: bi("Ngày nghỉ", "Day off"),
    DayKind.MAKEUP: bi("Ngày làm bù", "Make-up working day"),
}


@dataclass(frozen=True)
class Day:
    """One exceptional day: where it is announced, and whether the announcement is final (`certain`)."""

    day: date
    kind: DayKind
    name: str
    name_en: str = ""
    source: str = ""
    certain: bool = True
    unit_code: str = NATION


def calendar_of(nation: Mapping[date, str], own: Mapping[date, str], hours: Hours = OFFICE_HOURS) -> Calendar:
    """The calendar of a unit: its `own` days (day to kind) go before those of the `nation`."""
    kinds = {**nation, **own}
    return Calendar(
        days_off=frozenset(day for day, kind in kinds.items() if kind == DayKind.OFF),
        makeup=frozenset(day for day, kind in kinds.items() if kind == DayKind.MAKEUP),
        hours=hours,
    )


def kinds_of(days: Iterable[Day], unit_code: str) -> dict[date, str]:
    """Day to kind of the rows that belong to exactly this unit ("" is the nation)."""
    return {day.day: day.kind for day in days if day.unit_code == unit_code}


def read_hours(written: Any) -> Hours:
    """Hours from their JSON form `[["07:00", "11:30"], ["13:30", "17:00"]]`; HoursWrong for anything else."""
    try:
        hours: Hours = tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in written)
        Calendar(hours=hours)
    except (TypeError, ValueError) as reason:
        raise HoursWrong(field="hours", hours=written) from reason
    return hours


def write_hours(hours: Hours) -> list[list[str]]:
    """The JSON form of `hours`."""
    return [[moment.isoformat("minutes") for moment in window] for window in hours]


def hours_text(hours: Hours) -> str:
    """Gives "07:00–11:30, 13:30–17:00"."""
    return ", ".join("–".join(window) for window in write_hours(hours))
