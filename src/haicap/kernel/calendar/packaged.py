"""The calendar that comes with the program, and the reading of such files. Needs no database and no settings."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from haicap.kernel.calendar.errors import CalendarFileWrong
from haicap.kernel.calendar.rules import NATION, Day, DayKind, calendar_of, kinds_of
from haicap.kernel.text import clean
from haicap.kernel.workdays import Calendar

PACKAGED = Path(__file__).parent / "data" / "calendar.csv"
COLUMNS = ("day", "kind", "name", "name_en", "source", "certain", "unit_code")
_TRUTH = {"true": True, "false": False}


def read_days(path: Path) -> list[Day]:
    """The days of a UTF-8 CSV file with the columns COLUMNS, in the order of the file.

    `day` is ISO, `kind` off or makeup, `certain` true or false, `unit_code` empty or a province's two digits.
    Raises CalendarFileWrong naming the line, also for a day that stands there twice, and OSError for a missing file.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise CalendarFileWrong(file=path.name, line=1, reason=f"no column {', '.join(sorted(missing))}")
        days: dict[tuple[date, str], Day] = {}
        for row in reader:
            try:
                day = _day({name: clean(row[name] or "") for name in COLUMNS})
                if (day.day, day.unit_code) in days:
                    raise ValueError(f"{day.day} stands here a second time")
            except (KeyError, ValueError) as reason:
                raise CalendarFileWrong(file=path.name, line=reader.line_num, reason=reason) from reason
            days[day.day, day.unit_code] = day
    return list(days.values())


def _day(row: dict[str, str]) -> Day:
    code = row["unit_code"]
    if code and not (len(code) == 2 and code.isascii() and code.isdigit()):
        raise ValueError(f"“{code}” is not a province code of two digits")
    if row["certain"] not in _TRUTH:
        raise ValueError(f"certain is true or false, not “{row['certain']}”")
    return Day(
        day=date.fromisoformat(row["day"]),
        kind=DayKind(row["kind"]),
        name=row["name"],
        name_en=row["name_en"],
        source=row["source"],
        certain=_TRUTH[row["certain"]],
        unit_code=code,
    )


@cache
def packaged_days() -> tuple[Day, ...]:
    """The days that come with the program."""
    return tuple(read_days(PACKAGED))


@cache
def packaged_calendar() -> Calendar:
    """The nation's calendar that comes with the program, with the usual opening hours."""
    return calendar_of(kinds_of(packaged_days(), NATION), {})
