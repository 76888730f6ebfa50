"""Who looked at somebody's personal data, in words; and who looked at a staff record, as its person reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from haicap.domain.people.models import Official
from haicap.domain.people.rules import Role
from haicap.kernel import clock
from haicap.kernel.language import bi
from haicap.kernel.readings import Door, Purpose
from haicap.kernel.readings import queries as readings
from haicap.kernel.readings.models import Reading
from haicap.kernel.scope import Actor

TOLD: Final = 5
"""On the page of one's account; all of them stand on the page of one's record."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look, or several of the same officer within minutes; `actor_name` is empty for the person whose data it is."""

    door: str
    whole: bool
    purpose: str
    post: str
    unit_name: str
    first_at: datetime
    last_at: datetime
    times: int
    actor_name: str = ""

    @classmethod
    def of(cls, row: Reading, *, named: bool) -> Look:
        """A row of the log, with the name of who looked or without."""
        return cls(row.door, row.whole, row.purpose, row.post, row.unit_name, clock.local(row.first_at),
                   clock.local(row.last_at), row.times, row.actor_name if named else "")  # fmt: skip

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


def looks_at_record(
    official_id: int, *, before: int | None = None, limit: int = readings.PAGE
) -> tuple[list[Look], int | None]:
    """One page of looks at one's own staff record, newest first: by post and unit, without names. One statement; of another's
    record the database shows none."""
    rows, following = readings.of_subject(f"official:{official_id}", before=before, limit=limit)
    return [Look.of(row, named=False) for row in rows], following


def own_looks(actor: Actor) -> list[Look]:
    """The newest looks at the actor's own staff record. Two statements at most."""
    official_id = Official.objects.filter(account_id=actor.account_id or 0).values_list("pk", flat=True).first()
    return looks_at_record(official_id, limit=TOLD)[0] if official_id else []
