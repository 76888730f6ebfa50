"""Whose rows an administrator may write here, and telling the trail once for each unit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from haicap.domain.people.errors import OnlyTheProvince
from haicap.domain.people.queries.reach import Reach
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel, level_of_code
from haicap.kernel.access import require

_RECORD = """
SELECT audit_record('unit:' || t.code, t.tag, t.id, t.data)
FROM jsonb_to_recordset(%s::jsonb) AS t(id int, code text, tag text, data jsonb) ORDER BY t.id
"""


def require_province(reach: Reach) -> None:
    """Raise OnlyTheProvince unless the administrator's post is in a province: a unit does not give itself a quota."""
    require(level_of_code(reach.actor.unit_code) == UnitLevel.PROVINCE, OnlyTheProvince())


def all_units(reach: Reach) -> dict[str, Unit]:
    """The units within reach by code, one that has ended giving way to one that stands. One statement."""
    found: dict[str, Unit] = {}
    for unit in Unit.objects.filter(pk__in=reach.unit_ids).order_by("valid_from"):
        found[unit.code] = unit
    return found


def tell_units(tag: str, by_unit: Mapping[Unit, Mapping[str, Any]] | Iterable[tuple[Unit, Mapping[str, Any]]]) -> None:
    """One event for each unit, in one statement."""
    pairs = by_unit.items() if isinstance(by_unit, Mapping) else by_unit
    told = [{"id": unit.pk, "code": unit.code, "tag": tag, "data": dict(data)} for unit, data in pairs]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [json.dumps(told, ensure_ascii=False, default=str)])
