"""The calendar that comes with the program, held against an independent one, and the reading of such files."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import holidays
import pytest

from haicap.kernel.calendar.errors import CalendarFileWrong, HoursWrong
from haicap.kernel.calendar.packaged import PACKAGED, packaged_calendar, packaged_days, read_days
from haicap.kernel.calendar.rules import DayKind, calendar_of, hours_text, read_hours, write_hours
from haicap.kernel.clock import ZONE
from haicap.kernel.workdays import OFFICE_HOURS, add_days, is_working_day

HEAD = "day,kind,name,name_en,source,certain,unit_code\n"

# The library does not know that Friday 2/1/2026 was exchanged for Saturday 10/1/2026 (announced on 25/12/2025).
KNOWN_DIFFERENCES = {date(2026, 1, 2): "off here", date(2026, 1, 10): "worked here"}


def every_day():
    first, last = date(2025, 1, 1), date(2027, 12, 31)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_it_agrees_with_the_holidays_library_but_for_the_known_days():
    library = holidays.Vietnam(years=(2025, 2026, 2027))
    calendar = packaged_calendar()
    differences = {
        day: "worked here" if is_working_day(calendar, day) else "off here"
        for day in every_day()
        if is_working_day(calendar, day) != library.is_working_day(day)
    }
    assert differences == KNOWN_DIFFERENCES


def test_every_day_is_named_in_both_languages_with_its_source():
    for day in packaged_days():
        assert day.name, day
        assert day.name_en, day
        assert day.source, day
        assert day.unit_code == ""


def test_only_what_is_not_announced_is_uncertain():
    uncertain = {day.day for day in packaged_days() if not day.certain}
    assert uncertain == {date(2027, 2, day) for day in range(4, 11)} | {date(2027, 9, 3)}


def test_makeup_days_are_saturdays_and_worked():
    makeup = [day.day for day in packaged_days() if day.kind is DayKind.MAKEUP]
    assert makeup == [date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)]
    assert all(is_working_day(packaged_calendar(), day) for day in makeup)


@pytest.mark.parametrize(
    ("arrival", "ends"),
    [
        (datetime(2025, 8, 29, 16, 59), datetime(2025, 9, 3, 17, 0)),
        (datetime(2025, 4, 25, 9, 0), datetime(2025, 4, 26, 17, 0)),
        (datetime(2026, 1, 9, 9, 0), datetime(2026, 1, 10, 17, 0)),
        (datetime(2026, 2, 13, 16, 0), datetime(2026, 2, 23, 17, 0)),
        (datetime(2026, 11, 23, 16, 0), datetime(2026, 11, 25, 17, 0)),
    ],
)
def test_one_working_day(arrival, ends):
    assert add_days(packaged_calendar(), arrival.replace(tzinfo=ZONE), 1) == ends.replace(tzinfo=ZONE)


def test_a_province_goes_before_the_nation():
    nation = {date(2025, 9, 1): "off", date(2025, 4, 26): "makeup"}
    own = {date(2025, 9, 1): "makeup", date(2025, 4, 26): "off", date(2025, 10, 10): "off"}
    calendar = calendar_of(nation, own)
    assert is_working_day(calendar, date(2025, 9, 1))
    assert not is_working_day(calendar, date(2025, 4, 26))
    assert not is_working_day(calendar, date(2025, 10, 10))


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        ("2025-02-30,off,Tết,Tết,x,true,\n", 2, "day is out of range"),
        ("2025-02-03,free,Tết,Tết,x,true,\n", 2, "free"),
        ("2025-02-03,off,Tết,Tết,x,yes,\n", 2, "true or false"),
        ("2025-02-03,off,Tết,Tết,x,true,123\n", 2, "two digits"),
        ("2025-02-03,off,A,A,x,true,\n2025-02-03,off,B,B,x,true,\n", 3, "second time"),
        ("2025-02-03,off\n", 2, "true or false"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, rows, line, reason):
    path = tmp_path / "days.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(CalendarFileWrong) as refused:
        read_days(path)
    assert refused.value.facts["line"] == line
    assert reason in refused.value.sentence()


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("day,kind\n", encoding="utf-8")
    with pytest.raises(CalendarFileWrong, match="certain, name, name_en, source, unit_code"):
        read_days(path)


def test_the_file_is_in_order():
    days = [day.day for day in read_days(PACKAGED)]
    assert days == sorted(days)


def test_hours_are_written_and_read_back():
    assert read_hours(write_hours(OFFICE_HOURS)) == OFFICE_HOURS
    assert hours_text(OFFICE_HOURS) == "07:00–11:30, 13:30–17:00"
    assert read_hours([["08:00", "12:00"]]) == ((time(8), time(12)),)


@pytest.mark.parametrize("written", [None, [], [["08:00"]], [["12:00", "08:00"]], "7-11", [[7, 11]], [["a", "b"]]])
def test_hours_that_make_no_sense_are_refused(written):
    with pytest.raises(HoursWrong):
        read_hours(written)
