"""The bytes of everything that a resolution may touch, to compare before and after."""

from __future__ import annotations

from django.db import connections

TABLES = ("units_unit", "units_lineage")


def snapshot(*, sequences: bool = True) -> bytes:
    """Units and lineage as COPY writes them, in the order of their numbers, and where their sequences stand.

    A sequence is not rolled back with its transaction: one that was cut off may leave it ahead until the next applying, which
    counts on from the highest number in the table.
    """
    parts = []
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY id) TO STDOUT") as rows:
                parts += [bytes(block) for block in rows]
            if not sequences:
                continue
            cursor.execute(f"SELECT last_value, is_called FROM {table}_id_seq")
            parts.append(repr(cursor.fetchone()).encode())
    return b"".join(parts)
