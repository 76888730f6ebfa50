"""The one heir of a divided unit where nothing else decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from haicap.domain.units import rules
from haicap.domain.units.models import Lineage, Unit
from haicap.domain.units.queries.units import Heir, heirs_by_unit


def default_heirs(unit_ids: Collection[int], day: date) -> Mapping[int, int]:
    """For each unit the one heir that answers on `day` for what no hamlet, address or person decides.

    Itself while it stands. Units without an heir (formed after `day`) are missing. Four statements for any number.
    """
    return {unit_id: heir for unit_id, (heir, _) in settled_heirs(unit_ids, day).items()}


def settled_heirs(unit_ids: Collection[int], day: date) -> Mapping[int, tuple[int, tuple[Heir, ...]]]:
    """The default heir of each unit together with all its heirs on `day`; see `default_heirs`."""
    found = heirs_by_unit(unit_ids, day)
    divided = [unit_id for unit_id, heirs in found.items() if len(heirs) > 1]
    units = Unit.objects.in_bulk(divided) if divided else {}
    rest = _takers_of_the_rest(divided, day) if divided else frozenset()
    return {
        unit_id: (_one(units[unit_id], heirs, rest) if len(heirs) > 1 else heirs[0].unit.pk, heirs)
        for unit_id, heirs in found.items()
        if heirs
    }


def _one(unit: Unit, heirs: tuple[Heir, ...], rest: Collection[tuple[int, int]]) -> int:
    claims = [
        rules.Claim(heir.unit.pk, heir.unit.code, heir.unit.name, heir.unit.kind, (unit.pk, heir.unit.pk) in rest)
        for heir in heirs
    ]
    return rules.default_heir(unit.code, unit.name, unit.kind, claims)


def _takers_of_the_rest(unit_ids: Collection[int], day: date) -> frozenset[tuple[int, int]]:
    """Pairs (divided unit, the heir that its resolution gives what is not named).

    Where that heir has itself ended since, its own default heir stands for it.
    """
    lines = Lineage.objects.by(day).filter(predecessor_id__in=unit_ids, residual=True)
    pairs = list(lines.values_list("predecessor_id", "successor_id"))
    later = default_heirs({successor for _, successor in pairs}, day) if pairs else {}
    return frozenset((unit_id, later.get(successor, successor)) for unit_id, successor in pairs)
