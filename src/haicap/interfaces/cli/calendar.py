"""`haicap calendar`: deadlines in working time, from the calendar that comes with the program; needs no database."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, datetime
from typing import Any

from haicap.kernel import vi, workdays
from haicap.kernel.calendar.errors import MomentUnclear, TermUnclear
from haicap.kernel.calendar.packaged import packaged_calendar, packaged_days
from haicap.kernel.clock import ZONE
from haicap.kernel.language import bi
from haicap.kernel.workdays import Calendar, LimitKind, TimeLimit

FIRST_YEAR, LAST_YEAR = 1976, 2200  # before 1976 Vietnam's clocks did not all show +07:00


def add_parser(subparsers: Any) -> None:
    """Add `calendar due` to the command line."""
    group = subparsers.add_parser("calendar", help="lịch làm việc / the working calendar")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    due = actions.add_parser(
        "due",
        help="thời điểm hết hạn / the moment a deadline falls on",
        description="The moment that a deadline falls on, in working time. A DATETIME without offset is Vietnam time; "
        "a date alone means the moment the office opens on that day.",
    )
    due.add_argument("--from", dest="start", required=True, metavar="DATETIME", help="ISO 8601: 2025-08-29T16:59")
    term = due.add_mutually_exclusive_group(required=True)
    term.add_argument("--days", type=float, metavar="N", help="working days, in steps of 0.25")
    term.add_argument("--hours", type=float, metavar="N", help="working hours")
    due.add_argument("--json", action="store_true", help="one JSON document on standard output")
    due.set_defaults(run=run_due)


def run_due(args: argparse.Namespace) -> int:
    """Print when a term ends. MomentUnclear and TermUnclear for values that make no sense."""
    calendar = packaged_calendar()
    start = read_moment(calendar, args.start)
    limit = _limit(args)
    try:
        end = workdays.due(calendar, start, limit)
    except (ValueError, OverflowError) as reason:
        raise TermUnclear(amount=f"{limit.amount:g}", most=workdays.LONGEST) from reason
    certain = is_certain(start.date(), end.date())
    if not certain:
        print(
            bi(
                "Lưu ý: lịch nghỉ của khoảng thời gian này chưa có thông báo chính thức.",
                "Note: days off in this period have not been announced officially.",
            ),
            file=sys.stderr,
        )
    if args.json:
        print(json.dumps({"due": end.isoformat(), "from": start.isoformat(), "certain": certain}))
    else:
        print(f"{end.isoformat()}  {vi.due_text(end)} · {vi.due_text(end, 'en')}")
    return 0


def _limit(args: argparse.Namespace) -> TimeLimit:
    if args.days is not None:
        return TimeLimit(LimitKind.WORKING_DAYS, args.days)
    return TimeLimit(LimitKind.WORKING_HOURS, args.hours)


def read_moment(calendar: Calendar, typed: str) -> datetime:
    """The aware moment in Vietnam that a person typed in ISO 8601; a bare date is that day's opening time."""
    unclear = MomentUnclear(field="from", typed=typed[:40], first=FIRST_YEAR, last=LAST_YEAR)
    try:
        moment = _moment(calendar, typed.strip())
    except (ValueError, OverflowError) as reason:
        raise unclear from reason
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise unclear
    return moment


def _moment(calendar: Calendar, typed: str) -> datetime:
    if "T" not in typed.upper() and " " not in typed:
        return workdays.opening(calendar, date.fromisoformat(typed))
    moment = datetime.fromisoformat(typed)
    return moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=ZONE)


def is_certain(first: date, last: date) -> bool:
    """True where every exceptional day from `first` to `last` is known and officially announced."""
    days = packaged_days()
    if not {day.day.year for day in days}.issuperset(range(first.year, last.year + 1)):
        return False
    return all(day.certain for day in days if first <= day.day <= last)
