"""Limits of law that stand in `data/limits.yaml`, dated, each with its source and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from haicap.domain.people.blocks import CERTAINTIES
from haicap.kernel.language import choose

PACKAGED: Final = Path(__file__).resolve().parent / "data" / "limits.yaml"


@dataclass(frozen=True)
class Limit:
    """At most `months`, for what begins on `since` or later, up to the next row."""

    since: date
    months: int
    source: str
    certainty: str
    note: str = ""
    note_en: str = ""

    def __post_init__(self) -> None:
        if self.months <= 0 or self.certainty not in CERTAINTIES or not self.source:
            raise ValueError(f"a limit needs months, a source and a certainty: {self}")

    @property
    def shown_note(self) -> str:
        """The note in the reader's language."""
        return choose(self.note, self.note_en)


@lru_cache(maxsize=1)
def secondments() -> tuple[Limit, ...]:
    """How long a secondment may be, the oldest row first; read once. Raises ValueError for a file with faults."""
    rows = yaml.safe_load(PACKAGED.read_text("utf-8"))["secondment"]
    return tuple(sorted((Limit(**row) for row in rows), key=lambda row: row.since))


def secondment_on(day: date) -> Limit:
    """The limit for a secondment that begins on `day`; before the first row, that one."""
    return next((row for row in reversed(secondments()) if row.since <= day), secondments()[0])
