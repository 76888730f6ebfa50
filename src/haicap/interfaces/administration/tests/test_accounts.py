"""Accounts and posts by page and by spreadsheet: who may, the edges of every rule, what is left behind."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import Workbook, load_workbook

from haicap.domain.dossiers.tests.factories import PASSWORD, Staff, signed_in, staffed_commune, staffed_province
from haicap.domain.people import commands as people
from haicap.domain.people.commands import rosters, staffing
from haicap.domain.people.commands.staffing import PostFacts
from haicap.domain.people.errors import HeldElsewhere, OutOfReach, OwnAccount, PostRefused
from haicap.domain.people.models import Account, Agency, Appointment, Handover
from haicap.domain.people.queries import account_at_door, actor_for, stored_password
from haicap.domain.people.queries.reach import CLOSED, ENDED, FUTURE, IN_POST, PAGE, Wanted, reach_of
from haicap.domain.people.rules import first_password, proposed_name
from haicap.domain.people.tests.eyes import seeing_every_unit
from haicap.kernel import clock, vi
from haicap.kernel.audit.models import Event
from haicap.kernel.jobs.queries import asked_for
from haicap.kernel.scope import entered
from haicap.kernel.sheets import SheetUnreadable

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOME = "/quan-tri/nguoi-dung/"
DAY = date(2025, 7, 1)
HEADINGS = ["Họ tên", "Tên đăng nhập", "Cơ quan", "Vai trò", "Số quyết định", "Ngày quyết định", "Từ ngày", "Đến ngày"]
STAFF_HEADINGS = ["Loại cán bộ", "Tổ chức", "Vị trí", "Ngày sinh", "Số định danh"]
GIVEN = ("Anh", "Bình", "Chi", "Dũng", "Én", "Giang", "Hoa", "Khánh", "Lan", "Minh")
FAMILIES = ("Lò", "Cà", "Quàng", "Tòng")


@pytest.fixture
def staff() -> Staff:
    return staffed_commune()


@pytest.fixture
def admin(staff: Staff) -> Client:
    return staff.client("administrator")


def agency(staff: Staff, kind: str) -> Agency:
    return Agency.objects.select_related("unit").get(unit=staff.unit, kind=kind)


def facts(staff: Staff, kind: str = "center", role: str = "counter", **changes: Any) -> PostFacts:
    given = {"decision_number": "15/QĐ-UBND", "decision_date": DAY, "valid_from": DAY} | changes
    return PostFacts(agency(staff, kind), role, **given)


def account_of(staff: Staff, role: str) -> Account:
    return account_at_door(number=staff.actors[role].account_id)


def posts_of(account: Account) -> list[Appointment]:
    with seeing_every_unit():
        return list(account.appointments.order_by("pk"))


def only_post(account: Account) -> Appointment:
    (post,) = posts_of(account)
    return post


def posts_there() -> int:
    with seeing_every_unit():
        return Appointment.objects.count()


def people_there() -> int:
    with seeing_every_unit():
        return Account.objects.count()


def form(staff: Staff, kind: str = "center", role: str = "counter", **changes: str) -> dict[str, str]:
    return {
        "agency": str(agency(staff, kind).pk), "role": role, "decision_number": "15/QĐ-UBND",
        "decision_date": "30/06/2025", "valid_from": "01/07/2025", "last_day": "",
    } | changes  # fmt: skip


def page(client: Client, address: str, data: dict[str, str] | None = None) -> tuple[int, str]:
    answer = client.get(address) if data is None else client.post(address, data)
    return answer.status_code, " ".join(answer.content.decode().split())


def password_in(text: str) -> str:
    found = re.search(r"(?<=>)[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}(?=<)", text)
    assert found
    return found[0]


def forty() -> list[list[Any]]:
    """40 people in 12 posts of a commune."""
    posts = [
        ("Ủy ban nhân dân", "Chủ tịch"), ("Ủy ban nhân dân", "Văn thư"), ("Ủy ban nhân dân", "Quản trị"),
        ("Trung tâm Phục vụ hành chính công", "Cán bộ một cửa"), ("Trung tâm Phục vụ hành chính công", "Lãnh đạo phòng"),
        ("Văn phòng HĐND và UBND", "Lãnh đạo phòng"), ("Văn phòng HĐND và UBND", "Chuyên môn"),
        ("Phòng Kinh tế, Hạ tầng và Đô thị", "Lãnh đạo phòng"), ("Phòng Kinh tế", "Chuyên môn"),
        ("Phòng Văn hóa – Xã hội", "Lãnh đạo phòng"), ("Phòng Văn hóa – Xã hội", "Chuyên môn"), ("Công an", "Chuyên môn"),
    ]  # fmt: skip
    names = [f"{family} Thị {given}" for family in FAMILIES for given in GIVEN]
    return [
        [name, "", *posts[place % len(posts)], "15/QĐ-UBND", date(2025, 6, 30), date(2025, 7, 1), None]
        for place, name in enumerate(names)
    ]


def workbook(rows: list[list[Any]], headings: list[str] | None = None) -> SimpleUploadedFile:
    book = Workbook()
    book.active.append(headings or HEADINGS)
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("xa.xlsx", stream.getvalue())


def judged(staff: Staff, rows: list[list[Any]]) -> rosters.Judged:
    file = workbook(rows)
    reach = reach_of(staff.administrator)
    with entered(staff.administrator):
        return rosters.judge(reach, staff.unit, rosters.read_rows(file, file.name, file.size))


def faults(staff: Staff, *rows: list[Any]) -> list[tuple[int, str]]:
    return [(fault.line, str(fault.column)) for fault in judged(staff, list(rows)).faults]


def test_names_and_passwords_are_proposed():
    assert proposed_name("Đặng Thị  Ửng", "03664") == "dangthiung-03664"
    assert proposed_name("H'Hen Niê", "24133") == "hhennie-24133"
    assert proposed_name("???", "24133") == "canbo-24133"
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("ilo01")


def test_the_database_folds_as_the_program_does(staff):
    names = ["Đặng Thị Ửng", "LÒ VĂN ĐỨC", "Nguyễn Thị Khuỷnh", "Hoàng Đức Ỷ", "Quàng Thị Phương Thảo"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_fold(t) FROM unnest(%s::text[]) t", [names])
        assert [row[0] for row in cursor.fetchall()] == [vi.fold(name) for name in names]


def test_a_commune_reaches_itself_and_a_province_all_its_communes(staff):
    neighbour, province = staffed_commune("03679"), staffed_province()
    own = reach_of(staff.administrator)
    assert list(own.units) == ["03664"]
    assert neighbour.unit.pk not in own.unit_ids and province.unit.pk not in own.unit_ids
    wide = reach_of(province.administrator)
    assert next(iter(wide.units)) == "14"
    assert {staff.unit.pk, neighbour.unit.pk, province.unit.pk} <= wide.unit_ids
    assert len(wide.units) == 76
    assert reach_of(staff.counter).unit_ids == frozenset()


def test_another_post_does_not_widen_an_administrators_reach(staff):
    neighbour = staffed_commune("03679")
    people.appoint(
        account=account_of(staff, "administrator"), agency=agency(neighbour, "center"), role="counter", valid_from=DAY
    )
    actor = actor_for(staff.administrator.account_id)
    assert neighbour.unit.pk in actor.unit_ids
    assert neighbour.unit.pk not in reach_of(actor).unit_ids


def test_an_account_is_opened_and_signs_in(staff, admin):
    status, text = page(admin, f"{HOME}moi/", form(staff, full_name="lò thị ánh dương"))
    assert status == 200
    assert "lothianhduong-03664" in text and "Lò Thị Ánh Dương" in text
    client = Client()
    answer = client.post("/dang-nhap/", {"name": "lothianhduong-03664", "password": password_in(text)})
    assert answer.status_code == 302
    account = account_at_door(name="lothianhduong-03664")
    assert password_in(text) not in stored_password(account.pk) and "$" in stored_password(account.pk)
    post = only_post(account)
    assert (post.decision_number, post.decision_date) == ("15/QĐ-UBND", date(2025, 6, 30))
    assert [e.tag for e in events(staff, account)] == ["people:account:open", "people:post:appoint"]
    assert password_in(text) not in str([e.data for e in events(staff, account)])


def events(staff: Staff, account: Account) -> list[Event]:
    with entered(staff.administrator):
        return list(Event.objects.filter(subject=f"account:{account.pk}").order_by("seq"))


def test_the_answer_with_a_password_is_not_kept(staff, admin):
    assert admin.post(f"{HOME}moi/", form(staff, full_name="Lò Văn Mới"))["Cache-Control"] == "no-store"


def test_every_fault_of_a_new_account_is_told_at_once(staff, admin):
    status, text = page(admin, f"{HOME}moi/", {"name": "Ánh!", "decision_date": "99/99/2025", "last_day": "x"})
    assert status == 422
    for name in ("full_name", "agency", "role", "decision_number", "decision_date", "valid_from", "last_day"):
        assert f'id="{name}_error"' in text, name
    future = f"{clock.today() + timedelta(days=1):%d/%m/%Y}"
    typed = form(staff, full_name="Lò A", name="chutich-03664", role="chair", decision_date=future,
                 valid_from="30/06/2025", last_day="01/06/2025")  # fmt: skip
    status, text = page(admin, f"{HOME}moi/", typed)
    assert status == 422
    for name in ("name", "role", "decision_date", "valid_from", "last_day"):
        assert f'id="{name}_error"' in text, name


def test_a_namesake_is_asked_about(staff, admin):
    typed = form(staff, full_name="LÒ THỊ ÁNH")
    status, text = page(admin, f"{HOME}moi/", typed)
    assert status == 422 and "motcua-03664" in text
    status, text = page(admin, f"{HOME}moi/", typed | {"same": "1"})
    assert status == 200 and "lothianh-03664" in text
    assert "lothianh2-03664" in page(admin, f"{HOME}moi/", typed | {"same": "1"})[1]


def test_nobody_appoints_to_another_unit(staff, admin):
    neighbour, province = staffed_commune("03679"), staffed_province()
    person = account_of(staff, "counter")
    for there, kind, role in ((neighbour, "center", "counter"), (province, "operations", "operations"),
                              (province, "committee", "administrator")):  # fmt: skip
        before = posts_there()
        assert page(admin, f"{HOME}{person.pk}/bo-nhiem/", form(there, kind, role))[0] == 404
        assert page(admin, f"{HOME}moi/", form(there, kind, role, full_name="Lò Lạ"))[0] == 404
        assert posts_there() == before
        with entered(staff.administrator), pytest.raises(OutOfReach):
            staffing.appoint_by_decision(reach_of(staff.administrator), person.pk, facts(there, kind, role))
    assert page(province.client("administrator"), f"{HOME}{person.pk}/bo-nhiem/", form(neighbour))[0] == 302


def test_nobody_changes_their_own_account(staff, admin):
    own = account_of(staff, "administrator")
    assert page(admin, f"{HOME}{own.pk}/")[0] == 200
    for address, data in (
        ("bo-nhiem", form(staff, "committee", "chair")),
        ("mat-khau", {}),
        ("khoa", {}),
        ("mo-lai", {}),
    ):
        assert page(admin, f"{HOME}{own.pk}/{address}/", data)[0] == 403, address
    province = staffed_province()
    reach = reach_of(province.administrator)
    with entered(province.administrator), pytest.raises(OwnAccount):
        staffing.appoint_by_decision(
            reach, province.administrator.account_id, facts(province, "operations", "operations")
        )


def test_another_units_account_is_not_there(staff, admin):
    other = account_of(staffed_commune("03679"), "counter")
    post = only_post(other)
    assert page(admin, f"{HOME}{other.pk}/")[0] == 404
    for address in ("bo-nhiem", f"thoi/{post.pk}", "mat-khau", "khoa", "mo-lai"):
        assert page(admin, f"{HOME}{other.pk}/{address}/", form(staff))[0] == 404, address
    citizen = people.open_account(name="cong-dan", full_name="Lò Dân", password_hash="x")
    assert page(admin, f"{HOME}{citizen.pk}/mat-khau/", {})[0] == 404


def test_whoever_holds_a_post_elsewhere_keeps_their_password(staff, admin):
    province = staffed_province()
    shared = account_of(province, "operations")
    people.appoint(account=shared, agency=agency(staff, "office"), role="clerk", valid_from=DAY)
    before = stored_password(shared.pk)
    for address in ("mat-khau", "khoa"):
        assert page(admin, f"{HOME}{shared.pk}/{address}/", {})[0] == 403
    assert stored_password(shared.pk) == before and account_of(province, "operations") is not None
    with entered(staff.administrator), pytest.raises(HeldElsewhere):
        staffing.reset_password(reach_of(staff.administrator), shared.pk)
    assert page(province.client("administrator"), f"{HOME}{shared.pk}/mat-khau/", {})[0] == 200


def test_a_new_password_ends_what_was_open(staff, admin):
    old = staff.client("counter")
    person = account_of(staff, "counter")
    status, text = page(admin, f"{HOME}{person.pk}/mat-khau/", {})
    assert status == 200
    assert old.get("/desk/").status_code == 302
    assert Client().post("/dang-nhap/", {"name": person.name, "password": PASSWORD}).status_code == 422
    assert Client().post("/dang-nhap/", {"name": person.name, "password": password_in(text)}).status_code == 302


def test_a_closed_account_is_out_until_it_is_opened_again(staff, admin):
    client, person = staff.client("counter"), account_of(staff, "counter")
    assert page(admin, f"{HOME}{person.pk}/khoa/", {})[0] == 302
    assert client.get("/desk/").status_code == 302
    assert Client().post("/dang-nhap/", {"name": person.name, "password": PASSWORD}).status_code == 422
    assert "Mở lại tài khoản" in page(admin, f"{HOME}{person.pk}/")[1]
    assert page(admin, f"{HOME}{person.pk}/mo-lai/", {})[0] == 302
    assert signed_in(person.name).get("/desk/").status_code == 200
    tags = [event.tag for event in events(staff, person)]
    assert tags == ["people:account:close", "people:account:reopen"]


def test_a_post_ends_on_its_last_day(staff, admin):
    person = account_of(staff, "clerk")
    client, post, today = staff.client("clerk"), only_post(person), clock.today()
    address = f"{HOME}{person.pk}/thoi/{post.pk}/"
    stays = {"successor": "vi-tri"}
    for wrong in ("", "x", "30/06/2025"):
        assert page(admin, address, {"last_day": wrong} | stays)[0] == 422
    assert page(admin, address, {"last_day": f"{today:%d/%m/%Y}"})[0] == 422  # nothing is chosen silently
    assert page(admin, address, {"last_day": f"{today:%d/%m/%Y}"} | stays)[0] == 302
    assert only_post(person).valid_to == today + timedelta(days=1)  # still held today
    assert client.get("/desk/").status_code == 302
    assert signed_in(person.name).get("/desk/").status_code == 200
    assert page(admin, address, {"last_day": f"{today - timedelta(days=1):%d/%m/%Y}"} | stays)[0] == 302
    assert signed_in(person.name).get("/desk/").status_code == 403
    assert page(admin, address, {"last_day": f"{today:%d/%m/%Y}"})[0] == 404  # what is over stays


def test_a_post_not_begun_is_taken_back(staff, admin):
    person, begins = account_of(staff, "clerk"), clock.today() + timedelta(days=30)
    assert page(admin, f"{HOME}{person.pk}/bo-nhiem/", form(staff, valid_from=f"{begins:%d/%m/%Y}"))[0] == 302
    (later,) = (post for post in posts_of(person) if post.valid_from == begins)
    assert page(admin, f"{HOME}{person.pk}/thoi/{later.pk}/", {"huy": "1"})[0] == 302
    assert later.pk not in {post.pk for post in posts_of(person)}
    assert events(staff, person)[-1].tag == "people:post:withdraw"
    held = only_post(person)
    assert page(admin, f"{HOME}{person.pk}/thoi/{held.pk}/", {"huy": "1"})[0] == 422


def test_a_post_that_ends_names_its_successor_and_gives_a_sheet(staff, admin):
    person, head = account_of(staff, "case_officer"), account_of(staff, "head")
    post, last = posts_of(person)[0], clock.today() + timedelta(days=3)
    address, stranger = f"{HOME}{person.pk}/thoi/{post.pk}/", account_of(staffed_commune("03679"), "head")
    typed = {"last_day": f"{last:%d/%m/%Y}", "witness": "Tòng Văn Hặc"}
    for wrong in ("x", str(person.pk), str(stranger.pk), "9" * 30):
        status, text = page(admin, address, typed | {"successor": wrong})
        assert (status, f"successor_{post.pk}_error" in text, "Tòng Văn Hặc" in text) == (422, True, True), wrong
    assert posts_of(person)[0].valid_to is None
    assert page(admin, address, typed | {"successor": str(head.pk)})[0] == 302
    with entered(staff.administrator):
        sheet = Handover.objects.get()
    assert (sheet.taker_id, sheet.day, sheet.appointments) == (head.pk, last + timedelta(days=1), [post.pk])
    assert "hand-over" not in asked_for()
    status, text = page(admin, f"{HOME}{person.pk}/")
    assert f"Biên bản số {sheet.pk}" in text and "hẹn ngày" in text
    earlier = {"last_day": f"{clock.today() - timedelta(days=1):%d/%m/%Y}", "successor": str(head.pk)}
    assert page(admin, address, earlier)[0] == 302
    with entered(staff.administrator):
        assert Handover.objects.get().day == clock.today()  # one sheet: the end was moved
    assert "hand-over" in asked_for()


def test_the_same_post_twice_at_a_time_is_refused(staff):
    reach, person = reach_of(staff.administrator), account_of(staff, "clerk")
    post = facts(staff, valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 1))
    with entered(staff.administrator):
        staffing.appoint_by_decision(reach, person.pk, post)
        with pytest.raises(PostRefused):
            staffing.appoint_by_decision(reach, person.pk, facts(staff, valid_from=date(2026, 1, 31)))
        # the day after is free
        staffing.appoint_by_decision(reach, person.pk, facts(staff, valid_from=date(2026, 2, 1)))


def test_states_of_accounts_in_the_list(staff):
    reach, today = reach_of(staff.administrator), clock.today()
    clerk, chair = account_of(staff, "clerk"), account_of(staff, "chair")
    with entered(staff.administrator):
        assert clerk.appointments.update(valid_to=today) == 1
        staffing.set_active(reach, chair.pk, False)
        staffing.open_with_post(
            reach, full_name="Vì Sắp Tới", name="", facts=facts(staff, valid_from=today + timedelta(days=1))
        )

    def names(state: str, words: str = "", role: str = "") -> set[str]:
        with entered(staff.administrator):
            return {line.name for line in reach.accounts(Wanted(words=words, state=state, role=role))[0]}

    assert names(ENDED) == {clerk.name}
    assert names(CLOSED) == {chair.name}
    assert names(FUTURE) == {"visaptoi-03664"}
    assert names(IN_POST) == {"motcua-03664", "chuyenmon-03664", "lanhdao-03664", "quantri-03664"}
    assert names("", "lo thi anh") == {"motcua-03664"} == names("", "LÒ THỊ ÁNH") == names("", "motcua")
    assert names("", role="head") == {"lanhdao-03664"}
    assert names("", "%") == names("") and len(names("")) == 7


def test_pages_follow_each_other_and_cost_the_same(staff, admin, queries):
    few = queries(lambda: admin.get(HOME))
    one = queries(lambda: admin.get(f"{HOME}{account_of(staff, 'counter').pk}/"))
    center = agency(staff, "center")
    rows = [
        people.open_account(name=f"nguoi-{n:03}", full_name=f"Người {n % 7}", password_hash="x")
        for n in range(PAGE * 2)
    ]
    with entered(staff.administrator):
        Appointment.objects.bulk_create(
            Appointment(account=row, agency=center, role="counter", valid_from=DAY) for row in rows
        )
    assert queries(lambda: admin.get(HOME)) == few <= 13
    assert one <= 24
    reach, seen, after = reach_of(staff.administrator), [], "0"
    with entered(staff.administrator):
        while after:
            lines, after = reach.accounts(Wanted(), after=int(after))
            seen += [line.id for line in lines]
    assert len(seen) == len(set(seen)) == PAGE * 2 + 6


@pytest.mark.parametrize(
    "asked", ["?tiep=x", "?tiep=99999999999999999999", "?tiep=-1", "?don-vi=99999", "?vai-tro=x", "?q=%25"]
)
def test_odd_questions_do_no_harm(admin, asked):
    assert admin.get(HOME + asked).status_code == 200


def test_forty_people_in_twelve_posts_in_one_go(staff, admin):
    before = people_there()
    answer = admin.post(f"{HOME}bang/", {"tep": workbook(forty())})
    assert answer.status_code == 200
    assert people_there() == before
    text = answer.content.decode()
    assert text.count("Mở tài khoản và bổ nhiệm") == 40
    written = admin.post(f"{HOME}bang/ghi/", {"rows": answer.context["document"]})
    assert written.status_code == 200 and written["Cache-Control"] == "no-store"
    handed = written.context["handed"]
    assert len(handed) == 40 == people_there() - before
    held = [post for one in handed for post in posts_of(one.account)]
    assert len({(post.agency_id, post.role) for post in held}) == 12
    body = written.content.decode()
    assert all(one.password in body and one.account.name in body for one in handed)
    assert signed_in_with(handed[7].account.name, handed[7].password)
    again = admin.post(f"{HOME}bang/", {"tep": workbook(forty())})
    assert "không có gì để ghi" in again.content.decode()
    twice = admin.post(f"{HOME}bang/ghi/", {"rows": answer.context["document"]})
    assert twice.context["handed"] == () and people_there() == before + 40


def signed_in_with(name: str, password: str) -> bool:
    return Client().post("/dang-nhap/", {"name": name, "password": password}).status_code == 302


def test_every_fault_of_every_row_is_told_with_its_row(staff):
    good = ["Lò Tốt", "", "Công an", "Chuyên môn", "1/QĐ", "30/06/2025", "01/07/2025", ""]
    bad = ["", "Ánh!", "Sở Lạ", "Vua", "", "31/02/2025", "", "hôm qua"]
    told = faults(staff, good, bad)
    assert sorted(told) == sorted((3, heading) for heading in HEADINGS)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({3: "Chủ tịch"}, "Vai trò"),  # the police have no chair
        ({2: "Trung tâm điều hành"}, "Cơ quan"),  # the province's
        ({5: "01/01/2999"}, "Ngày quyết định"),
        ({6: "30/06/2025"}, "Từ ngày"),  # before the unit stood
        ({7: "30/06/2025"}, "Đến ngày"),
        ({0: "Lò Thị Ánh"}, "Họ tên"),  # a namesake is there
        ({1: "motcua-03664"}, "Tên đăng nhập"),  # another person's
        ({1: "quantri-03664", 0: "Tòng Văn Hặc"}, "Tên đăng nhập"),  # one's own
        ({1: "motcua-03679", 0: "Lò Thị Ánh"}, "Tên đăng nhập"),  # another unit's
        (
            {
                1: "motcua-03664",
                0: "Lò Thị Ánh",
                2: "Trung tâm Phục vụ hành chính công",
                3: "Cán bộ một cửa",
                6: "02/07/2025",
            },
            "Từ ngày",
        ),
    ],
)
def test_one_fault(staff, changes, column):
    staffed_commune("03679")
    row = ["Lò Tốt", "", "Công an", "Chuyên môn", "1/QĐ", "30/06/2025", "01/07/2025", ""]
    assert faults(staff, row) == []
    for place, value in changes.items():
        row[place] = value
    assert faults(staff, row) == [(2, column)]


def test_faults_between_rows(staff):
    row = ["Lò Tốt", "", "Công an", "Chuyên môn", "1/QĐ", "30/06/2025", "01/07/2025", ""]
    other = [*row[:2], "Văn phòng HĐND và UBND", *row[3:]]
    assert faults(staff, row, other) == [(3, "Họ tên")]
    named = [["Lò Tốt", "lotot-03664", *row[2:]], ["Lò Tốt", "lotot-03664", *other[2:]]]
    assert faults(staff, *named) == []
    assert judged(staff, named).people == 1
    assert faults(staff, named[0], ["Cà Khác", *named[1][1:]]) == [(3, "Tên đăng nhập")]
    assert faults(staff, named[0], named[0]) == [(3, "Vai trò")]


def test_with_one_fault_nothing_is_written(staff, admin):
    rows = forty()
    rows[20][2] = "Phòng Không Có"
    answer = admin.post(f"{HOME}bang/", {"tep": workbook(rows)})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "22" in text and "Phòng Không Có" in text
    before = people_there()
    assert admin.post(f"{HOME}bang/ghi/", {"rows": answer.context["document"]}).status_code == 422
    assert people_there() == before


def test_a_post_without_decision_gets_its_own(staff):
    row = [
        "Lò Thị Ánh",
        "",
        "Trung tâm Phục vụ hành chính công",
        "Cán bộ một cửa",
        "9/QĐ",
        "30/06/2025",
        "01/07/2025",
        "",
    ]
    reach = reach_of(staff.administrator)
    file = workbook([row])
    rows = rosters.read_rows(file, file.name, file.size)
    with entered(staff.administrator):
        assert rosters.write(reach, staff.unit, rows).judged.count(rosters.Verdict.COMPLETE) == 1
    assert only_post(account_of(staff, "counter")).decision_number == "9/QĐ"
    with entered(staff.administrator):
        assert rosters.judge(reach, staff.unit, rows).changes == 0
    row[4] = "10/QĐ"
    assert faults(staff, row) == [(2, "Số quyết định")]


def test_judging_costs_the_same_for_any_number_of_rows(staff, queries):
    reach = reach_of(staff.administrator)
    file = workbook(forty())
    rows = rosters.read_rows(file, file.name, file.size)
    with entered(staff.administrator):
        few = queries(lambda: rosters.judge(reach, staff.unit, rows[:2]))
        assert queries(lambda: rosters.judge(reach, staff.unit, rows)) == few


def test_a_commune_uploads_for_itself_only(staff, admin):
    other = staffed_commune("03679")
    assert admin.post(f"{HOME}bang/", {"don-vi": "03679", "tep": workbook(forty())}).status_code == 404
    assert admin.get(f"{HOME}bang/mau.xlsx?don-vi=03679").status_code == 404
    document = admin.post(f"{HOME}bang/", {"tep": workbook(forty())}).context["document"]
    assert admin.post(f"{HOME}bang/ghi/", {"don-vi": "03679", "rows": document}).status_code == 404
    with entered(other.administrator):
        assert Appointment.objects.count() == sum(len(a.roles) for a in other.actors.values())
    province = staffed_province().client("administrator")
    assert province.post(f"{HOME}bang/", {"tep": workbook(forty())}).status_code == 422  # which unit?
    assert province.post(f"{HOME}bang/", {"don-vi": "03679", "tep": workbook(forty())}).status_code == 200


@pytest.mark.parametrize("rows", ["", "x", "[1]", '[["a",{}]]', "{}", "null", '[[1,"x"]]'])
def test_a_confirmation_of_nothing_writes_nothing(admin, rows):
    assert admin.post(f"{HOME}bang/ghi/", {"rows": rows}).status_code == 422


def test_files_that_are_no_tables(staff, admin):
    for name, content in (("a.txt", b"x"), ("a.xlsx", b"PK\x03\x04"), ("a.csv", b"\xff\xfe\x00"), ("a.csv", b""),
                          ("a.csv", b"a,b\n1,2\n"), ("a.xls", b"x")):  # fmt: skip
        answer = admin.post(f"{HOME}bang/", {"tep": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422, name
        assert 'id="tep_error"' in answer.content.decode()


def test_cells_far_apart_are_refused_before_they_fill_the_memory():
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "x", "y"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(SheetUnreadable):
        rosters.read_rows(io.BytesIO(stream.getvalue()), "a.xlsx", len(stream.getvalue()))


def test_csv_in_either_language_and_any_order(staff):
    text = "Role;Full name;Agency;Decision number;Decision date;From\n"
    text += "Counter officer;Lò Mới;Public Administrative Service Center;1;30/06/2025;1/7/2025\n"
    rows = rosters.read_rows(io.BytesIO(text.encode("utf-8-sig")), "a.csv", 1)
    assert [row.line for row in rows] == [2]
    with entered(staff.administrator):
        done = rosters.judge(reach_of(staff.administrator), staff.unit, rows)
    assert done.faults == [] and done.lines[0].facts.role == "counter"


def test_the_template_is_read_back_and_offers_the_units_agencies(staff, admin):
    answer = admin.get(f"{HOME}bang/mau.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book.worksheets[0][1]] == HEADINGS + STAFF_HEADINGS
    offered = {row[0].value for row in book.worksheets[1].iter_rows()}
    names = {one.name for one in reach_of(staff.administrator).agencies(staff.unit)}
    assert names <= offered
    assert len(book.worksheets[0].data_validations.dataValidation) == 5
    sheet = book.worksheets[0]
    for place, value in enumerate(
        ["Lò Mới", None, sorted(names)[0], "Chuyên môn", "1", date(2025, 6, 30), DAY], start=1
    ):
        sheet.cell(2, place).value = value
    stream = io.BytesIO()
    book.save(stream)
    rows = rosters.read_rows(io.BytesIO(stream.getvalue()), "a.xlsx", 1)
    assert len(rows) == 1 and rows[0]["valid_from"] == "01/07/2025"
    assert admin.get(f"{HOME}bang/mau.csv").content.decode("utf-8-sig").strip() == ",".join(HEADINGS + STAFF_HEADINGS)


@pytest.mark.parametrize("address", ["", "moi/", "bang/"])
def test_pages_speak_english(staff, address):
    text = page(staff.client("administrator", language="en"), HOME + address)[1]
    assert 'lang="en"' in text
    assert "Accounts and posts" in text
