"""The table of moves, walked; the judgement of time at its edges."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.rules import CLOSED, MOVES, NATIONAL, OPEN, TO_RETURN, State
from haicap.domain.procedures.rules import Step
from haicap.kernel import clock
from haicap.kernel.language import speaking

SHORT = tuple(
    Step(key=key, name=key, agency=agency, role=role, share=0.25)
    for key, agency, role in (
        ("receive", "center", "counter"), ("examine", "office", "case_officer"), ("sign", "committee", "chair"),
        ("return", "center", "counter"),
    )
)  # fmt: skip
LONG = (*SHORT[:2], Step(key="check", name="check", agency="economy", role="head", share=0.2), *SHORT[2:])


def test_every_state_has_its_national_number_and_a_place():
    assert set(NATIONAL) == set(State)
    assert set(OPEN) | set(TO_RETURN) | set(CLOSED) == set(State)
    assert {NATIONAL[state] for state in TO_RETURN} == {9}


def test_every_legal_move_starts_where_another_ends_or_at_nothing():
    reachable = {to for _, _, _, to in rules.legal_moves()}
    for _, _, before, _ in rules.legal_moves():
        assert before == "" or before in reachable


def test_nothing_leaves_a_closed_state():
    assert not [row for row in rules.legal_moves() if row[2] in CLOSED]


def test_every_open_state_can_reach_the_end():
    edges = {(before, to) for _, _, before, to in rules.legal_moves()}
    for state in (*OPEN, *TO_RETURN):
        seen, edge = {state.value}, {state.value}
        while edge:
            edge = {to for before, to in edges if before in edge} - seen
            seen |= edge
        assert State.RETURNED.value in seen or seen & {s.value for s in CLOSED}


@pytest.mark.parametrize(
    ("steps", "at", "offered", "not_offered"),
    [
        (SHORT, "receive", {"forward", "decline_receipt"}, {"submit_for_signature", "send_back"}),
        (LONG, "receive", {"forward", "decline_receipt"}, {"submit_for_signature"}),
    ],
)
def test_the_counter_hands_on_or_declines(steps, at, offered, not_offered):
    names = set(rules.moves_offered("received", steps, at, pending=False, rounds=0))
    assert offered <= names
    assert not not_offered & names


def test_the_last_officer_before_the_decision_submits_and_the_others_forward():
    short = rules.moves_offered("processing", SHORT, "examine", pending=False, rounds=0)
    assert "submit_for_signature" in short
    assert "forward" not in short
    long = rules.moves_offered("processing", LONG, "examine", pending=False, rounds=0)
    assert "forward" in long
    assert "submit_for_signature" not in long
    assert "submit_for_signature" in rules.moves_offered("processing", LONG, "check", pending=False, rounds=0)


def test_what_was_handed_over_is_accepted_first():
    names = rules.moves_offered("processing", SHORT, "examine", pending=True, rounds=0)
    assert "accept_handover" in names
    assert not {"appraise", "submit_for_signature", "request_supplement"} & set(names)


def test_a_third_supplement_is_not_offered():
    for rounds, allowed in ((0, True), (1, True), (2, False)):
        names = rules.moves_offered("processing", SHORT, "examine", pending=False, rounds=rounds)
        assert ("request_supplement" in names) is allowed


@given(state=st.sampled_from(list(State)), pending=st.booleans(), rounds=st.integers(0, 2), at=st.integers(0, 4))
def test_whatever_is_offered_is_legal_in_the_database(state, pending, rounds, at):
    legal = {(name, before) for _, name, before, _ in rules.legal_moves()}
    for name in rules.moves_offered(state.value, LONG, LONG[at].key, pending=pending, rounds=rounds):
        assert (name, state.value) in legal


def test_time_is_judged_when_the_decision_is_made():
    due = datetime(2025, 9, 5, 17, 0, tzinfo=clock.ZONE)
    assert rules.standing_at(due, due) == "on_time"
    assert rules.standing_at(due, due + timedelta(seconds=1)) == "overdue"
    assert rules.standing_at(due, due.replace(hour=7, minute=0)) == "on_time"
    assert rules.standing_at(due, due - timedelta(days=1)) == "early"
    assert rules.standing_at(due, None) == ""
    assert rules.standing_at(None, due) == ""


def test_every_state_and_move_speaks_both_languages():
    for thing in [*(state.label for state in State), *(rule.label for rule in MOVES.values())]:
        with speaking("vi"):
            vietnamese = str(thing)
        with speaking("en"):
            assert str(thing) != vietnamese
