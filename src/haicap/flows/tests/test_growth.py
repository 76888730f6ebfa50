"""What was added in a week and a month, and when the disk is full: told only of days that were measured."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from haicap.domain.dossiers.tests.factories import staffed_province
from haicap.flows import growth
from haicap.flows.growth import grown
from haicap.flows.health import added_text
from haicap.flows.jobs import BY_NAME
from haicap.kernel import clock
from haicap.kernel.jobs import commands
from haicap.kernel.jobs.models import DaySize

TODAY, GB = date(2026, 11, 28), 10**9


def sizes(*days: tuple[int, int]) -> list[DaySize]:
    """Measures so many days ago, of so many bytes of files."""
    return [DaySize(day=TODAY - timedelta(days=ago), database=GB, files=files, waiting=ago) for ago, files in days]


def looked(*days: tuple[int, int], free: int = 100 * GB, **changes):  # type: ignore[no-untyped-def]
    return grown(sizes(*days), free, **{"database_is_here": True, "today": TODAY} | changes)


def test_too_few_days_tell_nothing():
    assert looked() == growth.Growth(None, 0, None, None, None, soon=False)
    few = looked((6, 0), (0, 9 * GB))
    assert (few.week, few.month, few.full_on, few.known_days) == (None, None, None, 6)
    assert looked((10, 0), (0, 9 * GB)).week is None, "ten days ago is no week ago"
    assert looked((29, 0), (0, GB)).month is None


def test_a_week_and_a_month_and_the_day_when_the_disk_is_full():
    found = looked((30, 0), (7, 20 * GB), (0, 30 * GB))
    assert (found.week.files, found.week.waiting, found.month.files) == (10 * GB, -7, 30 * GB)
    assert found.full_on == TODAY + timedelta(days=100), "the month's pace, a gigabyte a day"
    assert not found.soon and looked((30, 0), (0, 30 * GB), free=90 * GB).soon
    assert looked((9, 0), (0, 9 * GB)).week.days == 9, "the worker rested on the eighth and the seventh"
    assert looked((7, 0), (0, 7 * GB)).full_on == TODAY + timedelta(days=100)


def test_what_shrinks_or_grows_hardly_fills_no_disk():
    assert looked((30, 5), (0, 4)).full_on is None
    assert looked((30, 0), (0, 1)).full_on is None


def test_a_database_on_another_server_does_not_fill_this_disk():
    before, after = sizes((30, 0), (0, 0))
    after.database += 30 * GB
    here = grown([before, after], 10 * GB, database_is_here=True, today=TODAY)
    assert here.full_on == TODAY + timedelta(days=10)
    assert grown([before, after], 10 * GB, database_is_here=False, today=TODAY).full_on is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10**15)), max_size=12, unique_by=lambda one: one[0]),
       st.integers(0, 10**15))  # fmt: skip
def test_whatever_was_measured_a_day_is_given_only_with_a_pace(days, free):
    found = looked(*sorted(days, reverse=True), free=free)
    assert found.full_on is None or (found.full_on >= TODAY and (found.week or found.month))


def test_words():
    assert (added_text(1_400_000_000), added_text(-20_000_000), added_text(0)) == ("+1,4 GB", "−20,0 MB", "0 B")


def test_the_worker_measures_once_a_day_and_forgets_after_a_year(as_worker):
    old = clock.today() - timedelta(days=commands.SIZES_KEPT_DAYS)
    DaySize.objects.create(day=old - timedelta(days=1), database=1, files=1, waiting=1)
    DaySize.objects.create(day=old, database=1, files=1, waiting=1)
    for _ in range(2):
        figures = BY_NAME["sizes"].work(lambda: True)
    assert figures["database"] > 1_000_000 and figures["files"] == 0
    assert list(DaySize.objects.order_by("day").values_list("day", flat=True)) == [old, clock.today()]
    assert "byte" in str(BY_NAME["sizes"].told).format(**figures)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_page_tells_of_growth_once_there_are_days_enough_and_the_application_writes_none(monkeypatch):
    client = staffed_province().client("administrator")
    assert "đã có 0 ngày" in client.get("/quan-tri/suc-khoe/").content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        DaySize.objects.create(day=clock.today(), database=1, files=1, waiting=1)
    measured = [DaySize(day=clock.today() - timedelta(days=ago), database=GB, files=(40 - ago) * 10**15, waiting=0)
                for ago in (30, 7, 0)]  # fmt: skip
    monkeypatch.setattr(growth, "sizes_since", lambda _: measured)
    page = " ".join(client.get("/quan-tri/suc-khoe/").content.decode().split())
    assert "trong 7 ngày" in page and "trong 30 ngày" in page and "đĩa đầy vào khoảng" in page
