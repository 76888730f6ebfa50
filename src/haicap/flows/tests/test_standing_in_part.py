"""A part of a post is lent: chosen procedures, only signing. It holds at every move, in every worklist, and on its days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from haicap.domain.dossiers.errors import NotYours
from haicap.domain.dossiers.queries import Filters, waiting, waiting_counts
from haicap.domain.dossiers.queries.cases import details
from haicap.domain.dossiers.queries.listed import dossiers_page
from haicap.domain.dossiers.tests.factories import BIRTH, Staff, moved, received
from haicap.domain.people import queries as posts
from haicap.domain.people.access import can_authorise
from haicap.domain.people.commands import standing_in
from haicap.domain.people.commands.standing_in import StandInFacts
from haicap.domain.people.errors import OutOfReach, StaffRefused
from haicap.domain.people.models import Account, Appointment, Delegation
from haicap.flows.tests.test_handing_over import NOW, TODAY, at_nine, colleague, here, with_the_officer
from haicap.kernel.access import NotGranted
from haicap.kernel.audit.models import Event
from haicap.kernel.entries.models import Move
from haicap.kernel.scope import Actor, Inheritance, StandsFor, entered

__all__ = ["at_nine", "here"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])

UNTIL, OTHER = TODAY + timedelta(days=5), "1.000894"  # marriages: not the birth that is received here
RESULT = {"result_number": "1/2026"}
PAGE = "/desk/uy-quyen/"


def lent(staff: Staff, deputy: Actor, *kinds: str, signing_only: bool = False) -> Delegation:
    facts = StandInFacts(deputy.account_id or 0, "07/UQ-UBND", TODAY, TODAY, UNTIL, "", kinds, signing_only)
    post_id = chairs_post(staff)
    with entered(staff.chair):
        made = standing_in.authorise_own(actor=staff.chair, post_id=post_id, facts=facts)
    posts.forget_actors()
    return made


def chairs_post(staff: Staff) -> int:
    with entered(staff.administrator):
        return Appointment.objects.get(account_id=staff.chair.account_id, role="chair").pk


def changed(staff: Staff, **values: object) -> None:
    with entered(staff.administrator):
        Delegation.objects.update(**values)


def noted(staff: Staff) -> list[Delegation]:
    with entered(staff.administrator):
        return list(Delegation.objects.order_by("pk"))


def as_today(who: Actor) -> Actor:
    posts.forget_actors()
    return posts.actor_for(who.account_id or 0)


def for_signature(staff: Staff) -> str:
    code = with_the_officer(staff)
    moved(staff.case_officer, code, "submit_for_signature")
    return code


def waits_for(actor: Actor) -> tuple[int, int, int]:
    """By the figures, by the list, by the list of all narrowed to one's own: they must agree."""
    with entered(actor):
        return (
            waiting_counts(actor)["all"], len(waiting(actor)[0]), len(dossiers_page(actor, Filters(mine=True))[0]),
        )  # fmt: skip


def offered(actor: Actor, code: str) -> set[str]:
    with entered(actor):
        return {rule.name for rule in details(code, actor).offered}


def test_only_the_procedures_that_are_lent_wait_and_are_signed(here):
    deputy, code = colleague(here), for_signature(here)
    lent(here, deputy, OTHER)
    outside = as_today(deputy)
    assert "chair" not in outside.role_names and waits_for(outside) == (0, 0, 0) and not offered(outside, code)
    with pytest.raises(NotYours):
        moved(outside, code, "approve", fields=RESULT)
    with pytest.raises(NotYours):  # what a chair may do to any dossier of the unit
        moved(outside, code, "stop", note="Người dân đề nghị")
    changed(here, kinds=[BIRTH, OTHER])
    inside = as_today(deputy)
    assert waits_for(inside) == (1, 1, 1) and {"approve", "stop", "refuse"} <= offered(inside, code)
    moved(inside, code, "approve", fields=RESULT)
    with entered(here.administrator):
        move = Move.objects.filter(entry__code=code).order_by("-no")[0]
    assert move.data["on_behalf"] == {"name": "Quàng Thị Phương Thảo", "decision": "07/UQ-UBND", "prefix": "TUQ."}


def test_only_signing_is_lent(here):
    deputy, early, code = colleague(here), with_the_officer(here), for_signature(here)
    lent(here, deputy, signing_only=True)
    signer = as_today(deputy)
    assert waits_for(signer) == (1, 1, 1)
    assert offered(signer, code) == {"accept_handover", "approve", "send_back", "refuse"}
    for dossier, move in ((early, "stop"), (code, "stop"), (code, "withdraw")):
        with pytest.raises(NotYours):
            moved(signer, dossier, move, note="x")
    moved(signer, code, "refuse", note="Không đủ điều kiện")


def test_what_is_lent_in_part_goes_with_its_days_and_with_its_end(here):
    deputy, code = colleague(here), for_signature(here)
    made = lent(here, deputy, BIRTH)
    with time_machine.travel(NOW + timedelta(days=5), tick=False):  # the first day after
        assert waits_for(as_today(deputy)) == (0, 0, 0) and not as_today(deputy).stands_in_part
        with pytest.raises(NotYours):
            moved(as_today(deputy), code, "approve", fields=RESULT)
    with entered(here.chair):
        with pytest.raises(StaffRefused):
            standing_in.end_own_standing_in(actor=here.chair, delegation_id=made.pk, last_day=UNTIL)
        standing_in.end_own_standing_in(actor=here.chair, delegation_id=made.pk, last_day=TODAY - timedelta(days=1))
        with pytest.raises(OutOfReach):
            standing_in.end_own_standing_in(actor=here.chair, delegation_id=made.pk, last_day=TODAY)
    with pytest.raises(NotYours):
        moved(as_today(deputy), code, "approve", fields=RESULT)
    with entered(here.administrator):
        told = [one.data for one in Event.objects.filter(tag__startswith="people:stand_in:").order_by("id")]
    assert (told[0]["kinds"], told[0]["signing_only"], len(told)) == ([BIRTH], False, 2)


def test_work_in_the_chairs_own_hands_is_lent_too_and_no_colleagues(here):
    deputy, code = colleague(here), for_signature(here)
    moved(here.chair, code, "accept_handover")
    lent(here, deputy, BIRTH, signing_only=True)
    assert waits_for(as_today(deputy)) == (1, 1, 1)
    first = chairs_post(here)
    with entered(here.administrator):
        other = Account.objects.exclude(pk__in=[here.chair.account_id, deputy.account_id])[0]
        agency_id = Appointment.objects.get(pk=first).agency_id
        second = Appointment.objects.create(account=other, agency_id=agency_id, role="chair", valid_from=TODAY)
    changed(here, appointment=second)
    assert waits_for(as_today(deputy)) == (0, 0, 0)


def test_whoever_acts_for_a_chair_lends_nothing_on_and_a_chair_lends_only_their_own(here):
    deputy = colleague(here)
    lent(here, deputy, BIRTH)
    facts, post = StandInFacts(here.clerk.account_id or 0, "08/UQ", TODAY, TODAY, UNTIL), chairs_post(here)
    for whole in (False, True):
        if whole:
            changed(here, kinds=[])
        with entered(as_today(deputy)), pytest.raises(NotGranted):
            standing_in.authorise_own(actor=as_today(deputy), post_id=post, facts=facts)
    assert "chair" in as_today(deputy).role_names and not can_authorise(as_today(deputy))
    assert can_authorise(as_today(here.chair)) and not can_authorise(
        replace(here.chair, scopes=frozenset({"dossiers:write"}))
    )
    with entered(here.administrator):
        heads = Appointment.objects.filter(account_id=here.head.account_id)[0].pk
    for post_id, changes, field in (
        (heads, {}, "post"), (post, {"kinds": ("9.999999",)}, "kinds"),
        (post, {"deputy_id": here.chair.account_id}, "deputy"),
    ):  # fmt: skip
        with entered(here.chair), pytest.raises(StaffRefused) as refused:
            standing_in.authorise_own(actor=here.chair, post_id=post_id, facts=replace(facts, **changes))
        assert field in {one.field for one in refused.value.problems}


def test_a_part_counts_in_ended_agencies_whose_work_came_to_the_post():
    part = StandsFor(7, "chair", 1, "A", "1/UQ", "TUQ.", kinds=frozenset({BIRTH}))
    actor = Actor("B", account_id=2, inheritance=Inheritance(homes=((70, 7), (80, 8))), stands_in_part=(part,))
    assert actor.towards(BIRTH, signing=False).roles == {(7, "chair"), (70, "chair")}
    assert actor.towards(OTHER, signing=True).roles == frozenset() == actor.roles
    assert actor.towards(BIRTH, signing=True).acts_for(7, "chair") == part and actor.acts_for(7, "chair") is None


def test_a_chair_lends_and_ends_by_page(here, queries):
    deputy, chair = colleague(here), here.client("chair")
    for_signature(here)
    text = chair.get(PAGE).content.decode()
    assert "Bạn chưa ủy quyền cho ai" in text and "Khai sinh" not in text.split("<form")[0] and f"_k_{BIRTH}" in text
    typed = {
        "post": chairs_post(here), "deputy": deputy.account_id, "decision_number": "7/UQ", "decision_date": "04/03/2026",
        "valid_from": "04/03/2026", "last_day": "08/03/2026",
    }  # fmt: skip
    chosen = {"lends": "chosen", "acts": "signing", "kinds": [BIRTH]}
    for wrong in (
        {}, {"lends": "chosen", "acts": "all"}, {"lends": "all", "acts": "all", "kinds": [BIRTH]}, chosen | {"kinds": "x\x00"},
        chosen | {"post": "9" * 30}, chosen | {"last_day": "31/02/2026"}, chosen | {"deputy": here.chair.account_id},
    ):  # fmt: skip
        answer = chair.post(f"{PAGE}giao/", typed | wrong)
        assert answer.status_code == 422 and "7/UQ" in answer.content.decode(), wrong
    assert not noted(here)
    assert chair.post(f"{PAGE}giao/", typed | chosen).status_code == 302
    (made,) = noted(here)
    assert (made.kinds, made.signing_only) == ([BIRTH], True)
    page = chair.get(PAGE).content.decode()
    assert "Chỉ ký kết quả · 1 thủ tục" in page and "Đang hiệu lực" in page
    few = queries(lambda: chair.get(PAGE))
    with entered(here.administrator):
        for n in range(1, 9):
            day = TODAY - timedelta(days=9 * n)
            Delegation.objects.create(
                unit=made.unit, kind=made.kind, appointment=made.appointment, account=made.account, decision_number=str(n),
                decision_date=TODAY, valid_from=day, valid_to=day + timedelta(days=1), kinds=[BIRTH, OTHER],
            )  # fmt: skip
    assert queries(lambda: chair.get(PAGE)) == few <= 12
    ending = f"{PAGE}{made.pk}/ket-thuc/"
    assert chair.post(ending, {"last_day": "x"}).status_code == 422
    assert here.client("head").post(ending, {"last_day": "03/03/2026"}).status_code == 403
    assert chair.post(ending, {"last_day": "03/03/2026"}).status_code == 302
    assert made.pk not in {one.pk for one in noted(here)}


def test_a_deputy_sees_on_the_page_and_in_the_bar_what_is_lent(here):
    received(here.counter)
    lent(here, here.clerk, BIRTH)
    deputy = here.client("clerk")
    assert "trong phạm vi được giao" in deputy.get("/desk/").content.decode()
    page = deputy.get(PAGE).content.decode()
    assert BIRTH in page and "Quàng Thị Phương Thảo" in page and "giao/" not in page
    assert "Không có ủy quyền nào" in here.client("counter").get(PAGE).content.decode()
