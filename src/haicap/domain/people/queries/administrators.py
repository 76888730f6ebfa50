"""Whom somebody asks for more than they may."""

from __future__ import annotations

from django.db import connection

from haicap.kernel import clock
from haicap.kernel.scope import Actor

MOST_NAMED = 3


def administrators_for(actor: Actor) -> list[str]:
    """ "Tòng Văn Hặc (Ủy ban nhân dân xã …)": who administers the actor's unit today, at most three.

    Somebody whose posts have ended is told of the unit of their last one. Empty where nobody is there. One statement.
    """
    return _told(actor.unit_id, actor.account_id)


def administrators_of(unit_id: int) -> list[str]:
    """The same of a unit. One statement."""
    return _told(unit_id, None)


def _told(unit_id: int | None, account_id: int | None) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT full_name, agency FROM people_administrators(%s, %s, %s) LIMIT %s",
                       [unit_id, account_id, clock.today(), MOST_NAMED])  # fmt: skip
        return [f"{person} ({agency})" for person, agency in cursor.fetchall()]
