"""Units, agencies and heirs of one import, read once: a row costs no statement here."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.errors import CenterUnknown
from haicap.domain.dossiers.queries import UnitRow
from haicap.domain.people import queries as people
from haicap.domain.people.models import Agency
from haicap.domain.people.queries import AgencyRow
from haicap.domain.people.rules import AgencyKind
from haicap.domain.procedures.rules import Version
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import Validity
from haicap.kernel.scope import Actor


class Directory:
    """The actor's units with all their generations, and these units' agencies. Costs four statements."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.generations: dict[str, list[tuple[Validity, UnitRow]]] = defaultdict(list)
        ids = set(actor.unit_ids)
        for unit in Unit.objects.filter(pk__in=actor.unit_ids).select_related("province"):
            province = unit.province or unit
            row = UnitRow(unit.pk, unit.code, unit.name, unit.level, province.pk, province.code)
            self.generations[unit.code].append((unit.validity, row))
            ids.add(province.pk)
        self.agencies = {
            (agency.unit_id, agency.kind): AgencyRow(
                agency.pk, agency.unit_id, agency.kind, agency.name, agency.identifier
            )
            for agency in Agency.objects.filter(unit_id__in=ids)
        }
        self.heirs: dict[int, int] | None = None

    def unit_on(self, code: str, day: date) -> UnitRow:
        """The unit that bore `code` on `day`; raises UnitUnknown, UnitClosed and their like."""
        for validity, row in self.generations.get(code, ()):
            if day in validity:
                return row
        return queries.receiving_unit(code, day)

    def agency(self, kind: str, unit_id: int, province_id: int) -> AgencyRow:
        """The agency of a kind that serves a unit: departments are the province's. Raises AgencyUnknown."""
        home = province_id if kind.startswith("so-") else unit_id
        return self.agencies.get((home, kind)) or people.agency_of(home, kind)

    def agencies_for(self, unit: UnitRow, version: Version) -> tuple[AgencyRow, AgencyRow]:
        """The center that received at `unit` and the agency that resolves; raises CenterUnknown, AgencyUnknown."""
        center = self.agencies.get((unit.id, AgencyKind.CENTER.value))
        if center is None:
            raise CenterUnknown(unit=unit.name)
        return center, self.agency(version.deciding_agency, unit.id, unit.province_id)

    def todays(self, kind: str, unit: UnitRow) -> AgencyRow:
        """The agency that does the work of a unit's agency today: the heir's; of several heirs the actor's own, else
        it stays with the divided unit's and on the list of what its heirs may take over."""
        if self.heirs is None:
            self.heirs = self._read_heirs()
        return self.agency(kind, self.heirs.get(unit.id, unit.id), self.heirs.get(unit.province_id, unit.province_id))

    def _read_heirs(self) -> dict[int, int]:
        heirs = {}
        for unit_id, found in units.heirs_by_unit(list(self.actor.unit_ids)).items():
            own = [heir.unit.pk for heir in found if heir.unit.pk == self.actor.unit_id]
            one = [heir.unit.pk for heir in found if len(found) == 1]
            heirs[unit_id] = (own or one or [unit_id])[0]
        return heirs
