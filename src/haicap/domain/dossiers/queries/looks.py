"""Who looked at a dossier's personal data, in words: for its citizen by post and unit, for who leads the unit by name too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from haicap.domain.people.rules import Role
from haicap.kernel import clock
from haicap.kernel.language import bi
from haicap.kernel.readings import Door, Purpose
from haicap.kernel.readings import queries as readings

TOLD: Final = 20  # on the citizen's page, newest first


@dataclass(frozen=True, slots=True)
class Look:
    """One look, or several of the same officer within minutes; `actor_name` is empty for the citizen."""

    door: str
    whole: bool
    purpose: str
    post: str
    unit_name: str
    first_at: datetime
    last_at: datetime
    times: int
    actor_name: str = ""

    @property
    def post_words(self) -> str:
        """The posts held then, in words."""
        held = self.post.split("+")
        return ", ".join(str(role.label) for role in Role if role.value in held)

    @property
    def what(self) -> Any:
        """By which way."""
        return Door(self.door).label

    @property
    def how_much(self) -> Any:
        """All of the data, or masked."""
        return bi("đầy đủ", "whole") if self.whole else bi("đã che bớt", "masked")

    @property
    def purpose_words(self) -> Any:
        """The purpose that was chosen or written; empty where none was."""
        return Purpose(self.purpose).label if self.purpose in Purpose.values else self.purpose


def looks_at(entry_id: int, *, before: int | None = None, limit: int = readings.PAGE) -> tuple[list[Look], int | None]:
    """One page of looks at a dossier that the actor may see, newest first, with names. One statement."""
    rows, following = readings.of_entry(entry_id, before=before, limit=limit)
    return [
        Look(row.door, row.whole, row.purpose, row.post, row.unit_name, clock.local(row.first_at), clock.local(row.last_at),
             row.times, row.actor_name)
        for row in rows
    ], following  # fmt: skip


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
