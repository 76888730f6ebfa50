"""Writing the calendar. What is written holds for deadlines laid from now on; those already promised stay."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from haicap.kernel.calendar import queries
from haicap.kernel.calendar.errors import DayUnknown, HoursUnknown
from haicap.kernel.calendar.models import CalendarDay, OpeningHours
from haicap.kernel.calendar.packaged import PACKAGED, read_days
from haicap.kernel.calendar.rules import NATION, Day, write_hours
from haicap.kernel.workdays import Calendar, Hours


@dataclass(frozen=True)
class Loaded:
    """What a file brought: rows new, rows corrected, rows left as they were."""

    added: int
    changed: int
    kept: int


@transaction.atomic
def load_calendar(path: Path = PACKAGED) -> Loaded:
    """Bring the days of a CSV file into the table; loading it again changes nothing.

    An estimate never replaces what is certain: a row with `certain` false leaves a certain row of the table alone.
    Rows of the table that the file does not name stay. Raises CalendarFileWrong and then writes nothing.
    """
    days = read_days(path)
    known = {(row.day, row.unit_code): row for row in CalendarDay.objects.select_for_update()}
    fresh = [day for day in days if (day.day, day.unit_code) not in known]
    changed = [
        day
        for day in days
        if (row := known.get((day.day, day.unit_code))) and _differs(row, day) and (day.certain or not row.certain)
    ]
    _write(fresh + changed)
    return Loaded(len(fresh), len(changed), len(days) - len(fresh) - len(changed))


@transaction.atomic
def put_day(day: Day) -> None:
    """Write one day, in place of the one that stands there for the same unit.

    A day that the nation has off is worked in a province when the province has it as a make-up day.
    """
    _write([day])


@transaction.atomic
def remove_day(*, day: date, unit_code: str = NATION) -> None:
    """Take one day out of the table; DayUnknown where it is not there."""
    removed, _ = CalendarDay.objects.filter(day=day, unit_code=unit_code).delete()
    if not removed:
        raise DayUnknown(field="day", day=day.isoformat())
    _tell()


@transaction.atomic
def put_hours(*, valid_from: date, hours: Hours, unit_code: str = NATION, source: str = "") -> None:
    """Set the opening hours from a day on; ValueError for hours that are not windows in order."""
    Calendar(hours=hours)
    OpeningHours.objects.update_or_create(
        unit_code=unit_code, valid_from=valid_from, defaults={"hours": write_hours(hours), "source": source}
    )
    _tell()


@transaction.atomic
def remove_hours(*, valid_from: date, unit_code: str = NATION) -> None:
    """Take one version of the opening hours out: those before it hold on. HoursUnknown where it is not there."""
    removed, _ = OpeningHours.objects.filter(valid_from=valid_from, unit_code=unit_code).delete()
    if not removed:
        raise HoursUnknown(field="valid_from", day=valid_from.isoformat())
    _tell()


def _differs(row: CalendarDay, day: Day) -> bool:
    return any(getattr(row, name) != value for name, value in asdict(day).items())


def _write(days: list[Day]) -> None:
    CalendarDay.objects.bulk_create(
        [CalendarDay(**asdict(day)) for day in days],
        update_conflicts=True,
        unique_fields=["day", "unit_code"],
        update_fields=["kind", "name", "name_en", "source", "certain"],
    )
    _tell()


def _tell() -> None:
    """Forget now, for the rest of this transaction, and after it, for what others read meanwhile."""
    queries.forget()
    transaction.on_commit(queries.forget)
