"""Somebody acts in another's post for a time: from the day to the day, told at every act, and the work goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import time_machine

from haicap.domain.dossiers.errors import NotYours
from haicap.domain.dossiers.queries import find, waiting_counts
from haicap.domain.dossiers.queries.cases import details
from haicap.domain.dossiers.slip_facts import slip_for
from haicap.domain.dossiers.tests.factories import Staff, moved, received
from haicap.domain.dossiers.web.case_page import _by
from haicap.domain.people import queries as posts
from haicap.domain.people.commands import standing_in
from haicap.domain.people.commands.standing_in import StandInFacts
from haicap.domain.people.errors import OutOfReach, OwnAccount, StaffRefused
from haicap.domain.people.models import Appointment, Delegation
from haicap.domain.people.queries.reach import reach_of
from haicap.flows.tests.test_handing_over import NOW, TODAY, at_nine, colleague, entry, here, with_the_officer
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.entries.models import Move
from haicap.kernel.scope import Actor, entered

__all__ = ["at_nine", "here"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])

UNTIL = TODAY + timedelta(days=5)


def facts(deputy: Actor, **changes: object) -> StandInFacts:
    asked = StandInFacts(deputy.account_id or 0, "07/UQ-UBND", TODAY, TODAY, UNTIL, "Ký kết quả hộ tịch")
    return replace(asked, **changes)


def chairs_post(staff: Staff) -> int:
    with entered(staff.chair):
        return Appointment.objects.get(account_id=staff.chair.account_id, role="chair").pk


def authorised(staff: Staff, deputy: Actor, **changes: object) -> Delegation:
    post = chairs_post(staff)
    with entered(staff.administrator):
        return standing_in.authorise(reach_of(staff.administrator), post, facts(deputy, **changes))


def away(staff: Staff, who: Actor, deputy: Actor, **changes: object) -> list[Delegation]:
    with entered(staff.administrator):
        return standing_in.deputise(reach_of(staff.administrator), who.account_id or 0, facts(deputy, **changes))


def today_as(who: Actor) -> Actor:
    posts.forget_actors()
    return posts.actor_for(who.account_id or 0)


def for_signature(staff: Staff) -> str:
    code = with_the_officer(staff)
    moved(staff.case_officer, code, "submit_for_signature")
    return code


def last_move(staff: Staff, code: str) -> Move:
    with entered(staff.administrator):
        return Move.objects.filter(entry__code=code).order_by("-no")[0]


def test_whoever_is_authorised_signs_for_the_chair_and_every_act_says_so(here):
    code, deputy = for_signature(here), colleague(here)
    with pytest.raises(NotYours):
        moved(today_as(deputy), code, "approve", fields={"result_number": "1/2026"})
    authorised(here, deputy)
    assert waiting_of(today_as(deputy)) == 1
    moved(today_as(deputy), code, "approve", fields={"result_number": "1/2026"})
    move = last_move(here, code)
    assert move.data["on_behalf"] == {"name": "Quàng Thị Phương Thảo", "decision": "07/UQ-UBND", "prefix": "TUQ."}
    assert _by(move) == "TUQ. Đèo Thị Yêu, theo ủy quyền của Quàng Thị Phương Thảo (QĐ 07/UQ-UBND)"
    with entered(here.administrator):
        event = Event.objects.filter(subject=f"entry:{move.entry_id}").order_by("-seq")[0]
    assert event.data["data"]["on_behalf"]["decision"] == "07/UQ-UBND"


def test_what_is_signed_in_the_chairs_place_says_so_above_the_signature(here):
    code, deputy = with_the_officer(here), colleague(here)
    authorised(here, deputy)
    moved(today_as(deputy), code, "stop", note="Người dân đề nghị")
    with entered(here.administrator):
        letter = slip_for(details(code, here.administrator), "dung", base_url="")
    assert (letter.signer_title, letter.signer) == ("TUQ. Chủ tịch", "Đèo Thị Yêu")


def waiting_of(actor: Actor) -> int:
    with entered(actor):
        return waiting_counts(actor)["all"]


def test_it_begins_and_ends_with_its_days_at_midnight(here):
    deputy = colleague(here)
    authorised(here, deputy, valid_from=TODAY + timedelta(days=1))
    chair = (here.chair.roles - today_as(deputy).roles) & here.chair.roles
    for day, acts in (
        (TODAY, False),
        (TODAY + timedelta(days=1), True),
        (UNTIL - timedelta(days=1), True),
        (UNTIL, False),
    ):
        with time_machine.travel(datetime.combine(day, time(0, 0), clock.ZONE), tick=False):
            assert bool(chair & posts.actor_for(deputy.account_id or 0).roles) is acts, day


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_to": TODAY}, "last_day"),
        ({"decision_date": UNTIL}, "decision_date"),
        ({"decision_number": ""}, "decision_number"),
        ({"conditions": "x" * 501}, "conditions"),
        ({"deputy_id": 999_999}, "deputy"),
    ],
)
def test_what_is_refused(here, changes, field):
    with pytest.raises(StaffRefused) as refused:
        authorised(here, colleague(here), **changes)
    assert field in {one.field for one in refused.value.problems}


def test_not_for_oneself_not_beyond_ones_own_time_not_twice_and_never_an_administrators_post(here):
    with pytest.raises(StaffRefused):
        authorised(here, here.chair)
    post_of_chair, post_of_head = chairs_post(here), _post(here.head)
    with entered(here.administrator):
        assert Appointment.objects.filter(pk=post_of_chair).update(valid_to=UNTIL - timedelta(days=1))
    with pytest.raises(StaffRefused):
        authorised(here, here.clerk)
    with pytest.raises(OwnAccount):
        authorised(here, here.administrator)
    with pytest.raises(StaffRefused):
        with entered(here.administrator):  # a post that is no chair's
            standing_in.authorise(reach_of(here.administrator), post_of_head, facts(here.clerk))
    away(here, here.head, here.clerk)
    with pytest.raises(StaffRefused):
        away(here, here.head, here.case_officer)
    lent = today_as(here.clerk)
    assert ("administrator" in lent.role_names, "head" in lent.role_names) == (False, True)


def _post(actor: Actor) -> int:
    with entered(actor):
        return Appointment.objects.filter(account_id=actor.account_id).order_by("pk")[0].pk


def test_what_is_lent_is_not_lent_on(here):
    deputy = colleague(here)
    authorised(here, deputy)
    with pytest.raises(StaffRefused):
        away(here, deputy, here.clerk, valid_to=UNTIL + timedelta(days=999_999))
    away(here, deputy, here.clerk)
    assert "chair" not in today_as(here.clerk).role_names


def test_a_deputy_answers_for_what_the_absent_officer_has_taken_and_it_goes_back(here):
    code, fresh = with_the_officer(here), received(here.counter).code
    moved(here.counter, fresh, "forward")
    away(here, here.case_officer, here.clerk)
    deputy = today_as(here.clerk)
    assert waiting_of(deputy) == 2
    moved(deputy, fresh, "accept_handover")
    assert entry(here, fresh).holder_account_id == here.case_officer.account_id
    assert last_move(here, fresh).data["on_behalf"]["prefix"] == "KT."
    with time_machine.travel(datetime.combine(UNTIL, time(8), clock.ZONE), tick=False):
        assert waiting_of(today_as(here.clerk)) == 0
        with pytest.raises(NotYours):
            moved(today_as(here.clerk), code, "submit_for_signature")
        assert waiting_of(today_as(here.case_officer)) == 2


def test_a_deputy_at_the_counter_receives_in_the_absent_officers_place(here):
    away(here, here.counter, here.clerk)
    code = received(today_as(here.clerk)).code
    assert last_move(here, code).data["on_behalf"]["name"] == "Lò Thị Ánh"
    with entered(here.administrator):
        assert find(code)[0].state == "received"


def test_ended_early_it_is_over_at_once_and_only_the_unit_ends_it(here):
    deputy = colleague(here)
    made = authorised(here, deputy)
    with entered(here.administrator):
        reach = reach_of(here.administrator)
        with pytest.raises(StaffRefused):
            standing_in.end_standing_in(reach, made.pk, UNTIL)
        standing_in.end_standing_in(reach, made.pk, TODAY - timedelta(days=1))
        with pytest.raises(OutOfReach):
            standing_in.end_standing_in(reach, made.pk, TODAY)
    assert NOW and "chair" not in today_as(deputy).role_names
