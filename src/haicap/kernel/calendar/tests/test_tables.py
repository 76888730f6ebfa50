"""The calendar in the database: loaded, edited, kept in the process."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from haicap.kernel.calendar import commands, queries
from haicap.kernel.calendar.commands import Loaded, load_calendar
from haicap.kernel.calendar.errors import CalendarFileWrong, DayUnknown
from haicap.kernel.calendar.models import CalendarDay
from haicap.kernel.calendar.packaged import packaged_calendar, packaged_days
from haicap.kernel.calendar.rules import Day, DayKind
from haicap.kernel.clock import ZONE
from haicap.kernel.language import speaking
from haicap.kernel.workdays import OFFICE_HOURS, add_days, is_working_day

pytestmark = pytest.mark.django_db
SHORT = ((time(8), time(12)),)


@pytest.fixture(autouse=True)
def nothing_kept():
    CalendarDay.objects.all().delete()
    queries.forget()
    yield
    queries.forget()


def test_loading_twice_changes_nothing():
    count = len(packaged_days())
    assert load_calendar() == Loaded(added=count, changed=0, kept=0)
    assert load_calendar() == Loaded(added=0, changed=0, kept=count)
    assert CalendarDay.objects.count() == count
    assert queries.calendar_for() == packaged_calendar()


def test_an_empty_table_means_the_packaged_days():
    assert queries.calendar_for() == packaged_calendar()
    assert queries.calendar_for("14") == packaged_calendar()


def test_loading_corrects_an_estimate_and_spares_what_is_certain(tmp_path):
    path = tmp_path / "days.csv"
    head = "day,kind,name,name_en,source,certain,unit_code\n"
    commands.put_day(Day(date(2027, 2, 4), DayKind.OFF, "Tết", certain=False))
    path.write_text(head + "2027-02-04,off,Tết Đinh Mùi,New Year,Notice,true,\n", encoding="utf-8")
    assert load_calendar(path) == Loaded(added=0, changed=1, kept=0)
    path.write_text(head + "2027-02-04,makeup,?,?,guess,false,\n2027-02-05,off,?,?,guess,false,\n", encoding="utf-8")
    assert load_calendar(path) == Loaded(added=1, changed=0, kept=1)
    assert CalendarDay.objects.get(day=date(2027, 2, 4)).name == "Tết Đinh Mùi"


def test_a_wrong_file_writes_nothing(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("day,kind,name,name_en,source,certain,unit_code\n2027-02-04,off,A,A,x,true,\n?,off,,,,true,\n")
    with pytest.raises(CalendarFileWrong, match="3"):
        load_calendar(path)
    assert not CalendarDay.objects.exists()


def test_a_province_has_its_own_days():
    load_calendar()
    commands.put_day(Day(date(2025, 10, 10), DayKind.OFF, "Ngày của tỉnh", unit_code="14"))
    commands.put_day(Day(date(2025, 9, 1), DayKind.MAKEUP, "Trực", unit_code="14"))
    assert not is_working_day(queries.calendar_for("14"), date(2025, 10, 10))
    assert is_working_day(queries.calendar_for("14"), date(2025, 9, 1))
    assert is_working_day(queries.calendar_for(), date(2025, 10, 10))
    assert is_working_day(queries.calendar_for("20"), date(2025, 10, 10))
    names = [row.name for row in queries.days_between(date(2025, 9, 1), date(2025, 9, 1), "14")]
    assert names == ["Quốc khánh", "Trực"]


def test_a_day_is_replaced_and_removed():
    day = date(2025, 10, 10)
    commands.put_day(Day(day, DayKind.OFF, "A", "An A"))
    commands.put_day(Day(day, DayKind.MAKEUP, "B", "A B"))
    row = CalendarDay.objects.get()
    assert (row.kind, row.label()) == ("makeup", "B")
    with speaking("en"):
        assert row.label() == "A B"
    commands.remove_day(day=day)
    with pytest.raises(DayUnknown):
        commands.remove_day(day=day)


def test_opening_hours_hold_from_their_day():
    commands.put_hours(valid_from=date(2025, 7, 1), hours=SHORT, unit_code="14")
    assert queries.calendar_for("14", date(2025, 6, 30)).hours == OFFICE_HOURS
    assert queries.calendar_for("14", date(2025, 7, 1)).hours == SHORT
    assert queries.calendar_for("", date(2025, 7, 1)).hours == OFFICE_HOURS
    received = datetime(2025, 8, 27, 12, 1, tzinfo=ZONE)
    assert add_days(queries.calendar_for("14", received.date()), received, 1).time() == time(12)


def test_the_nations_hours_hold_until_a_province_sets_its_own():
    later = ((time(7, 30), time(12)), (time(13), time(16, 30)))
    commands.put_hours(valid_from=date(2025, 1, 1), hours=later)
    commands.put_hours(valid_from=date(2025, 7, 1), hours=SHORT, unit_code="14")
    commands.put_hours(valid_from=date(2026, 1, 1), hours=OFFICE_HOURS)
    assert [queries.calendar_for("14", date(year, 6, 1)).hours for year in (2024, 2025, 2026)] == [
        OFFICE_HOURS,
        later,
        SHORT,
    ]
    assert queries.calendar_for("", date(2026, 6, 1)).hours == OFFICE_HOURS


def test_impossible_hours_are_refused():
    with pytest.raises(ValueError, match="in order"):
        commands.put_hours(valid_from=date(2025, 1, 1), hours=((time(9), time(8)),))


def test_a_calendar_is_kept(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(queries, "monotonic", lambda: now[0])
    first = queries.calendar_for("14")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert queries.calendar_for("14") is first
    assert not asked.captured_queries
    now[0] += queries.KEPT_SECONDS + 1
    with CaptureQueriesContext(connection) as asked:
        queries.calendar_for("14")
    assert len(asked.captured_queries) == 2


@pytest.mark.parametrize("wrong", [{"kind": "feast"}, {"unit_code": "x"}, {"unit_code": "1"}])
def test_the_database_refuses_nonsense(wrong):
    row = {"day": date(2025, 1, 1), "kind": "off", "name": "A", **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(**row)
