"""A province's own days and hours: looked at before they are written, refused with what was typed kept, told in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from haicap.domain.dossiers.tests.factories import Staff, received, staffed_commune, staffed_province
from haicap.flows import working_calendar
from haicap.kernel import clock
from haicap.kernel.access import NotGranted
from haicap.kernel.audit import queries as trail
from haicap.kernel.calendar import queries as calendars
from haicap.kernel.calendar.models import CalendarDay, OpeningHours
from haicap.kernel.calendar.rules import Day, DayKind
from haicap.kernel.scope import entered
from haicap.kernel.workdays import is_working_day

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PAGE, DAY, HOURS = "/quan-tri/lich/", "/quan-tri/lich/ngay/", "/quan-tri/lich/gio/"
FREE = date(2027, 6, 15)  # a Tuesday of which the nation says nothing
TYPED = {"day": "15/06/2027", "kind": "off", "name": "Nghỉ chống bão", "source": "QĐ 12/QĐ-UBND", "certain": "1"}


@pytest.fixture
def province() -> Iterator[Staff]:
    yield staffed_province()
    calendars.forget()


@pytest.fixture
def admin(province: Staff) -> Client:
    return province.client("administrator")


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:500]
    return " ".join(answer.content.decode().split())


def written(client: Client, **changed: str) -> Any:
    return client.post(DAY, {**TYPED, **changed, "buoc": "ghi"})


def test_looking_writes_nothing_and_tells_what_changes(admin: Client) -> None:
    shown = text_of(admin.post(DAY, {**TYPED, "buoc": "xem"}))
    assert "Nghỉ chống bão" in shown
    assert "hạn Thứ Hai, 21/06/2027, trước 17:00 thành Thứ Ba, 22/06/2027, trước 17:00" in shown
    assert "nhận Thứ Hai, 14/06/2027" in shown  # the working day before, never the day itself
    monday = text_of(admin.post(DAY, {**TYPED, "day": "14/06/2027", "buoc": "xem"}))
    assert "nhận Thứ Sáu, 11/06/2027" in monday
    assert "Chưa hồ sơ đang mở nào" in shown
    assert not CalendarDay.objects.filter(unit_code="14").exists()
    assert 'value="15/06/2027"' in text_of(admin.post(DAY, {**TYPED, "buoc": "sua"}))


def test_promised_deadlines_are_counted_and_stay(province: Staff, admin: Client) -> None:
    commune = staffed_commune()
    day = max(clock.local(received(commune.counter).due) for _ in range(2)).date()
    typed = {**TYPED, "day": day.strftime("%d/%m/%Y")}
    shown = text_of(admin.post(DAY, {**typed, "buoc": "xem"}))
    assert "2 hồ sơ đang mở có hạn vào hoặc sau ngày này: giữ nguyên" in shown
    assert written(admin, day=typed["day"]).status_code == 302
    assert not is_working_day(calendars.calendar_for("14"), day)
    with entered(province.administrator):
        later = working_calendar.effect_of_day(province.administrator, day + timedelta(days=1), DayKind.OFF)
    assert later.kept == 0


def test_a_day_is_entered_changed_and_removed_and_the_trail_tells_who(province: Staff, admin: Client) -> None:
    answer = written(admin)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}?nam=2027")
    assert not is_working_day(calendars.calendar_for("14"), FREE)
    assert is_working_day(calendars.calendar_for("31"), FREE)
    assert 'value="Nghỉ chống bão"' in text_of(admin.get(DAY, {"ngay": "2027-06-15"}))
    written(admin, name="Nghỉ lũ", certain="0")
    row = CalendarDay.objects.get(unit_code="14")
    assert (row.name, row.certain) == ("Nghỉ lũ", False)
    remove = f"{DAY}2027-06-15/bo/"
    assert "Bỏ: Thứ Ba, 15/06/2027" in text_of(admin.get(remove))
    assert admin.post(remove).status_code == 302
    assert is_working_day(calendars.calendar_for("14"), FREE)
    with entered(province.administrator):
        told = trail.latest("calendar:14")
    assert [one.tag for one in told] == ["calendar:day:remove", "calendar:day:put", "calendar:day:put"]
    assert told[0].data["before"]["name"] == "Nghỉ lũ"
    shown = text_of(admin.get(PAGE, {"nam": "2027"}))
    assert "Bỏ ngày riêng" in shown and "15/06/2027" in shown


def test_the_nations_day_is_replaced_but_never_edited(admin: Client) -> None:
    tet = CalendarDay.objects.get(day=date(2027, 2, 4), unit_code="")
    assert written(admin, day="04/02/2027", kind="makeup", name="Trực").status_code == 302
    assert CalendarDay.objects.get(day=tet.day, unit_code="") == tet
    assert is_working_day(calendars.calendar_for("14"), tet.day)
    assert "In place of" not in text_of(admin.post(DAY, {**TYPED, "day": "04/02/2027", "buoc": "xem"}))
    assert admin.post(f"{DAY}2027-02-05/bo/").status_code == 404  # the nation has that one, the province has not
    assert CalendarDay.objects.filter(day=date(2027, 2, 5), unit_code="").exists()


@pytest.mark.parametrize(("field", "typed"), [
    ("day", ""), ("day", "31/02/2027"), ("day", "15/06/1999"), ("day", "15/06/2999"), ("day", "\x00"), ("kind", "x"),
    ("name", "  "), ("source", ""),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(admin: Client, field: str, typed: str) -> None:
    for step in ("xem", "ghi"):
        shown = text_of(admin.post(DAY, {**TYPED, field: typed, "buoc": step}), 422)
        assert f'id="id_{field}_error"' in shown
        kept = [value for name, value in TYPED.items() if name in ("day", "name", "source") and name != field]
        assert all(f'value="{escape(value)}"' in shown for value in kept)
    assert not CalendarDay.objects.filter(unit_code="14").exists()


def test_what_does_nothing_and_what_is_past_is_said_before(admin: Client) -> None:
    sunday = text_of(admin.post(DAY, {**TYPED, "day": "13/06/2027", "buoc": "xem"}))
    assert "Ngày này vốn đã là ngày nghỉ" in sunday
    past = clock.today() - timedelta(days=30)
    assert "Ngày này đã qua" in text_of(admin.post(DAY, {**TYPED, "day": f"{past:%d/%m/%Y}", "buoc": "xem"}))


def test_hours_hold_from_their_day_and_go_back_only_before_it(admin: Client) -> None:
    begins = clock.today() + timedelta(days=40)
    typed = {"valid_from": f"{begins:%d/%m/%Y}", "opens_1": "7:30", "closes_1": "11h30", "opens_2": "13:00",
             "closes_2": "16:30", "source": "QĐ 7"}  # fmt: skip
    assert admin.post(HOURS, typed).status_code == 302
    row = OpeningHours.objects.get(unit_code="14")
    assert (row.hours, row.source) == ([["07:30", "11:30"], ["13:00", "16:30"]], "QĐ 7")
    assert "Rút lại" in text_of(admin.get(PAGE, {"nam": str(begins.year)}))
    assert admin.post(f"{HOURS}{begins.isoformat()}/rut/").status_code == 302
    assert not OpeningHours.objects.exists()
    today = clock.today()
    assert admin.post(HOURS, {**typed, "valid_from": f"{today:%d/%m/%Y}"}).status_code == 302
    assert admin.post(f"{HOURS}{today.isoformat()}/rut/").status_code == 422
    assert OpeningHours.objects.count() == 1


@pytest.mark.parametrize(("field", "typed"), [
    ("valid_from", "01/01/2025"), ("opens_1", "25:00"), ("closes_1", "06:00"), ("opens_2", ""), ("source", ""),
])  # fmt: skip
def test_hours_that_make_no_sense_are_refused(admin: Client, field: str, typed: str) -> None:
    good = {"valid_from": f"{clock.today() + timedelta(days=9):%d/%m/%Y}", "opens_1": "07:00", "closes_1": "11:30",
            "opens_2": "13:30", "closes_2": "17:00", "source": "QĐ 7"}  # fmt: skip
    shown = text_of(admin.post(HOURS, {**good, field: typed}), 422)
    assert "field__error" in shown and 'value="17:00"' in shown
    assert not OpeningHours.objects.exists()


def test_a_commune_reads_and_may_not_write() -> None:
    staff = staffed_commune()
    browser = staff.client("administrator")
    assert DAY not in text_of(browser.get(PAGE))
    assert browser.post(DAY, {**TYPED, "buoc": "ghi"}).status_code == 403
    with entered(staff.administrator), pytest.raises(NotGranted):
        working_calendar.enter_day(actor=staff.administrator, day=Day(FREE, DayKind.OFF, "x", source="y"))


def test_the_cost_of_a_preview_is_flat(admin: Client, queries: Any) -> None:
    def look() -> None:
        admin.post(DAY, {**TYPED, "buoc": "xem"})

    look()
    before = queries(look)
    commune = staffed_commune()
    for _ in range(3):
        received(commune.counter)
    look()  # a new dossier makes what the process keeps be read again
    assert queries(look) == before <= 9
