"""A post that ends on a later day: the worker hands over on that day, and leaves nothing in hands that may not act."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import time_machine

from haicap.domain.dossiers.tests.factories import moved, received, staffed_commune
from haicap.domain.people import queries as posts
from haicap.domain.people.commands.handovers import Successor
from haicap.domain.people.commands.handovers import end_post as end_access
from haicap.domain.people.commands.headcount.cases import CaseFacts, record_cases
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.models import Appointment, Handover
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.streamlining_rules import Scheme
from haicap.domain.people.tests.eyes import seeing_every_unit
from haicap.flows.handing_over.due import Carried, hand_over_due
from haicap.flows.handing_over.ending import end_post
from haicap.flows.tests.test_handing_over import (
    NOW,
    START,
    TODAY,
    YESTERDAY,
    agency_of,
    colleague,
    ending,
    held,
    recorded,
    with_the_officer,
)
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry
from haicap.kernel.jobs.commands import take_asked
from haicap.kernel.scope import entered


def test_on_the_day_the_worker_hands_over_and_gives_back_what_is_in_nobodys_hands(own_database, request):
    with time_machine.travel(NOW, tick=False):
        posts.forget_actors()
        staff = staffed_commune("03664")
        load_organisation([staff.unit], read_template(), START)
        kind = agency_of(staff)
        official, successor = recorded(staff, "case_officer", kind), colleague(staff)
        code, other = with_the_officer(staff), received(staff.counter).code
        leaver = colleague(staff, kind, name="nguoi-di")
        moved(staff.counter, other, "forward")
        moved(leaver, other, "accept_handover")
        last = TODAY + timedelta(days=6)
        assignment = held(staff, official).pk
        with entered(staff.administrator):
            end_post(reach_of(staff.administrator), assignment, ending(successor, last))
    # the leaver's access is ended elsewhere, without a successor
    with seeing_every_unit():
        Appointment.objects.filter(account_id=leaver.account_id).update(valid_to=last + timedelta(days=1))
    request.getfixturevalue("as_worker")
    with time_machine.travel(datetime.combine(last, time(23, 59), clock.ZONE), tick=False):
        assert hand_over_due() == Carried(0, 0, 0)
        assert Entry.objects.get(code=code).holder_account_id == staff.case_officer.account_id
    with time_machine.travel(datetime.combine(last + timedelta(days=1), time(0, 1), clock.ZONE), tick=False):
        assert hand_over_due() == Carried(1, 1, 0)
        assert hand_over_due() == Carried(0, 0, 0)
    assert Entry.objects.get(code=code).holder_account_id == successor.account_id
    freed = Entry.objects.get(code=other)
    assert (freed.holder_account_id, freed.holder_role) == (None, "case_officer")
    assert [line["code"] for line in Handover.objects.get().lines] == [code]
    posts.forget_actors()


def test_the_work_of_whoever_leaves_by_a_case_or_by_the_accounts_page_goes_on_in_the_workers_next_round(
    own_database, request
):
    with time_machine.travel(NOW, tick=False):
        posts.forget_actors()
        staff = staffed_commune("03664")
        load_organisation([staff.unit], read_template(), START)
        official, successor = recorded(staff, "case_officer", agency_of(staff)), colleague(staff)
        code, reach = with_the_officer(staff), reach_of(staff.administrator)
        second = colleague(staff, agency_of(staff), name="nguoi-hai")
        other = received(staff.counter).code
        moved(staff.counter, other, "forward")
        moved(second, other, "accept_handover")
        with entered(staff.administrator):
            facts = CaseFacts(official, Scheme.DOWNSIZING, TODAY, START, 90_000_000, "7/QĐ-UBND", TODAY,
                              successor=Successor(successor.account_id))  # fmt: skip
            record_cases(reach, [facts])
            post = Appointment.objects.get(account_id=second.account_id)
            end_access(reach, second.account_id, post.pk, YESTERDAY, Successor(successor.account_id))
    request.getfixturevalue("as_worker")
    with time_machine.travel(NOW, tick=False):
        assert take_asked() == ["hand-over"]
        assert hand_over_due() == Carried(2, 0, 0)
    assert {Entry.objects.get(code=one).holder_account_id for one in (code, other)} == {successor.account_id}
    lines = {sheet.giver_id: [line["code"] for line in sheet.lines] for sheet in Handover.objects.all()}
    assert lines == {staff.case_officer.account_id: [code], second.account_id: [other]}
    posts.forget_actors()
