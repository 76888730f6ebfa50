"""Working-time arithmetic: when a deadline falls, what a pause leaves, how late something is. Pure; time is passed in.

Three decisions hold everywhere, and every function takes and gives aware datetimes (a naive one raises ValueError);
answers stand in the calendar's own zone:

* Both ends of an office window belong to it: a dossier handed in at 17:00:00 came that day, one at 17:00:01 the next.
* Working time has one position for 11:30 and 13:30, for closing and the next opening. An answer counted in working
  time is the *earlier* of the two, because a deadline ends when an office closes, not when it opens.
* A make-up day wins over a day off, and both over the week.

Cost: a calendar sorts its exceptions once; afterwards every answer takes a handful of binary searches, whatever the
length of the term (`due` about 10 µs, a term of ten years the same as one of a day).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from haicap.kernel.clock import ZONE

Amount = int | float | Decimal
Hours = tuple[tuple[time, time], ...]

MINUTE = 60_000_000  # everything is counted in whole microseconds, so that nothing is lost to rounding
OFFICE_HOURS: Hours = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
CUTOFF = time(15, 0)
LONGEST = 10_000  # days, months or weeks of hours: beyond that a term is a typing mistake


class LimitKind(StrEnum):
    """How a time limit is counted."""

    SAME_DAY = "same_day"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


class Standing(StrEnum):
    """How a deadline stands at a moment."""

    PLENTY = "plenty"
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"
    PAUSED = "paused"
    NONE = "none"


@dataclass(frozen=True)
class TimeLimit:
    """A term as the procedure states it: `amount` of `kind` (the amount of `same_day` means nothing)."""

    kind: LimitKind
    amount: Amount = 0


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and when the office is open on them (local times of `zone`, in order, apart)."""

    days_off: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()
    hours: Hours = OFFICE_HOURS
    zone: ZoneInfo = ZONE

    def __post_init__(self) -> None:
        """Raise ValueError for hours that are missing, reversed, touching or overlapping."""
        ends = [moment for window in self.hours for moment in window]
        if not ends or any(moment.tzinfo for moment in ends):
            raise ValueError("opening hours need at least one window of local times")
        if any(later <= earlier for earlier, later in pairwise(ends)):
            raise ValueError("opening hours must be in order and must not touch or overlap")

    @cached_property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """The office windows as microseconds of the day."""
        return tuple((_of_day(opens), _of_day(closes)) for opens, closes in self.hours)

    @cached_property
    def day_length(self) -> int:
        """One working day in microseconds: 8 hours with the usual opening hours."""
        return sum(closes - opens for opens, closes in self.windows)

    @cached_property
    def lost(self) -> list[int]:
        """Ordinals of the days of Monday to Friday that are off, sorted."""
        return sorted(day.toordinal() for day in self.days_off - self.makeup if day.weekday() < 5)

    @cached_property
    def gained(self) -> list[int]:
        """Ordinals of the Saturdays and Sundays that are worked, sorted."""
        return sorted(day.toordinal() for day in self.makeup if day.weekday() >= 5)


def is_working_day(cal: Calendar, day: date) -> bool:
    """True where the office works on `day`."""
    return day in cal.makeup or (day.weekday() < 5 and day not in cal.days_off)


def next_working_day(cal: Calendar, day: date) -> date:
    """The first working day after `day`."""
    return _nth_day(cal, _days_worked(cal, day.toordinal()) + 1)


def opening(cal: Calendar, day: date) -> datetime:
    """The moment the office opens on `day`."""
    return datetime.combine(day, cal.hours[0][0], cal.zone)


def closing(cal: Calendar, day: date) -> datetime:
    """The moment the office closes on `day`."""
    return datetime.combine(day, cal.hours[-1][1], cal.zone)


def effective_start(cal: Calendar, at: datetime) -> datetime:
    """The moment from which an arrival at `at` counts.

    In office hours at once; in the lunch break from the afternoon's opening; after closing or on a rest day from the
    next working morning.
    """
    local = _local(cal, at)
    day = local.date()
    if is_working_day(cal, day):
        clock = local.time()
        for opens, closes in cal.hours:
            if clock <= closes:
                return local if clock >= opens else datetime.combine(day, opens, cal.zone)
    return opening(cal, next_working_day(cal, day))


def add_days(cal: Calendar, start: datetime, n: Amount) -> datetime:
    """The closing time of the `n`-th working day after the day on which `start` counts; 0 means that day's closing.

    Civil Code 2015 art. 147(2), 148: the day of receipt is not counted, a term ends with its last day, which for an
    office is its closing time. Steps of a quarter day are allowed: less than one day runs from the minute of arrival
    (0.25 = two working hours), a fraction above it is laid behind the whole days. Other fractions, negative amounts
    and more than LONGEST raise ValueError.
    """
    whole, quarters = _quarters(n)
    if not whole and quarters:
        return _lay(cal, _position(cal, _local(cal, start)) + quarters * cal.day_length // 4)
    first = effective_start(cal, start).toordinal()
    end = closing(cal, _nth_day(cal, _days_worked(cal, first) + whole))
    return _lay(cal, _position(cal, end) + quarters * cal.day_length // 4) if quarters else end


def add_minutes(cal: Calendar, start: datetime, minutes: Amount) -> datetime:
    """The moment at which `minutes` of working time have passed since `start`; 0 gives `effective_start`.

    Civil Code 2015 art. 147(1): a term in minutes or hours runs from the moment itself.
    """
    work = round(_checked(minutes, LONGEST * 24 * 60) * MINUTE)
    return _lay(cal, _position(cal, _local(cal, start)) + work) if work else effective_start(cal, start)


def add_hours(cal: Calendar, start: datetime, hours: Amount) -> datetime:
    """The moment at which `hours` of working time have passed since `start` (see `add_minutes`)."""
    return add_minutes(cal, start, _checked(hours, LONGEST * 24) * 60)


def working_minutes_between(cal: Calendar, a: datetime, b: datetime) -> float:
    """Working minutes from `a` to `b`, exact to the microsecond; negative where `b` lies before `a`."""
    return (_position(cal, _local(cal, b)) - _position(cal, _local(cal, a))) / MINUTE


def same_day(cal: Calendar, received: datetime, cutoff: time = CUTOFF) -> datetime:
    """The closing of the day of receipt; of the next working day when received after `cutoff`, after closing or on a rest
    day.

    Decree 118/2025/NĐ-CP and the procedures settled within the day: "after 15:00" moves to the next working day, so
    15:00:00 sharp is still in time.
    """
    local = _local(cal, received)
    day = effective_start(cal, received).date()
    late = day == local.date() and local.time() > cutoff
    return closing(cal, next_working_day(cal, day) if late else day)


def add_calendar_days(cal: Calendar, start: datetime, n: Amount) -> datetime:
    """Closing of the `n`-th calendar day after the day on which `start` counts.

    A last day that is a rest day rolls to the next working day (Civil Code 2015 art. 148(5)). Whole days only.
    """
    day = effective_start(cal, start).date() + timedelta(days=_whole(n))
    return closing(cal, _rolled(cal, day))


def add_months(cal: Calendar, start: datetime, n: Amount) -> datetime:
    """Closing of the same day of the month `n` months later, or of that month's last day where it has no such day.

    Civil Code 2015 art. 148(3); a rest day rolls as with calendar days. Whole months only.
    """
    day = effective_start(cal, start).date()
    years, month = divmod(day.month - 1 + _whole(n), 12)
    year, month = day.year + years, month + 1
    return closing(cal, _rolled(cal, date(year, month, min(day.day, monthrange(year, month)[1]))))


def resume(cal: Calendar, due: datetime, paused_at: datetime, resumed_at: datetime) -> datetime:
    """The new deadline after a pause: the working time left at `paused_at`, laid again from `resumed_at`.

    Nothing is lost or gained, to the microsecond. A deadline already missed at the pause keeps exactly its lateness:
    the answer lies that much working time before `resumed_at`. `resumed_at` before `paused_at` raises ValueError.
    """
    paused, resumed = _local(cal, paused_at), _local(cal, resumed_at)
    if resumed < paused:
        raise ValueError("a pause cannot end before it began")
    left = _position(cal, _local(cal, due)) - _position(cal, paused)
    return _lay(cal, _position(cal, resumed) + left) if left else effective_start(cal, resumed)


def working_days_left(cal: Calendar, due: datetime, now: datetime) -> int:
    """Working days after today up to the day of `due`: 0 on the day itself, negative once that day is past."""
    today, last = _local(cal, now).toordinal(), _local(cal, due).toordinal()
    return _days_worked(cal, last) - _days_worked(cal, today)


def standing(cal: Calendar, due: datetime | None, now: datetime, paused: bool = False, soon: int = 2) -> Standing:
    """How `due` stands at `now`: `soon` is the number of working days left from which it counts as near."""
    if due is None:
        return Standing.NONE
    if paused:
        return Standing.PAUSED
    if _local(cal, now) > _local(cal, due):
        return Standing.OVERDUE
    if _local(cal, now).date() == _local(cal, due).date():
        return Standing.TODAY
    return Standing.SOON if working_days_left(cal, due, now) <= soon else Standing.PLENTY


DUE: dict[LimitKind, Callable[[Calendar, datetime, Amount], datetime]] = {
    LimitKind.SAME_DAY: lambda cal, start, _amount: same_day(cal, start),
    LimitKind.WORKING_DAYS: add_days,
    LimitKind.WORKING_HOURS: add_hours,
    LimitKind.CALENDAR_DAYS: add_calendar_days,
    LimitKind.MONTHS: add_months,
}


def due(cal: Calendar, start: datetime, limit: TimeLimit) -> datetime:
    """When `limit` ends for something received at `start` (aware), always at a moment of office hours.

    About 10 µs, independent of the length. Raises ValueError for a naive start or an amount the kind cannot have.
    """
    return DUE[limit.kind](cal, start, limit.amount)


def _of_day(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


def _local(cal: Calendar, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(cal.zone)


def _weekdays(ordinal: int) -> int:
    """Days of Monday to Friday up to and including `ordinal`; ordinal 1 is a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def _days_worked(cal: Calendar, ordinal: int) -> int:
    """Working days from the beginning of time up to and including `ordinal`."""
    return _weekdays(ordinal) - bisect_right(cal.lost, ordinal) + bisect_right(cal.gained, ordinal)


def _nth_day(cal: Calendar, count: int) -> date:
    """The day on which `_days_worked` reaches `count`: the exceptions bound a short stretch, which is halved."""
    first = _weekday_ordinal(count - len(cal.gained))
    last = _weekday_ordinal(count + len(cal.lost))
    stretch = range(first, last + 1)
    return date.fromordinal(stretch[bisect_left(stretch, count, key=lambda ordinal: _days_worked(cal, ordinal))])


def _weekday_ordinal(count: int) -> int:
    """The ordinal of the `count`-th day of Monday to Friday."""
    weeks, rest = divmod(count - 1, 5)
    return weeks * 7 + rest + 1


def _position(cal: Calendar, local: datetime) -> int:
    """Working microseconds from the beginning of time to `local`: all arithmetic happens on this line."""
    ordinal = local.toordinal()
    before = _days_worked(cal, ordinal - 1)
    if _days_worked(cal, ordinal) == before:
        return before * cal.day_length
    clock = _of_day(local.time())
    done = sum(min(clock, closes) - opens for opens, closes in cal.windows if clock > opens)
    return before * cal.day_length + done


def _lay(cal: Calendar, position: int) -> datetime:
    """The earliest moment of office hours at `position`."""
    days, rest = divmod(position - 1, cal.day_length)
    rest += 1
    midnight = datetime.combine(_nth_day(cal, days + 1), time.min, cal.zone)
    for opens, closes in cal.windows:
        if rest <= closes - opens:
            return midnight + timedelta(microseconds=opens + rest)
        rest -= closes - opens
    raise AssertionError("a working day is as long as its windows")


def _rolled(cal: Calendar, day: date) -> date:
    return day if is_working_day(cal, day) else next_working_day(cal, day)


def _checked(amount: Amount, most: int) -> Amount:
    nothing = isinstance(amount, Decimal) and amount.is_nan()  # a float that is no number fails every comparison
    if nothing or not 0 <= amount <= most:
        raise ValueError(f"a term cannot be {amount}")
    return amount


def _whole(amount: Amount) -> int:
    if _checked(amount, LONGEST) != int(amount):
        raise ValueError(f"calendar days and months are whole, not {amount}")
    return int(amount)


def _quarters(amount: Amount) -> tuple[int, int]:
    quarters = _checked(amount, LONGEST) * 4
    if quarters != int(quarters):
        raise ValueError(f"working days are counted in quarters, not {amount}")
    return divmod(int(quarters), 4)
