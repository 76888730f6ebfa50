"""Reading units: by code and day, inside one another, and through lineage.

Each question is one or two statements over an index; what every page asks is kept for some seconds (see `kept`).
Days are Vietnam's; None means today.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from haicap.domain.units import rules
from haicap.domain.units.errors import (
    BeforeRecords,
    CursorUnreadable,
    DateUnreadable,
    KindUnknown,
    UnitClosed,
    UnitNotYetFormed,
    UnitUnknown,
)
from haicap.domain.units.models import Lineage, Unit, UnitQuerySet
from haicap.domain.units.queries.kept import kept
from haicap.domain.units.rules import FIRST_KNOWN_DAY, Share, UnitChange, UnitKind, UnitLevel
from haicap.kernel import clock, vi
from haicap.kernel.db import rows

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_HEIR = (Unit, Unit, Unit)  # an heir, its parent, its province
_HEIRS = f"""
WITH RECURSIVE flow (of, unit_id) AS (
    SELECT id, id FROM units_unit WHERE id = ANY(%(units)s)
    UNION
    SELECT f.of, n.id FROM flow f, LATERAL (
        SELECT l.successor_id FROM units_lineage l WHERE l.predecessor_id = f.unit_id AND l.effective_on <= %(day)s
        UNION ALL  -- a district ends without a successor of its own: its land is that of its communes, also of those
                   -- that were formed under it when it had another name
        SELECT c.id FROM units_unit d JOIN units_unit p ON p.code = d.code JOIN units_unit c ON c.parent_id = p.id
        WHERE d.id = f.unit_id AND d.level = 'huyen' AND d.valid_to <= %(day)s
          AND c.valid_from < d.valid_to AND (c.valid_to IS NULL OR c.valid_to >= d.valid_to)
          AND NOT EXISTS (SELECT FROM units_lineage l WHERE l.predecessor_id = d.id)
    ) n (id)
)
SELECT f.of, {", ".join(rows.columns(model, alias) for model, alias in zip(_HEIR, "upv", strict=True))}
FROM flow f JOIN units_unit u ON u.id = f.unit_id
LEFT JOIN units_unit p ON p.id = u.parent_id LEFT JOIN units_unit v ON v.id = u.province_id
WHERE u.valid_from <= %(day)s AND (u.valid_to IS NULL OR u.valid_to > %(day)s)
  AND NOT EXISTS (SELECT FROM units_lineage l WHERE l.predecessor_id = f.unit_id AND l.effective_on <= %(day)s)
ORDER BY f.of, u.code
"""  # noqa: S608 - made of column names

_PREDECESSORS = """
WITH RECURSIVE before (unit_id) AS (
    SELECT l.predecessor_id FROM units_lineage l
    WHERE l.successor_id = ANY(%(units)s) AND l.effective_on <= %(day)s
    UNION
    SELECT l.predecessor_id FROM before b JOIN units_lineage l ON l.successor_id = b.unit_id
    WHERE l.effective_on <= %(day)s
)
SELECT unit_id FROM before WHERE unit_id <> ALL(%(units)s) ORDER BY unit_id
"""


@dataclass(frozen=True)
class Heir:
    """A unit that holds, on the day asked, the whole or a part of what an earlier one was."""

    unit: Unit
    share: Share


@dataclass(frozen=True)
class Generation:
    """One unit that bore a code, what it came from, what came of it, and who holds its land today if it ended."""

    unit: Unit
    predecessors: tuple[Lineage, ...]
    successors: tuple[Lineage, ...]
    heirs: tuple[Heir, ...]

    @property
    def change(self) -> UnitChange | None:
        """How it came to be; None where the records begin with it."""
        origins = [(line.predecessor.name, line.predecessor.kind, line.share) for line in self.predecessors]
        return rules.change(self.unit.name, self.unit.kind, origins)

    @property
    def formed_by(self) -> str:
        """The resolution by which it came to be; several apart by commas."""
        return ", ".join(sorted({line.resolution for line in self.predecessors}))

    @property
    def later_heirs(self) -> tuple[Heir, ...]:
        """Today's heirs where they are others than the successors: those of a district, or after a later change."""
        direct = {line.successor_id for line in self.successors}
        return () if direct == {heir.unit.id for heir in self.heirs} else self.heirs

    @property
    def last_day(self) -> date | None:
        """The last day on which it stood; None while it stands."""
        return self.unit.valid_to and self.unit.valid_to - timedelta(days=1)

    @property
    def ended_by(self) -> str:
        """The resolution by which it ended; several apart by commas."""
        return ", ".join(sorted({line.resolution for line in self.successors}))


@dataclass(frozen=True)
class CodeHistory:
    """All that one code has named, oldest first."""

    code: str
    generations: tuple[Generation, ...]

    @property
    def predecessors(self) -> tuple[Lineage, ...]:
        """Every step that led to a unit of this code."""
        return tuple(line for one in self.generations for line in one.predecessors)

    @property
    def successors(self) -> tuple[Lineage, ...]:
        """Every step that led from a unit of this code."""
        return tuple(line for one in self.generations for line in one.successors)

    def as_json(self) -> dict[str, Any]:
        """The history as the command line and the API tell it."""
        return {
            "code": self.code,
            "units": [one.unit.as_json() for one in self.generations],
            "predecessors": [_step(line, line.predecessor) for line in self.predecessors],
            "successors": [_step(line, line.successor) for line in self.successors],
            "heirs": [
                _named(heir.unit) | {"share": heir.share.value} for one in self.generations for heir in one.heirs
            ],
        }


def _named(unit: Unit) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "kind": unit.kind, "province_code": unit.province_code}


def _step(line: Lineage, other: Unit) -> dict[str, Any]:
    facts = {"share": line.share, "resolution": line.resolution, "on": line.effective_on.isoformat()}
    return _named(other) | facts


def known_day(day: date | None) -> date:
    """`day`, or today; raises BeforeRecords for a day that the records do not reach."""
    asked = day or clock.today()
    if asked < FIRST_KNOWN_DAY:
        raise BeforeRecords(on=vi.date_text(asked), first=vi.date_text(FIRST_KNOWN_DAY), field="on")
    return asked


def day_from(text: str | None) -> date:
    """The day that a caller wrote as YYYY-MM-DD, today for nothing; raises DateUnreadable and BeforeRecords."""
    if not text:
        return clock.today()
    try:
        if not _ISO_DAY.fullmatch(text):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError as error:
        raise DateUnreadable(value=text, field="on") from error
    return known_day(day)


def unit_on(code: str, day: date | None = None) -> Unit:
    """The unit that bore `code` on `day`, its parent and province read along.

    Raises UnitUnknown for a code never used, UnitClosed or UnitNotYetFormed when it named none on that day,
    BeforeRecords for a day before the records.
    """
    asked = known_day(day)
    generations = _generations(code)
    for unit in reversed(generations):
        if unit.is_on(asked):
            return unit
    nearest = next((unit for unit in reversed(generations) if unit.valid_from <= asked), generations[0])
    facts: dict[str, Any] = {"unit": code, "name": nearest.shown_name, "on": vi.date_text(asked), "field": "code"}
    if nearest.valid_to and nearest.valid_to <= asked:
        raise UnitClosed(ended=vi.date_text(nearest.valid_to), **facts)
    raise UnitNotYetFormed(formed=vi.date_text(nearest.valid_from), **facts)


def units_on(day: date | None = None, within: str | None = None, kind: str | None = None) -> UnitQuerySet:
    """Units that stood on `day`, inside the province or district with the code `within`, of one `kind`, by code.

    Raises what `unit_on` raises for `within`, and KindUnknown.
    """
    asked = known_day(day)
    found = Unit.objects.on(asked).with_parents().in_code_order()
    if within:
        found = found.within(unit_on(within, asked))
    if kind:
        if kind not in UnitKind.values:
            raise KindUnknown(value=kind, known=" ".join(UnitKind.values), field="kind")
        found = found.of_kind(kind)
    return found


def page_of_units(found: UnitQuerySet, cursor: str | None, limit: int) -> tuple[list[Unit], str | None]:
    """At most `limit` units of `units_on` behind the one whose code is `cursor`, and the cursor of the next page.

    Raises CursorUnreadable for a cursor that is no code.
    """
    if cursor:
        if not _is_code(cursor):
            raise CursorUnreadable(value=cursor, field="cursor")
        length = len(cursor)
        found = found.filter(Q(code_length__gt=length) | Q(code_length=length, code__gt=cursor))
    units = list(found[: limit + 1])
    return units[:limit], units[limit - 1].code if len(units) > limit else None


def communes_of(province_code: str, day: date | None = None) -> UnitQuerySet:
    """The communes, wards and special zones of a province on `day`, by code; raises what `unit_on` raises."""
    return units_on(day, within=province_code).of_level(UnitLevel.COMMUNE)


def province_of(unit: Unit, day: date | None = None) -> Unit:
    """The province of `unit`: without `day` the one that it was formed under, else the one of that code on `day`."""
    own = unit.province or unit
    return own if day is None or own.is_on(day) else unit_on(own.code, day)


def lineage_of(code: str) -> CodeHistory:
    """All units that bore `code`, each with its predecessors, its successors and its heirs of today.

    Four statements at most. Raises UnitUnknown for a code never used.
    """
    units = _generations(code)
    lines = Lineage.objects.with_units()
    origins = list(lines.filter(successor__in=units).order_by("effective_on", "predecessor__code"))
    successions = list(lines.filter(predecessor__in=units).order_by("effective_on", "successor__code"))
    heirs = heirs_by_unit([unit.id for unit in units if not unit.is_current])
    return CodeHistory(
        code,
        tuple(
            Generation(
                unit,
                tuple(line for line in origins if line.successor_id == unit.id),
                tuple(line for line in successions if line.predecessor_id == unit.id),
                heirs.get(unit.id, ()),
            )
            for unit in units
        ),
    )


def predecessor_ids(unit_ids: Collection[int], day: date | None = None) -> tuple[int, ...]:
    """Ids of all earlier units whose work, by `day`, is in the care of `unit_ids`; these themselves are not among them.

    Of a divided unit every successor has the care, until a person allots its work.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PREDECESSORS, {"units": list(unit_ids), "day": day or clock.today()})
        return tuple(row[0] for row in cursor.fetchall())


def heirs_by_unit(unit_ids: Collection[int], day: date | None = None) -> Mapping[int, tuple[Heir, ...]]:
    """For each unit id, who holds its land on `day`: itself while it stands, one heir wholly, several in part.

    One statement for any number of units, none for none; the answer for one is kept. A unit formed after `day` has none.
    """
    asked = day or clock.today()
    if len(unit_ids) == 1:
        return {unit_id: _heirs_of_one(unit_id, asked) for unit_id in unit_ids}
    return _read_heirs(unit_ids, asked) if unit_ids else {}


@kept
def _heirs_of_one(unit_id: int, day: date) -> tuple[Heir, ...]:
    return _read_heirs([unit_id], day)[unit_id]


def _read_heirs(unit_ids: Collection[int], day: date) -> Mapping[int, tuple[Heir, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_HEIRS, {"units": list(unit_ids), "day": day})
        pairs = cursor.fetchall()
    found: dict[int, list[Unit]] = {unit_id: [] for unit_id in unit_ids}
    known: dict[int, Unit] = {}
    for unit_id, heir_id, *others in pairs:
        if heir_id not in known:
            heir, heir.parent, heir.province = rows.made((heir_id, *others), *_HEIR)
            known[heir_id] = heir
        found[unit_id].append(known[heir_id])
    return {
        unit_id: tuple(Heir(unit, Share.WHOLE if len(held) == 1 else Share.PART) for unit in held)
        for unit_id, held in found.items()
    }


def heirs_of(unit: Unit, day: date | None = None) -> tuple[Heir, ...]:
    """Who holds the land of `unit` on `day`, and so answers for it: see `heirs_by_unit`."""
    return heirs_by_unit([unit.id], day)[unit.id]


def _generations(code: str) -> list[Unit]:
    """Every unit that bore `code`, oldest first; raises UnitUnknown when there is none."""
    found = list(Unit.objects.filter(code=code).with_parents().order_by("valid_from")) if _is_code(code) else []
    if not found:
        raise UnitUnknown(unit=code, field="code")
    return found


def _is_code(code: str) -> bool:
    return rules.level_of_code(code) is not None
