"""An applied resolution, the units it ended, and who holds their land at a moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from haicap.domain.units.models import Resolution, Unit
from haicap.domain.units.queries import heirs_by_unit, predecessor_ids
from haicap.flows.reorganisation.errors import ResolutionNotOne, ResolutionUnknown
from haicap.kernel import clock


@dataclass(frozen=True)
class Source:
    """A unit under which things were made that were in the care of an ended one: that one itself, or one before it."""

    unit: Unit
    held_by: int | None
    """The ended unit that had all of it; None where it had been divided before, and each thing must be asked for."""
    heirs: tuple[Unit, ...]
    """Who holds its land at the moment asked."""


@dataclass(frozen=True)
class Ended:
    """The units that a resolution ended, by id and in the order of their codes, and where their things come from."""

    units: Mapping[int, Unit]
    heirs: Mapping[int, tuple[Unit, ...]]
    sources: Mapping[int, Source]


def find_resolution(number: str) -> Resolution:
    """The applied resolution with this number (accents and case as written) or this id.

    Raises ResolutionUnknown; ResolutionNotOne where several applied files carry the number.
    """
    wanted = number.strip()
    found = list(Resolution.objects.in_force().filter(number=wanted))
    if not found and wanted.isdecimal() and len(wanted) < 10:
        found = list(Resolution.objects.in_force().filter(pk=int(wanted)))
    if not found:
        raise ResolutionUnknown(number=number)
    if len(found) > 1:
        ids = ", ".join(str(one.pk) for one in found)
        raise ResolutionNotOne(n=len(found), number=number, ids=ids)
    return found[0]


def takes_effect_at(resolution: Resolution) -> datetime:
    """The first moment of the resolution's day, in Vietnam."""
    return midnight(resolution.effective_on)


def midnight(day: date) -> datetime:
    """The first moment of a day in Vietnam."""
    return datetime.combine(day, time.min, tzinfo=clock.ZONE)


def ended_by(resolution: Resolution, day: date) -> Ended:
    """What the resolution ended, and who holds it on `day`. Five statements for any number of units."""
    units = {unit.pk: unit for unit in Unit.objects.filter(ended_by=resolution).with_parents().in_code_order()}
    eve = resolution.effective_on - timedelta(days=1)
    before = predecessor_ids(list(units), eve)
    earlier = Unit.objects.with_parents().in_bulk(before) if before else {}
    held, later = heirs_by_unit(before, eve), heirs_by_unit([*units, *before], day)
    heirs = {unit_id: tuple(heir.unit for heir in found) for unit_id, found in later.items()}
    sources = {unit_id: Source(unit, unit_id, heirs[unit_id]) for unit_id, unit in units.items()}
    for unit_id, unit in earlier.items():
        alone = held[unit_id][0].unit.pk if len(held[unit_id]) == 1 else None
        sources[unit_id] = Source(unit, alone, heirs[unit_id])
    return Ended(units, heirs, sources)


def name_of(unit: Unit) -> str:
    """What names a unit for good in a document: its code and the day since which it bears it."""
    return f"{unit.code}@{unit.valid_from.isoformat()}"


def province_ids(units: Collection[Unit], day: date) -> frozenset[int]:
    """The provinces, as rows of `day`, in which `units` lie or which they are."""
    codes = {unit.province_code for unit in units}
    return frozenset(Unit.objects.on(day).filter(code__in=codes).values_list("pk", flat=True))


def names_of_units() -> dict[int, str]:
    """Every unit's name for documents, by its row. One statement."""
    rows = Unit.objects.values_list("pk", "code", "valid_from")
    return {pk: f"{code}@{since.isoformat()}" for pk, code, since in rows}
