"""Who looked at a dossier's personal data, in words: for its citizen by post and unit, for who leads the unit by name too."""

from __future__ import annotations

from typing import Final

from django.db import connection

from haicap.domain.people.queries.looks import Look
from haicap.kernel import clock
from haicap.kernel.readings import Purpose
from haicap.kernel.readings import queries as readings

TOLD: Final = 20  # on the citizen's page, newest first


def looks_at(entry_id: int, *, before: int | None = None, limit: int = readings.PAGE) -> tuple[list[Look], int | None]:
    """One page of looks at a dossier that the actor may see, newest first, with names. One statement."""
    rows, following = readings.of_entry(entry_id, before=before, limit=limit)
    return [Look.of(row, named=True) for row in rows], following


def looks_for_citizen(code: str, secret: str, limit: int = TOLD) -> tuple[list[Look], int]:
    """The newest looks and how many there are in all; none without the slip's secret. One statement.

    An officer's own words for a purpose are left out: they are the office's note, not an answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dossiers_readers(%s, %s, %s)", [code, secret, limit])
        rows = cursor.fetchall()
    looks = [
        Look(door, whole, purpose if purpose in Purpose.values else "", post, unit, clock.local(first), clock.local(last),
             times)
        for door, whole, purpose, post, unit, first, last, times, _ in rows
    ]  # fmt: skip
    return looks, rows[0][8] if rows else 0


def codes_about(number: str, limit: int) -> list[str]:
    """The dossiers in the actor's scope that a person with this ID number filed, for themselves or another. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM dossiers_of_person(%s, %s)", [number, limit])
        return [row[0] for row in cursor.fetchall()]
