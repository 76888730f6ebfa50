"""Performing a move: the one way in which an entry changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from django.db import DatabaseError, connection, connections, transaction

from haicap.kernel.entries.errors import EntryMovedOn
from haicap.kernel.entries.models import Entry
from haicap.kernel.entries.rules import HAND_OVER, with_hand_over

HAS_MOVED_ON = "HC409"
UNIQUE_VIOLATION = "23505"

_PERFORM = "SELECT entries_perform_move(%s::jsonb)"


@dataclass(frozen=True, kw_only=True)
class Becomes:
    """What a move makes of its entry; what is not named stays as it is."""

    state: str
    at: datetime
    holder_agency_id: int | None
    holder_role: str
    holder_account_id: int | None = None
    step: str = ""
    pending: bool = False
    due_at: datetime | None = None
    step_due_at: datetime | None = None
    paused_at: datetime | None = None
    closed_at: datetime | None = None
    agency_id: int | None = None
    role: str = ""
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def perform(entry: Entry, move: str, becomes: Becomes, *, topic: str = "") -> int:
    """Record `move` on `entry` as it was read, with its event in the trail and, with `topic`, a message in the outbox.

    Gives the move's number. Raises EntryMovedOn where somebody else's move came first: the trigger on the moves locks
    the entry and compares. Costs one statement.
    """
    facts = {name: value for name, value in vars(becomes).items() if name not in {"state", "data"}}
    facts |= {
        "entry_id": entry.pk, "no": entry.move_no + 1, "kind": entry.kind, "name": move, "from_state": entry.state,
        "to_state": becomes.state, "data": becomes.data, "topic": topic, "code": entry.code, "unit_id": entry.unit_id,
    }  # fmt: skip
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_PERFORM, [json.dumps(facts, ensure_ascii=False, default=_iso)])
            return int(cursor.fetchone()[0])
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.Error) and cause.sqlstate in {HAS_MOVED_ON, UNIQUE_VIOLATION}:
            raise EntryMovedOn from None
        raise


def hand_over(
    entry: Entry, *, at: datetime, post: tuple[int | None, str], account_id: int | None, note: str, data: dict[str, Any]
) -> int:
    """Give `entry` as it is into another post, and there to `account_id` (None: to whoever holds it). State, step, deadlines
    and pause stay. Gives the move's number; raises EntryMovedOn. One statement."""
    agency_id, role = post
    becomes = Becomes(
        state=entry.state, at=at, holder_agency_id=agency_id, holder_role=role, holder_account_id=account_id,
        step=entry.step, pending=entry.pending, due_at=entry.due_at, step_due_at=entry.step_due_at,
        paused_at=entry.paused_at, closed_at=entry.closed_at, agency_id=entry.holder_agency_id, role=entry.holder_role,
        note=note, data=data,
    )  # fmt: skip
    return perform(entry, HAND_OVER, becomes)


def sync_rules(table: Iterable[tuple[str, str, str, str]], *, alias: str = "owner") -> int:
    """Make the database's table of moves say what the rooms' rules say, and that work is handed over in every open state;
    gives the number of new rows.

    A rule that has gone stays where moves of the past refer to it.
    """
    wanted = with_hand_over(table)
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT kind, name, from_state, to_state FROM entries_rule")
        known = set(cursor.fetchall())
        fresh = sorted(wanted - known)
        cursor.executemany("INSERT INTO entries_rule (kind, name, from_state, to_state) VALUES (%s, %s, %s, %s)", fresh)
        for gone in sorted(known - wanted):
            cursor.execute(
                "DELETE FROM entries_rule r WHERE (kind, name, from_state, to_state) = (%s, %s, %s, %s) AND NOT EXISTS "
                "(SELECT FROM entries_move m WHERE (m.kind, m.name, m.from_state, m.to_state)"
                " = (r.kind, r.name, r.from_state, r.to_state))",
                gone,
            )
    return len(fresh)


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def next_numbers(unit_id: int, book: str, period: str, many: int) -> int:
    """The first of `many` numbers that follow each other in a unit's book of a period; one statement.

    The book stays locked until the transaction ends, and a rollback gives the numbers back: no gap is left.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT entries_next_numbers(%s, %s, %s, %s)", [unit_id, book, period, many])
        return int(cursor.fetchone()[0])
