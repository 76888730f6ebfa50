"""What a receipt needs to know of units, agencies, procedures and the calendar, kept in the process.

The hot path asks none of this of the database: units and agencies never change once made, the calendar and the
catalogue are kept by their own rooms. A unit is looked up again after UNIT_LIFE_S, so that a resolution is obeyed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from time import monotonic

from haicap.domain.dossiers.errors import CenterUnknown
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.queries.responsible import responsible_unit
from haicap.domain.people import queries as people
from haicap.domain.people.errors import AgencyUnknown
from haicap.domain.people.queries import AgencyRow
from haicap.domain.people.rules import AgencyKind
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Level, Step, Version
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel
from haicap.kernel import workdays
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.scope import Actor

UNIT_LIFE_S = 30.0
FORWARD_CUTOFF = time(15, 0)  # after 15:00 a dossier may go on the next working day (Decree 118/2025/NĐ-CP)

version_on = procedures.version_on


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the hot path needs it."""

    id: int
    code: str
    name: str
    level: str
    province_id: int
    province_code: str


_units: dict[tuple[str, date], tuple[float, UnitRow]] = {}


def receiving_unit(code: str, day: date) -> UnitRow:
    """The unit that bears `code` on `day`; raises UnitUnknown, UnitClosed and their like."""
    kept = _units.get((code, day))
    if kept is None or kept[0] < monotonic():
        row = _row(units.unit_on(code, day))
        if len(_units) > 20_000:  # a bound, not a policy: the nation has 3,355 units
            _units.clear()
        kept = _units[code, day] = (monotonic() + UNIT_LIFE_S, row)
    return kept[1]


def forget() -> None:
    """Look units up again: they have changed in this process."""
    _units.clear()


def agencies_for(unit: UnitRow, version: Version) -> tuple[AgencyRow, AgencyRow]:
    """The center that receives at `unit` and the agency that resolves; raises CenterUnknown and AgencyUnknown."""
    try:
        center = people.agency_of(unit.id, AgencyKind.CENTER)
    except AgencyUnknown:
        raise CenterUnknown(unit=unit.name) from None
    kind = version.deciding_agency
    return center, people.agency_of(_home_of(kind, unit), kind)


def agency_for_step(dossier: Dossier, step: Step, actor: Actor) -> AgencyRow:
    """The agency that does a step today: of the receiving unit, or where that has ended, of the one that answers for it
    (the actor's own unit where that is one of several heirs)."""
    unit = _today(dossier, actor)
    return people.agency_of(_home_of(step.agency, unit), step.agency)


def calendar_of(dossier: Dossier) -> workdays.Calendar:
    """The working calendar of the dossier's province."""
    return calendar_for(dossier.receiving_unit.province_code)


def due_of(version: Version, unit: UnitRow, received_at: datetime) -> datetime | None:
    """When a dossier received at this moment is due. A dossier of a provincial procedure starts when the department
    takes it over: promised is the day that follows from the latest lawful hand-over (Decree 118/2025/NĐ-CP)."""
    if version.time_limit is None:
        return None
    calendar = calendar_for(unit.province_code)
    start = received_at
    if version.level == Level.PROVINCE and unit.level != UnitLevel.PROVINCE:
        start = forward_by(unit, received_at, None)
    return workdays.due(calendar, start, version.time_limit)


def due_for(dossier: Dossier, start: datetime) -> datetime | None:
    """The deadline of an existing dossier whose clock starts at `start`."""
    version = procedures.version_by_id(dossier.version_id)
    return workdays.due(calendar_of(dossier), start, version.time_limit) if version.time_limit else None


def forward_by(unit: UnitRow, received_at: datetime, due_at: datetime | None) -> datetime:
    """By when the counter hands a dossier on: the same working day, the next one if received after 15:00; never after
    the dossier's own deadline (Decree 118/2025/NĐ-CP)."""
    latest = workdays.same_day(calendar_for(unit.province_code), received_at, FORWARD_CUTOFF)
    return latest if due_at is None else min(latest, due_at)


def _home_of(agency_kind: str, unit: UnitRow) -> int:
    """Departments belong to the province, all other agencies to the unit itself."""
    return unit.province_id if agency_kind.startswith("so-") else unit.id


def _today(dossier: Dossier, actor: Actor) -> UnitRow:
    unit = dossier.receiving_unit
    if unit.is_current:
        return _row(unit)
    answers = responsible_unit(dossier.entry, dossier.applicant_address)
    if answers.unit_id == actor.unit_id or not answers.waits:
        return _row(answers.unit)
    own = [heir for heir in answers.others if heir.pk == actor.unit_id]
    return _row((own or [answers.unit])[0])


def _row(unit: Unit) -> UnitRow:
    province = unit.province or unit
    return UnitRow(unit.pk, unit.code, unit.name, unit.level, province.pk, province.code)
