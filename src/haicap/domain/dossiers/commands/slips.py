"""Numbers of the papers that belong to a dossier (forms 02 to 05): a book a form and year, without gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from haicap.domain.dossiers.models import Dossier, Slip
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry
from haicap.kernel.scope import Actor


def number_slip(
    actor: Actor, entry: Entry, dossier: Dossier, form: str, *, move_no: int, at: datetime, facts: dict[str, Any]
) -> Slip:
    """Take the next number in the book of `form` and keep the slip's facts with it: the book of the unit that received,
    or where that has ended by then or is not the actor's, of the actor's own."""
    stands = dossier.receiving_unit.is_on(clock.local(at).date()) and dossier.receiving_unit_id in actor.unit_ids
    book_unit = dossier.receiving_unit_id if stands else actor.unit_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT entries_next_number(%s, %s, %s)", [book_unit, form, f"{at:%Y}"])
        number = int(cursor.fetchone()[0])
    return Slip.objects.create(entry=entry, form=form, number=number, year=at.year, move_no=move_no, at=at, facts=facts)
