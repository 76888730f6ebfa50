"""A post ends: what waited for its holder is in the successor's hands, and a sheet says what went."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine

from haicap.domain.dossiers.queries.cases import details
from haicap.domain.dossiers.queries.tracking import tracked
from haicap.domain.dossiers.slip_facts import handovers
from haicap.domain.dossiers.tests.factories import Staff, moved, received, staffed_commune
from haicap.domain.dossiers.web.case_page import holder_name, timeline_of
from haicap.domain.people import queries as posts
from haicap.domain.people.blocks import Departure, StaffKind
from haicap.domain.people.commands import appoint, open_account
from haicap.domain.people.commands.officials import OfficialFacts, Seat, record_officials
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.errors import OwnAccount, StaffRefused
from haicap.domain.people.models import Agency, Appointment, Assignment, Handover, Official
from haicap.domain.people.queries import account_at_door
from haicap.domain.people.queries.reach import reach_of
from haicap.flows.handing_over.ending import Ending, end_post, leave
from haicap.flows.handing_over.sheet import pdf
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.entries.models import Entry, Move
from haicap.kernel.entries.rules import HAND_OVER, with_hand_over
from haicap.kernel.scope import Actor, entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

START = date(2025, 7, 1)
NOW = datetime(2026, 3, 4, 9, tzinfo=clock.ZONE)
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)


@pytest.fixture
def at_nine():
    with time_machine.travel(NOW, tick=False):
        posts.forget_actors()
        yield
    posts.forget_actors()


@pytest.fixture
def here(at_nine) -> Staff:
    staff = staffed_commune("03664")
    load_organisation([staff.unit], read_template(), START)
    return staff


def recorded(staff: Staff, role: str, body: str = "culture_social", post: str = "officer") -> Official:
    """The staff record of the person with `role`, in a post with the access that they have in it."""
    account = account_at_door(number=staff.actors[role].account_id)
    facts = OfficialFacts(staff.unit, account.full_name, StaffKind.CIVIL_SERVANT,
                          Seat(body, post, "12/QĐ-UBND", START, START), account_id=account.pk)  # fmt: skip
    with entered(staff.administrator):
        (official,) = record_officials(actor=staff.administrator, people=[facts])
    return official


def colleague(staff: Staff, kind: str = "office", role: str = "case_officer", name: str = "ke-nhiem") -> Actor:
    account = open_account(name=name, full_name="Đèo Thị Yêu", password_hash="!", synthetic=True)
    appoint(account=account, agency=Agency.objects.get(unit=staff.unit, kind=kind), role=role, valid_from=START)
    return posts.actor_for(account.pk)


def with_the_officer(staff: Staff) -> str:
    """A dossier that the case officer of the culture division has taken."""
    code = received(staff.counter).code
    moved(staff.counter, code, "forward")
    moved(staff.case_officer, code, "accept_handover")
    return code


def held(staff: Staff, official: Official) -> Assignment:
    with entered(staff.administrator):
        return Assignment.objects.select_related("appointment").get(official=official)


def entry(staff: Staff, code: str) -> Entry:
    with entered(staff.administrator):
        return Entry.objects.get(code=code)


def ending(successor: Actor, last_day: date = YESTERDAY, reason: str = "Điều động") -> Ending:
    return Ending(last_day, reason, successor.account_id, "Tòng Văn Hặc", "30/QĐ-UBND")


def test_what_was_taken_and_what_waits_in_the_post_alone_goes_to_the_successor_by_one_move_each(here):
    official = recorded(here, "case_officer", agency_of(here))
    mine, waiting = with_the_officer(here), received(here.counter).code
    moved(here.counter, waiting, "forward")
    successor = colleague(here, "committee")
    before = {code: entry(here, code) for code in (mine, waiting)}
    assignment = held(here, official).pk
    with entered(here.administrator):
        sheet = end_post(reach_of(here.administrator), assignment, ending(successor))
    for code, was in before.items():
        now = entry(here, code)
        assert (now.state, now.step, now.due_at, now.pending, now.number) == (
            was.state, was.step, was.due_at, was.pending, was.number)  # fmt: skip
        assert (now.move_no, now.holder_account_id) == (was.move_no + 1, successor.account_id)
        with entered(here.administrator):
            move = Move.objects.get(entry=now, no=now.move_no)
            assert (move.name, move.data["handover"]) == (HAND_OVER, sheet.pk)
            assert Event.objects.filter(subject=f"entry:{now.pk}", tag="dossier:move:hand_over").count() == 1
    assert {line["code"] for line in sheet.lines} == {mine, waiting}
    posts.forget_actors()
    moved(posts.actor_for(successor.account_id), waiting, "accept_handover")
    moved(posts.actor_for(successor.account_id), mine, "submit_for_signature")
    assert pdf(sheet, "Lò Văn Giao", "Lò Thị Nhận")[:5] == b"%PDF-"


def agency_of(staff: Staff) -> str:
    """In whose hands a birth registration comes after the counter, as a body's key."""
    code = received(staff.counter).code
    moved(staff.counter, code, "forward")
    kind = Agency.objects.get(pk=entry(staff, code).holder_agency_id).kind
    moved(staff.case_officer, code, "withdraw", note="Thử")
    return str(kind)


def test_the_public_is_not_told_of_it_and_the_control_slip_names_who_took_it(here):
    official = recorded(here, "case_officer", agency_of(here))
    got = received(here.counter)
    moved(here.counter, got.code, "forward")
    moved(here.case_officer, got.code, "accept_handover")
    assignment, successor = held(here, official).pk, colleague(here, "committee")
    with entered(here.administrator):
        end_post(reach_of(here.administrator), assignment, ending(successor, reason="Kỷ luật"))
        case = details(got.code, here.administrator)
    assert [str(move.label) for move in tracked(got.code, got.secret).moves] == [
        "Cơ quan giải quyết đã nhận hồ sơ", "Chuyển bước tiếp theo", "Tiếp nhận hồ sơ"]  # fmt: skip
    rows = handovers(case)
    assert (rows[-1].giver_name, rows[-1].taker_name) == ("", "Đèo Thị Yêu")
    assert rows[0].taker_name == "Đặng Văn Ưng"
    assert timeline_of(case)[-1]["note"] == "Người nhận: Đèo Thị Yêu"
    assert holder_name(case) == "Đèo Thị Yêu"


def test_what_waits_in_a_post_that_a_colleague_holds_too_stays_there(here):
    kind = agency_of(here)
    official = recorded(here, "case_officer", kind)
    code = received(here.counter).code
    moved(here.counter, code, "forward")
    colleague(here, kind)
    successor = colleague(here, "committee", name="nguoi-khac")
    assignment = held(here, official).pk
    with entered(here.administrator):
        sheet = end_post(reach_of(here.administrator), assignment, ending(successor))
    assert sheet.lines == []
    assert entry(here, code).holder_account_id is None


def test_without_a_successor_nothing_ends(here):
    official = recorded(here, "case_officer")
    assignment = held(here, official)
    outsider = staffed_commune("03679").case_officer
    for successor in (outsider, here.case_officer):
        with entered(here.administrator), pytest.raises(StaffRefused) as refused:
            end_post(reach_of(here.administrator), assignment.pk, ending(successor))
        assert [one.field for one in refused.value.problems] == ["successor"]
    now = held(here, official)
    assert (now.valid_to, now.appointment.valid_to) == (None, None)
    with entered(here.administrator):
        assert not Handover.objects.exists()


def test_an_end_that_is_moved_leaves_one_sheet_and_access_up_to_the_new_day(here):
    official = recorded(here, "case_officer")
    assignment, successor = held(here, official).pk, colleague(here)
    for days in (3, 9):
        with entered(here.administrator):
            end_post(reach_of(here.administrator), assignment, ending(successor, TODAY + timedelta(days=days)))
    out = TODAY + timedelta(days=10)
    now = held(here, official)
    assert (now.valid_to, now.appointment.valid_to) == (out, out)
    with entered(here.administrator):
        assert [sheet.day for sheet in Handover.objects.all()] == [out]


def test_leaving_ends_every_post_and_access_and_hands_all_over(here):
    kind = agency_of(here)
    official = recorded(here, "case_officer", kind)
    code, successor = with_the_officer(here), colleague(here, "committee")
    with entered(here.administrator):
        sheet = leave(reach_of(here.administrator), official.pk, Departure.RETIRED, ending(successor))
        official.refresh_from_db()
        assert (official.left_on, official.left_why) == (TODAY, Departure.RETIRED)
        assert Assignment.objects.get().valid_to == TODAY
        assert Event.objects.get(tag="people:official:leave").subject == f"official:{official.pk}"
    with entered(here.administrator):
        held = Appointment.objects.filter(account_id=here.case_officer.account_id)
        assert held.exists() and not held.on(TODAY).exists()
    assert [line["code"] for line in sheet.lines] == [code]
    posts.forget_actors()
    assert posts.actor_for(here.case_officer.account_id).roles == frozenset()
    assert entry(here, code).holder_agency_id == Agency.objects.get(unit=here.unit, kind="committee").pk


def test_nobody_ends_their_own_post(here):
    official = recorded(here, "administrator", "office")
    assignment = held(here, official).pk
    with entered(here.administrator), pytest.raises(OwnAccount):
        end_post(reach_of(here.administrator), assignment, ending(here.chair))


def test_every_open_state_can_be_handed_over_and_no_closed_one():
    table = with_hand_over({("dossier", "go", "open", "closed"), ("dossier", "begin", "", "open")})
    assert {row for row in table if row[1] == HAND_OVER} == {("dossier", HAND_OVER, "open", "open")}
