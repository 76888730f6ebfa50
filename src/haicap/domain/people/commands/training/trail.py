"""Many events of the trail by one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

_RECORD = """
SELECT audit_record(t.subject, %s, t.unit_id, t.data)
FROM jsonb_to_recordset(%s::jsonb) AS t(subject text, unit_id int, data jsonb) ORDER BY t.subject
"""


def record_many(tag: str, events: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
    """Add an event to the chain of each subject: (subject, unit id, data)."""
    rows = [{"subject": subject, "unit_id": unit_id, "data": data} for subject, unit_id, data in events]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_RECORD, [tag, json.dumps(rows, ensure_ascii=False, default=str)])
