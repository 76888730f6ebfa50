"""What goes into an import and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from haicap.domain.people.queries import AgencyRow
from haicap.domain.procedures.rules import Version

FIRST_FAULTS_KEPT = 50

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: where it stands in the source, its old code, the field, and a bilingual sentence."""

    line: int
    key: str
    field: str
    sentence: Any

    def as_json(self) -> dict[str, Any]:
        """The fault as the command line tells it."""
        return {"line": self.line, "key": self.key, "field": self.field, "reason": str(self.sentence)}

    def as_text(self) -> Fault:
        """The fault with its sentence in the caller's language, so that it can travel to another process."""
        return replace(self, sentence=str(self.sentence))


@dataclass
class ImportReport:
    """What an import did, in rows. `faults`: the first refusals; all of them go to the report file."""

    read: int = 0
    imported: int = 0
    already_there: int = 0
    refused: int = 0
    warned: int = 0
    recoded: int = 0  # imported under a new code, because the old one was not well formed or not free
    dry_run: bool = False
    faults: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The report as the command line tells it."""
        counts = {name: value for name, value in vars(self).items() if name != "faults"}
        return {**counts, "faults": [fault.as_json() for fault in self.faults]}


OnProgress = Callable[[ImportReport], None]


@dataclass(frozen=True, slots=True)
class Past:
    """One move of a dossier's history, as the row of `entries_move` says it."""

    name: str
    from_state: str
    to_state: str
    at: datetime
    actor_name: str
    agency_id: int | None
    role: str
    note: str
    holder_agency_id: int | None
    holder_role: str
    step: str
    pending: bool
    due_at: datetime | None
    step_due_at: datetime | None
    paused_at: datetime | None
    closed_at: datetime | None
    data: dict[str, Any]


@dataclass(slots=True)
class Candidate:
    """A row found right: everything that will be written of it, but for its number."""

    line: int
    key: str
    code: str  # the old code where it is well formed, else ""
    number: int  # the number in that code
    prefix: str  # the head of a new code
    unit_id: int
    book_unit_id: int
    period: str
    version: Version
    center: AgencyRow
    competent: AgencyRow
    title: str
    moves: list[Past]
    facts: dict[str, Any]
    digest: str
