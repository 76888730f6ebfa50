"""The one heir of a divided unit where nothing else decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from haicap.domain.units import rules
from haicap.domain.units.models import Lineage, Unit
from haicap.domain.units.queries.units import Heir, heirs_by_unit
from haicap.domain.units.rules import UnitLevel


def default_heirs(unit_ids: Collection[int], day: date) -> Mapping[int, int]:
    """For each unit the one heir that answers on `day` for what no hamlet, address or person decides.

    Itself while it stands. Units without an heir (formed after `day`) are missing. One statement where no unit was
    divided, else two more a generation.
    """
    return {unit_id: heir for unit_id, (heir, _) in settled_heirs(unit_ids, day).items()}


def settled_heirs(unit_ids: Collection[int], day: date) -> Mapping[int, tuple[int, tuple[Heir, ...]]]:
    """The default heir of each unit together with all its heirs on `day`; see `default_heirs`."""
    found = heirs_by_unit(unit_ids, day)
    default = _followed([unit_id for unit_id, heirs in found.items() if len(heirs) > 1], day)
    return {
        unit_id: (default[unit_id] if len(heirs) > 1 else heirs[0].unit.pk, heirs)
        for unit_id, heirs in found.items()
        if heirs
    }


def _followed(unit_ids: Collection[int], day: date) -> Mapping[int, int]:
    """From each unit the default heir of its own end, then that one's, and so on up to `day`.

    Step by step, so that a later change among the other heirs never moves what was with this one.
    """
    at = {unit_id: unit_id for unit_id in unit_ids}
    while steps := _steps(set(at.values()), day):
        at = {unit_id: steps.get(here, here) for unit_id, here in at.items()}
    return at


def _steps(unit_ids: Collection[int], day: date) -> Mapping[int, int]:
    """For those of the units that have ended by `day`, the default one among their direct successors."""
    if not unit_ids:
        return {}
    claims: dict[int, list[rules.Claim]] = defaultdict(list)
    units: dict[int, Unit] = {}
    for line in Lineage.objects.by(day).filter(predecessor_id__in=unit_ids).select_related("predecessor", "successor"):
        units[line.predecessor_id] = line.predecessor
        claims[line.predecessor_id].append(_claim(line.successor, residual=line.residual))
    # a district has no successor of its own: its land is that of its communes
    ended = Unit.objects.filter(parent__in=unit_ids, parent__level=UnitLevel.DISTRICT, parent__valid_to__lte=day)
    for commune in ended.select_related("parent"):
        if district := commune.parent:
            units[district.pk] = district
            claims[district.pk].append(_claim(commune))
    return {
        unit_id: rules.default_heir(units[unit_id].code, units[unit_id].name, units[unit_id].kind, of_unit)
        for unit_id, of_unit in claims.items()
    }


def _claim(unit: Unit, *, residual: bool = False) -> rules.Claim:
    return rules.Claim(unit.pk, unit.code, unit.name, unit.kind, residual)
