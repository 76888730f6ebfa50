"""The family of a unit: every step that led to it and from it, through as many generations as the records know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from haicap.domain.units.models import Alias, Lineage, Unit

_FAMILY = """
WITH RECURSIVE back (of, id) AS (
    SELECT id, id FROM units_unit WHERE id = ANY(%(units)s)
    UNION
    SELECT b.of, l.predecessor_id FROM back b JOIN units_lineage l ON l.successor_id = b.id
), ahead (of, id) AS (
    SELECT id, id FROM units_unit WHERE id = ANY(%(units)s)
    UNION
    SELECT a.of, l.successor_id FROM ahead a JOIN units_lineage l ON l.predecessor_id = a.id
)
SELECT b.of, l.id FROM back b JOIN units_lineage l ON l.successor_id = b.id
UNION
SELECT a.of, l.id FROM ahead a JOIN units_lineage l ON l.predecessor_id = a.id
"""
FORMER_KINDS = ("closed", "kind", "moved", "renamed")
"""Kinds of alias that are names which the land really had; the others are ways to spell one."""


@dataclass(frozen=True)
class Family:
    """What led to a unit and what came of it, oldest step first."""

    unit: Unit
    steps: tuple[Lineage, ...]
    former: tuple[Alias, ...]
    """Names that the land bore before the records begin."""

    @property
    def days(self) -> list[tuple[date, list[Lineage]]]:
        """The steps by the day on which they took effect, oldest first: a generation each."""
        found: dict[date, list[Lineage]] = defaultdict(list)
        for step in self.steps:
            found[step.effective_on].append(step)
        return sorted(found.items())

    @property
    def is_deep(self) -> bool:
        """True when more than one generation of change is known."""
        return len(self.days) > 1

    @property
    def members(self) -> list[Unit]:
        """Every unit of the family once, itself among them."""
        found = {self.unit.id: self.unit}
        for step in self.steps:
            found |= {step.predecessor_id: step.predecessor, step.successor_id: step.successor}
        return list(found.values())


def families_of(units: Collection[Unit]) -> Mapping[int, Family]:
    """The family of each of `units`, by id. Three statements for any number, none for none."""
    if not units:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, {"units": [unit.id for unit in units]})
        pairs = cursor.fetchall()
    lines = Lineage.objects.with_units().in_bulk({line for _, line in pairs})
    steps: dict[int, list[Lineage]] = defaultdict(list)
    for of, line in pairs:
        steps[of].append(lines[line])
    names = _former({unit.id for unit in units} | {line.predecessor_id for line in lines.values()})
    found = {}
    for unit in units:
        own = sorted(steps[unit.id], key=lambda one: (one.effective_on, one.successor.code, one.predecessor.code))
        members = {unit.id} | {line.predecessor_id for line in own if line.successor_id == unit.id}
        found[unit.id] = Family(unit, tuple(own), tuple(name for one in sorted(members) for name in names[one]))
    return found


def _former(unit_ids: Collection[int]) -> dict[int, list[Alias]]:
    """Former names by unit."""
    found: dict[int, list[Alias]] = defaultdict(list)
    for name in Alias.objects.filter(unit_id__in=unit_ids, kind__in=FORMER_KINDS).select_related("unit"):
        found[name.unit_id].append(name)
    return found
