"""The administrators' pages: who may open them, that every uncertain fact is there with its source, and what they cost."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.commands.training.topics import add_need, load_plan, read_plan
from haicap.domain.people.limits import Limit, secondment_on
from haicap.domain.people.models import Agency, Topic
from haicap.domain.people.streamlining_rules import UNCERTAIN
from haicap.domain.procedures import queries as procedures
from haicap.flows import uncertain
from haicap.flows.health import CURES, NAMES, size_text
from haicap.flows.uncertain import Fact, Kind
from haicap.interfaces.administration import views
from haicap.kernel import clock
from haicap.kernel.calendar import commands as calendar
from haicap.kernel.calendar import queries as calendars
from haicap.kernel.calendar.rules import Day, DayKind
from haicap.kernel.db import backup
from haicap.kernel.language import speaking
from haicap.kernel.scope import entered
from haicap.kernel.text import spreadsheet_safe

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

HOME, FACTS, CALENDAR = "/quan-tri/", "/quan-tri/chua-kiem-chung/", "/quan-tri/lich/"
PAGES = (HOME, FACTS, CALENDAR)
OTHERS = ("counter", "case_officer", "head", "chair", "clerk")
TET = date(2027, 2, 4)


@pytest.fixture
def staff() -> Staff:
    return staffed_commune()


@pytest.fixture
def admin(staff: Staff) -> Client:
    return staff.client("administrator")


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return " ".join(answer.content.decode().split())


def lines_of(answer: Any) -> list[list[str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def facts_of(staff: Staff, language: str = "vi") -> list[Fact]:
    with speaking(language), entered(staff.administrator):
        return uncertain.facts_for(staff.administrator)


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_come_in(page: str, staff: Staff, client: Client) -> None:
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/dang-nhap/?next=%2Fquan-tri")
    assert {role: staff.client(role).get(page).status_code for role in OTHERS} == dict.fromkeys(OTHERS, 403)
    province = staffed_province()
    assert province.client("operations").get(page).status_code == 403
    assert province.client("administrator").get(page).status_code == 200
    administrator = staff.client("administrator")
    assert administrator.get(page).status_code == 200
    assert administrator.post(page).status_code == 405


def test_the_way_there_is_shown_to_administrators_only(staff: Staff, admin: Client) -> None:
    link = 'href="/quan-tri/"'
    assert link in text_of(admin.get("/desk/"))
    assert link not in text_of(staff.client("counter").get("/desk/"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_home_leads_only_to_what_is_there(staff: Staff, language: str) -> None:
    browser = staff.client("administrator", language=language)
    shown = text_of(browser.get(HOME))
    main = shown[shown.index("<main") : shown.index("</main>")]
    hrefs = re.findall(r'href="([^"]+)"', main)
    assert hrefs == [
        "/quan-tri/nguoi-dung/",
        "/quan-tri/lien-he/",
        "/quan-tri/can-bo/",
        "/quan-tri/bien-che/",
        "/quan-tri/dao-tao/",
        "/quan-tri/chung-thu/",
        "/quan-tri/dinh-danh/",
        "/quan-tri/ho-tro/",
        "/quan-tri/quyen/",
        FACTS,
        CALENDAR,
        "/quan-tri/don-vi/",
        "/quan-tri/sap-xep/",
        "/quan-tri/thu-tuc/",
        "/quan-tri/mau/",
        "/quan-tri/luu-giu/",
        "/quan-tri/tep-cach-ly/",
        "/quan-tri/hang-doi/",
        "/api/v1/docs",
        "/quan-tri/thanh-phan/",
    ]
    assert {href: browser.get(href).status_code for href in hrefs} == dict.fromkeys(hrefs, 200)


def test_a_provinces_home_has_the_system_too_and_says_what_calls_for_somebody() -> None:
    browser = staffed_province().client("administrator")
    shown = text_of(browser.get(HOME))
    assert all(href in shown for href in ('"/quan-tri/cong-viec/"', '"/quan-tri/suc-khoe/"'))
    health = browser.get("/quan-tri/suc-khoe/")
    page, bad = text_of(health), health.context["seen"].bad
    assert {one.what for one in bad} >= {"backup"}  # none was made from this home
    assert "Sao lưu" in page and "./haicap backup DIR" in page and "PostgreSQL" in page
    assert all(finding.what in CURES and finding.what in NAMES for finding in health.context["seen"].findings)
    assert "ở mọi bảng có dòng của một đơn vị" in page and "on every table" not in page
    browser.cookies["haicap_language"] = "en"
    assert "on every table of a unit&#x27;s rows" in text_of(browser.get("/quan-tri/suc-khoe/"))
    assert f"{len(bad)} điều cần xử lý" in shown and f"{len(bad)} điều cần xử lý" in page
    assert page.index("Cần xử lý") < page.index(">Tốt<")


def test_a_backup_leaves_its_mark(tmp_path: Any) -> None:
    assert backup.last_copy(tmp_path) is None
    (tmp_path / backup.LAST_COPY).write_text("{")
    assert backup.last_copy(tmp_path) is None
    manifest = backup.Manifest(made_at=clock.now().isoformat(), server="18", files={"a": {"size": 5}})
    backup.leave_mark(tmp_path, tmp_path / "copy", manifest)
    mark = backup.last_copy(tmp_path)
    assert mark and (mark["bytes"], mark["files"], mark["where"]) == (5, 1, str(tmp_path / "copy"))


@pytest.mark.parametrize(("size", "said"), [(0, "0 B"), (999, "999 B"), (1400, "1,4 KB"), (250 * 10**6, "250 MB")])
def test_sizes_are_said_as_people_do(size: int, said: str) -> None:
    assert size_text(size) == said


def test_every_mark_of_the_catalogue_is_listed(staff: Staff) -> None:
    counted = dict(uncertain.count_by_kind(facts_of(staff)))
    today = procedures.all_on(clock.today())
    parts = {
        Kind.RECEIPT: sum(not version.receivable for version in today),
        Kind.NAME: sum(version.grade.certainty == "K" for version in today),
        Kind.TIME_LIMIT: sum(v.time_limit is not None and v.time_grade.certainty == "K" for v in today),
        Kind.FEE: sum(fee.certainty == "K" or fee.province_decides for v in today for fee in v.fees),
        Kind.PAPER: sum(paper.certainty == "K" for version in today for paper in version.papers),
        Kind.FORM: len(today),
        Kind.STEPS: len(today),
        Kind.BASIS: sum(law.certainty == "K" for v in today for law in v.basis) + sum(not v.basis for v in today),
    }
    decided = [row for rows in procedures.all_competence().values() for row in rows]
    parts[Kind.COMPETENCE] = sum(row.certainty == "K" or not row.basis for row in decided)
    assert all(parts.values())
    assert {kind: counted[kind] for kind in parts} == parts
    assert counted[Kind.AGENCY] == Agency.objects.filter(unit=staff.unit).count() > 0
    assert counted[Kind.CALENDAR] == len(calendars.uncertain_days("14")) > 0
    assert counted[Kind.HEADCOUNT] == len(UNCERTAIN) + 1  # and the mean of posts a commune


def test_who_decides_is_listed_where_nobody_entered_it_or_another_level_receives(staff: Staff, monkeypatch) -> None:
    rows = procedures.all_competence()
    birth, marriage = (procedures.published_on(code, clock.today()) for code in ("1.001193", "1.000894"))
    moved = replace(rows[birth.procedure_id][0], level="tinh", agency="so-tu-phap", valid_to=None, shared=True)
    changed = {**rows, birth.procedure_id: (moved,), marriage.procedure_id: ()}
    monkeypatch.setattr(procedures, "all_competence", lambda: changed)
    marks = {fact.code: fact.mark for fact in facts_of(staff) if fact.kind == Kind.COMPETENCE}
    assert (marks["1.001193"], marks["1.000894"]) == ("Khác cấp tiếp nhận", "Chưa nhập")


def test_what_is_not_verified_says_where_it_comes_from(staff: Staff) -> None:
    for fact in facts_of(staff):
        assert fact.of and fact.mark
        assert fact.source or fact.note or fact.kind in (Kind.AGENCY, Kind.BASIS), fact


def test_a_procedure_that_is_not_received_says_why(staff: Staff) -> None:
    waiting = {fact.code: fact for fact in facts_of(staff) if fact.kind == Kind.RECEIPT}
    assert set(waiting) == {version.code for version in procedures.all_on(clock.today()) if not version.receivable}
    assert "Luật Tố cáo" in waiting["2.002396"].note
    assert all(fact.note for fact in waiting.values())


def test_facts_speak_the_readers_language(staff: Staff) -> None:
    facts = facts_of(staff, "en")
    assert {fact.mark for fact in facts} >= {"Not verified", "Not announced", "Provisional id", "Set by the province"}
    assert next(fact for fact in facts if fact.code == "1.001193").of == "Birth registration"
    assert uncertain.matching(facts, "to khai dang ky khai sinh")  # found by its Vietnamese name all the same


def test_a_confirmed_agency_id_and_another_units_are_not_listed(staff: Staff) -> None:
    Agency.objects.filter(unit=staff.unit, kind="center").update(identifier_certain=True)
    staffed_commune("00226")
    codes = {fact.code for fact in facts_of(staff) if fact.kind == Kind.AGENCY}
    left = Agency.objects.filter(unit=staff.unit).exclude(kind="center")
    assert codes == {agency.identifier for agency in left}
    assert len(codes) == 5


def test_a_provinces_own_certain_day_settles_the_nations_estimate(staff: Staff) -> None:
    def days() -> set[str]:
        return {fact.code for fact in facts_of(staff) if fact.kind == Kind.CALENDAR}

    assert TET.isoformat() in days()
    calendar.put_day(Day(TET, DayKind.OFF, "Tết", source="Thông báo", certain=True, unit_code="14"))
    assert TET.isoformat() not in days()


def test_counts_stand_at_each_kind_and_lead_to_its_rows(staff: Staff, admin: Client) -> None:
    for kind, count in uncertain.count_by_kind(facts_of(staff)):
        answer = admin.get(FACTS, {"loai": kind.value})
        assert answer.context["page"].paginator.count == count
        assert {fact.kind for fact, _ in answer.context["lines"]} <= {kind}
    shown = text_of(admin.get(FACTS))
    assert all(f'href="?loai={kind.value}"' in shown for kind in Kind)


@pytest.mark.parametrize("asked", [{"loai": "khong-co"}, {"trang": "x"}, {"trang": "9999"}, {"q": " "}])
def test_odd_questions_do_no_harm(admin: Client, asked: dict[str, str]) -> None:
    assert admin.get(FACTS, asked).context["lines"]


def test_search_needs_no_accents_and_keeps_the_kind(admin: Client) -> None:
    answer = admin.get(FACTS, {"q": "giay chung sinh", "loai": "giay-to"})
    facts = [fact for fact, _ in answer.context["lines"]]
    assert facts
    assert {fact.kind for fact in facts} == {Kind.PAPER}
    assert "Giấy chứng sinh" in facts[0].what
    assert 'name="loai" value="giay-to"' in text_of(answer)
    assert "Không có điều nào khớp" in text_of(admin.get(FACTS, {"q": "xyzxyz"}))


def test_a_row_leads_to_the_public_page(admin: Client) -> None:
    shown = text_of(admin.get(FACTS, {"q": "1.001193"}))
    assert 'href="/thu-tuc/1.001193/"' in shown
    assert "Hiểu biết chung, chưa đối chiếu văn bản" in shown


def test_the_file_has_every_row_that_matches(staff: Staff, admin: Client) -> None:
    answer = admin.get(FACTS, {"tai": "csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"chua-kiem-chung-{clock.today().isoformat()}.csv" in answer.headers["Content-Disposition"]
    head, *rows = lines_of(answer)
    assert head[:2] == ["Loại", "Mã"]
    assert len(rows) == len(facts_of(staff)) > views.ROWS
    assert {len(row) for row in rows} == {len(head)}
    birth = next(row for row in rows if row[1] == "1.001193")
    assert birth[-1] == "http://testserver/thu-tuc/1.001193/"
    one_kind = lines_of(admin.get(FACTS, {"tai": "csv", "loai": "lich"}))[1:]
    assert {row[0] for row in one_kind} == {"Lịch làm việc"}


def test_the_file_holds_no_formula(staff: Staff, admin: Client) -> None:
    for day in calendars.uncertain_days():
        calendar.put_day(Day(day.day, DayKind.OFF, "@x", source="=HYPERLINK(1)", certain=False))
    rows = lines_of(admin.get(FACTS, {"tai": "csv", "loai": "lich"}))[1:]
    assert {row[6] for row in rows} == {"'=HYPERLINK(1)"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert [spreadsheet_safe(text) for text in ("-1", "+84", "@a", "\tx", "a=b")] == [
        "'-1",
        "'+84",
        "'@a",
        "'\tx",
        "a=b",
    ]


def test_the_calendar_of_a_year(admin: Client) -> None:
    shown = text_of(admin.get(CALENDAR, {"nam": "2027"}))
    assert "Thứ Năm, 04/02/2027" in shown
    assert "Ước tính; chờ thông báo chính thức của năm 2027" in shown
    assert "07:00–11:30, 13:30–17:00" in shown
    unsure = len([day for day in calendars.uncertain_days("14") if day.day.year == 2027])
    assert f"{unsure} ngày của năm này là ước tính" in shown
    assert f'href="{FACTS}?loai=lich"' in shown
    assert "2027" not in re.sub(r"<option.*?</option>", "", text_of(admin.get(CALENDAR, {"nam": "2025"})))


@pytest.mark.parametrize("asked", ["", "x", "١٩٩٩", "0", "99999", "-2025"])
def test_what_is_no_year_shows_this_one(admin: Client, asked: str) -> None:
    assert admin.get(CALENDAR, {"nam": asked}).context["year"] == clock.today().year


def test_a_year_without_days_says_so(admin: Client) -> None:
    assert "Chưa có ngày nào của năm này" in text_of(admin.get(CALENDAR, {"nam": "2099"}))


def test_a_provinces_days_and_hours_go_first(staff: Staff, admin: Client) -> None:
    calendar.put_day(Day(TET, DayKind.MAKEUP, "Trực Tết", source="Công văn tỉnh", certain=True, unit_code="14"))
    calendar.put_day(Day(TET, DayKind.OFF, "Ngày khác", source="", certain=True, unit_code="31"))
    calendar.put_hours(valid_from=date(2027, 3, 1), hours=((time(7, 30), time(11, 30)),), unit_code="14")
    calendars.forget()
    answer = admin.get(CALENDAR, {"nam": "2027"})
    shown = text_of(answer)
    assert "Trực Tết" in shown and "Riêng tỉnh" in shown and "(tỉnh có quy định riêng)" in shown
    assert "Ngày khác" not in shown
    usual, own = (None, "07:00–11:30, 13:30–17:00"), (date(2027, 3, 1), "07:30–11:30")
    assert answer.context["makeup"] == 1
    for year, expected in (("2026", [usual]), ("2027", [usual, own]), ("2028", [own])):
        hours = admin.get(CALENDAR, {"nam": year}).context["hours"]
        assert [(line.day, line.text) for line in hours] == expected
    calendars.forget()


def test_the_cost_is_flat(admin: Client, queries: Any) -> None:
    for page in PAGES:
        admin.get(page)
    few = {page: queries(lambda page=page: admin.get(page)) for page in PAGES}
    one = queries(lambda: admin.get(FACTS, {"loai": "lich"}))
    everything = queries(lambda: admin.get(FACTS, {"tai": "csv"}))
    assert few[FACTS] == one == everything
    assert max(few.values()) <= 13, few  # the home asks for the queue as well
    for day in range(1, 29):
        calendar.put_day(Day(date(2027, 5, day), DayKind.OFF, "Thử", certain=False))
    calendars.forget()
    admin.get(CALENDAR)
    assert {page: queries(lambda page=page: admin.get(page)) for page in PAGES} == few
    calendars.forget()


def test_changes_of_units_that_rest_on_one_source_are_listed(staff: Staff, admin: Client) -> None:
    listed = {fact.code: fact for fact in facts_of(staff) if fact.kind == Kind.UNIT}
    assert set(listed) == {"388/NQ-UBTVQH16", "36/2026/QH16", "39/2026/QH16"}
    wards = listed["388/NQ-UBTVQH16"]
    assert (wards.certainty, wards.what) == ("C", "12 đơn vị thay đổi từ 04/08/2026")
    assert "388/NQ-UBTVQH16" in text_of(admin.get(FACTS, {"loai": "don-vi"}))


def test_the_longest_secondment_and_who_needs_training_are_listed_with_their_source(staff: Staff) -> None:
    found = [fact for fact in facts_of(staff) if fact.kind in (Kind.STAFF, Kind.TRAINING)]
    assert {(fact.certainty, bool(fact.source), fact.is_procedure) for fact in found} == {("K", True, False)}
    limits = {fact.code: fact.what for fact in found if fact.kind == Kind.STAFF}
    assert (
        limits["biet-phai-2025"]
        == f"Dài nhất {secondment_on(date(2025, 7, 1)).months} tháng, nếu bắt đầu từ 01/07/2025"
    )
    assert {fact.code for fact in found if fact.kind == Kind.TRAINING} == {"diem-danh"}  # no topic is loaded yet
    province = staffed_province()
    with entered(province.administrator):
        load_plan(actor=province.administrator, plan=read_plan())
    keys = {one.key for one in read_plan()}
    assert keys < {fact.code for fact in facts_of(province)} and keys < {fact.code for fact in facts_of(staff)}
    with entered(province.administrator):
        changed = Topic.objects.get(key="mot-cua")
        add_need(actor=province.administrator, topic_id=changed.pk, level="tinh", body="", post="")
    assert keys - {fact.code for fact in facts_of(staff)} == {"mot-cua"}


def test_a_secondment_is_held_to_the_row_of_its_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(Limit(date(year, 7, 1), months, "x", "K") for year, months in ((2010, 36), (2025, 24)))
    monkeypatch.setattr("haicap.domain.people.limits.secondments", lambda: rows)
    days = (date(2009, 1, 1), date(2025, 6, 30), date(2025, 7, 1))
    assert [secondment_on(day).months for day in days] == [36, 36, 24]
    with pytest.raises(ValueError):
        Limit(date(2025, 7, 1), 36, "", "K")
