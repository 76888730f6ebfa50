"""Denunciations, as something that a unit holds: see `units.ports`. Told by their entries alone, which say nothing of persons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, connections

from haicap.domain.units.ports import Count, Item, Settled
from haicap.domain.units.queries.heirs import settled_heirs
from haicap.domain.voice.rules import KIND
from haicap.kernel import clock
from haicap.kernel.language import bi

PAGE: Final = 1000
_OPEN = "closed_at IS NULL OR closed_at >= %(at)s"
_ROWS = "FROM entries_entry e WHERE book_unit_id = ANY(%(units)s) AND kind = %(kind)s AND opened_at < %(at)s"
_COUNT = f"SELECT book_unit_id, count(*), count(*) FILTER (WHERE {_OPEN}) {_ROWS} GROUP BY 1"
_ITEMS = f"""
SELECT e.book_unit_id, e.code, sha256(convert_to(jsonb_build_array(
  'denunciation', e.code, e.book, e.period, e.number::text, (extract(epoch FROM e.opened_at) * 1000000)::bigint::text
)::text, 'UTF8')), {_OPEN}, e.id {_ROWS}
"""  # noqa: S608 - of fixed parts


class Denunciations:
    """Each denunciation entered in a unit's book; one of a divided unit is its default heir's."""

    code = "denunciations"

    @property
    def label(self) -> Any:
        """What people call it."""
        return bi("Đơn tố cáo", "Denunciations")

    def count(self, unit_ids: Collection[int], at: datetime, *, using: str = "default") -> Mapping[int, Count]:
        """What each unit held at `at`, and how much of it was not settled then."""
        with connections[using].cursor() as cursor:
            cursor.execute(_COUNT, _asked(unit_ids, at))
            return {unit_id: Count(total, under_way) for unit_id, total, under_way in cursor.fetchall()}

    def items(self, unit_ids: Collection[int], at: datetime) -> Iterator[Item]:
        """Each with the SHA-256 of its number, book and moment."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(_ITEMS, _asked(unit_ids, at))
            while rows := cursor.fetchmany(PAGE):
                for unit_id, key, digest, under_way, entry_id in rows:
                    yield Item(unit_id, key, bytes(digest), under_way, entry_id)

    def heirs(self, items: Sequence[Item], at: datetime) -> Mapping[str, Settled]:
        """The default heir of the unit."""
        of_units = settled_heirs({item.unit_id for item in items}, clock.local(at).date())
        return {item.key: Settled(of_units[item.unit_id][0], "default") for item in items if item.unit_id in of_units}


def _asked(unit_ids: Collection[int], at: datetime) -> dict[str, Any]:
    return {"units": list(unit_ids), "kind": KIND, "at": at}
