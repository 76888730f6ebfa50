"""What the records know of the units that a resolution names: every generation of their codes, and who stands under them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from haicap.domain.units import rules


class Standing(NamedTuple):
    """A row of `units_unit`, the codes of the units it was formed under, and the resolution that ended it."""

    id: int
    code: str
    name: str
    kind: str
    level: str
    parent_code: str | None
    province_code: str | None
    province_id: int | None
    valid_from: date
    valid_to: date | None
    lat: float | None
    lon: float | None
    area_km2: float | None
    ended_by: str

    def is_on(self, day: date) -> bool:
        """True when it stands on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def stands_before(self, day: date) -> bool:
        """True when it stood on the eve of `day`."""
        return self.valid_from < day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class World:
    """The units by code, oldest first, and by the code of the unit they stand under; `named` finds codes by a name."""

    generations: Mapping[str, list[Standing]] = field(default_factory=dict)
    children: Mapping[str, list[Standing]] = field(default_factory=dict)
    named: Callable[[str], list[Standing]] = lambda _: []

    def on(self, code: str, day: date) -> Standing | None:
        """Who bears `code` on `day`."""
        return next((one for one in self.generations.get(code, ()) if one.is_on(day)), None)

    def before(self, code: str, day: date) -> Standing | None:
        """Who bore `code` on the eve of `day`."""
        return next((one for one in self.generations.get(code, ()) if one.stands_before(day)), None)


def world_of(rows: Iterable[Standing], named: Callable[[str], list[Standing]] = lambda _: []) -> World:
    """The world of these rows."""
    generations: dict[str, list[Standing]] = {}
    children: dict[str, list[Standing]] = {}
    for one in sorted(rows, key=lambda row: row.valid_from):
        generations.setdefault(one.code, []).append(one)
        if one.parent_code:
            children.setdefault(one.parent_code, []).append(one)
    return World(generations, children, named)


_UNITS = """
SELECT u.id, u.code, u.name, u.kind, u.level, p.code, coalesce(t.code, u.code), u.province_id, u.valid_from, u.valid_to,
       u.lat, u.lon, u.area_km2, coalesce(r.number, '')
FROM units_unit u LEFT JOIN units_unit p ON p.id = u.parent_id LEFT JOIN units_unit t ON t.id = u.province_id
LEFT JOIN units_resolution r ON r.id = u.ended_by_id
"""
_OF_CODES = f"""
WITH asked AS (SELECT id, parent_id, province_id FROM units_unit WHERE code = ANY(%(codes)s)),
above AS (SELECT code FROM units_unit WHERE id IN (SELECT parent_id FROM asked UNION SELECT province_id FROM asked)),
wanted AS (
    SELECT id FROM asked UNION SELECT id FROM units_unit WHERE code IN (SELECT code FROM above)
    UNION SELECT c.id FROM units_unit p JOIN units_unit c ON c.parent_id = p.id WHERE p.code = ANY(%(parents)s)
)
{_UNITS} WHERE u.id IN (SELECT id FROM wanted)
"""  # noqa: S608 - two constants
_NAMED = f"{_UNITS} WHERE u.search LIKE %s ORDER BY u.valid_to IS NULL DESC, u.code LIMIT 5"


def load(cursor: Any, codes: Collection[str], parents: Collection[str]) -> World:
    """The world of `codes` and of all that ever stood under the units with the codes `parents`; one statement."""
    cursor.execute(_OF_CODES, {"codes": sorted(codes), "parents": sorted(parents)})
    rows = [Standing(*row) for row in cursor.fetchall()]

    def named(name: str) -> list[Standing]:
        cursor.execute(_NAMED, [f" {rules.search_key(name)} |%"])
        return [Standing(*row) for row in cursor.fetchall()]

    return world_of(rows, named)
