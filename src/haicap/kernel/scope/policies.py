"""Row-level security, written once: what a migration runs for a table that holds a unit's rows."""

from __future__ import annotations

from haicap.kernel.db.provision import APP, WORKER

SEES_UNIT = "unit_id = ANY ((SELECT scope_units())::int[])"


def guard(table: str, sees: str, *, may_write: str | None = None, worker: str = "ALL") -> str:
    """SQL that guards `table`: the application sees rows where `sees` holds and writes where `may_write` does.

    `worker` names what the worker's role may do with every row: "ALL", "SELECT" or "" for nothing.
    """
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_app ON {table} TO {APP} USING ({sees}) WITH CHECK ({may_write or sees})",
    ]
    if worker:
        statements.append(f"CREATE POLICY {table}_worker ON {table} FOR {worker} TO {WORKER} USING (true)")
    return ";\n".join(statements) + ";"


def unguard(table: str) -> str:
    """The way back of `guard`."""
    return (
        f"DROP POLICY IF EXISTS {table}_worker ON {table}; DROP POLICY IF EXISTS {table}_app ON {table};"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    )
