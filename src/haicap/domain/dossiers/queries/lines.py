"""Lines of lists: what one row shows of a dossier, read for a whole page in one statement and without the ORM's models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from haicap.domain.dossiers import personal
from haicap.domain.dossiers.personal import Part, Situation
from haicap.domain.units import rules as units
from haicap.kernel.scope import Actor


class LineUnit(NamedTuple):
    """The unit that received; `valid_to`: the day from which it stood no more."""

    code: str
    name: str
    kind: str
    province_code: str
    valid_to: date | None

    @property
    def shown_name(self) -> str:
        """The name in the caller's language."""
        return units.shown_name(self.name, self.kind)

    def has_ended(self, day: date) -> bool:
        """True where it does not stand any more on `day`."""
        return self.valid_to is not None and self.valid_to <= day


class LineEntry(NamedTuple):
    """Number, state and deadline."""

    code: str
    state: str
    step: str
    pending: bool
    opened_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    closed_at: datetime | None
    holder_agency_id: int | None


class LastMove(NamedTuple):
    """What was done last."""

    name: str
    at: datetime
    actor_name: str


class Line(NamedTuple):
    """One dossier as a list shows it."""

    pk: int
    version_id: int
    procedure_code: str
    applicant_name: str
    priority: bool
    decided_at: datetime | None
    entry: LineEntry
    receiving_unit: LineUnit
    last: LastMove


_SELECT = """
SELECT d.entry_id, d.version_id, d.procedure_code, d.applicant_name, d.priority, d.decided_at,
       e.code, e.state, e.step, e.pending, e.opened_at, e.due_at, e.paused_at, e.closed_at,
       e.holder_agency_id, u.code, u.name, u.kind, coalesce(p.code, u.code), u.valid_to, m.name, m.at, m.actor_name
FROM {wanted}
JOIN entries_entry e ON e.id = wanted.id
JOIN dossiers_dossier d ON d.entry_id = e.id
JOIN entries_move m ON m.entry_id = e.id AND m.no = e.move_no
JOIN units_unit u ON u.id = d.receiving_unit_id
LEFT JOIN units_unit p ON p.id = u.province_id
ORDER BY {order}
"""
_BY_IDS = _SELECT.format(wanted="unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place)", order="wanted.place")


def lines(ids: Sequence[int], actor: Actor) -> list[Line]:
    """The lines of these entries, in the order of `ids`; those that the actor may not see are left out."""
    if not ids:
        return []
    return _read(_BY_IDS, {"ids": list(ids)}, actor)


def newest_lines(keys: str, values: Mapping[str, Any], actor: Actor) -> list[Line]:
    """The lines of the entries that the statement `keys` (id, opened_at; with `values`) finds, newest first."""
    order = "wanted.opened_at DESC, wanted.id DESC"
    return _read(_SELECT.format(wanted=f"({keys}) AS wanted", order=order), values, actor)


def _read(statement: str, values: Mapping[str, Any], actor: Actor) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    sight = personal.SIGHTS[Situation.LIST, personal.standing_in_lists(actor)][Part.NAME]
    return [
        Line._make((*row[:3], personal.masked_text(Part.NAME, row[3], sight), *row[4:6], LineEntry(*row[6:15]),
                    LineUnit(*row[15:20]), LastMove(*row[20:])))
        for row in rows
    ]  # fmt: skip
