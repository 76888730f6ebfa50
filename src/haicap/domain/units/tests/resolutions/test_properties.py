"""Whatever valid resolutions follow one another: nothing is lost, every day has its answer, and undoing goes back exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from haicap.domain.units import queries, rules
from haicap.domain.units.commands.resolutions import apply, planning, read, undo
from haicap.domain.units.commands.resolutions.applying import copy, follow, judge
from haicap.domain.units.commands.resolutions.world import Standing
from haicap.domain.units.models import Lineage, Unit
from haicap.domain.units.rules import Edge, Share, Validity
from haicap.domain.units.tests.resolutions.snapshots import snapshot
from haicap.domain.units.tests.resolutions.stories import JULY, Story, base

# A story is told from its draws as it goes; making it smaller would take minutes and say little more.
STORIES = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": (Phase.explicit, Phase.generate)}

# A row's heirs on a day, each with the part of it that came to them.
Shares = dict[int, Fraction]


def shares(row: Standing, rows: dict[int, Standing], edges: list[Edge], day: date) -> Shares:
    """Follow `row` step by step to `day`: a whole passes everything on, parts pass equal parts; a district its communes."""
    if row.is_on(day):
        return {row.id: Fraction(1)}
    following = [rows[edge.successor] for edge in edges if edge.predecessor == row.id and edge.on <= day]
    if not following:
        following = [kid for kid in rows.values() if kid.parent_code == row.code and row.level == "huyen"
                     and kid.stands_before(row.valid_to or day)]  # fmt: skip
    found: dict[int, Fraction] = defaultdict(Fraction)
    for one in following:
        for heir, share in shares(one, rows, edges, day).items():
            found[heir] += share / len(following)
    return found


def flaws(rows: dict[int, Standing], edges: list[Edge]) -> list[str]:
    """What `rules.flaws` says of the history; only districts may end without an heir."""
    validity = {row.id: Validity(row.valid_from, row.valid_to) for row in rows.values()}
    districts = [row.id for row in rows.values() if row.level == "huyen"]
    return [f"{rows[flaw.unit]}: {flaw.what}" for flaw in rules.flaws(validity, edges, without_heir=districts)]


def turning_days(rows: dict[int, Standing]) -> set[date]:
    """The days on which anything changed, and their eves: on all others the answer is that of such a day."""
    days = {row.valid_from for row in rows.values()}
    return days | {day - timedelta(days=1) for day in days if day > rules.FIRST_KNOWN_DAY}


def chapters(story: Story, most: int) -> Iterator[tuple[str, planning.Plan]]:
    """The resolutions of a story, each judged without a fault and then followed."""
    while story.told < most or story.day < JULY:
        text = story.next_file()
        file = read(text, f"{story.told}.yaml")
        faults, resolved = judge(file, story.world())
        assert not faults, (text, [str(fault.message) for fault in faults])
        plan = planning.plan(file, resolved)
        yield text, plan
        story.follow(plan)


def edges_of(plan: planning.Plan, rows: list[Standing]) -> list[Edge]:
    """The plan's steps between rows; to be asked after it was followed."""
    formed = {row.code: row.id for row in rows if row.valid_from == plan.day}
    return [Edge(step.giver.id, formed[step.heir], step.share, plan.day) for step in plan.steps]


@given(data=st.data())
@settings(max_examples=60, **STORIES)
def test_any_sequence_keeps_everything_and_answers_for_every_day(data: st.DataObject) -> None:
    story = Story(data.draw)
    plans = [plan for _, plan in chapters(story, data.draw(st.integers(1, 9)))]
    edges = [edge for plan in plans for edge in edges_of(plan, story.rows)]
    rows = {row.id: row for row in story.rows}
    assert not flaws(rows, edges)
    for day in turning_days(rows):
        for row in rows.values():
            if row.valid_from <= day:
                held = shares(row, rows, edges, day)
                assert sum(held.values()) == 1, (row, day)
                heirs = rules.heirs(row.id, edges, day)
                if row.level != "huyen":
                    assert set(heirs) == set(held)
                    assert (len(heirs) == 1) == (set(heirs.values()) == {Share.WHOLE})
                claims = [rules.Claim(heir, rows[heir].code, rows[heir].name, rows[heir].kind) for heir in held]
                assert rules.default_heir(row.code, row.name, row.kind, claims) in held
        standing = [row for row in rows.values() if row.is_on(day)]
        codes = {row.code for row in standing}
        assert len(codes) == len(standing)
        assert all(row.parent_code in codes for row in standing if row.level != "tinh")


@pytest.fixture(scope="module")
def emptied(module_database: str) -> None:
    """A database whose units may be thrown away again and again."""


def restart() -> None:
    """Nothing but the tiny nation."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE units_unit, units_lineage, units_nationload, units_resolution, units_alias CASCADE")
        rows = base()
        ids = {row.code: row.id for row in rows}
        copy(cursor, "units_unit",
             ("id", "code", "name", "kind", "level", "parent_id", "province_id", "valid_from", "search"),
             ((row.id, row.code, row.name, row.kind, row.level, ids.get(row.parent_code or ""), row.province_id,
               row.valid_from, rules.search_text(row.name)) for row in rows))  # fmt: skip
        follow(cursor, "units_unit")
        follow(cursor, "units_lineage")


@given(data=st.data())
@settings(max_examples=12, **STORIES)
def test_the_database_does_what_the_model_does_and_undoing_goes_back_byte_for_byte(
    data: st.DataObject, emptied: None
) -> None:
    restart()
    story = Story(data.draw)
    plans: list[planning.Plan] = []
    before: list[tuple[str, bytes]] = []
    for text, plan in chapters(story, data.draw(st.integers(2, 7))):
        file = read(text, "thử.yaml")
        now = snapshot()
        before.append((file.number, now))
        assert apply(file, by="test", dry_run=True).dry_run
        assert snapshot() == now
        apply(file, by="test")
        assert apply(file, by="test").already
        plans.append(plan)
    compare(story, [edge for plan in plans for edge in edges_of(plan, story.rows)])
    for number, state in reversed(before):
        undo(number, by="test")
        assert snapshot() == state


def compare(story: Story, edges: list[Edge]) -> None:
    """Rows, lineage and the answers of every turning day are those of the model."""
    facts = ("id", "code", "name", "kind", "level", "parent__code", "province_id", "valid_from", "valid_to")
    assert set(Unit.objects.values_list(*facts)) == {
        (
            row.id,
            row.code,
            row.name,
            row.kind,
            row.level,
            row.parent_code,
            row.province_id,
            row.valid_from,
            row.valid_to,
        )
        for row in story.rows
    }
    assert set(Lineage.objects.values_list("predecessor_id", "successor_id", "share", "effective_on")) == {
        (edge.predecessor, edge.successor, edge.share.value, edge.on) for edge in edges
    }
    rows = {row.id: row for row in story.rows}
    for day in turning_days(rows):
        answers = queries.heirs_by_unit(list(rows), day)
        for row in rows.values():
            held = {} if row.valid_from > day else shares(row, rows, edges, day)
            assert {heir.unit.id for heir in answers[row.id]} == set(held), (row, day)
        assert {unit.code for unit in queries.units_on(day)} == {row.code for row in rows.values() if row.is_on(day)}
