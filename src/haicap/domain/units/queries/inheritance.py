"""What came to a unit from those before it: wholly, or as one of several heirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db import connection

from haicap.domain.units.queries.kept import kept

_INHERITED = """
WITH RECURSIVE start (unit_id) AS (
    SELECT id FROM units_unit WHERE {start}
), before (unit_id) AS (
    SELECT l.predecessor_id FROM start s JOIN units_lineage l ON l.successor_id = s.unit_id
    WHERE l.effective_on <= %(day)s
    UNION
    SELECT x.unit_id FROM before b CROSS JOIN LATERAL (
        SELECT l.predecessor_id AS unit_id FROM units_lineage l
        WHERE l.successor_id = b.unit_id AND l.effective_on <= %(day)s
        UNION ALL  -- what a district had under way went to those who have its communes
        SELECT d.id FROM units_unit c JOIN units_unit d ON d.id = c.parent_id
        WHERE c.id = b.unit_id AND d.level = 'huyen' AND d.valid_to <= %(day)s
    ) x
), flow (of, unit_id) AS (
    SELECT unit_id, unit_id FROM before
    UNION
    SELECT f.of, x.unit_id FROM flow f CROSS JOIN LATERAL (
        SELECT l.successor_id AS unit_id FROM units_lineage l
        WHERE l.predecessor_id = f.unit_id AND l.effective_on <= %(day)s
        UNION ALL
        SELECT c.id FROM units_unit d JOIN units_unit c ON c.parent_id = d.id
        WHERE d.id = f.unit_id AND d.level = 'huyen' AND d.valid_to <= %(day)s
    ) x
)
-- OFFSET 0: looked up one by one. The planner takes the few units of `flow` for a million and would read all units instead.
SELECT f.of, f.unit_id FROM flow f CROSS JOIN LATERAL (
  SELECT FROM units_unit u
  WHERE u.id = f.unit_id AND u.valid_from <= %(day)s AND (u.valid_to IS NULL OR u.valid_to > %(day)s) OFFSET 0) stands
WHERE NOT EXISTS (
  SELECT FROM units_lineage l WHERE l.predecessor_id = f.unit_id AND l.effective_on <= %(day)s OFFSET 0)
UNION ALL
SELECT unit_id, NULL FROM start
ORDER BY 1, 2
"""
_BY_IDS, _BY_CODE = _INHERITED.format(start="id = ANY(%(units)s)"), _INHERITED.format(start="code = %(units)s")


def inherited_by(unit_ids: Collection[int], day: date) -> Mapping[int, tuple[int, ...]]:
    """Every earlier unit of which, by `day`, the whole or a part has come to one of `unit_ids`, each with all its heirs.

    One heir: the unit's work is theirs. Several: it was divided, and each piece of work is one heir's (see `shares`).
    A district counts as divided among those who have its communes. `unit_ids` are not among the keys. One statement.
    """
    return _read(_BY_IDS, list(unit_ids), day)[1] if unit_ids else {}


@kept
def units_of_code(code: str, day: date) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Every unit that ever bore `code`, and by `day` those whose one heir one of these is. One statement, then kept."""
    own, inherited = _read(_BY_CODE, code, day)
    return own, tuple(unit_id for unit_id, heirs in inherited.items() if len(heirs) == 1)


def _read(statement: str, units: list[int] | str, day: date) -> tuple[tuple[int, ...], Mapping[int, tuple[int, ...]]]:
    """The units asked about, and what came to them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"units": units, "day": day})
        pairs = cursor.fetchall()
    own = tuple(unit_id for unit_id, heir_id in pairs if heir_id is None)
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, heir_id in pairs:
        if heir_id is not None and unit_id not in own:
            found[unit_id].append(heir_id)
    return own, {unit_id: tuple(heirs) for unit_id, heirs in found.items()}
