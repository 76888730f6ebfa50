"""Noting looks inside a transaction that writes anyway, and forgetting those whose time is over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from haicap.kernel.readings import Note
from haicap.kernel.scope import Actor


def note(actor: Actor, notes: Iterable[Note]) -> None:
    """Note looks of `actor`, whom the transaction was entered by. One statement, however many."""
    facts = [one.as_json(actor.role_names, actor.unit_name) for one in notes]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT readings_note(one) FROM jsonb_array_elements(%s::jsonb) one",
            [json.dumps(facts, ensure_ascii=False)],
        )


def forget(before: datetime) -> int:
    """Remove looks that ended before `before`; gives how many. For the worker's role, which alone may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT readings_forget(%s)", [before])
        return int(cursor.fetchone()[0])
