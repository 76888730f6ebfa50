"""Which heir of a divided unit answers for one thing: the one that an address points to, by a hamlet that the resolution
names or by its own name, else the default heir. Always exactly one, so that nothing is in nobody's hands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import TextChoices

from haicap.domain.units.models import Unit
from haicap.domain.units.queries.addresses import propose, resolve
from haicap.domain.units.queries.heirs import settled_heirs
from haicap.domain.units.queries.units import Heir
from haicap.kernel.language import bi

# The division may lie some steps below the unit that is asked for.
_DIVISIONS = """
WITH RECURSIVE flow (of, unit_id) AS (
    SELECT id, id FROM units_unit WHERE id = ANY(%(units)s)
    UNION
    SELECT f.of, l.successor_id FROM flow f JOIN units_lineage l ON l.predecessor_id = f.unit_id
    WHERE l.effective_on <= %(day)s
)
SELECT DISTINCT f.of, f.unit_id FROM flow f JOIN units_lineage l ON l.predecessor_id = f.unit_id
WHERE l.effective_on <= %(day)s AND l.share = 'part' ORDER BY 1, 2
"""


class DecidedBy(TextChoices):
    """What says which heir it is."""

    ONLY = "only", bi("chỉ có một đơn vị kế tiếp", "there is one heir only")
    ADDRESS = "address", bi("theo địa chỉ", "by the address")
    DEFAULT = "default", bi("mặc định, vì địa chỉ chưa đủ để biết", "by default, since the address does not tell")


@dataclass(frozen=True, slots=True)
class Share:
    """The one heir that answers, and what says so."""

    heir: Unit
    decided_by: DecidedBy
    told: Any = ""

    @property
    def why(self) -> str:
        """The reason in one phrase, in the caller's language; it may repeat a part of the address."""
        return str(self.told).rstrip(".") or str(self.decided_by.label)


@dataclass(frozen=True)
class Shares:
    """The heirs of some units on one day, asked about as many addresses as there are; see `shares_of`."""

    day: date
    asked: frozenset[int]
    settled: Mapping[int, tuple[int, tuple[Heir, ...]]]
    divisions: Mapping[int, tuple[int, ...]]

    def knows(self, unit_id: int) -> bool:
        """True where the unit was asked for."""
        return unit_id in self.asked

    def and_of(self, others: Shares) -> Shares:
        """These and `others`, of the same day, together."""
        settled, divisions = {**self.settled, **others.settled}, {**self.divisions, **others.divisions}
        return Shares(self.day, self.asked | others.asked, settled, divisions)

    def heirs(self, unit_id: int) -> tuple[Unit, ...]:
        """Who holds the unit's land on the day, by code; the unit itself while it stands, nobody before it is formed."""
        return tuple(heir.unit for heir in self.settled.get(unit_id, (0, ()))[1])

    def is_divided(self, unit_id: int) -> bool:
        """True where several have a part of it."""
        return len(self.settled.get(unit_id, (0, ()))[1]) > 1

    def settle(self, unit_id: int, address: str = "") -> Share:
        """The heir that answers for a thing of `unit_id` whose person lives at `address`. Raises KeyError for a unit
        that was not asked for, or that was formed after the day."""
        default, heirs = self.settled[unit_id]
        units = {heir.unit.pk: heir.unit for heir in heirs}
        if len(units) == 1:
            return Share(units[default], DecidedBy.ONLY)
        told = self._told(unit_id, address, units.keys()) if address.strip() else None
        return Share(units[told[0]], DecidedBy.ADDRESS, told[1]) if told else Share(units[default], DecidedBy.DEFAULT)

    def _told(self, unit_id: int, address: str, heirs: Collection[int]) -> tuple[int, Any] | None:
        """The one heir that the address points to, and why. Where it may lie in several units, only one of them an heir,
        that one: the thing is known to come from this unit."""
        for division in self.divisions.get(unit_id, (unit_id,)):
            if (told := propose(division, address, heirs, self.day)) is not None:
                return told
        near = [one for one in resolve(address, self.day).candidates if one.unit_id in heirs]
        return (near[0].unit_id, near[0].why) if len(near) == 1 else None


def shares_of(unit_ids: Collection[int], day: date) -> Shares:
    """What `Shares` needs to know of these units on `day`: one statement where none was divided, else the few of
    `settled_heirs` and one more, for any number of units."""
    settled = settled_heirs(unit_ids, day)
    divided = [unit_id for unit_id, (_, heirs) in settled.items() if len(heirs) > 1]
    return Shares(day, frozenset(unit_ids), settled, _divisions(divided, day) if divided else {})


def _divisions(unit_ids: list[int], day: date) -> Mapping[int, tuple[int, ...]]:
    """For each unit the units of its line that were divided, itself or later ones."""
    with connection.cursor() as cursor:
        cursor.execute(_DIVISIONS, {"units": unit_ids, "day": day})
        rows = cursor.fetchall()
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, division in rows:
        found[unit_id].append(division)
    return {unit_id: tuple(divisions) for unit_id, divisions in found.items()}
