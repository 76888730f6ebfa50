"""What happened to the units of a province between two days: who came of whom.

A period runs from the evening of one day to another day: `tu=2025-06-30`, `den=2025-07-01` is the night of the great
reorganisation. Whatever took effect after the first and by the second is followed through as many steps as it took.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from haicap.domain.units import rules
from haicap.domain.units.models import Unit
from haicap.domain.units.queries.units import unit_on
from haicap.domain.units.rules import Share, UnitChange, UnitKind, UnitLevel

_STEPS = """
WITH RECURSIVE place (id) AS (
    SELECT u.id FROM units_unit u LEFT JOIN units_unit p ON p.id = u.province_id
    WHERE (u.code = %(code)s OR p.code = %(code)s AND u.level = 'xa')
      AND u.valid_from <= %(until)s AND (u.valid_to IS NULL OR u.valid_to > %(until)s)
), back (id) AS (
    SELECT id FROM place
    UNION
    SELECT l.predecessor_id FROM back b JOIN units_lineage l ON l.successor_id = b.id
    WHERE l.effective_on > %(since)s AND l.effective_on <= %(until)s
), flow (id) AS (
    SELECT id FROM back
    UNION  -- what stood in the old provinces and went elsewhere
    SELECT u.id FROM back b JOIN units_unit u ON u.province_id = b.id
    WHERE u.level = 'xa' AND u.valid_from <= %(since)s AND (u.valid_to IS NULL OR u.valid_to > %(since)s)
    UNION
    SELECT l.successor_id FROM flow f JOIN units_lineage l ON l.predecessor_id = f.id
    WHERE l.effective_on > %(since)s AND l.effective_on <= %(until)s
)
SELECT f.id, l.successor_id, l.share, l.resolution, l.effective_on, l.hamlets, l.residual
FROM flow f LEFT JOIN units_lineage l ON l.predecessor_id = f.id
  AND l.effective_on > %(since)s AND l.effective_on <= %(until)s
ORDER BY l.effective_on, f.id, l.successor_id
"""

_DAYS = """
SELECT effective_on, count(DISTINCT predecessor_id) FILTER (WHERE of_communes),
       count(DISTINCT successor_id) FILTER (WHERE of_communes), bool_or(of_communes AND (several OR share = 'part')),
       array_agg(DISTINCT resolution ORDER BY resolution)
FROM (
    SELECT l.*, s.level = 'xa' AS of_communes,
           count(*) OVER (PARTITION BY l.successor_id, l.effective_on) > 1 AS several
    FROM units_lineage l JOIN units_unit s ON s.id = l.successor_id LEFT JOIN units_unit p ON p.id = s.province_id
    WHERE %(code)s::text IS NULL OR coalesce(p.code, s.code) = %(code)s
) step GROUP BY effective_on ORDER BY effective_on
"""
_LAST_CHANGE = """
SELECT greatest((SELECT max(loaded_at) FROM units_nationload), (SELECT max(applied_at) FROM units_resolution),
                (SELECT max(undone_at) FROM units_resolution))
"""


@dataclass(frozen=True)
class Period:
    """From the evening of `since` until `until`."""

    since: date
    until: date


TWO_LEVELS_NIGHT = Period(rules.TWO_LEVELS_FROM - timedelta(days=1), rules.TWO_LEVELS_FROM)
"""The night in which the nation's communes were reorganised and the districts ended."""


@dataclass(frozen=True)
class Day:
    """A day of change: how many communes ended and came, none where only a province changed; by which resolutions."""

    on: date
    before: int
    after: int
    is_reorganisation: bool
    """True when something was merged or divided; False where units only took another name or kind."""
    resolutions: tuple[str, ...]

    @property
    def period(self) -> Period:
        """The night of the change."""
        return Period(self.on - timedelta(days=1), self.on)


class Step(NamedTuple):
    """One line of lineage, by ids."""

    predecessor: int
    successor: int
    share: str
    resolution: str
    on: date
    hamlets: tuple[str, ...] = ()
    residual: bool = False


class Route(NamedTuple):
    """All ways together from a unit to one that stands at the end: by what, when, and which hamlets where named."""

    end: int
    steps: tuple[Step, ...]

    @property
    def hamlets(self) -> tuple[str, ...]:
        """Those that the last dividing resolution named."""
        named = [step.hamlets for step in self.steps if step.hamlets]
        return named[-1] if named else ()


@dataclass(frozen=True)
class Passage:
    """What of `before` is in `after`; the same unit where nothing happened to it."""

    before: Unit
    after: Unit
    share: Share
    portion: Fraction
    """1, divided by the number of heirs: how a drawing shares the unit out, not how its land was shared."""
    steps: tuple[Step, ...]
    hamlets: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """True when all of it went there."""
        return self.share == Share.WHOLE

    @property
    def resolutions(self) -> tuple[str, ...]:
        """By what, in the order of the days, each once."""
        return tuple(dict.fromkeys(step.resolution for step in self.steps))

    @property
    def days(self) -> tuple[date, ...]:
        """When, each day once."""
        return tuple(sorted({step.on for step in self.steps}))

    @property
    def takes_rest(self) -> bool:
        """True when the resolution says that what it does not name goes here."""
        return any(step.residual for step in self.steps)

    @property
    def district(self) -> Unit:
        """The unit above the old one; the old unit itself where it stood directly under the province as a district."""
        return self.before if self.before.level == UnitLevel.DISTRICT else (self.before.parent or self.before)


@dataclass(frozen=True)
class Reorganisation:
    """A province between two days."""

    province: Unit
    period: Period
    provinces: tuple[Unit, ...]
    """The provinces it was on the first day, itself among them where it stood."""
    districts: tuple[Unit, ...]
    """The districts of the first day that were gone on the second."""
    passages: tuple[Passage, ...]

    @cached_property
    def before(self) -> list[Unit]:
        """The communes of the first day."""
        found = {one.before.id: one.before for one in self.passages if one.before.level == UnitLevel.COMMUNE}
        return list(found.values())

    @cached_property
    def after(self) -> list[Unit]:
        """The communes of the second day that are in the province."""
        found = {one.after.id: one.after for one in self.passages if one.after.province_code == self.province.code}
        return list(found.values())

    @cached_property
    def divided(self) -> list[Unit]:
        """The old units that went to several."""
        return list({one.before.id: one.before for one in self.passages if not one.is_whole}.values())

    @cached_property
    def changes(self) -> Mapping[int, UnitChange | None]:
        """How each unit of the second day came to be."""
        origins: dict[int, list[Passage]] = defaultdict(list)
        for one in self.passages:
            origins[one.after.id].append(one)
        return {
            unit: rules.change(
                found[0].after.name, found[0].after.kind, [(p.before.name, p.before.kind, p.share) for p in found]
            )
            for unit, found in origins.items()
        }

    @property
    def kinds(self) -> list[tuple[UnitKind, int, int]]:
        """Each kind of commune that there was on either day, with how many before and after."""
        return by_kind(_kinds(self.before), _kinds(self.after))


def days_of_change(province_code: str | None = None) -> list[Day]:
    """The days on which a province (the nation) or its communes changed, oldest first, those to come among them.

    One statement. None for a code that no province bears.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"code": province_code})
        return [Day(on, before, after, re, tuple(numbers)) for on, before, after, re, numbers in cursor.fetchall()]


def last_change() -> str:
    """When the records of units last changed: by a load, by applying a resolution or by undoing one. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_CHANGE)
        return str(cursor.fetchone()[0])


def reorganisation(province_code: str, period: Period) -> Reorganisation:
    """What became of the communes of a province's land, by the code that it bears on the second day.

    Four statements for any size. Raises what `unit_on` raises where no province bears the code on the second day.
    """
    province = unit_on(province_code, period.until)
    found = _steps(province_code, period)
    units = {unit.id: unit for unit in Unit.objects.select_related("parent__province", "province").filter(id__in=found)}
    passages = _passages(units, routes(found, lambda unit: units[unit].is_on(period.until)), period)
    provinces = [one for one in units.values() if one.level == UnitLevel.PROVINCE and one.is_on(period.since)]
    old = {one.id for one in provinces}
    districts = Unit.objects.on(period.since).of_level(UnitLevel.DISTRICT).filter(province_id__in=old)
    ended = districts.exclude(Q(valid_to__isnull=True) | Q(valid_to__gt=period.until)).with_parents()
    ordered = sorted(passages, key=_in_order(province_code))
    here = tuple(one for one in ordered if one.before.province_id in old or one.after.province_code == province_code)
    return Reorganisation(
        province,
        period,
        tuple(sorted(provinces, key=lambda one: (one.code != province_code, one.code))),
        tuple(ended.in_code_order()),
        here,
    )


def _in_order(province_code: str) -> Any:
    """The province that kept the code first, then by the codes of districts and communes, whole before part."""

    def key(one: Passage) -> tuple[Any, ...]:
        own = one.before.province_code
        return (own != province_code, own, one.district.code, one.before.code, one.after.code)

    return key


def _steps(province_code: str, period: Period) -> dict[int, list[Step]]:
    """Every unit that the period touches, with the steps that lead on from it."""
    found: dict[int, list[Step]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, {"code": province_code, "since": period.since, "until": period.until})
        for unit, successor, share, resolution, on, hamlets, residual in cursor.fetchall():
            leading = found[unit]
            if successor is not None:
                leading.append(Step(unit, successor, share, resolution, on, tuple(hamlets), residual))
    return dict(found)


def routes(steps: Mapping[int, Sequence[Step]], stands: Any) -> dict[int, tuple[Route, ...]]:
    """For each unit the ends that its steps lead to, itself where it has none and `stands`; the same end is met once."""
    known: dict[int, tuple[Route, ...]] = {}
    waiting = list(steps)
    while waiting:
        unit = waiting[-1]
        missing = [step.successor for step in steps.get(unit, ()) if step.successor not in known]
        if unit not in known and missing:
            waiting.extend(missing)
            continue
        known[waiting.pop()] = _joined(unit, steps.get(unit, ()), known, stands)
    return known


def _joined(unit: int, leading: Sequence[Step], known: Mapping[int, tuple[Route, ...]], stands: Any) -> Any:
    if not leading:
        return (Route(unit, ()),) if stands(unit) else ()
    ends: dict[int, dict[Step, None]] = {}
    for step in leading:
        for route in known[step.successor]:
            ends.setdefault(route.end, {}).update(dict.fromkeys((step, *route.steps)))
    return tuple(Route(end, tuple(sorted(taken, key=lambda one: one.on))) for end, taken in ends.items())


def _passages(units: Mapping[int, Unit], found: Mapping[int, tuple[Route, ...]], period: Period) -> list[Passage]:
    """The routes of the communes of the first day, and of districts that had none and became one themselves."""
    passages = []
    for unit, ways in found.items():
        before = units[unit]
        if before.level == UnitLevel.PROVINCE or not before.is_on(period.since):
            continue
        share = Share.WHOLE if len(ways) == 1 else Share.PART
        portion = Fraction(1, len(ways) or 1)
        passages += [Passage(before, units[way.end], share, portion, way.steps, way.hamlets) for way in ways]
    return passages


def _kinds(units: Iterable[Unit]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for unit in units:
        found[unit.kind] += 1
    return found


def by_kind(before: Mapping[str, int], after: Mapping[str, int]) -> list[tuple[UnitKind, int, int]]:
    """Each kind that there was before or after, in the order of the law, with how many."""
    both = [(kind, before.get(kind, 0), after.get(kind, 0)) for kind in UnitKind]
    return [(kind, was, now) for kind, was, now in both if was or now]
