"""Writing a batch of judged rows: COPY into temporary tables, then into the guarded ones as the application's role.

PostgreSQL does not COPY into tables with row-level security; by way of a temporary table every policy, trigger and
constraint has its say, at a cost that does not depend on the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import Cursor, sql

from haicap.domain.dossiers.commands.importing.shapes import Candidate, Past
from haicap.domain.dossiers.rules import BOOK, KIND

ENTRY = (
    "id", "kind", "code", "unit_id", "book_unit_id", "book", "period", "number", "title", "state", "move_no",
    "holder_agency_id", "holder_role", "holder_account_id", "step", "pending", "opened_at", "due_at", "step_due_at",
    "paused_at", "closed_at", "agencies",
)  # fmt: skip
MOVE = (
    "entry_id", "no", "kind", "name", "from_state", "to_state", "at", "actor_id", "actor_name", "agency_id", "role",
    "note", "holder_agency_id", "holder_role", "holder_account_id", "step", "pending", "due_at", "step_due_at",
    "paused_at", "closed_at", "data",
)  # fmt: skip
OF_FACTS = (
    "channel", "priority", "applicant_name", "applicant_folded", "applicant_id_number", "applicant_phone",
    "applicant_email", "applicant_address", "quantity", "fee", "return_method", "received_at", "decided_at",
    "returned_at", "outcome", "result_number", "supplement_rounds", "extensions", "secret", "synthetic",
)  # fmt: skip
DOSSIER = (
    "entry_id", "version_id", "procedure_code", "competent_unit_id", "receiving_unit_id", "receiving_agency_id",
    "competent_agency_id", "proxy", "form", "checklist", "imported_from", *OF_FACTS,
)  # fmt: skip
TABLES = {"entries_entry": ENTRY, "entries_move": MOVE, "dossiers_dossier": DOSSIER}
KEYS = {"entries_entry": "id", "entries_move": "entry_id, no", "dossiers_dossier": "entry_id"}

_KNOWN = "SELECT dossiers_import_known(%s)"
_NUMBERS = "SELECT given, kept FROM dossiers_import_numbers(%s, %s::int[], %s, %s, %s::int[]) ORDER BY place"
_IDS = "SELECT nextval(pg_get_serial_sequence('entries_entry', 'id')) FROM generate_series(1, %s)"
_AUDIT = """
SELECT count(audit_record('entry:' || e.id, 'dossier:import', e.unit_id, jsonb_build_object(
  'code', e.code, 'from', d.imported_from, 'state', e.state, 'moves', e.move_no, 'row', i.digest)))
FROM import_digest i JOIN import_entries_entry e ON e.id = i.id JOIN import_dossiers_dossier d ON d.entry_id = i.id
"""


def known_keys(keys: list[str]) -> set[str]:
    """Those of `keys` that were imported before."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [keys])
        return {row[0] for row in cursor.fetchall()}


def write(batch: list[Candidate]) -> int:
    """Write the batch in the present transaction, each dossier with its whole history and one event in the trail.

    Gives how many came under a new code. The caller has entered the scope.
    """
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        numbers = _numbers(cursor, batch)
        ids = [row[0] for row in cursor.execute(_IDS, [len(batch)])]
        _make_temporary_tables(cursor)
        rows = list(zip(ids, numbers, batch, strict=True))
        _copy(cursor, "import_entries_entry", ENTRY, (_entry(*row) for row in rows))
        _copy(cursor, "import_entries_move", MOVE, (move for row in rows for move in _moves(row[0], row[2].moves)))
        _copy(cursor, "import_dossiers_dossier", DOSSIER, (_dossier(row[0], row[2]) for row in rows))
        _copy(cursor, "import_digest", ("id", "digest"), ((row[0], row[2].digest) for row in rows))
        for table, columns in TABLES.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            cursor.execute(sql.SQL("INSERT INTO {table} ({names}) SELECT {names} FROM {source} ORDER BY {key}").format(
                table=sql.Identifier(table), names=names, source=sql.Identifier(f"import_{table}"),
                key=sql.SQL(KEYS[table]),
            ))  # fmt: skip
        cursor.execute(_AUDIT)
    return sum(not kept for _, kept in numbers)


def _numbers(cursor: Cursor, batch: list[Candidate]) -> list[tuple[int, bool]]:
    cursor.execute(_NUMBERS, [
        BOOK, [row.book_unit_id for row in batch], [row.period for row in batch], [row.code for row in batch],
        [row.number for row in batch],
    ])  # fmt: skip
    return cursor.fetchall()


def _make_temporary_tables(cursor: Cursor) -> None:
    for table in TABLES:
        cursor.execute(sql.SQL("CREATE TEMPORARY TABLE IF NOT EXISTS {} (LIKE {}) ON COMMIT DROP").format(
            sql.Identifier(f"import_{table}"), sql.Identifier(table)
        ))  # fmt: skip
    cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS import_digest (id bigint, digest text) ON COMMIT DROP")
    names = sql.SQL(", ").join(
        sql.Identifier(name) for name in (*(f"import_{table}" for table in TABLES), "import_digest")
    )
    cursor.execute(sql.SQL("TRUNCATE {}").format(names))


def _copy(cursor: Cursor, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)) as copy:
        for row in rows:
            copy.write_row(row)


def _entry(entry_id: int, numbered: tuple[int, bool], row: Candidate) -> tuple[Any, ...]:
    number, kept = numbered
    last = row.moves[-1]
    code = row.code if kept else f"{row.prefix}{number:04d}"
    agencies = {move.holder_agency_id: None for move in row.moves if move.holder_agency_id}
    return (
        entry_id, KIND, code, row.unit_id, row.book_unit_id, BOOK, row.period, number, row.title, last.to_state,
        len(row.moves), last.holder_agency_id, last.holder_role, None, last.step, last.pending,
        _iso(row.moves[0].at), _iso(last.due_at), _iso(last.step_due_at), _iso(last.paused_at), _iso(last.closed_at),
        "{" + ",".join(map(str, agencies)) + "}",
    )  # fmt: skip


def _moves(entry_id: int, moves: list[Past]) -> Iterable[tuple[Any, ...]]:
    for no, move in enumerate(moves, start=1):
        yield (
            entry_id, no, KIND, move.name, move.from_state, move.to_state, _iso(move.at), None, move.actor_name,
            move.agency_id, move.role, move.note, move.holder_agency_id, move.holder_role, None, move.step,
            move.pending, _iso(move.due_at), _iso(move.step_due_at), _iso(move.paused_at), _iso(move.closed_at),
            _json(move.data) if move.data else "{}",
        )  # fmt: skip


def _dossier(entry_id: int, row: Candidate) -> tuple[Any, ...]:
    facts = row.facts
    return (
        entry_id, row.version.id, row.version.code, row.unit_id, row.book_unit_id, row.center.id, row.competent.id,
        _json(facts["proxy"]), _json(facts["form"]), "[]", row.key,
        *(_iso(value) if isinstance(value := facts[name], datetime) else value for name in OF_FACTS),
    )  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
