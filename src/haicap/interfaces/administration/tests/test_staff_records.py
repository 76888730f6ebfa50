"""Staff records by page: entering, correcting, posts by decision, leaving; who reads what; the sheet that makes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.blocks import AssignmentKind, StaffKind
from haicap.domain.people.commands import assignments, rosters
from haicap.domain.people.commands.assignment_faults import AssignmentFacts
from haicap.domain.people.commands.officials import OfficialFacts, Seat, record_officials
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.commands.rosters.reading import Row
from haicap.domain.people.errors import OutOfReach, OwnAccount, StaffRefused
from haicap.domain.people.models import Appointment, Assignment, Official
from haicap.domain.people.queries import account_at_door, actor_for, forget_actors
from haicap.domain.people.queries.organisation import chart_of
from haicap.domain.people.queries.reach import reach_of
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOME = "/quan-tri/can-bo/"
START = date(2025, 7, 1)
SEAT = Seat("economy", "officer", "12/QĐ-UBND", START, START)


@pytest.fixture
def staff() -> Staff:
    here = staffed_commune()
    load_organisation([here.unit], read_template(), START)
    return here


@pytest.fixture
def admin(staff: Staff) -> Client:
    return staff.client("administrator")


def enter(staff: Staff, *names: str, **changes: Any) -> list[Official]:
    people = [
        replace(OfficialFacts(staff.unit, name, StaffKind.CIVIL_SERVANT, SEAT, born_on=date(1990, 5, 1),
                              id_number=f"0141900012{place:02d}", phone="0912345678"), **changes)
        for place, name in enumerate(names)
    ]  # fmt: skip
    with entered(staff.administrator):
        return record_officials(actor=staff.administrator, people=people)


def post(staff: Staff, **changes: Any) -> AssignmentFacts:
    facts = AssignmentFacts(staff.unit, "office", "officer", AssignmentKind.CONCURRENT, "20/QĐ-UBND", START, START)
    return replace(facts, **changes)


def assign(staff: Staff, official: Official, **changes: Any) -> assignments.Assigned:
    with entered(staff.administrator):
        return assignments.assign(reach_of(staff.administrator), official.pk, post(staff, **changes))


def refused(staff: Staff, official: Official, **changes: Any) -> set[str]:
    with pytest.raises(StaffRefused) as told:
        assign(staff, official, **changes)
    return {one.field for one in told.value.problems}


def page(client: Client, address: str, data: dict[str, str] | None = None) -> tuple[int, str]:
    answer = client.get(address) if data is None else client.post(address, data)
    return answer.status_code, " ".join(answer.content.decode().split())


def test_somebody_is_entered_found_without_accents_and_masked_in_the_list(staff, admin):
    typed = {"full_name": "lò  thị ánh", "staff_kind": "civil_servant", "born_on": "01/05/1990", "id_number": "014190001234",
             "phone": "0912 345 678", "post": "economy/officer", "decision_number": "12/QĐ-UBND",
             "decision_date": "30/06/2025", "valid_from": "01/07/2025"}  # fmt: skip
    status, _ = page(admin, f"{HOME}moi/", typed)
    assert status == 302
    for asked in ("lo thi anh", "014190001234"):
        _, text = page(admin, f"{HOME}?q={asked}")
        assert "Lò Thị Ánh" in text and "•••••••••234" in text and "0912345678" not in text, asked
    assert "014190001234" not in page(admin, HOME)[1]
    assert "Lò Thị Ánh" not in page(admin, f"{HOME}?q=01419000123")[1]  # not by a part of the number
    assert "Lò Thị Ánh" not in page(admin, f"{HOME}?loai=cadre")[1]
    assert "Lò Thị Ánh" not in page(admin, f"{HOME}?khoi=party")[1]


def test_the_keeper_reads_the_numbers_the_chair_their_last_digits_the_neighbour_nothing(staff, admin):
    (official,) = enter(staff, "Lò Thị Ánh")
    address = f"{HOME}{official.pk}/"
    assert "014190001200" in page(admin, address)[1]
    for role in ("chair", "head"):
        _, text = page(staff.client(role), address)
        assert "•••••••••200" in text and "014190001200" not in text and "1990" in text and "01/05/1990" not in text
        assert "Sửa hồ sơ" not in text
    assert staff.client("counter").get(address).status_code == 403
    assert staffed_commune("03679").client("chair").get(address).status_code == 404


def test_every_fault_stands_at_its_field_and_nothing_is_kept(staff, admin):
    typed = {"full_name": " ", "staff_kind": "x", "id_number": "12\x00", "phone": "9" * 999, "born_on": "32/13/2020",
             "email": "không", "salary": "9" * 40, "post": "economy/officer", "decision_date": "hôm qua"}  # fmt: skip
    status, text = page(admin, f"{HOME}moi/", typed)
    assert status == 422
    for words in ("Ngày này", "Ghi địa chỉ thư", "Ghi số đồng mỗi tháng"):
        assert words in text or "ngày" in text
    with entered(staff.administrator):
        assert not Official.objects.exists()


def test_a_correction_keeps_the_old_value_in_the_trail(staff, admin):
    (official,) = enter(staff, "Lò Thị Ánh")
    typed = {"full_name": "Lò Thị Ánh", "staff_kind": "cadre", "born_on": "01/05/1990", "id_number": "014190001200",
             "phone": "0912345679"}  # fmt: skip
    assert page(admin, f"{HOME}{official.pk}/sua/", typed)[0] == 302
    with entered(staff.administrator):
        event = Event.objects.get(tag="people:official:correct")
    assert event.data["before"] == {"phone": "0912345678", "staff_kind": "civil_servant"}
    assert event.data["after"] == {"phone": "0912345679", "staff_kind": "cadre"}
    assert "0912345678 → 0912345679" in page(admin, f"{HOME}{official.pk}/")[1]


def test_an_account_is_linked_once_and_nobody_changes_their_own_record(staff, admin):
    one, two = enter(staff, "Lò Thị Ánh", "Cà Văn Ơn")
    typed = {"full_name": "Lò Thị Ánh", "staff_kind": "cadre", "sign_in_name": "motcua-03664"}
    assert page(admin, f"{HOME}{one.pk}/sua/", typed)[0] == 302
    assert page(admin, f"{HOME}{two.pk}/sua/", typed | {"full_name": "Cà Văn Ơn"})[0] == 422
    assert page(admin, f"{HOME}{two.pk}/sua/", typed | {"sign_in_name": "quantri-03679"})[0] == 422
    assert "Lò Thị Ánh" in page(staff.client("counter"), "/tai-khoan/ho-so/")[1]
    with entered(staff.administrator):
        Official.objects.filter(pk=two.pk).update(account_id=staff.administrator.account_id)
    with entered(staff.administrator), pytest.raises(OwnAccount):
        assignments.assign(reach_of(staff.administrator), two.pk, post(staff))


def test_seats_that_the_law_numbers_are_not_exceeded_and_those_by_quota_are_free(staff):
    one, two, three = enter(staff, "Lò Thị Ánh", "Cà Văn Ơn", "Tòng Thị Hoa")
    head = {"post_key": "head", "valid_to": START + timedelta(days=60)}
    assign(staff, one, **head)
    assert refused(staff, two, post_key="head", valid_from=START + timedelta(days=59)) == {"post"}
    assign(staff, two, post_key="head", valid_from=START + timedelta(days=60))
    assert refused(staff, three, post_key="head", valid_to=START + timedelta(days=1)) == {"post"}
    for official in (one, two, three):
        assign(staff, official)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": AssignmentKind.PRIMARY}, "kind"),
        ({"kind": "x"}, "kind"),
        ({"body_key": "economy"}, "post"),
        ({"post_key": "khong-co"}, "post"),
        ({"valid_from": date(2025, 6, 30)}, "post"),
        ({"decision_number": ""}, "decision_number"),
        ({"decision_date": date(2199, 1, 1)}, "decision_date"),
        ({"valid_from": date(2199, 1, 1)}, "valid_from"),
        ({"valid_to": START}, "last_day"),
        ({"kind": AssignmentKind.SECONDMENT}, "last_day"),
        ({"kind": AssignmentKind.SECONDMENT, "valid_to": date(2028, 7, 2)}, "last_day"),
        ({"role": "chair"}, "role"),
    ],
)
def test_what_an_assignment_is_refused_for(staff, changes, field):
    (official,) = enter(staff, "Lò Thị Ánh")
    assert field in refused(staff, official, **changes)


def test_access_begins_and_ends_with_the_assignment_and_the_chart_names_the_head(staff):
    (official,) = enter(staff, "Lò Thị Ánh")
    made = assign(staff, official, post_key="head", role="usual")
    account = made.opened.account
    assert (made.opened.password, account.full_name) != ("", "")
    assert made.assignment.appointment.role == "head"
    forget_actors()
    assert "head" in actor_for(account.pk).role_names
    office = next(body for body in chart_of(staff.unit, clock.today()).bodies if body.key == "office")
    assert office.posts[0].holders == ("Lò Thị Ánh",)
    yesterday = clock.today() - timedelta(days=1)
    with entered(staff.administrator):
        assignments.end_assignment(reach_of(staff.administrator), made.assignment.pk, yesterday, "Hết nhiệm kỳ")
    forget_actors()
    assert actor_for(account.pk).roles == frozenset()
    with entered(staff.administrator):
        assert Appointment.objects.get(account=account).valid_to == clock.today()


def test_somebody_lent_to_a_commune_is_seen_there_as_long_and_works_there(staff):
    there, province = staffed_commune("03679"), staffed_province()
    load_organisation([there.unit], read_template(), START)
    (official,) = enter(staff, "Lò Thị Ánh")
    boss = province.administrator
    lent = post(staff, unit=there.unit, body_key="center", kind=AssignmentKind.SECONDMENT, role="usual",
                valid_to=START + timedelta(days=900))  # fmt: skip
    with entered(staff.administrator), pytest.raises(OutOfReach):
        assignments.assign(reach_of(staff.administrator), official.pk, lent)
    with entered(boss):
        made = assignments.assign(reach_of(boss), official.pk, lent)
    assert "Lò Thị Ánh" in page(there.client("administrator"), HOME)[1]
    assert there.client("administrator").get(f"{HOME}{official.pk}/sua/").status_code == 404
    assert made.opened is not None and made.assignment.appointment.role == "counter"
    leaving = staff.client("administrator").post(
        f"{HOME}{official.pk}/thoi-viec/", {"last_day": "31/08/2026", "why": "retired"}
    )
    assert leaving.status_code == 403  # the province does it
    with entered(boss):
        assignments.end_assignment(reach_of(boss), made.assignment.pk, clock.today() - timedelta(days=1), "Về đơn vị")
    assert "Lò Thị Ánh" not in page(there.client("administrator"), HOME)[1]


def test_an_assignment_that_has_not_begun_is_taken_back(staff, admin):
    (official,) = enter(staff, "Lò Thị Ánh")
    made = assign(staff, official, valid_from=clock.today() + timedelta(days=9), role="usual").assignment
    assert page(admin, f"{HOME}vi-tri/{made.pk}/huy/", {})[0] == 302
    with entered(staff.administrator):
        assert [one.body_key for one in Assignment.objects.all()] == ["economy"]
        assert Event.objects.filter(tag="people:official:withdraw").count() == 1
        assert not Appointment.objects.filter(pk=made.appointment_id).exists()


def test_a_post_is_ended_and_somebody_leaves_by_page(staff, admin):
    one, two = enter(staff, "Lò Thị Ánh", "Cà Văn Ơn")
    with entered(staff.administrator):
        held = Assignment.objects.get(official=one)
    address = f"{HOME}vi-tri/{held.pk}/thoi/"
    assert page(admin, address, {"last_day": "01/06/2025", "reason": "x"})[0] == 422
    assert page(admin, address, {"last_day": "31/08/2025"})[0] == 422
    assert page(admin, address, {"last_day": "31/08/2025", "reason": "Chuyển công tác"})[0] == 302
    assert "Chuyển công tác" in page(admin, f"{HOME}{one.pk}/")[1]
    assert page(admin, f"{HOME}{two.pk}/thoi-viec/", {"last_day": "31/08/2025", "why": "retired"})[0] == 302
    assert "Nghỉ hưu" in page(admin, f"{HOME}{two.pk}/")[1]
    assert "Cà Văn Ơn" in page(admin, f"{HOME}?trang-thai=da-thoi")[1]
    assert "Lò Thị Ánh" in page(admin, f"{HOME}?trang-thai=chua-phan-cong")[1]


def test_delegations_and_absences_by_page(staff, admin):
    account = account_at_door(number=staff.chair.account_id)
    (official,) = enter(
        staff, account.full_name, account_id=account.pk, seat=replace(SEAT, body_key="committee", post_key="chair")
    )
    with entered(staff.administrator):
        chair = Appointment.objects.get(account=account)
    typed = {"post": str(chair.pk), "deputy": str(staff.clerk.account_id), "decision_number": "1/UQ",
             "decision_date": "01/07/2025", "valid_from": "01/07/2025", "last_day": "31/12/2099", "lends": "all",
             "acts": "all"}  # fmt: skip
    address = f"{HOME}{official.pk}/uy-quyen/"
    assert page(admin, address, typed)[0] == 422  # too far
    soon = (clock.today() + timedelta(days=30)).strftime("%d/%m/%Y")
    assert page(admin, address, typed | {"last_day": soon, "post": "1"})[0] == 422
    assert page(admin, address, typed | {"last_day": soon})[0] == 302
    assert (
        page(admin, f"{HOME}{official.pk}/vang-mat/", typed | {"last_day": soon, "deputy": str(staff.head.account_id)})[
            0
        ]
        == 302
    )
    _, text = page(admin, f"{HOME}{official.pk}/")
    assert text.count("đang hiệu lực") == 2 and "1/UQ" in text
    assert "1/UQ" in page(staff.client("chair"), "/tai-khoan/ho-so/")[1]


def test_vacant_posts_are_those_with_fewer_people_than_seats(staff, admin):
    _, text = page(admin, f"{HOME}vi-tri-trong/")
    assert "Chánh Văn phòng" in text and "0/1" in text
    (official,) = enter(staff, "Lò Thị Ánh")
    assign(staff, official, post_key="head")
    assert page(admin, f"{HOME}vi-tri-trong/?khoi=committee")[1].count(">Chánh Văn phòng<") == 0


def test_the_pages_cost_the_same_for_any_number_of_people(staff, admin, queries):
    (first,) = enter(staff, "Lò Thị Ánh")
    few = [queries(lambda a=a: admin.get(a)) for a in (HOME, f"{HOME}{first.pk}/", f"{HOME}vi-tri-trong/")]
    enter(staff, *(f"Cà Văn {'ABCDEGHIKL'[n % 10]}{n}" for n in range(3, 60)), id_number="")
    many = [queries(lambda a=a: admin.get(a)) for a in (HOME, f"{HOME}{first.pk}/", f"{HOME}vi-tri-trong/")]
    assert few == many
    assert "tiep=" in page(admin, HOME)[1]


@pytest.mark.parametrize(
    "asked", ["?tiep=abc&khoi=x&loai=y&trang-thai=z", "?q=%25_%5C", "?don-vi=99999", "?tiep=99999999999"]
)
def test_odd_questions_do_no_harm(admin, asked):
    assert {admin.get(f"{HOME}{asked}").status_code, admin.get(f"{HOME}vi-tri-trong/{asked}").status_code} == {200}


def test_badges_and_door_signs_are_papers_of_the_unit_by_date(staff, admin):
    (official,) = enter(staff, "Lò Thị Ánh")
    for address in ("the.pdf", f"the.pdf?chon={official.pk}", "bien.pdf", "bien.pdf?co-quan=office"):
        answer = admin.get(f"{HOME}the-ten/{address}{'&' if '?' in address else '?'}don-vi=03664")
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-"), address
    assert admin.get(f"{HOME}the-ten/the.pdf?don-vi=03664&chon=0").status_code == 404
    assert admin.get(f"{HOME}the-ten/the.pdf?don-vi=03679").status_code == 404
    assert admin.get(f"{HOME}the-ten/?don-vi=03679").status_code == 404
    assert admin.get(f"{HOME}the-ten/?ngay=x").status_code == 422
    assert "Không ai giữ vị trí" in page(admin, f"{HOME}the-ten/?ngay=30/06/2025")[1]
    assert "Lò Thị Ánh" in page(admin, f"{HOME}the-ten/")[1]


def rows(*people: dict[str, str]) -> list[Row]:
    usual = {"agency": "Phòng Kinh tế", "role": "Chuyên môn", "decision_number": "15/QĐ-UBND", "decision_date": "30/06/2025",
             "valid_from": "01/07/2025", "staff_kind": "Công chức", "body": "Phòng Kinh tế, Hạ tầng và Đô thị",
             "post": "Chuyên viên"}  # fmt: skip
    return [Row(line, usual | one) for line, one in enumerate(people, start=2)]


def test_one_sheet_makes_account_access_record_and_assignment(staff):
    sheet = rows(
        {"full_name": "Vì Thị Én", "id_number": "014190001299", "born_on": "01/05/1990"},
        {"full_name": "Hờ A Páo", "name": "hoapao", "staff_kind": "can bo", "body": "Đảng ủy", "post": "Bí thư"},
        {"full_name": "Hờ A Páo", "name": "hoapao", "agency": "Ủy ban nhân dân", "role": "Chủ tịch", "body": "Ủy ban nhân dân",
         "post": "Chủ tịch"},
        {"full_name": "Lường Văn Cũ", "staff_kind": "", "body": "", "post": ""},
    )  # fmt: skip
    with entered(staff.administrator):
        reach = reach_of(staff.administrator)
        written = rosters.write(reach, staff.unit, sheet)
        assert [str(fault.message) for fault in written.judged.faults] == []
        assert (written.judged.people, written.judged.records) == (3, 2)
        en = Official.objects.get(full_name="Vì Thị Én")
        held = Assignment.objects.select_related("appointment").get(official=en)
        assert (en.account.full_name, en.id_number, held.appointment.role) == (
            "Vì Thị Én",
            "014190001299",
            "case_officer",
        )
        both = Assignment.objects.filter(official__full_name="Hờ A Páo").order_by("pk")
        assert [(one.body_key, one.kind) for one in both] == [
            ("party_committee", "primary"),
            ("committee", "concurrent"),
        ]
        assert both[1].appointment.role == "chair"
        again = rosters.judge(reach, staff.unit, sheet)
        assert (again.faults, again.changes) == ([], 0)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"staff_kind": "vua"}, "Loại cán bộ"),
        ({"staff_kind": ""}, "Loại cán bộ"),
        ({"body": "Phòng Mây"}, "Tổ chức"),
        ({"post": "Vua"}, "Vị trí"),
        ({"post": ""}, "Vị trí"),
        ({"born_on": "hôm qua"}, "Ngày sinh"),
        ({"id_number": "12"}, "Số định danh"),
        ({"id_number": "014190001200"}, "Số định danh"),
    ],
)
def test_each_fault_of_a_staff_column_is_told_at_it(staff, changes, column):
    enter(staff, "Lò Thị Ánh")
    with entered(staff.administrator):
        judged = rosters.judge(reach_of(staff.administrator), staff.unit, rows({"full_name": "Vì Thị Én"} | changes))
    assert [str(fault.column) for fault in judged.faults] == [column]


def test_two_heads_in_one_sheet_are_one_too_many(staff):
    head = {"post": "Trưởng phòng", "role": "Lãnh đạo phòng"}
    with entered(staff.administrator):
        judged = rosters.judge(reach_of(staff.administrator), staff.unit,
                               rows({"full_name": "Vì Thị Én", **head}, {"full_name": "Hờ A Páo", **head}))  # fmt: skip
    assert [(fault.line, str(fault.column)) for fault in judged.faults] == [(3, "Vị trí")]
