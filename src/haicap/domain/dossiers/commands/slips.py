"""Numbers of the papers that belong to a dossier (forms 02 to 05): a book a form and year, without gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from haicap.domain.dossiers.models import Dossier, Slip
from haicap.kernel.entries.models import Entry
from haicap.kernel.scope import Actor


def number_slip(
    actor: Actor, entry: Entry, dossier: Dossier, form: str, *, move_no: int, at: datetime, facts: dict[str, Any]
) -> Slip:
    """Take the next number of the actor's unit in the book of `form` and keep the slip's facts with it."""
    book_unit = dossier.receiving_unit_id if dossier.receiving_unit_id in actor.unit_ids else actor.unit_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT entries_next_number(%s, %s, %s)", [book_unit, form, f"{at:%Y}"])
        number = int(cursor.fetchone()[0])
    return Slip.objects.create(entry=entry, form=form, number=number, year=at.year, move_no=move_no, at=at, facts=facts)
