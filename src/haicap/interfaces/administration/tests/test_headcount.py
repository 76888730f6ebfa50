"""Quotas against people, cases of streamlining, service units: commands, what is refused, who sees what, the pages."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from openpyxl import load_workbook

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.blocks import Block, Departure, StaffKind
from haicap.domain.people.commands.headcount import cases as commands
from haicap.domain.people.commands.headcount.cases import CaseFacts
from haicap.domain.people.commands.headcount.quotas import QuotaFacts, give_quotas
from haicap.domain.people.commands.headcount.service_units import ServiceUnitFacts, record_service_units
from haicap.domain.people.commands.officials import OfficialFacts, Seat, record_officials
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.commands.rosters.reading import COLUMNS, Row
from haicap.domain.people.errors import CaseRefused, CaseUnknown, OnlyTheProvince
from haicap.domain.people.models import Appointment, Assignment, Official, Quota, ServiceUnit, StreamliningCase
from haicap.domain.people.queries.headcount import room, staffing
from haicap.domain.people.queries.headcount import service_units as register
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.streamlining_rules import CaseState, Scheme
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.errors import Denied
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

START, LATER, DECIDED = date(2025, 7, 1), date(2026, 1, 1), date(2025, 6, 20)
SEAT = Seat("culture_social", "officer", "12/QĐ-UBND", START, START)
HOME = "/quan-tri/bien-che/"


@pytest.fixture
def here() -> Staff:
    staff = staffed_commune("03664")
    load_organisation([staff.unit], read_template(), START)
    return staff


@pytest.fixture
def province(here) -> Staff:
    return staffed_province()


def somebody(staff: Staff, number: int = 1, **changes) -> OfficialFacts:
    facts = {"unit": staff.unit, "full_name": f"Lò Văn Người {number}", "staff_kind": StaffKind.CIVIL_SERVANT, "seat": SEAT,
             "born_on": date(1966, 5, 1), "female": False, "id_number": f"0140669{number:05d}",
             "insured_from": date(1995, 7, 1), "salary": 10_000_000}  # fmt: skip
    return OfficialFacts(**facts | changes)


def recorded(staff: Staff, *people: OfficialFacts) -> list[Official]:
    with entered(staff.administrator):
        return record_officials(actor=staff.administrator, people=people or [somebody(staff)])


def quota(staff: Staff, seats: int, since: date = START, **changes) -> QuotaFacts:
    facts = {"unit": staff.unit, "block": Block.COMMITTEE, "seats": seats, "decision_number": f"{seats}/QĐ",
             "decision_date": DECIDED, "valid_from": since}  # fmt: skip
    return QuotaFacts(**facts | changes)


def given(province: Staff, *facts: QuotaFacts) -> int:
    with entered(province.administrator):
        return give_quotas(reach_of(province.administrator), facts)


def asked(official: Official, **changes) -> CaseFacts:
    facts = {
        "official": official,
        "scheme": Scheme.EARLY_RETIREMENT,
        "leave_on": START,
        "reorganised_on": date(2025, 6, 16),
    }
    return CaseFacts(**facts | changes)


def entered_cases(staff: Staff, *facts: CaseFacts) -> list[StreamliningCase]:
    with entered(staff.administrator):
        return commands.record_cases(reach_of(staff.administrator), facts)


def seen(staff: Staff, role: str, day: date) -> staffing.Staffing:
    actor = staff.actors[role]
    with entered(actor, read_only=True):
        lines = staffing.staffing_of(staffing.units_seen(actor, day), day)
    return next(line for line in lines if line.unit.code == "03664").blocks[Block.COMMITTEE]


def text(answer) -> str:
    return answer.content.decode()


def test_a_quota_against_the_people_over_time(here, province):
    recorded(here, somebody(here, 1), somebody(here, 2), somebody(here, 3, staff_kind=StaffKind.CONTRACT))
    assert given(province, quota(here, 3)) == 1
    assert given(province, quota(here, 3)) == 0
    assert given(province, quota(here, 1, LATER)) == 1
    before, now = seen(here, "chair", START), seen(here, "administrator", LATER)
    assert (before.quota, before.actual, before.vacant, before.state) == (3, 2, 1, "vacant")
    assert (now.quota, now.actual, now.over, now.state) == (1, 2, 1, "over")
    with entered(here.chair, read_only=True):
        months = staffing.by_month([here.unit.pk], date(2026, 2, 1))
        assert [(month.quota, month.actual) for month in months] == [(3, 2)] * 6 + [(1, 2)] * 2
        (old, new) = Quota.objects.order_by("valid_from")
        assert (old.valid_to, new.valid_to) == (LATER, None)
    assert seen(province, "operations", LATER).over == 1
    with entered(province.administrator):
        assert Event.objects.filter(tag="people:quota:give").count() == 2


def test_a_quota_of_a_kind_counts_that_kind(here, province):
    recorded(here, somebody(here, 1), somebody(here, 2, staff_kind=StaffKind.CONTRACT))
    given(province, quota(here, 1, staff_kind="civil_servant"), quota(here, 2, staff_kind="contract"))
    assert (seen(here, "chair", START).quota, seen(here, "chair", START).actual) == (3, 2)
    with pytest.raises(CaseRefused):
        given(province, quota(here, 5, LATER))


def test_a_commune_gives_itself_no_quota_and_nothing_before_what_is_known(here, province):
    with pytest.raises(OnlyTheProvince), entered(here.administrator):
        give_quotas(reach_of(here.administrator), [quota(here, 30)])
    with pytest.raises(Denied), entered(here.chair):
        give_quotas(reach_of(here.chair), [quota(here, 30)])
    given(province, quota(here, 3, LATER))
    with pytest.raises(CaseRefused):
        given(province, quota(here, 3))
    assert given(province, quota(here, 4, LATER)) == 1  # the same first day: corrected
    assert seen(here, "chair", LATER).quota == 4


def test_a_case_is_proposed_decided_paid_and_its_figures_stay(here):
    (official,) = recorded(here)
    (case,) = entered_cases(here, asked(official))
    assert (case.state, case.total) == (CaseState.PROPOSED, None)
    reach = reach_of(here.administrator)
    with entered(here.administrator):
        for number, decided in (("", None), ("7/QĐ", date(2025, 7, 2)), ("", DECIDED)):
            with pytest.raises(CaseRefused), transaction.atomic():
                commands.decide_case(reach, case.pk, number=number, decided=decided)
        case = commands.decide_case(reach, case.pk, number="7/QĐ-UBND", decided=DECIDED)
        frozen = case.total
        Official.objects.update(salary=20_000_000)
        official.refresh_from_db()
        assert (official.left_on, official.left_why) == (START, Departure.STREAMLINED)
        assert not Assignment.objects.exists()  # it would have begun on the day of leaving
        with pytest.raises(CaseUnknown):
            commands.withdraw_case(reach, case.pk)
        with pytest.raises(CaseRefused), transaction.atomic():
            commands.pay_case(reach, case.pk, paid_on=date(2025, 1, 1))
        case = commands.pay_case(reach, case.pk, paid_on=date(2025, 8, 1))
        assert (case.state, case.total, case.salary) == (CaseState.PAID, frozen, 10_000_000)
        tags = list(Event.objects.filter(subject=f"official:{official.pk}").values_list("tag", flat=True))
        assert {"people:case:decide", "people:case:pay"} <= set(tags)


def test_whoever_leaves_loses_posts_and_access_on_the_day(here):
    account = here.clerk.account_id
    (official,) = recorded(here, somebody(here, account_id=account))
    day = date(2026, 2, 1)
    entered_cases(here, asked(official, leave_on=day, decision_number="7/QĐ", decision_date=date(2026, 1, 5)))
    with entered(here.administrator):
        assert Assignment.objects.get().valid_to == day
        assert set(Appointment.objects.filter(account_id=account).values_list("valid_to", flat=True)) == {day}


def test_whoever_works_elsewhere_too_is_the_provinces(here, province):
    (official,) = recorded(here)
    there = staffed_commune("03679")
    with entered(province.administrator):
        Assignment.objects.create(official=official, unit=there.unit, block="committee", body_key="office", kind="secondment",
                                  post_key="officer", decision_number="1", decision_date=START, valid_from=START)  # fmt: skip
    decided = {"leave_on": date(2026, 2, 1), "decision_number": "7/QĐ", "decision_date": date(2026, 1, 5)}
    with pytest.raises(CaseRefused) as refused:
        entered_cases(here, asked(official, **decided))
    assert "quản trị cấp tỉnh" in str(refused.value.problems[0].message)
    assert entered_cases(province, asked(official, **decided))


def test_nobody_leaves_by_two_schemes_nor_decides_on_themselves(here):
    official, own = recorded(here, somebody(here), somebody(here, 2, account_id=here.administrator.account_id))
    (case,) = entered_cases(here, asked(official))
    with pytest.raises(CaseRefused) as refused:
        entered_cases(here, asked(official, scheme=Scheme.DOWNSIZING, amount=5))
    assert "một người chỉ hưởng một chế độ" in str(refused.value.problems[0].message)
    with pytest.raises(CaseRefused):
        entered_cases(here, asked(own))
    with entered(here.administrator), pytest.raises(DatabaseError), transaction.atomic():
        StreamliningCase.objects.create(official=official, unit=here.unit, staff_kind="cadre", scheme="downsizing",
                                        leave_on=START, reorganised_on=START)  # fmt: skip
    with entered(here.administrator):
        commands.withdraw_case(reach_of(here.administrator), case.pk)
    assert entered_cases(here, asked(official, scheme=Scheme.DOWNSIZING, amount=5))


def test_a_neighbour_sees_nothing_and_writes_nothing(here, province):
    (official,) = recorded(here)
    (case,) = entered_cases(here, asked(official))
    given(province, quota(here, 3))
    there = staffed_commune("03679")
    with entered(there.administrator):
        assert not (Quota.objects.exists() or StreamliningCase.objects.exists())
        with pytest.raises(CaseUnknown):
            commands.decide_case(reach_of(there.administrator), case.pk, number="1", decided=DECIDED)
    client = there.client("administrator")
    assert client.get(f"{HOME}03664/").status_code == 404
    assert client.get(f"{HOME}03664/nguoi/").status_code == 404
    assert client.post(f"{HOME}tinh-gian/moi/", {"ho-so": official.pk, "scheme": "resignation"}).status_code in (
        200,
        403,
    )
    assert client.get(f"{HOME}tinh-gian/{case.pk}/bang-tinh.pdf").status_code == 404


def units_of(staff: Staff, *rows: tuple[str, dict]) -> list[ServiceUnitFacts]:
    return [
        ServiceUnitFacts(staff.unit, code, f"Trường {code}", "education", "school", date(2010, 1, 1), **more)
        for code, more in rows
    ]  # fmt: skip


MERGED = {"ending": "merged", "valid_to": START, "ended_by": "1/QĐ", "ended_by_date": DECIDED, "successor": "A"}


def test_service_units_before_and_after(here):
    reach = reach_of(here.administrator)
    with entered(here.administrator):
        facts = units_of(here, ("B", MERGED), ("A", {}), ("C", MERGED | {"ending": "dissolved", "successor": ""}))
        assert record_service_units(reach, facts) == 3
        assert record_service_units(reach, facts) == 0
        day = register.day_before_the_first_end(START)
        told = register.compared(day, clock.today())
        assert (day, told.before, told.now, told.merged, told.dissolved) == (date(2025, 6, 30), 3, 1, 1, 1)
        assert ServiceUnit.objects.get(code="B").successor.code == "A"
        for wrong in (
            ("D", MERGED | {"successor": "B"}),
            ("D", MERGED | {"successor": "D"}),
            ("D", MERGED | {"successor": "?"}),
        ):
            with pytest.raises(CaseRefused):
                record_service_units(reach, units_of(here, wrong))
    page = here.client("chair").get(f"{HOME}don-vi-su-nghiep/?trang-thai=da-ket-thuc")
    assert "→ Trường A" in text(page) and "Trường C" in text(page)


def handed(client, table: str, rows: str):
    file = SimpleUploadedFile("bang.csv", rows.encode())
    return client.post(f"{HOME}nap/{table}/", {"tep": file})


def written(client, table: str, rows: str):
    """Preview and confirm, as a browser does."""
    preview = handed(client, table, rows)
    assert preview.status_code == 200, text(preview)
    return client.post(f"{HOME}nap/{table}/ghi/", {"rows": preview.context["document"]})


def test_tables_are_judged_row_by_row_and_written_as_a_whole(here, province):
    recorded(here)
    client = province.client("administrator")
    heads = "Mã đơn vị,Khối,Loại,Biên chế,Số quyết định,Ngày quyết định,Từ ngày\n"
    bad = handed(
        client, "bien-che", heads + "99999,Đảng,,5,1/QĐ,20/06/2025,01/07/2025\n03664,Phường,,x,,hôm qua,9/9/9999\n"
    )
    assert bad.status_code == 422
    assert [(fault.line, str(fault.column)) for fault in bad.context["faults"]] == [
        (2, "Mã đơn vị"), (3, "Khối"), (3, "Biên chế"), (3, "Số quyết định"), (3, "Ngày quyết định"), (3, "Từ ngày")
    ]  # fmt: skip
    assert (
        written(client, "bien-che", heads + "03664,uy ban nhan dan,,26,1/QĐ,20/06/2025,01/07/2025\n").status_code == 302
    )
    assert "26" in text(client.get(f"{HOME}03664/"))
    heads = "Số định danh,Chế độ,Ngày nghỉ,Ngày quyết định sắp xếp,Số tiền,Số quyết định,Ngày quyết định\n"
    row = "014066900001,Nghỉ hưu trước tuổi (NĐ 178),01/07/2025,16/06/2025,,7/QĐ,20/06/2025\n"
    bad = handed(client, "tinh-gian", heads + row + row + "014066999999,Thôi việc (NĐ 178),x,16/06/2025,,,\n")
    assert {fault.line for fault in bad.context["faults"]} == {3, 4}
    assert written(client, "tinh-gian", heads + row).status_code == 302
    assert "7/QĐ" in text(client.get(f"{HOME}tinh-gian/?tai=csv"))
    heads = "Mã,Tên,Lĩnh vực,Loại,Mã đơn vị quản lý,Từ ngày\n"
    assert (
        written(client, "don-vi-su-nghiep", heads + "A,Trường A,Giáo dục,Trường,03664,01/09/2010\n").status_code == 302
    )
    assert "Trường A" in text(client.get(f"{HOME}don-vi-su-nghiep/"))
    assert handed(here.client("administrator"), "bien-che", heads).status_code == 422
    for rows in ("[", "[[1,2]]", "null", "\x00", '[["x",{}]]'):
        assert client.post(f"{HOME}nap/tinh-gian/ghi/", {"rows": rows}).status_code == 422


def test_templates_come_back_as_they_were_given(province):
    client = province.client("administrator")
    for table in ("bien-che", "tinh-gian", "don-vi-su-nghiep"):
        book = load_workbook(io.BytesIO(client.get(f"{HOME}nap/{table}/mau.xlsx").content))
        assert book.worksheets[0].max_row >= 2
        assert handed(client, table, client.get(f"{HOME}nap/{table}/mau.csv").content.decode()).status_code in (
            200,
            422,
        )


def test_entering_a_case_by_page(here):
    (official,) = recorded(here)
    client = here.client("administrator")
    address = f"{HOME}tinh-gian/moi/"
    assert f"?ho-so={official.pk}" in text(client.get(address, {"q": "lo van nguoi"}))
    assert f"?ho-so={official.pk}" not in text(client.get(address, {"q": "lo % nguoi"}))
    wrong = client.post(
        address,
        {"ho-so": official.pk, "leave_on": "x", "amount": "nhiều", "scheme": "\ud800?".encode("utf-8", "replace")},
    )
    assert wrong.status_code == 422
    for name in ("scheme", "leave_on", "reorganised_on", "amount"):
        assert f'id="{name}_error"' in text(wrong)
    typed = {
        "ho-so": official.pk,
        "scheme": "early_retirement",
        "leave_on": "01/07/2025",
        "reorganised_on": "16/06/2025",
    }
    trial = client.post(address, typed | {"xem": "1"})
    assert "Điều 7 khoản 1 điểm a" in text(trial)
    with entered(here.administrator):
        assert not StreamliningCase.objects.exists()
    answer = client.post(address, typed)
    assert answer.status_code == 302
    case = answer.headers["Location"]
    assert client.post(f"{case}quyet-dinh/", {"decision_number": "", "decision_date": "31/02/2025"}).status_code == 422
    assert (
        client.post(f"{case}quyet-dinh/", {"decision_number": "7/QĐ", "decision_date": "20/06/2025"}).status_code == 302
    )
    assert "Lò Văn Người 1" in text(client.get(f"{HOME}tinh-gian/", {"q": "NGƯỜI lo", "don-vi": "03664"}))
    assert "Lò Văn Người 1" not in text(client.get(f"{HOME}tinh-gian/", {"q": "khac"}))
    english = here.client("administrator", language="en").get(case)
    assert "months" in text(english) and "The figures were fixed by the decision." in text(english)
    paper = here.client("chair").get(f"{case}bang-tinh.pdf")
    assert paper.content.startswith(b"%PDF")
    assert client.post(f"{case}chi-tra/", {"paid_on": "01/08/2025"}).status_code == 302


def test_odd_addresses_are_told_or_not_there(here, province):
    client = province.client("operations")
    for query in ("?ngay=9999-99-99", "?ngay=%ED%A0%80", "?ngay=01/01/0001", "?ngay=99999999999999999999"):
        assert client.get(HOME + query).status_code == 422
    assert client.get(f"{HOME}?sap-xep=-vuot&tinh-trang=x").status_code == 200
    assert client.get(f"{HOME}tinh-gian/999999999999999/").status_code == 404
    assert client.get(f"{HOME}tinh-gian/?q=%25_&trang=99999999999999&don-vi=%ED%A0%80").status_code == 200
    assert client.get(f"{HOME}03664/nguoi/?khoi=x&co-quan=%C3%A9%27&trang=-1").status_code == 200
    assert "Biên chế: Phường Chiềng An" in text(here.client("chair").get(HOME))


def test_appointing_beyond_the_quota_is_warned_of_with_figures_and_never_refused(here, province):
    given(province, quota(here, 2))
    recorded(here, somebody(here, 1))
    admin = here.client("administrator")
    assert "Khối đã đủ" not in text(admin.get("/quan-tri/can-bo/moi/"))
    typed = {"full_name": "Lò Thị Ánh", "staff_kind": "civil_servant", "post": "economy/officer", "decision_number": "12/QĐ",
             "decision_date": "30/06/2025", "valid_from": "01/07/2025"}  # fmt: skip
    page = text(admin.get(admin.post("/quan-tri/can-bo/moi/", typed)["Location"]))
    assert "Khối đang vượt biên chế" not in page and "2 người / 2 biên chế" in page  # full: said before the next
    assert "2 người / 2 biên chế" in text(admin.get("/quan-tri/can-bo/moi/"))
    assert "2 người / 2 biên chế" in text(admin.get("/quan-tri/nguoi-dung/moi/"))
    third = admin.post("/quan-tri/can-bo/moi/", typed | {"full_name": "Cà Văn Ơn"})
    page = text(admin.get(third["Location"]))
    assert "Khối đang vượt biên chế" in page and "3 người / 2 biên chế" in page and "vượt 1" in page
    assert f"{HOME}03664/?ngay=" in page
    assert "vẫn vượt biên chế" in text(admin.get(f"{HOME}tinh-gian/"))
    concurrent = admin.post("/quan-tri/can-bo/moi/", {"full_name": "Tòng Thị Hoa", "staff_kind": "contract"})
    assert "Khối đang vượt biên chế" not in text(admin.get(concurrent["Location"]))  # no own post


def test_a_day_to_come_is_judged_by_its_own_quota_and_other_kinds_take_no_place(here, province):
    given(province, quota(here, 1))
    given(province, quota(here, 2, LATER))
    (first,) = recorded(here)
    with entered(here.administrator):
        one = room.Coming(here.unit, Block.COMMITTEE, StaffKind.CIVIL_SERVANT, START)
        (load,) = room.over_with([one])
        assert (load.staffing.actual, load.staffing.quota, load.day, load.with_coming) == (2, 1, START, True)
        assert room.over_with([replace(one, begins=LATER)]) == []
        assert room.over_with([replace(one, staff_kind=StaffKind.CONTRACT)]) == []
        assert room.over_with([replace(one, block=Block.PARTY)]) == []  # no quota was given
        assert [
            load.day for load in room.over_with([replace(one, ends=date(2025, 8, 1)), replace(one, begins=LATER)])
        ] == [START]
        (load,) = room.over_with([replace(one, begins=LATER)] * 2)
        assert load.staffing.over == 1
        case = StreamliningCase(official=first, staff_kind=first.staff_kind, leave_on=date(2025, 8, 1))
        after, back = room.around_case(case, LATER)
        assert (after.staffing.actual, after.staffing.state, back) == (0, "vacant", [])


def test_the_preview_of_a_spreadsheet_and_the_accounts_page_tell_the_quota(here, province, queries):
    given(province, quota(here, 1))
    admin = here.client("administrator")
    row = {"agency": "Phòng Kinh tế", "role": "Chuyên môn", "decision_number": "15/QĐ-UBND", "decision_date": "30/06/2025",
           "valid_from": "01/07/2025", "staff_kind": "Công chức", "body": "Phòng Kinh tế, Hạ tầng và Đô thị",
           "post": "Chuyên viên"}  # fmt: skip
    rows = [Row(2, row | {"full_name": "Vì Thị Én"}), Row(3, row | {"full_name": "Hờ A Páo"})]
    file = SimpleUploadedFile("bang.csv", _sheet(rows).encode())
    page = text(admin.post("/quan-tri/nguoi-dung/bang/", {"tep": file}))
    assert "Sẽ vượt biên chế" in page and "2 người / 1 biên chế" in page and "Xác nhận và ghi" in page
    address = f"/quan-tri/nguoi-dung/{here.case_officer.account_id}/"
    assert "Vượt biên chế" not in text(admin.get(address))  # one person, one post
    recorded(here)
    page = text(admin.get(address))
    assert "Đã tính cả người này" in page and "2 người / 1 biên chế" in page


def _sheet(rows: list[Row]) -> str:
    heads = list(rows[0].cells)
    lines = [[str(COLUMNS[name]) for name in heads], *([row[name] for name in heads] for row in rows)]
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue()


def test_an_amount_of_decree_154_is_said_to_be_entered(here):
    (official,) = recorded(here)
    (case,) = entered_cases(here, asked(official, scheme=Scheme.DOWNSIZING, amount=90_000_000))
    admin = here.client("administrator")
    page = text(admin.get(f"{HOME}tinh-gian/{case.pk}/"))
    assert "Số tiền do đơn vị nhập" in page and "90.000.000" in page and "/quan-tri/chua-kiem-chung/" in page
    assert "chưa được đối chiếu với văn bản" in text(admin.get(f"{HOME}tinh-gian/moi/?ho-so={official.pk}"))
    assert "không hưởng đồng thời" in text(admin.get("/quan-tri/chua-kiem-chung/?q=154"))


def test_the_pages_cost_the_same_for_many(here, province, queries):
    client = province.client("operations")
    pages = (HOME, f"{HOME}03664/", f"{HOME}03664/nguoi/", f"{HOME}tinh-gian/", f"{HOME}don-vi-su-nghiep/")

    def fill(first: int, many: int) -> None:
        officials = recorded(here, *(somebody(here, first + n) for n in range(many)))
        entered_cases(here, *(asked(one, leave_on=date(2026, 6, 1)) for one in officials))
        with entered(here.administrator):
            record_service_units(
                reach_of(here.administrator), units_of(here, *((f"S{first + n}", {}) for n in range(many)))
            )

    given(province, quota(here, 3))
    fill(1, 1)
    costs = [queries(lambda page=page: client.get(page)) for page in pages]
    fill(100, 20)
    assert [queries(lambda page=page: client.get(page)) for page in pages] == costs
    assert max(costs) <= 16
