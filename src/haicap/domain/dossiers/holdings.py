"""Dossiers and their files, as something that a unit holds: see `units.ports`.

A dossier is held by the unit in whose book it stands, once, whichever unit decides it.
Files are counted here and not where they are stored: `kernel.files` knows no units' room, and a file belongs to
whoever answers for the entry it hangs on. A room whose entries carry files registers its own, by `_Kept`. Uploads that
hang nowhere yet are nobody's: the worker drops them after a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from django.db import connection, connections

from haicap.domain.dossiers.queries.responsible import Piece, settle
from haicap.domain.units.ports import Count, Item, Settled
from haicap.kernel import clock
from haicap.kernel.language import bi

PAGE: Final = 2000

_MOMENT = "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
_OPEN = "e.closed_at IS NULL OR e.closed_at >= %(at)s"
# As the applicant stood when it was received: what was corrected since says what stood there before. And as they stood at a
# moment, which decides by the address who answered then.
_CORRECTED = """coalesce((SELECT m.data->'before'->>'{key}' FROM entries_move m WHERE m.entry_id = d.entry_id
  AND m.name = 'correct_applicant' AND m.data->'before' ? '{key}' {since} ORDER BY m.no LIMIT 1), d.applicant_{key})"""
# The unit in whose book it stands, and the competent one, each with the day since which it bears its code: one code may
# name two units, one after the other.
_DOSSIER_FACTS = (
    "'dossier'", "e.code", "u.code", "u.valid_from::text", "c.code", "c.valid_from::text", "e.book", "e.period",
    "e.number::text", _MOMENT.format("e.opened_at"), _MOMENT.format("d.received_at"), "d.procedure_code", "d.channel",
    _CORRECTED.format(key="name", since=""), _CORRECTED.format(key="id_number", since=""), "d.quantity::text", "d.fee::text",
)  # fmt: skip
_DOSSIERS = """
FROM entries_entry e JOIN dossiers_dossier d ON d.entry_id = e.id JOIN units_unit u ON u.id = e.book_unit_id
JOIN units_unit c ON c.id = e.unit_id
WHERE e.book_unit_id = ANY(%(units)s) AND e.kind = 'dossier' AND e.opened_at < %(at)s
"""
_FILE_FACTS = (
    "'file'", "e.code", "a.id::text", "a.digest", "a.size::text", "a.name", "a.paper", _MOMENT.format("a.added_at"),
)  # fmt: skip
_FILES = """
FROM entries_entry e JOIN files_attachment a ON a.entry_id = e.id
WHERE e.book_unit_id = ANY(%(units)s) AND e.kind = 'dossier' AND a.added_at < %(at)s
"""
# All agencies that held it up to the moment, in the order in which each had it first, as the entry itself keeps them.
_HANDS = """
SELECT e.id, e.book_unit_id, coalesce((
  SELECT array_agg(h.agency ORDER BY h.first) FROM (
    SELECT m.holder_agency_id AS agency, min(m.no) AS first FROM entries_move m
    WHERE m.entry_id = e.id AND m.at <= %(at)s AND m.holder_agency_id IS NOT NULL GROUP BY m.holder_agency_id) h
), '{}') FROM entries_entry e WHERE e.id = ANY(%(entries)s)
"""
_ADDRESS = _CORRECTED.format(key="address", since="AND m.at > %(at)s")
_ADDRESSES = f"SELECT d.entry_id, {_ADDRESS} FROM dossiers_dossier d WHERE d.entry_id = ANY(%(entries)s)"  # noqa: S608


class _Kept:
    """A holding told by SQL: which rows there are, what names them, which facts of theirs never change."""

    code: ClassVar[str]
    rows: ClassVar[str]
    counted: ClassVar[str]
    key: ClassVar[str]
    facts: ClassVar[tuple[str, ...]]

    def count(self, unit_ids: Collection[int], at: datetime, *, using: str = "default") -> Mapping[int, Count]:
        """What each unit held at `at`, and how much of it was not closed then. One grouped statement."""
        sql = f"SELECT e.book_unit_id, count(*), count(*) FILTER (WHERE {_OPEN}) {self.counted} GROUP BY 1"
        with connections[using].cursor() as cursor:
            cursor.execute(sql, {"units": list(unit_ids), "at": at})
            return {unit_id: Count(total, under_way) for unit_id, total, under_way in cursor.fetchall()}

    def items(self, unit_ids: Collection[int], at: datetime) -> Iterator[Item]:
        """Each with the SHA-256 of its facts, written as a JSON array of texts; streamed, in no order."""
        line = f"sha256(convert_to(jsonb_build_array({', '.join(self.facts)})::text, 'UTF8'))"
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT e.book_unit_id, {self.key}, {line}, {_OPEN}, e.id {self.rows}",
                {"units": list(unit_ids), "at": at},
            )
            while rows := cursor.fetchmany(PAGE):
                for unit_id, key, digest, under_way, entry_id in rows:
                    yield Item(unit_id, key, bytes(digest), under_way, entry_id)

    def heirs(self, items: Sequence[Item], at: datetime) -> Mapping[str, Settled]:
        """Whoever answered for the dossier at `at`: see `queries.responsible`, asked with the hands it was in by then."""
        entries = list({item.ref for item in items})
        with connection.cursor() as cursor:
            cursor.execute(_HANDS, {"entries": entries, "at": at})
            pieces = [Piece(*row) for row in cursor.fetchall()]
        answer = settle(pieces, clock.local(at).date(), lambda wanted: _addresses(wanted, at))
        return {
            item.key: Settled(answer[item.ref].unit_id, str(answer[item.ref].basis))
            for item in items
            if item.ref in answer
        }


class Dossiers(_Kept):
    """Each dossier made under the unit."""

    code = "dossiers"
    rows = _DOSSIERS
    counted = (
        "FROM entries_entry e WHERE e.book_unit_id = ANY(%(units)s) AND e.kind = 'dossier' AND e.opened_at < %(at)s"
    )
    key = "e.code"
    facts = _DOSSIER_FACTS

    @property
    def label(self) -> Any:
        """What people call it."""
        return bi("Hồ sơ", "Dossiers")


class Files(_Kept):
    """Each file that hangs on a dossier of the unit; it is under way as long as the dossier is."""

    code = "files"
    rows = _FILES
    counted = _FILES
    key = "e.code || '/' || a.id"
    facts = _FILE_FACTS

    @property
    def label(self) -> Any:
        """What people call it."""
        return bi("Tệp", "Files")


def _addresses(entry_ids: Collection[int], at: datetime) -> Mapping[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSES, {"entries": list(entry_ids), "at": at})
        return dict(cursor.fetchall())
