"""Open work outlives its unit: on the heir's worklist at midnight, a divided unit's on a list that no heir can miss."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.db import connections
from django.test import Client

from haicap.domain.dossiers import commands, papers, queries, rules, slip_facts
from haicap.domain.dossiers.errors import DossierUnknown, MovedOn, NotYours, TakenAlready
from haicap.domain.dossiers.queries import responsible_for
from haicap.domain.dossiers.slip_facts import slip_for
from haicap.domain.dossiers.tests.factories import (
    BIRTH,
    Staff,
    answers_for,
    moved,
    received,
    staffed_before,
    staffed_commune,
    staffed_province,
)
from haicap.domain.dossiers.web.rows import rows_of
from haicap.domain.people import queries as posts
from haicap.domain.people.commands import new_session
from haicap.domain.people.models import Agency, Appointment
from haicap.domain.people.web.identity import COOKIE, cookie_value
from haicap.domain.units.models import Lineage, Unit
from haicap.domain.units.queries import province_of, unit_on
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry
from haicap.kernel.language import speaking
from haicap.kernel.scope import Actor, entered

OLD, HEIR = "03661", "03664"  # Xã Chiềng Đen; Phường Chiềng An
DIVIDED, FIRST, SECOND = "06622", "06613", "06625"  # Xã Bính Xá; Xã Đình Lập; Xã Kiên Mộc
SPRING = {"child_born_on": "01/02/2025", "mother_born_on": "01/06/1995"}
EVE, NEW_YEAR = "2025-06-30T23:59:59+07:00", "2025-07-01T00:00:00+07:00"


@pytest.fixture(autouse=True)
def _own(own_database: str) -> Iterator[None]:
    """Units are written by their owner, so every test has a database of its own."""
    posts.forget_actors()
    queries.forget()
    with speaking("vi"):  # a client of another language leaves its own behind
        yield
    posts.forget_actors()
    connections.close_all()


def at(moment: str) -> Any:
    return time_machine.travel(datetime.fromisoformat(moment), tick=False)


def in_june(staff: Staff, *moves: tuple[str, str, dict[str, Any]], address: str = "", day: str = "2025-06-27") -> Any:
    """A birth received by the old unit, with the moves (role, name, inputs) that its officers made."""
    with at(f"{day}T09:00:00+07:00"):
        applicant = {"name": "Lò Thị Mai", "id_number": "014190001234", "address": address}
        got = received(staff.counter, applicant=applicant, form=answers_for(BIRTH, on=date(2025, 6, 27)) | SPRING)
        for role, name, inputs in moves:
            moved(staff.actors[role], got.code, name, **inputs)
    return got


FORWARD, ACCEPT = ("counter", "forward", {}), ("case_officer", "accept_handover", {})
SUBMIT, APPROVE = ("case_officer", "submit_for_signature", {}), ("chair", "approve", {})


def today(staff: Staff, role: str) -> Actor:
    """The person with `role` as they are at this moment."""
    account = staff.actors[role].account_id
    assert account is not None
    return posts.actor_for(account)


def work_of(actor: Actor) -> list[str]:
    with entered(actor):
        return [line.entry.code for line in queries.waiting(actor)[0]]


def counted(actor: Actor) -> int:
    with entered(actor):
        return queries.waiting_counts(actor)["all"]


def entry_of(code: str) -> Entry:
    return Entry.objects.using("owner").get(code=code)


def answers(code: str, day: date | None = None) -> queries.Responsible:
    return queries.responsible_for([entry_of(code).pk], day or clock.today(), using="owner")[entry_of(code).pk]


# ── One heir ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_at_midnight_the_heirs_officers_have_it_and_the_old_units_see_nothing():
    old, heir = staffed_before(OLD), staffed_commune(HEIR)
    fresh, taken = in_june(old), in_june(old, FORWARD, ACCEPT)
    before = entry_of(taken.code)
    with at(EVE):
        assert work_of(today(old, "counter")) == [fresh.code]
        assert work_of(today(old, "case_officer")) == [taken.code]
        assert work_of(today(heir, "case_officer")) == []
        assert answers(taken.code).basis == rules.Basis.OWN
    with at(NEW_YEAR):
        for role, code in (("counter", fresh.code), ("case_officer", taken.code)):
            assert work_of(today(old, role)) == []
            assert counted(today(old, role)) == 0
            with entered(today(old, role)), pytest.raises(DossierUnknown):
                queries.find(code)
            assert work_of(today(heir, role)) == [code]  # though an officer of the old unit had taken it in person
            assert counted(today(heir, role)) == 1
        assert (answers(taken.code).unit.code, answers(taken.code).basis) == (HEIR, "whole")
    assert vars(before) | {"_state": None} == vars(entry_of(taken.code)) | {"_state": None}  # not a row was written


def test_a_post_ends_with_its_unit_even_if_nobody_ended_it():
    old = staffed_before(OLD, until=None)
    code = in_june(old).code
    with at(EVE):
        assert work_of(today(old, "counter")) == [code]
    with at(NEW_YEAR):
        actor = today(old, "counter")
        assert (actor.roles, actor.unit_ids, actor.agency_ids) == (frozenset(), (), ())


def test_who_goes_on_with_it_acts_in_the_name_of_their_own_agency():
    old, heir = staffed_before(OLD), staffed_commune(HEIR)
    got = in_june(old, FORWARD)
    with at("2025-07-01T08:00:00+07:00"):
        officer = today(heir, "case_officer")
        entry = moved(officer, got.code, "accept_handover")
        office = Agency.objects.get(unit=heir.unit, kind="office")
        assert (entry.holder_agency_id, entry.holder_account_id) == (office.pk, officer.account_id)
        with entered(officer):
            last = queries.last_move(entry.pk)
            details = queries.details(got.code, officer)
        assert (last.agency_id, last.actor_name) == (office.pk, officer.name)
        assert clock.local(entry.due_at) == got.due
        assert details.unit_then_and_now == "Xã Chiềng Đen (nay là Phường Chiềng An)"
        asked = moved(officer, got.code, "request_supplement", note="Thiếu", fields={"items": "Giấy A"})
        with entered(officer):
            slip = queries.details(got.code, officer).slips[-1]
        assert (asked.state, slip.number) == ("awaiting_supplement", 1)  # the first of the heir's own book
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT unit_id FROM entries_register WHERE book = 'PBS'")
            assert cursor.fetchall() == [(heir.unit.pk,)]


def test_what_waits_in_a_post_that_nobody_holds_waits_for_the_chair():
    old, heir = staffed_before(OLD), staffed_commune(HEIR)
    code = in_june(old, FORWARD, ACCEPT).code
    with entered(heir.administrator):
        Appointment.objects.filter(agency__unit=heir.unit, role="case_officer").update(valid_to=date(2025, 7, 2))
    with at("2025-07-01T08:00:00+07:00"):
        assert code not in work_of(today(heir, "chair"))
    with at("2025-07-02T08:00:00+07:00"):
        chair = today(heir, "chair")
        assert "case_officer" not in chair.role_names
        assert work_of(chair) == [code]
        assert moved(chair, code, "submit_for_signature").state == "awaiting_signature"
    with entered(heir.administrator):
        Appointment.objects.filter(agency__unit=heir.unit, role="chair").update(valid_to=date(2025, 7, 3))
    with at("2025-07-03T08:00:00+07:00"):
        assert work_of(today(heir, "head")) == [code]


def test_a_departments_work_goes_on_in_the_same_department_of_the_new_province():
    old, province = staffed_before(OLD), staffed_province()
    with at("2025-06-27T09:00:00+07:00"):
        then = unit_on("14", date(2025, 6, 27))
    assert then.pk != province.unit.pk
    code = in_june(old).code
    justice = Agency.objects.get(unit=then, kind="so-tu-phap")
    with connections["owner"].cursor() as cursor:  # as if it had been handed up in June
        cursor.execute(
            "INSERT INTO entries_move (entry_id, no, kind, name, from_state, to_state, at, actor_name, role, note,"
            " holder_agency_id, holder_role, step, pending, data) SELECT id, 2, kind, 'forward', state, 'processing',"
            " '2025-06-27 10:00+07', '', '', '', %s, 'department', 'examine', true, '{}' FROM entries_entry WHERE code = %s",
            [justice.pk, code],
        )
    with at(NEW_YEAR):
        officer = today(province, "department")
        assert work_of(officer) == [code]
        assert officer.unit_ids == ()


# ── A unit of the past, made for the test ────────────────────────────────────────────────────────────────────────────


def made(code: str, name: str, starts: date, ends: date | None, province: Unit) -> Unit:
    return Unit.objects.using("owner").create(
        code=code, name=name, kind="xa", level="xa", parent=province, province=province, valid_from=starts,
        valid_to=ends, search=f" {name.lower()} |",
    )  # fmt: skip


def goes(before: Unit, after: Unit, share: str, **more: Any) -> None:
    Lineage.objects.using("owner").create(
        predecessor=before, successor=after, share=share, resolution="1/NQ", effective_on=after.valid_from, **more
    )


@pytest.fixture
def generations() -> dict[str, Unit]:
    """X became D on 1 May 2025; D was divided among A and B on 1 July; A is C since 1 January 2026."""
    province = province_of(unit_on(HEIR, date(2025, 8, 1)))
    earlier = unit_on("14", date(2025, 6, 27))
    may, july, january = date(2025, 5, 1), date(2025, 7, 1), date(2026, 1, 1)
    units = {
        "X": made("99990", "Xã X", date(2025, 1, 1), may, earlier), "D": made("99991", "Xã D", may, july, earlier),
        "A": made("99992", "Xã A", july, january, province), "B": made("99993", "Xã B", july, None, province),
        "C": made("99994", "Xã C", january, None, province),
    }  # fmt: skip
    goes(units["X"], units["D"], "whole")
    goes(units["D"], units["A"], "part", hamlets=["Bản Hịa", "Thôn 5"])
    goes(units["D"], units["B"], "part", residual=True)
    goes(units["A"], units["C"], "whole")
    return units


def test_two_generations_later_the_last_heir_has_it(generations):
    first = staffed_before("99990", date(2025, 3, 3))
    with at("2025-08-01T09:00:00+07:00"):
        a = staffed_commune("99992")
        b = staffed_commune("99993")
    with at("2026-02-01T09:00:00+07:00"):
        c = staffed_commune("99994")
    code = in_june(first, address="Bản Hịa, xã X, tỉnh Sơn La", day="2025-03-03").code
    assert answers(code, date(2025, 4, 30)).basis == "own"
    assert (answers(code, date(2025, 5, 1)).unit.name, answers(code, date(2025, 5, 1)).basis) == ("Xã D", "whole")
    assert (answers(code, date(2025, 7, 1)).unit.name, answers(code, date(2025, 7, 1)).basis) == ("Xã A", "proposed")
    assert (answers(code, date(2026, 1, 1)).unit.name, answers(code, date(2026, 1, 1)).basis) == ("Xã C", "proposed")
    with at("2025-08-01T10:00:00+07:00"):
        assert work_of(today(a, "counter")) == [code]
        assert work_of(today(b, "counter")) == []
        moved(today(a, "counter"), code, "take_over")
        assert (answers(code).unit.name, answers(code).basis) == ("Xã A", "taken")
    with at("2026-02-01T10:00:00+07:00"):
        assert work_of(today(a, "counter")) == []
        assert work_of(today(c, "counter")) == [code]
        assert (answers(code).unit.name, answers(code).basis) == ("Xã C", "taken")
        assert moved(today(c, "counter"), code, "forward").state == "processing"
        with entered(today(b, "counter")):  # another part of the same unit: may read, may not act
            assert queries.details(code, today(b, "counter")).offered == ()


@pytest.mark.parametrize(
    ("address", "unit", "why"),
    [
        ("Bản Hịa, xã D, tỉnh Sơn La", "Xã A", "Địa chỉ ghi Bản Hịa, nay thuộc Xã A"),
        ("thon 5 xa D", "Xã A", "Địa chỉ ghi Thôn 5, nay thuộc Xã A"),
        ("Thôn 6, xã D", "Xã B", "mặc định, vì địa chỉ chưa đủ để biết"),
        ("", "Xã B", "mặc định, vì địa chỉ chưa đủ để biết"),
        ("xã D", "Xã B", "mặc định, vì địa chỉ chưa đủ để biết"),
    ],
)
def test_the_hamlet_that_the_resolution_names_decides_else_who_takes_the_rest(generations, address, unit, why):
    code = in_june(staffed_before("99991"), address=address).code
    told = answers(code, date(2025, 8, 1))
    assert (told.unit.name, str(told.why)) == (unit, why)
    assert {told.unit.name, *(other.name for other in told.others)} == {"Xã A", "Xã B"}


# ── A divided unit ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def heirs() -> tuple[Staff, Staff]:
    return staffed_commune(FIRST), staffed_commune(SECOND)


def everything_waits(codes: list[str], *everybody: Staff) -> None:
    """Every open dossier is on at least one worklist, and on one unit's only."""
    lists = {(staff.unit.code, role): work_of(today(staff, role)) for staff in everybody for role in staff.actors}
    for code in codes:
        units = {unit for (unit, _), work in lists.items() if code in work}
        assert len(units) == 1, (code, units)
        assert units == {answers(code).unit.code}


def test_nothing_is_ever_in_nobodys_hands(heirs):
    old = staffed_before(DIVIDED)
    steps = [FORWARD, ACCEPT, SUBMIT, APPROVE]
    codes = [
        in_june(old, *steps[:made], address=address).code
        for made in range(5)
        for address in ("", "Bản Nà Lừa, xã Đình Lập, tỉnh Lạng Sơn", "xã Kiên Mộc, tỉnh Lạng Sơn")
    ]
    with at(EVE):
        everything_waits(codes, old, *heirs)
    with at(NEW_YEAR):
        everything_waits(codes, old, *heirs)
        for number, code in enumerate(codes):
            moved(today(heirs[number % 2], "chair"), code, "take_over")
            everything_waits(codes, old, *heirs)
    with entered(heirs[0].administrator):
        Appointment.objects.filter(agency__unit=heirs[0].unit, role="case_officer").update(valid_to=date(2025, 7, 2))
    with at("2025-07-02T08:00:00+07:00"):
        everything_waits(codes, *heirs)


def test_taking_over_moves_the_hands_and_nothing_else(heirs):
    old = staffed_before(DIVIDED)
    code = in_june(old, FORWARD, ACCEPT).code
    before = entry_of(code)
    with at("2025-07-01T08:00:00+07:00"):
        clerk = today(heirs[0], "clerk")  # any officer of an heir may
        after = moved(clerk, code, "take_over", note="Người nộp ở bản Nà Lừa")
        office = Agency.objects.get(unit=heirs[0].unit, kind="office")
        same = (
            "code",
            "number",
            "book_unit_id",
            "unit_id",
            "state",
            "step",
            "due_at",
            "step_due_at",
            "paused_at",
            "opened_at",
        )
        assert {name: getattr(after, name) for name in same} == {name: getattr(before, name) for name in same}
        assert (after.holder_agency_id, after.holder_role, after.holder_account_id) == (office.pk, "case_officer", None)
        assert after.agencies == [*before.agencies, office.pk]
        with entered(clerk):
            last = queries.details(code, clerk).moves[-1]
        assert (last.name, last.agency_id) == ("take_over", Agency.objects.get(unit=heirs[0].unit, kind="office").pk)
        officer = today(heirs[0], "case_officer")
        assert moved(officer, code, "submit_for_signature").state == "awaiting_signature"
        assert work_of(today(heirs[0], "chair")) == [code]


def test_until_it_is_taken_no_heir_can_do_anything_else_with_it(heirs):
    old = staffed_before(DIVIDED)
    codes = [in_june(old).code, in_june(old, FORWARD, ACCEPT, SUBMIT, APPROVE).code]
    with at("2025-07-01T08:00:00+07:00"):
        for staff in heirs:
            for role in staff.actors:
                actor = today(staff, role)
                for code in codes:
                    with entered(actor):
                        assert [rule.name for rule in queries.details(code, actor).offered] == ["take_over"]
        for name, code in (("withdraw", codes[0]), ("stop", codes[0]), ("return_result", codes[1])):
            for role in ("counter", "chair"):
                with pytest.raises(NotYours):
                    moved(today(heirs[1], role), code, name, note="x")
        moved(today(heirs[0], "counter"), codes[1], "take_over")
        with pytest.raises(NotYours):
            moved(today(heirs[1], "counter"), codes[1], "return_result")
        assert moved(today(heirs[0], "counter"), codes[1], "return_result").state == "returned"
        assert (answers(codes[1]).unit.code, answers(codes[1]).basis) == (FIRST, "taken")


def test_who_comes_second_is_told_so(heirs):
    code = in_june(staffed_before(DIVIDED)).code
    seen = entry_of(code).move_no
    with at("2025-07-01T08:05:00+07:00"):
        moved(today(heirs[0], "counter"), code, "take_over")
        with pytest.raises(
            TakenAlready, match=r"lúc 08 giờ 05 phút, ngày 01 tháng 7 năm 2025, nay đang chờ .*xã Đình Lập"
        ):
            moved(today(heirs[1], "counter"), code, "take_over")
        with pytest.raises(MovedOn):
            moved(today(heirs[1], "counter"), code, "take_over", expected_no=seen)
        with pytest.raises(TakenAlready):
            moved(today(heirs[0], "chair"), code, "take_over")


def test_only_heirs_see_it_and_may_take_it(heirs):
    code = in_june(staffed_before(DIVIDED)).code
    stranger, province = staffed_commune(HEIR), staffed_province("20")
    with at("2025-07-01T08:00:00+07:00"):
        with pytest.raises(DossierUnknown):
            moved(today(stranger, "counter"), code, "take_over")
        for role in ("operations", "administrator"):
            with pytest.raises(NotYours):
                moved(today(province, role), code, "take_over")


def test_who_answers_costs_the_same_for_many_as_for_two(heirs, queries):
    old = staffed_before(DIVIDED)
    codes = [in_june(old, *([FORWARD] if n % 2 else []), address=f"Thôn {n}").code for n in range(12)]
    ids = list(Entry.objects.using("owner").filter(code__in=codes).order_by("pk").values_list("pk", flat=True))
    day, told = date(2025, 8, 1), []
    with entered(today(heirs[0], "counter")):
        responsible_for(ids, day)  # whatever the process reads once
        two = queries(lambda: responsible_for(ids[:2], day))
        many = queries(lambda: told.append(responsible_for(ids, day)))
    assert set(told[0]) == set(ids)
    assert many == two <= 12


def test_bulk_taking_takes_what_it_can_and_tells_of_the_rest(heirs):
    old = staffed_before(DIVIDED)
    codes = [in_june(old).code for _ in range(3)]
    with at("2025-07-01T08:00:00+07:00"):
        moved(today(heirs[1], "counter"), codes[1], "take_over")
        actor = today(heirs[0], "counter")
        with entered(actor):
            done = commands.take_over(actor=actor, codes=[*codes, "99.99999-250101-0001", codes[0]])
        assert done.taken == (codes[0], codes[2])
        assert [refusal.code for refusal in done.refused] == [codes[1], "99.99999-250101-0001"]
        assert "xã Kiên Mộc" in done.refused[0].sentence


# ── Names then and now ───────────────────────────────────────────────────────────────────────────────────────────────


def words_of(slip: Any) -> str:
    document = pypdfium2.PdfDocument(papers.pdf(slip))
    text = " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    return text


def test_a_paper_made_later_bears_both_names(heirs):
    old, heir = staffed_before(OLD), staffed_commune(HEIR)
    got = in_june(old, FORWARD)
    with at("2025-06-28T08:00:00+07:00"), entered(today(old, "counter")):
        then = words_of(slip_for(queries.details(got.code, today(old, "counter")), "tiep-nhan", base_url="https://x"))
    assert "nay là" not in then
    with at("2025-07-02T08:00:00+07:00"):
        actor = today(heir, "case_officer")
        moved(actor, got.code, "accept_handover")
        with entered(actor):
            details = queries.details(got.code, actor)
            receipt, control = (
                words_of(slip_for(details, slug, base_url="https://x")) for slug in ("tiep-nhan", "kiem-soat")
            )
            (row,) = slip_facts.handovers(details)
    both = "Xã Chiềng Đen (nay là Phường Chiềng An)"
    assert both in receipt and both in control
    assert "Tại Trung tâm Phục vụ hành chính công xã Chiềng Đen (nay là Phường Chiềng An)" in receipt
    assert "ỦY BAN NHÂN DÂN XÃ CHIỀNG ĐEN" in receipt.upper()  # issued under the name of its day
    assert row.taker_name == actor.name


def test_the_citizen_reads_both_names_and_who_has_it_now(heirs):
    old, heir = staffed_before(OLD), staffed_commune(HEIR)
    whole, divided = in_june(old, FORWARD), in_june(staffed_before(DIVIDED), address="xã Kiên Mộc, tỉnh Lạng Sơn")
    with at("2025-07-01T00:00:00+07:00"):
        page = " ".join(Client().get(f"/tra-cuu/{whole.code}/").content.decode().split())
        assert "Trung tâm Phục vụ hành chính công xã Chiềng Đen (nay là Phường Chiềng An)" in page
        assert "Nay do Ủy ban nhân dân phường Chiềng An giải quyết" in page
        told = Client().get(f"/api/v1/track/{whole.code}").json()
        assert told["unit"] == {"code": OLD, "name": "Xã Chiềng Đen", "name_now": heir.unit.name}
        assert (told["responsible"]["code"], told["responsible"]["basis"]) == (HEIR, "whole")
        page = " ".join(Client().get(f"/tra-cuu/{divided.code}/").content.decode().split())
        assert (
            "nay đã chia tách. Hồ sơ nay do Ủy ban nhân dân xã Kiên Mộc giải quyết (theo thôn, bản hoặc địa chỉ)"
            in page
        )
        assert "tỉnh Lạng Sơn" not in page  # the address itself is nobody's business
        moved(today(heirs[0], "counter"), divided.code, "take_over")
        told = Client().get(f"/api/v1/track/{divided.code}").json()
        assert (told["responsible"]["code"], told["responsible"]["basis"]) == (FIRST, "taken")
        english = Client()
        english.cookies["haicap_language"] = "en"
        assert (
            "People&#x27;s Committee of Chiềng An ward answers for it today"
            in english.get(f"/tra-cuu/{whole.code}/").content.decode()
        )


def test_lists_and_the_api_name_the_unit_then_and_now(heirs):
    old, heir = staffed_before(OLD), staffed_commune(HEIR)
    whole, divided = in_june(old).code, in_june(staffed_before(DIVIDED)).code
    with at("2025-07-01T08:00:00+07:00"):
        with entered(today(heir, "counter")):
            (row,) = json.loads(queries.listed_json(today(heir, "counter"), queries.Wanted(unit=HEIR)))["items"]
            assert row["unit"] == {"code": OLD, "name": "Xã Chiềng Đen", "name_now": "Phường Chiềng An"}
            (line,) = rows_of(queries.search(whole, today(heir, "counter")), today(heir, "counter"))
            assert (line.unit, line.is_old) == ("Xã Chiềng Đen (nay là Phường Chiềng An)", True)
        actor = today(heirs[0], "counter")
        with entered(actor):
            (row,) = json.loads(queries.listed_json(actor, queries.Wanted()))["items"]
            assert row["unit"]["name_now"] == "Xã Đình Lập; Xã Kiên Mộc"
            (line,) = rows_of(queries.search(divided, actor), actor)
            assert line.to_take and line.unit == "Xã Bính Xá (đã chia tách, nay thuộc Xã Đình Lập)"
    with at("2025-06-30T08:00:00+07:00"), entered(today(old, "counter")):
        (row,) = json.loads(queries.listed_json(today(old, "counter"), queries.Wanted()))["items"]
        assert row["unit"]["name_now"] == "Xã Chiềng Đen"


# ── The allotment list ───────────────────────────────────────────────────────────────────────────────────────────────

LIST = "/desk/ho-so-chia-tach/"


class Browser(Client):
    """Somebody's browser; the pass is made and checked by the database's clock, so it lives at any moment of the test."""

    def __init__(self, staff: Staff, role: str) -> None:
        super().__init__()
        account = staff.actors[role].account_id
        assert account is not None
        self.cookies[COOKIE] = cookie_value(pass_id=new_session(account), account_id=account)

    def text(self, address: str, status: int = 200, **posted: Any) -> str:
        answer = self.post(address, posted) if posted else self.get(address)
        assert answer.status_code == status, answer.content
        return " ".join(answer.content.decode().split())


@pytest.fixture
def divided(heirs: tuple[Staff, Staff]) -> list[str]:
    """Three dossiers of Xã Bính Xá: proposed by default, by an address in the first heir, by one in the second."""
    old = staffed_before(DIVIDED)
    addresses = ("", "Bản Nà Lừa, xã Đình Lập, tỉnh Lạng Sơn", "Bản Chao, xã Kiên Mộc, tỉnh Lạng Sơn")
    return [in_june(old, address=address).code for address in addresses]


def test_the_list_names_the_heir_proposed_and_why(heirs, divided):
    with at("2025-07-01T08:00:00+07:00"):
        browser = Browser(heirs[0], "counter")
        page = browser.text(LIST)
        assert all(code in page for code in divided)
        assert "Bản Nà Lừa, xã Đình Lập" in page and "Mặc định" in page
        assert "hoặc Xã Kiên Mộc" in page
        assert 'Đề xuất cho đơn vị tôi <span class="count">2</span>' in page
        ours = browser.text(f"{LIST}?loc=don-vi-toi")
        assert (divided[0] in ours, divided[1] in ours, divided[2] in ours) == (True, True, False)
        others = browser.text(f"{LIST}?loc=don-vi-khac")
        assert divided[2] in others and divided[0] not in others
        english = Browser(heirs[1], "chair")
        english.cookies["haicap_language"] = "en"
        assert "Work of divided units" in english.text(LIST)


def test_my_work_marks_what_waits_to_be_taken_and_leads_to_the_list(heirs, divided):
    with at("2025-07-01T08:00:00+07:00"):
        page = Browser(heirs[1], "counter").text("/desk/")
        assert divided[2] in page and divided[1] not in page
        assert "Chờ nhận từ đơn vị đã chia tách" in page
        assert "3 hồ sơ của đơn vị đã chia tách chưa có đơn vị nào nhận" in page
        assert f'<a href="{LIST}"' in page and '<span class="count">3</span>' in page
        case = Browser(heirs[1], "counter").text(f"/desk/ho-so/{divided[2]}/")
        assert "nay đã chia tách về Xã Đình Lập, Xã Kiên Mộc. Đơn vị chịu trách nhiệm: Xã Kiên Mộc (" in case
        assert "Chưa đơn vị nào nhận" in case and "Tiếp nhận từ đơn vị đã chia tách" in case
    stranger = staffed_commune(HEIR)
    with at("2025-07-01T08:00:00+07:00"):
        assert LIST not in Browser(stranger, "counter").text("/desk/")
        assert "Không còn hồ sơ nào chờ nhận" in Browser(stranger, "counter").text(LIST)
        Browser(stranger, "counter").text(f"/desk/ho-so/{divided[0]}/", 404)


def test_one_click_takes_one_and_marks_take_several(heirs, divided):
    with at("2025-07-01T08:00:00+07:00"):
        browser = Browser(heirs[0], "counter")
        answer = browser.post(LIST, {"nhan": divided[1]})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}?da=1")
        assert "Đã nhận 1 hồ sơ về đơn vị của bạn" in browser.text(f"{LIST}?da=1")
        assert work_of(today(heirs[0], "counter")) == [divided[0], divided[1]]
        answer = browser.post(f"{LIST}?loc=don-vi-khac", {"lam": "nhan", "mark": [divided[0], divided[2]]})
        assert answer.headers["Location"] == f"{LIST}?da=2&loc=don-vi-khac"
        assert work_of(today(heirs[1], "counter")) == []
        page = Browser(heirs[1], "counter").text(LIST, 409, nhan=divided[2])
        assert "Có hồ sơ chưa nhận được" in page and "Hồ sơ này đã được tiếp nhận lúc" in page
        assert "Chưa đánh dấu hồ sơ nào" in browser.text(LIST, 422, lam="nhan")
        assert LIST not in browser.text("/desk/ho-so/")  # nothing is left, and the link goes


def test_the_provinces_operations_center_sees_what_is_not_taken_yet(heirs, divided):
    province = staffed_province("20")
    with at("2025-07-01T08:00:00+07:00"):
        browser = Browser(province, "operations")
        assert "3 hồ sơ của đơn vị đã chia tách chưa có đơn vị nào nhận" in browser.text("/desk/")
        page = browser.text(LIST)
        assert "Xã Bính Xá" in page and "Xã Đình Lập: 2; Xã Kiên Mộc: 1" in page
        assert "Nhận về" not in page
        assert "tài khoản của bạn chưa thể" in browser.text(LIST, 409, nhan=divided[0])


def test_the_api_tells_the_same_and_takes_by_the_move(heirs, divided):
    with at("2025-07-01T08:00:00+07:00"):
        browser = Browser(heirs[0], "counter")
        told = browser.get("/api/v1/divided-dossiers?whose=ours").json()
        assert (told["total"], told["ours"], told["next"]) == (3, 2, None)
        assert [one["proposed"]["code"] for one in told["items"]] == [FIRST, FIRST]
        assert told["items"][0]["unit"]["name"] == "Xã Bính Xá"
        assert browser.get("/api/v1/divided-dossiers?limit=1&start=1").json()["next"] == 2


def test_the_lists_cost_the_same_however_long(heirs, queries):
    old = staffed_before(DIVIDED)
    in_june(old), in_june(old, address="xã Kiên Mộc")
    most = {"/desk/": 20, LIST: 18, "/desk/ho-so/": 18, "/api/v1/divided-dossiers": 14}

    def cost() -> dict[str, int]:
        with at("2025-07-01T08:00:00+07:00"):
            browser = Browser(heirs[0], "counter")
            for address in most:  # the gazetteer is read once, and now and then it is asked whether it still holds
                browser.get(address)
            return {address: queries(lambda address=address: browser.get(address)) for address in most}

    before = cost()
    for number in range(8):
        in_june(old, address=f"Thôn {number}, xã Kiên Mộc")
    assert cost() == before
    assert all(before[address] <= most[address] for address in most), before


def test_of_two_heirs_at_the_same_moment_one_has_it(heirs):
    code = in_june(staffed_before(DIVIDED)).code
    with at("2025-07-01T08:00:00+07:00"):
        actors = [today(staff, "counter") for staff in heirs]
        start = Barrier(2)

        def take(actor: Actor) -> str:
            start.wait()
            try:
                return "taken" if moved(actor, code, "take_over") else ""
            except (MovedOn, TakenAlready) as refusal:
                return type(refusal).__name__
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as hands:
            told = sorted(hands.map(take, actors))
        assert told[1] == "taken" and told[0] in {"MovedOn", "TakenAlready"}
        assert entry_of(code).move_no == 2
        assert sorted(len(work_of(actor)) for actor in actors) == [0, 1]
