"""Whatever officers try in whatever order, an entry stays what its last move says, and its chain has no gap."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.domain.dossiers.rules import CLOSED, MOVES
from haicap.domain.dossiers.tests.factories import moved, received, staffed_commune
from haicap.flows.setup import legal_moves
from haicap.kernel.entries.commands import sync_rules
from haicap.kernel.entries.models import Entry, Move, Rule
from haicap.kernel.entries.rules import with_hand_over
from haicap.kernel.errors import DomainError
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

ROLES = ("counter", "case_officer", "head", "chair")
attempts = st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(sorted(MOVES))), min_size=1, max_size=14)
INPUTS = {"items": "Giấy A", "until": "31/12/2027", "result_number": "1", "received_by": "Mai"}


@pytest.fixture
def staff():
    return staffed_commune("03664")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attempts=attempts)
def test_any_sequence_of_attempts_keeps_the_chain_whole(staff, attempts):
    code = received(staff.counter).code
    made = 1
    for role, move in attempts:
        try:
            with transaction.atomic():
                moved(staff.actors[role], code, move, note="Lý do", fields=INPUTS)
            made += 1
        except DomainError as refusal:
            assert len(refusal.sentence()) > 10
    with entered(staff.counter):
        entry = Entry.objects.get(code=code)
        moves = list(Move.objects.filter(entry_id=entry.pk).order_by("no"))
    assert [move.no for move in moves] == list(range(1, made + 1))
    assert [move.from_state for move in moves] == ["", *(move.to_state for move in moves[:-1])]
    assert (entry.state, entry.move_no) == (moves[-1].to_state, made)
    assert (entry.closed_at is not None) == (entry.state in CLOSED)
    assert (entry.paused_at is not None) == (entry.state == "awaiting_supplement")
    assert (entry.holder_agency_id is None) == (entry.state in CLOSED)


def test_the_table_of_moves_in_the_database_is_the_one_in_the_rules():
    in_database = set(Rule.objects.values_list("kind", "name", "from_state", "to_state"))
    assert in_database == with_hand_over(legal_moves())
    assert sync_rules(legal_moves()) == 0
