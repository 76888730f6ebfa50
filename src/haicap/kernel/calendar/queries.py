"""The calendar that is in force, kept in the process.

Kept for KEPT_SECONDS per province: a change made by another process is seen after at most a minute, one made by this
process at once (the commands call `forget`). A receipt thus costs no query for its calendar.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from time import monotonic

from django.db.models import Q, QuerySet

from haicap.kernel import clock
from haicap.kernel.calendar.models import CalendarDay, OpeningHours
from haicap.kernel.calendar.packaged import packaged_days
from haicap.kernel.calendar.rules import NATION, calendar_of, kinds_of, read_hours, write_hours
from haicap.kernel.workdays import OFFICE_HOURS, Calendar, Hours

KEPT_SECONDS = 60.0


@dataclass(frozen=True)
class _Kept:
    """One unit's calendars, one for each version of its opening hours, oldest first."""

    until: float
    valid_from: tuple[date, ...]
    calendars: tuple[Calendar, ...]


_kept: dict[str, _Kept] = {}


def calendar_for(province_code: str = NATION, on: date | None = None) -> Calendar:
    """The calendar of a province ("" for the nation), with the opening hours in force `on` a day (today).

    The same object comes again and again, so that its index is built once. Where the table holds no day of the nation
    yet, the days that come with the program are used: an installation must never count Tết as working time.
    """
    kept = _current(province_code)
    return kept.calendars[bisect_right(kept.valid_from, on or clock.today()) - 1]


def opening_hours(province_code: str = NATION) -> list[tuple[date, Hours]]:
    """Every version of the opening hours with the day from which it holds; `date.min` for the program's usual ones."""
    kept = _current(province_code)
    return [(day, calendar.hours) for day, calendar in zip(kept.valid_from, kept.calendars, strict=True)]


def _current(province_code: str) -> _Kept:
    kept = _kept.get(province_code)
    if kept is None or kept.until < monotonic():
        kept = _kept[province_code] = _read(province_code)
    return kept


def forget() -> None:
    """Read the tables again at the next question."""
    _kept.clear()


def days_between(first: date, last: date, province_code: str = NATION) -> QuerySet[CalendarDay]:
    """The exceptional days from `first` to `last` (both included) that count in a province, in order."""
    return CalendarDay.objects.filter(day__range=(first, last), unit_code__in={NATION, province_code}).order_by(
        "day", "unit_code"
    )


def own_day(day: date, province_code: str) -> CalendarDay | None:
    """The row that exactly this unit has for a day."""
    return CalendarDay.objects.filter(day=day, unit_code=province_code).first()


def own_hours(province_code: str) -> dict[date, OpeningHours]:
    """The versions of the opening hours that exactly this unit entered, by the day from which each holds."""
    rows = OpeningHours.objects.filter(unit_code=province_code).order_by("valid_from")
    return {row.valid_from: row for row in rows}


def uncertain_days(province_code: str = NATION) -> list[CalendarDay]:
    """The days in force in a province whose announcement is not final, in order; one statement."""
    counting = CalendarDay.objects.filter(unit_code__in={NATION, province_code})
    rows = counting.filter(Q(certain=False) | ~Q(unit_code=NATION)).order_by("day", "unit_code")
    in_force = {row.day: row for row in rows}  # of two rows of a day the province's comes last, and goes first
    return [row for row in in_force.values() if not row.certain]


def years(province_code: str = NATION) -> list[int]:
    """The years of which any exceptional day is known, in order."""
    days = CalendarDay.objects.filter(unit_code__in={NATION, province_code}).dates("day", "year")
    return [day.year for day in days]


def _read(province_code: str) -> _Kept:
    until = monotonic() + KEPT_SECONDS
    kinds: dict[str, dict[date, str]] = {NATION: {}, province_code: {}}
    units = list(kinds)
    for unit, day, kind in CalendarDay.objects.filter(unit_code__in=units).values_list("unit_code", "day", "kind"):
        kinds[unit][day] = kind
    nation = kinds[NATION] or kinds_of(packaged_days(), NATION)
    own = kinds[province_code] if province_code != NATION else {}
    versions = _hours(province_code)
    return _Kept(
        until=until,
        valid_from=tuple(day for day, _ in versions),
        calendars=tuple(calendar_of(nation, own, read_hours(hours)) for _, hours in versions),
    )


def _hours(province_code: str) -> list[tuple[date, list[list[str]]]]:
    """Every version of the hours with the day from which it holds: the province's own go before the nation's."""
    written: dict[str, dict[date, list[list[str]]]] = {NATION: {}, province_code: {}}
    for row in OpeningHours.objects.filter(unit_code__in=list(written)):
        written[row.unit_code][row.valid_from] = row.hours
    nation, own = written[NATION], written[province_code]
    first_own = min(own, default=date.max)
    usual = write_hours(OFFICE_HOURS)
    return sorted({date.min: usual, **{day: hours for day, hours in nation.items() if day < first_own}, **own}.items())
