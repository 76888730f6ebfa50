"""Deadlines at their edges, and the laws that hold for every calendar, term and pause."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.kernel.clock import ZONE
from haicap.kernel.workdays import (
    Calendar,
    LimitKind,
    Standing,
    TimeLimit,
    add_calendar_days,
    add_days,
    add_hours,
    add_minutes,
    add_months,
    closing,
    due,
    effective_start,
    is_working_day,
    next_working_day,
    opening,
    resume,
    same_day,
    standing,
    working_days_left,
    working_minutes_between,
)


def span(first, last):
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


NATION = Calendar(
    days_off=frozenset(
        {date(2025, 1, 1), date(2025, 4, 7), date(2025, 4, 30), date(2026, 1, 1), date(2026, 1, 2)}
        | span(date(2025, 1, 25), date(2025, 2, 2))
        | span(date(2025, 5, 1), date(2025, 5, 4))
        | span(date(2025, 8, 30), date(2025, 9, 2))
        | span(date(2026, 2, 14), date(2026, 2, 22))
    ),
    makeup=frozenset({date(2025, 4, 26), date(2026, 1, 10)}),
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# Edges


@pytest.mark.parametrize(
    ("arrival", "counts_from"),
    [
        ("2025-08-29T06:30", "2025-08-29T07:00"),
        ("2025-08-29T09:15:30.000001", "2025-08-29T09:15:30.000001"),
        ("2025-08-29T11:30", "2025-08-29T11:30"),
        ("2025-08-29T12:00", "2025-08-29T13:30"),
        ("2025-08-29T16:59", "2025-08-29T16:59"),
        ("2025-08-29T17:00", "2025-08-29T17:00"),
        ("2025-08-29T17:00:00.000001", "2025-09-03T07:00"),
        ("2025-08-31T10:00", "2025-09-03T07:00"),
        ("2025-04-26T08:00", "2025-04-26T08:00"),
        ("2026-01-09T17:01", "2026-01-10T07:00"),
    ],
)
def test_from_when_an_arrival_counts(arrival, counts_from):
    assert effective_start(NATION, at(arrival)) == at(counts_from)


@pytest.mark.parametrize(
    ("arrival", "days", "ends"),
    [
        ("2025-08-29T16:59", 1, "2025-09-03T17:00"),  # Friday before 30/8–2/9
        ("2025-08-29T17:00", 1, "2025-09-03T17:00"),
        ("2025-08-29T17:01", 1, "2025-09-04T17:00"),
        ("2025-08-29T12:00", 1, "2025-09-03T17:00"),
        ("2025-08-29T12:00", 0, "2025-08-29T17:00"),
        ("2025-08-30T12:00", 0, "2025-09-03T17:00"),
        ("2025-04-25T09:00", 1, "2025-04-26T17:00"),  # make-up Saturday
        ("2025-04-26T09:00", 1, "2025-04-28T17:00"),
        ("2025-04-29T09:00", 1, "2025-05-05T17:00"),
        ("2026-01-09T09:00", 1, "2026-01-10T17:00"),
        ("2025-12-31T09:00", 3, "2026-01-07T17:00"),
        ("2026-02-13T16:00", 1, "2026-02-23T17:00"),  # Tết
        ("2026-02-13T16:00", 15, "2026-03-13T17:00"),
        ("2025-08-27T09:00", 0.25, "2025-08-27T11:00"),
        ("2025-08-27T10:00", 0.5, "2025-08-27T16:00"),
        ("2025-08-27T10:00", Decimal("1.5"), "2025-08-29T11:00"),
    ],
)
def test_working_days(arrival, days, ends):
    assert add_days(NATION, at(arrival), days) == at(ends)


@pytest.mark.parametrize(
    ("arrival", "hours", "ends"),
    [
        ("2025-08-29T09:00", 8, "2025-09-03T09:00"),
        ("2025-08-29T07:00", 8, "2025-08-29T17:00"),
        ("2025-08-29T11:00", 1, "2025-08-29T14:00"),
        ("2025-08-29T11:00", 0.5, "2025-08-29T11:30"),
        ("2025-08-29T17:30", 1, "2025-09-03T08:00"),
        ("2025-08-29T12:00", 0, "2025-08-29T13:30"),
    ],
)
def test_working_hours(arrival, hours, ends):
    assert add_hours(NATION, at(arrival), hours) == at(ends)


@pytest.mark.parametrize(
    ("received", "ends"),
    [
        ("2025-08-29T06:00", "2025-08-29T17:00"),
        ("2025-08-29T15:00", "2025-08-29T17:00"),
        ("2025-08-29T15:00:01", "2025-09-03T17:00"),
        ("2025-08-31T09:00", "2025-09-03T17:00"),
        ("2025-04-25T16:00", "2025-04-26T17:00"),
    ],
)
def test_results_on_the_same_day(received, ends):
    assert same_day(NATION, at(received)) == at(ends)


def test_a_province_may_set_another_cutoff():
    assert same_day(NATION, at("2025-08-28T15:30"), cutoff=time(16, 0)) == at("2025-08-28T17:00")


@pytest.mark.parametrize(
    ("arrival", "days", "ends"),
    [
        ("2025-08-27T09:00", 2, "2025-08-29T17:00"),
        ("2025-08-27T09:00", 3, "2025-09-03T17:00"),  # ends on the holiday
        ("2025-08-27T18:00", 1, "2025-08-29T17:00"),
        ("2025-04-25T09:00", 1, "2025-04-26T17:00"),  # a worked Saturday ends a term
    ],
)
def test_calendar_days_roll_to_the_next_working_day(arrival, days, ends):
    assert add_calendar_days(NATION, at(arrival), days) == at(ends)


@pytest.mark.parametrize(
    ("arrival", "months", "ends"),
    [
        ("2025-03-03T09:00", 1, "2025-04-03T17:00"),
        ("2025-10-31T09:00", 1, "2025-12-01T17:00"),  # 30/11 is a Sunday
        ("2025-12-31T09:00", 2, "2026-03-02T17:00"),  # 28/2 is a Saturday
        ("2025-08-29T09:00", 12, "2026-08-31T17:00"),
    ],
)
def test_months(arrival, months, ends):
    assert add_months(NATION, at(arrival), months) == at(ends)


def test_the_table_of_limits():
    start = at("2025-08-27T09:00")
    ends = {
        TimeLimit(LimitKind.SAME_DAY): "2025-08-27T17:00",
        TimeLimit(LimitKind.WORKING_DAYS, 3): "2025-09-03T17:00",
        TimeLimit(LimitKind.WORKING_HOURS, 4): "2025-08-27T15:00",
        TimeLimit(LimitKind.CALENDAR_DAYS, 2): "2025-08-29T17:00",
        TimeLimit(LimitKind.MONTHS, 1): "2025-09-29T17:00",
    }
    assert {limit: due(NATION, start, limit) for limit in ends} == {limit: at(end) for limit, end in ends.items()}
    assert {limit.kind for limit in ends} == set(LimitKind)


def test_a_moment_from_elsewhere_is_the_same_moment():
    assert add_days(NATION, datetime(2025, 8, 29, 10, 0, tzinfo=UTC), 1) == at("2025-09-03T17:00")


def test_other_hours():
    short = Calendar(hours=((time(8, 0), time(12, 0)),))
    assert add_hours(short, at("2025-08-27T11:00"), 2) == at("2025-08-28T09:00")
    assert add_days(short, at("2025-08-27T12:01"), 1) == at("2025-08-29T12:00")
    assert add_days(short, at("2025-08-27T08:00"), 0.5) == at("2025-08-27T10:00")


def test_a_makeup_day_wins_over_a_day_off():
    both = Calendar(days_off=frozenset({date(2025, 8, 27)}), makeup=frozenset({date(2025, 8, 27)}))
    assert is_working_day(both, date(2025, 8, 27))
    assert next_working_day(both, date(2025, 8, 26)) == date(2025, 8, 27)


# Pauses


def test_a_pause_keeps_what_was_left():
    ends = at("2025-08-29T17:00")
    assert resume(NATION, ends, at("2025-08-28T10:00"), at("2025-09-03T10:00")) == at("2025-09-04T17:00")
    assert resume(NATION, ends, at("2025-08-28T10:00"), at("2025-09-03T14:00")) == at("2025-09-05T09:00")


def test_a_pause_on_the_deadline_leaves_nothing():
    ends = at("2025-08-29T17:00")
    assert resume(NATION, ends, ends, at("2025-09-03T14:00")) == at("2025-09-03T14:00")
    assert resume(NATION, ends, at("2025-08-31T09:00"), at("2025-09-03T12:00")) == at("2025-09-03T13:30")


def test_a_missed_deadline_keeps_its_lateness():
    late = resume(NATION, at("2025-08-27T17:00"), at("2025-08-28T09:00"), at("2025-09-03T10:00"))
    assert late == at("2025-09-03T08:00")


def test_a_pause_cannot_end_before_it_began():
    with pytest.raises(ValueError, match="before it began"):
        resume(NATION, at("2025-08-29T17:00"), at("2025-08-28T10:00"), at("2025-08-28T09:00"))


# Standing


@pytest.mark.parametrize(
    ("now", "stands", "left"),
    [
        ("2025-08-27T09:00", Standing.PLENTY, 3),
        ("2025-08-28T09:00", Standing.SOON, 2),
        ("2025-08-31T09:00", Standing.SOON, 1),
        ("2025-09-03T17:00", Standing.TODAY, 0),
        ("2025-09-03T17:01", Standing.OVERDUE, 0),
        ("2025-09-05T09:00", Standing.OVERDUE, -2),
    ],
)
def test_how_a_deadline_stands(now, stands, left):
    ends = at("2025-09-03T17:00")
    assert standing(NATION, ends, at(now)) is stands
    assert working_days_left(NATION, ends, at(now)) == left
    assert standing(NATION, ends, at("2025-08-28T09:00"), soon=1) is Standing.PLENTY


def test_no_deadline_and_a_pause():
    now = at("2025-09-05T09:00")
    assert standing(NATION, None, now) is Standing.NONE
    assert standing(NATION, at("2025-09-03T17:00"), now, paused=True) is Standing.PAUSED


# What is refused


@pytest.mark.parametrize(
    "call",
    [
        lambda naive: effective_start(NATION, naive),
        lambda naive: add_days(NATION, naive, 1),
        lambda naive: add_days(NATION, naive, 0.25),
        lambda naive: add_minutes(NATION, naive, 5),
        lambda naive: same_day(NATION, naive),
        lambda naive: add_calendar_days(NATION, naive, 1),
        lambda naive: add_months(NATION, naive, 1),
        lambda naive: resume(NATION, naive, naive, naive),
        lambda naive: working_minutes_between(NATION, naive, naive),
        lambda naive: standing(NATION, naive, naive),
    ],
)
def test_a_naive_moment_is_refused(call):
    with pytest.raises(ValueError, match="time zone"):
        call(datetime(2025, 8, 29, 9, 0))


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (LimitKind.WORKING_DAYS, -1),
        (LimitKind.WORKING_DAYS, 0.3),
        (LimitKind.WORKING_DAYS, 10_001),
        (LimitKind.WORKING_DAYS, float("nan")),
        (LimitKind.WORKING_DAYS, Decimal("NaN")),
        (LimitKind.WORKING_DAYS, 10**400),
        (LimitKind.WORKING_HOURS, float("inf")),
        (LimitKind.CALENDAR_DAYS, 1.5),
        (LimitKind.MONTHS, -1),
    ],
)
def test_an_impossible_amount_is_refused(kind, amount):
    with pytest.raises(ValueError):
        due(NATION, at("2025-08-29T09:00"), TimeLimit(kind, amount))


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((time(9), time(9)),),
        ((time(7), time(12)), (time(11), time(17))),
        ((time(7), time(12)), (time(12), time(17))),
        ((time(7, tzinfo=UTC), time(12, tzinfo=UTC)),),
    ],
)
def test_impossible_hours_are_refused(hours):
    with pytest.raises(ValueError, match="opening hours"):
        Calendar(hours=hours)


def test_same_day_after_an_early_closing_is_the_next_working_day():
    mornings = Calendar(hours=((time(8), time(12)),))
    arrived = datetime(2024, 12, 2, 12, 0, 1, tzinfo=ZONE)  # before 15:00, but the office has closed
    assert same_day(mornings, arrived) == datetime(2024, 12, 3, 12, 0, tzinfo=ZONE)


# Laws

moments = st.datetimes(datetime(2024, 12, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(tzinfo=ZONE))
days = st.dates(date(2024, 12, 1), date(2027, 3, 1))
some_days = st.frozensets(days, max_size=40)
calendars = st.just(NATION) | st.builds(
    Calendar, some_days, some_days, st.sampled_from([NATION.hours, ((time(8), time(12)),)])
)
limits = st.one_of(
    st.just(TimeLimit(LimitKind.SAME_DAY)),
    st.builds(TimeLimit, st.just(LimitKind.WORKING_DAYS), st.integers(0, 480).map(lambda quarters: quarters / 4)),
    st.builds(TimeLimit, st.just(LimitKind.WORKING_HOURS), st.integers(0, 400)),
    st.builds(TimeLimit, st.just(LimitKind.CALENDAR_DAYS), st.integers(0, 200)),
    st.builds(TimeLimit, st.just(LimitKind.MONTHS), st.integers(0, 14)),
)


def in_hours(cal, moment):
    return is_working_day(cal, moment.date()) and any(opens <= moment.time() <= closes for opens, closes in cal.hours)


@given(calendars, moments, limits)
def test_a_deadline_falls_in_office_hours_and_not_before_the_start(cal, start, limit):
    end = due(cal, start, limit)
    assert in_hours(cal, end)
    assert end >= effective_start(cal, start) >= start


@given(calendars, moments, moments, limits)
def test_who_comes_later_is_not_served_earlier(cal, a, b, limit):
    first, second = sorted((a, b))
    assert due(cal, first, limit) <= due(cal, second, limit)


@given(calendars, moments, limits, st.integers(1, 20))
def test_a_longer_term_does_not_end_earlier(cal, start, limit, more):
    if limit.kind is LimitKind.WORKING_DAYS and limit.amount == 0:
        return  # "within the day" ends at closing, a quarter of a day two hours after arrival: two different promises
    step = more / 4 if limit.kind is LimitKind.WORKING_DAYS else more
    assert due(cal, start, limit) <= due(cal, start, TimeLimit(limit.kind, limit.amount + step))


@given(calendars, moments, st.integers(0, 60))
def test_working_days_are_counted_one_by_one(cal, start, n):
    day = effective_start(cal, start).date()
    for _ in range(n):
        day += timedelta(days=1)
        while not (day in cal.makeup or (day.weekday() < 5 and day not in cal.days_off)):
            day += timedelta(days=1)
    assert add_days(cal, start, n) == closing(cal, day)


@given(calendars, moments, st.integers(0, 3000))
def test_minutes_are_counted_one_by_one(cal, start, minutes):
    """A clerk with a stopwatch, who skips whatever is closed."""
    here, left = effective_start(cal, start), timedelta(minutes=minutes)
    while left:
        closes = next(c for o, c in cal.hours if o <= here.time() <= c)
        stretch = min(left, datetime.combine(here.date(), closes, ZONE) - here)
        here, left = here + stretch, left - stretch
        if left:
            here = effective_start(cal, here + timedelta(microseconds=1))
    assert add_minutes(cal, start, minutes) == here


@given(calendars, moments, moments)
def test_what_lies_between_leads_back(cal, a, b):
    a, b = sorted((a, effective_start(cal, b)))
    if effective_start(cal, a) < b and b.time() not in {opens for opens, _ in cal.hours} and in_hours(cal, b):
        assert add_minutes(cal, a, working_minutes_between(cal, a, b)) == b


@given(calendars, moments, moments)
def test_between_has_a_sign(cal, a, b):
    assert working_minutes_between(cal, a, b) == -working_minutes_between(cal, b, a)
    assert (working_minutes_between(cal, a, b) >= 0) or b < a


@given(calendars, moments, limits, moments, moments)
def test_a_pause_loses_and_gains_nothing(cal, start, limit, a, b):
    end = due(cal, start, limit)
    paused, resumed = sorted((a, b))
    new = resume(cal, end, paused, resumed)
    assert in_hours(cal, new)
    assert working_minutes_between(cal, resumed, new) == working_minutes_between(cal, paused, end)


@given(calendars, moments, limits, st.lists(moments, min_size=4, max_size=4))
def test_two_pauses_lose_no_more_than_one(cal, start, limit, stops):
    a, b, c, d = sorted(stops)
    end = due(cal, start, limit)
    twice = resume(cal, resume(cal, end, a, b), c, d)
    stood_still = working_minutes_between(cal, a, b) + working_minutes_between(cal, c, d)
    assert abs(working_minutes_between(cal, end, twice) - stood_still) < 1e-6


@given(calendars, days)
def test_a_day_and_its_hours(cal, day):
    following = next_working_day(cal, day)
    assert following > day
    assert is_working_day(cal, following)
    assert working_minutes_between(cal, opening(cal, following), closing(cal, following)) * 60e6 == cal.day_length


def test_a_deadline_is_cheap():
    start, limit = at("2025-08-27T09:00"), TimeLimit(LimitKind.WORKING_DAYS, 5)
    best = min(timeit.repeat(lambda: due(NATION, start, limit), number=1000, repeat=5)) / 1000
    assert best < 100e-6  # about 8 µs where nothing else runs
