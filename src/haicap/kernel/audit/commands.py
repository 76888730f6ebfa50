"""Writing the trail."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import connection, connections


def record(tag: str, *, subject: str, unit_id: int | None = None, data: dict[str, Any] | None = None) -> int:
    """Add an event to `subject`'s chain ("<kind>:<id>") in the present transaction; gives the event's id.

    `tag` reads "<room>:<noun>:<verb>". The actor is the one that the transaction was entered by.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_record(%s, %s, %s, %s::jsonb)",
            [subject, tag, unit_id, json.dumps(data or {}, ensure_ascii=False, default=str)],
        )
        return int(cursor.fetchone()[0])


def seal(day: date, *, alias: str = "owner") -> int:
    """Seal all events recorded since the last seal, in the name of `day`; gives how many. Costs one pass over them."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT audit_seal_all(%s)", [day])
        return int(cursor.fetchone()[0])
