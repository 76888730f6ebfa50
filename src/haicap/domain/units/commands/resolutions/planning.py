"""What a resolution does to the records: which rows end, which begin, and who follows whom. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from haicap.domain.units import rules
from haicap.domain.units.commands.resolutions.file import Changed, Created, ResolutionFile
from haicap.domain.units.commands.resolutions.records import Resolved
from haicap.domain.units.commands.resolutions.world import Standing, World
from haicap.domain.units.rules import Share, UnitLevel


@dataclass(frozen=True)
class Formed:
    """A unit that begins on the day; units above it are named by code."""

    code: str
    name: str
    kind: str
    parent: str | None
    lat: float | None = None
    lon: float | None = None
    area_km2: float | None = None

    @property
    def level(self) -> UnitLevel:
        """The level, by the code."""
        level = rules.level_of_code(self.code)
        if level is None:
            raise ValueError(self.code)
        return level


@dataclass(frozen=True)
class Step:
    """The whole or a part of an ended row goes to the new unit with the code `heir`."""

    giver: Standing
    heir: str
    share: Share
    resolution: str
    hamlets: tuple[str, ...] = ()
    residual: bool = False


@dataclass(frozen=True)
class Plan:
    """Everything that a resolution does on its day."""

    day: date
    ends: tuple[Standing, ...]
    forms: tuple[Formed, ...]
    steps: tuple[Step, ...]
    renamed: int
    reclassified: int
    adjusted: int

    def divided(self) -> list[dict[str, Any]]:
        """The units that go to several, each with its heirs and what is said of their parts."""
        names = {one.code: one.name for one in self.forms}
        heirs: dict[Standing, list[Step]] = defaultdict(list)
        for step in self.steps:
            heirs[step.giver].append(step)
        return [
            {
                "code": giver.code,
                "name": giver.name,
                "heirs": [
                    {"code": step.heir, "name": names[step.heir], "hamlets": list(step.hamlets),
                     "residual": step.residual}
                    for step in sorted(steps, key=lambda one: one.heir)
                ],
            }
            for giver, steps in sorted(heirs.items(), key=lambda pair: pair[0].code)
            if len(steps) > 1
        ]  # fmt: skip

    def heirs(self) -> dict[int, tuple[str, ...]]:
        """By the row of each unit that ends, the codes of those that follow it; a district's are its communes'."""
        found: dict[int, set[str]] = defaultdict(set)
        districts = {one.code: one.id for one in self.ends if one.level == UnitLevel.DISTRICT}
        for step in self.steps:
            found[step.giver.id].add(step.heir)
            if step.giver.parent_code in districts:
                found[districts[step.giver.parent_code]].add(step.heir)
        return {unit: tuple(sorted(codes)) for unit, codes in found.items()}

    def counts(self) -> dict[str, Any]:
        """How many units end and begin, by level, and what else happens."""
        return {
            "ended": _by_level(one.level for one in self.ends),
            "formed": _by_level(one.level for one in self.forms),
            "lineages": len(self.steps),
            "renamed": self.renamed,
            "reclassified": self.reclassified,
            "boundary_adjusted": self.adjusted,
        }


def _by_level(levels: Iterator[str]) -> dict[str, int]:
    counted = Counter(str(level) for level in levels)
    return {level.value: counted[level.value] for level in UnitLevel}


def plan(file: ResolutionFile, resolved: Resolved) -> Plan:
    """What `file`, judged without a fault, does to the units that were found for it."""
    if file.head.effective_on is None:
        raise ValueError("a file with faults has no plan")
    continued = [*_continued(file, resolved)]
    return Plan(
        day=file.head.effective_on,
        ends=(*resolved.ended.values(), *resolved.changed.values()),
        forms=(*(_formed(one) for one in file.created), *continued),
        steps=(*_flows(file, resolved), *_continuations(file, resolved)),
        renamed=len(file.renamed),
        reclassified=len(file.reclassified),
        adjusted=len(file.adjusted),
    )


def _formed(one: Created) -> Formed:
    if one.code is None or one.name is None or one.kind is None:
        raise ValueError("a file with faults has no plan")
    return Formed(one.code, one.name, one.kind, one.parent, one.lat, one.lon, one.area_km2)


def _flows(file: ResolutionFile, resolved: Resolved) -> Iterator[Step]:
    for one in file.created:
        for flow in one.flows:
            giver = resolved.ended[flow.code or ""]
            share, number = Share(flow.share or ""), one.by or file.number
            yield Step(giver, one.code or "", share, number, flow.hamlets, flow.residual)


def _changes(file: ResolutionFile) -> dict[str, Changed]:
    return {one.code: one for one in (*file.renamed, *file.reclassified) if one.code}


def _continued(file: ResolutionFile, resolved: Resolved) -> Iterator[Formed]:
    """The units that go on under their code; what boundaries enclose changed with them, so their area is open."""
    changes = _changes(file)
    moved = {unit.code for one in file.adjusted for unit in (one.giver, one.taker) if unit}
    for code, unit in resolved.changed.items():
        change = changes.get(code)
        name = change.new_name if change and change.new_name else unit.name
        kind = change.kind if change and change.kind else unit.kind
        area = None if code in moved else unit.area_km2
        yield Formed(code, name, kind, unit.parent_code, unit.lat, unit.lon, area)


def _continuations(file: ResolutionFile, resolved: Resolved) -> Iterator[Step]:
    """Each unit that goes on keeps what it does not give away; hamlets that go elsewhere are named parts."""
    changes = _changes(file)
    gifts: dict[tuple[str, str], tuple[list[str], str]] = {}
    for one in file.adjusted:
        giver, taker = (unit.code or "" if unit else "" for unit in (one.giver, one.taker))
        gifts[giver, taker] = ([*one.hamlets], one.by or file.number)
    givers = {giver: number for (giver, _), (_, number) in gifts.items()}
    takers = {taker: number for (_, taker), (_, number) in gifts.items()}
    for code, unit in resolved.changed.items():
        change = changes.get(code)
        number = (change.by if change else givers.get(code, takers.get(code))) or file.number
        if code in givers:
            yield Step(unit, code, Share.PART, number, residual=True)
        else:
            yield Step(unit, code, Share.WHOLE, number)
    for (giver, taker), (hamlets, number) in gifts.items():
        yield Step(resolved.changed[giver], taker, Share.PART, number, tuple(hamlets))


def parents_of(file: ResolutionFile) -> set[str]:
    """The codes of units whose children must be known to judge the file."""
    return {one.code for one in file.ended if one.code}


def above(formed: Formed, plan_: Plan, world: World) -> tuple[str, ...]:
    """The codes of the units above a new one on the day, the nearest first: its parent, and the province above that."""
    if formed.parent is None:
        return ()
    if rules.level_of_code(formed.parent) == UnitLevel.PROVINCE:
        return (formed.parent,)
    district = next((one for one in plan_.forms if one.code == formed.parent), None)
    if district:
        return formed.parent, district.parent or ""
    standing = world.on(formed.parent, plan_.day)
    return formed.parent, (standing.province_code if standing else None) or ""
