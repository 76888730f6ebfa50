"""Lines of lists: a dossier as a row says it, made for a whole page in the same few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from haicap.domain.dossiers import queries, rules
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.queries import Line, Responsible
from haicap.domain.dossiers.queries.lines import LastMove, LineEntry
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Version
from haicap.domain.units.rules import then_and_now
from haicap.kernel import clock, workdays
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.scope import Actor
from haicap.kernel.web import components
from haicap.kernel.web.components import Deadline


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    dossier: Line
    version: Version | None
    deadline: Deadline
    unit: str = ""  # the unit that received, with today's where that is another
    is_old: bool = False  # received under a unit that has ended
    to_take: bool = False  # lies with an agency of a divided unit; an heir may take it over

    @property
    def last(self) -> LastMove:
        """What was done last."""
        return self.dossier.last

    @property
    def entry(self) -> LineEntry:
        """The entry with code, state and deadline."""
        return self.dossier.entry

    @property
    def href(self) -> str:
        """The dossier's own page."""
        return href_of(self.entry.code)

    @property
    def procedure(self) -> str:
        """The procedure's name in the caller's language."""
        return self.version.shown_name if self.version else self.dossier.procedure_code

    @property
    def state_label(self) -> Any:
        """The state in words."""
        return rules.State(self.entry.state).label

    @property
    def step(self) -> str:
        """The present step's name; empty once closed."""
        if self.version is None or self.entry.closed_at is not None:
            return ""
        return self.version.steps[rules.index_of(self.version.steps, self.entry.step)].shown

    @property
    def last_label(self) -> Any:
        """What was done last."""
        return rules.label_of(self.last.name)


def href_of(code: str) -> str:
    """The address of a dossier's page."""
    return f"/desk/ho-so/{code}/"


def rows_of(dossiers: Sequence[Line], actor: Actor, known: Mapping[int, Responsible] | None = None) -> list[Row]:
    """The lines of `dossiers` in their order, as `actor` sees them; `known`: who answers, where it was read already.

    One statement where a version was not read yet; where some were received under units that have ended, three more,
    and eight more where such a unit was divided.
    """
    if not dossiers:
        return []
    now = clock.now()
    versions = procedures.versions_by_id(dossier.version_id for dossier in dossiers)
    answers = dict(known or {})
    old = {dossier.pk for dossier in dossiers if dossier.receiving_unit.has_ended(now.date())} - answers.keys()
    answers |= queries.responsible_for(old, now.date()) if old else {}
    shared = frozenset(actor.inheritance.shared_agency_ids)
    return [
        Row(dossier, versions.get(dossier.version_id), deadline_of(dossier, now), _unit_text(dossier, answers),
            dossier.pk in answers, dossier.entry.holder_agency_id in shared and dossier.entry.closed_at is None)
        for dossier in dossiers
    ]  # fmt: skip


def _unit_text(dossier: Line, answers: Mapping[int, Responsible]) -> str:
    then, today = dossier.receiving_unit.shown_name, answers.get(dossier.pk)
    return then_and_now(then, today.unit.shown_name, part=today.is_divided) if today else then


def deadline_of(dossier: Dossier | Line, now: datetime) -> Deadline:
    """How the dossier's deadline stands at `now`: by working days while it is open, as it was judged once decided."""
    entry = dossier.entry
    if entry.due_at is None:
        return Deadline(components.NONE)
    if dossier.decided_at is not None:
        late = rules.standing_at(entry.due_at, dossier.decided_at) == "overdue"
        return Deadline(components.OVERDUE if late else components.DONE, None, entry.due_at)
    if entry.closed_at is not None:
        return Deadline(components.NONE)
    return standing(calendar_for(dossier.receiving_unit.province_code), entry.due_at, now, entry.paused_at is not None)


def standing(calendar: workdays.Calendar, due: datetime, now: datetime, paused: bool) -> Deadline:
    """How a deadline stands at `now` in the calendar of an office."""
    stands = workdays.standing(calendar, due, now, paused)
    return Deadline(str(stands), workdays.working_days_left(calendar, due, now), due)
