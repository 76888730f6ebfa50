"""The nation between two days: every province with what it was, and how many units of each kind before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from haicap.domain.units.models import Unit
from haicap.domain.units.queries.reorganisation import Period, by_kind
from haicap.domain.units.rules import UnitKind, UnitLevel

_COUNTS = """
SELECT coalesce(p.code, u.code), u.kind, u.level,
       count(*) FILTER (WHERE u.valid_from <= %(since)s AND (u.valid_to IS NULL OR u.valid_to > %(since)s)),
       count(*) FILTER (WHERE u.valid_from <= %(until)s AND (u.valid_to IS NULL OR u.valid_to > %(until)s)),
       count(*) FILTER (WHERE u.valid_from <= %(since)s AND u.valid_to > %(since)s AND u.valid_to <= %(until)s)
FROM units_unit u JOIN units_unit p ON p.id = u.province_id
GROUP BY 1, 2, 3
"""

_PROVINCES = """
WITH RECURSIVE flow (origin, id) AS (
    SELECT id, id FROM units_unit
    WHERE level = 'tinh' AND valid_from <= %(since)s AND (valid_to IS NULL OR valid_to > %(since)s)
    UNION
    SELECT f.origin, l.successor_id FROM flow f JOIN units_lineage l ON l.predecessor_id = f.id
    WHERE l.effective_on > %(since)s AND l.effective_on <= %(until)s
)
SELECT f.origin, f.id FROM flow f JOIN units_unit u ON u.id = f.id
WHERE u.valid_to IS NULL OR u.valid_to > %(until)s
"""

_DIVIDED = """
SELECT p.code, count(DISTINCT l.predecessor_id)
FROM units_lineage l JOIN units_unit s ON s.id = l.successor_id JOIN units_unit p ON p.id = s.province_id
WHERE l.share = 'part' AND l.effective_on > %(since)s AND l.effective_on <= %(until)s
GROUP BY p.code
"""


@dataclass(frozen=True)
class ProvinceCount:
    """One province of the second day, and what it was."""

    province: Unit
    origins: tuple[Unit, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]
    districts: int
    divided: int

    @property
    def communes_before(self) -> int:
        """Communes, wards and townships of the first day."""
        return sum(self.before.values())

    @property
    def communes_after(self) -> int:
        """Communes, wards and special zones of the second day."""
        return sum(self.after.values())

    @property
    def wards(self) -> int:
        """Wards of the second day."""
        return self.after.get(UnitKind.WARD, 0)

    @property
    def rural(self) -> int:
        """Communes in the strict sense of the second day."""
        return self.after.get(UnitKind.COMMUNE, 0)

    @property
    def zones(self) -> int:
        """Special zones of the second day."""
        return self.after.get(UnitKind.SPECIAL_ZONE, 0)


@dataclass(frozen=True)
class NationCount:
    """The nation between two days."""

    period: Period
    rows: tuple[ProvinceCount, ...]
    communes_of: Mapping[str, int]
    """How many communes each province of the first day had, by its code."""

    @property
    def provinces_before(self) -> int:
        """Provinces and cities of the first day."""
        return len({unit.id for row in self.rows for unit in row.origins})

    @property
    def communes_before(self) -> int:
        """Communes of the first day."""
        return sum(row.communes_before for row in self.rows)

    @property
    def communes_after(self) -> int:
        """Communes of the second day."""
        return sum(row.communes_after for row in self.rows)

    @property
    def districts(self) -> int:
        """Districts of the first day that were gone on the second."""
        return sum(row.districts for row in self.rows)

    @property
    def divided(self) -> int:
        """Units of the first day that went to several."""
        return sum(row.divided for row in self.rows)

    @property
    def kinds(self) -> list[tuple[UnitKind, int, int]]:
        """Each kind of commune that there was on either day, with how many before and after."""
        return by_kind(_added(row.before for row in self.rows), _added(row.after for row in self.rows))


def nation(period: Period) -> NationCount:
    """Every province of the second day with its counts on both. Four statements."""
    days = {"since": period.since, "until": period.until}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, days)
        counts = cursor.fetchall()
        cursor.execute(_PROVINCES, days)
        pairs = cursor.fetchall()
        cursor.execute(_DIVIDED, days)
        divided = dict(cursor.fetchall())
    units = Unit.objects.in_bulk({unit for pair in pairs for unit in pair})
    before, after, ended = _told(counts)
    origins: dict[int, list[Unit]] = defaultdict(list)
    for origin, end in pairs:
        origins[end].append(units[origin])
    rows = []
    for end in sorted(origins, key=lambda one: units[one].code):
        own = units[end].code
        kept = [one for one in origins[end] if one.code == own]
        from_ = (*kept, *sorted((one for one in origins[end] if one.code != own), key=lambda one: one.code))
        was = _added(before[one.code] for one in from_)
        rows.append(
            ProvinceCount(
                units[end], from_, was, after[own], sum(ended[one.code] for one in from_),
                divided.get(own, 0),
            )
        )  # fmt: skip
    return NationCount(period, tuple(rows), {code: sum(kinds.values()) for code, kinds in before.items()})


def _told(counts: Sequence[tuple[str, str, str, int, int, int]]) -> tuple[Any, Any, Any]:
    """By province's code: communes by kind before and after, and districts that ended."""
    before: dict[str, dict[str, int]] = defaultdict(dict)
    after: dict[str, dict[str, int]] = defaultdict(dict)
    ended: dict[str, int] = defaultdict(int)
    for code, kind, level, was, now, gone in counts:
        if level == UnitLevel.COMMUNE:
            before[code][kind], after[code][kind] = was, now
        else:
            ended[code] += gone
    return before, after, ended


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for one in counts:
        for kind, n in one.items():
            total[kind] += n
    return total
