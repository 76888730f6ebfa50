"""Staff records: who is taken in, which faults are told, and who sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.blocks import AssignmentKind, Block, StaffKind
from haicap.domain.people.commands.officials import OfficialFacts, Seat, record_officials
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.errors import StaffRefused
from haicap.domain.people.models import Assignment, Official
from haicap.domain.people.queries import account_at_door
from haicap.kernel.audit.models import Event
from haicap.kernel.errors import Denied
from haicap.kernel.scope import ANONYMOUS, entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

START = date(2025, 7, 1)
SEAT = Seat("culture_social", "officer", "12/QĐ-UBND", START, START)


@pytest.fixture
def here() -> Staff:
    staff = staffed_commune("03664")
    load_organisation([staff.unit], read_template(), START)
    return staff


def _facts(staff: Staff, **changes: object) -> OfficialFacts:
    facts = OfficialFacts(
        staff.unit, "lò  thị ánh", StaffKind.CIVIL_SERVANT, SEAT, born_on=date(1990, 5, 1), id_number="014190001234"
    )
    return replace(facts, **changes)


def _record(staff: Staff, *people: OfficialFacts, role: str = "administrator") -> list[Official]:
    actor = staff.actors[role]
    with entered(actor):
        return record_officials(actor=actor, people=people)


def test_somebody_is_taken_in_with_a_post_and_the_trail_tells(here):
    (official,) = _record(here, _facts(here))
    with entered(here.administrator):
        held = Assignment.objects.get(official=official)
        assert official.full_name == "Lò Thị Ánh"
        assert (held.block, held.body_key, held.post_key) == (Block.COMMITTEE, "culture_social", "officer")
        event = Event.objects.get(tag="people:officials:record")
        assert event.data == {"people": 1, "decisions": ["12/QĐ-UBND"]}


def test_every_fault_is_told_by_place_and_nothing_is_written(here):
    there = staffed_commune("03679")
    bad = [
        _facts(here, full_name=" ", id_number="123"),
        _facts(here, id_number="014190001235", born_on=date(2020, 1, 1),
               seat=replace(SEAT, post_key="khong-co", decision_number="")),
        _facts(there, id_number="014190001236", salary=0, staff_kind="concurrent", insured_from=date(2999, 1, 1)),
        _facts(here), _facts(here),
    ]  # fmt: skip
    with pytest.raises(StaffRefused) as refused:
        _record(here, *bad)
    assert {problem.field for problem in refused.value.problems} == {
        "people[0].full_name", "people[0].id_number", "people[1].born_on", "people[1].post", "people[1].decision_number",
        "people[2].unit", "people[2].salary", "people[2].staff_kind", "people[2].insured_from", "people[2].post",
        "people[4].id_number",
    }  # fmt: skip
    with entered(here.administrator):
        assert not Official.objects.exists()


def test_two_posts_of_ones_own_at_once_are_refused_by_the_database(here):
    (official,) = _record(here, _facts(here))
    with entered(here.administrator):
        first = Assignment.objects.get()
        second = {"official": official, "unit": here.unit, "block": "committee", "body_key": "office", "valid_from": START,
                  "post_key": "officer", "decision_number": "1", "decision_date": START}  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            Assignment.objects.create(**second, kind=AssignmentKind.PRIMARY)
        Assignment.objects.create(**second, kind=AssignmentKind.CONCURRENT)
        assert first.kind == AssignmentKind.PRIMARY


def test_only_who_keeps_the_staff_records_takes_people_in(here):
    for role in ("counter", "case_officer", "head", "chair", "clerk"):
        with pytest.raises(Denied):
            _record(here, _facts(here), role=role)


def test_the_unit_the_province_and_the_person_see_a_record_nobody_else(here):
    account = account_at_door(number=here.counter.account_id)
    _record(here, _facts(here, account_id=account.pk))
    there, province = staffed_commune("03679"), staffed_province()
    for actor, rows in ((here.chair, 1), (here.counter, 1), (province.operations, 1), (there.administrator, 0),
                        (province.department, 0), (ANONYMOUS, 0)):  # fmt: skip
        with entered(actor):
            assert (Official.objects.count(), Assignment.objects.count()) == (rows, rows)
    moved = replace(here.counter, unit_ids=(), agency_ids=(), roles=frozenset())
    with entered(moved):
        assert Official.objects.get().account_id == account.pk


def test_somebody_lent_to_another_unit_is_seen_there_too(here):
    (official,) = _record(here, _facts(here))
    there = staffed_commune("03679")
    with entered(here.administrator):
        Official.objects.filter(pk=official.pk).update(also_in=[there.unit.pk])
    with entered(there.administrator):
        assert Official.objects.get().pk == official.pk
        with pytest.raises(DatabaseError), transaction.atomic():
            Official.objects.update(full_name="x")


def test_the_cost_does_not_grow_with_the_people(here, queries):
    def taking(count: int, start: int) -> int:
        people = [_facts(here, id_number=f"0141900{start + n:05d}") for n in range(count)]
        return queries(lambda: _record(here, *people))

    assert taking(1, 0) == taking(30, 100)
