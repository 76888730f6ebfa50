"""A post that ends on a later day: the worker hands over on that day, and leaves nothing in hands that may not act."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import time_machine

from haicap.domain.dossiers.tests.factories import moved, received, staffed_commune
from haicap.domain.people import queries as posts
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.models import Appointment, Handover
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.tests.eyes import seeing_every_unit
from haicap.flows.handing_over.due import Carried, hand_over_due
from haicap.flows.handing_over.ending import end_post
from haicap.flows.tests.test_handing_over import (
    NOW,
    START,
    TODAY,
    agency_of,
    colleague,
    ending,
    held,
    recorded,
    with_the_officer,
)
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry
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
