"""Denunciations as pages show them; the database shows each only to whom it is to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from haicap.domain.people.models import Appointment
from haicap.domain.people.queries import names_of
from haicap.domain.people.rules import Role
from haicap.domain.voice import rules
from haicap.domain.voice.errors import DenunciationUnknown
from haicap.domain.voice.models import Denunciation
from haicap.domain.voice.rules import MoveRule, State
from haicap.kernel import clock, vi
from haicap.kernel.audit.models import Event
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.entries.models import Move
from haicap.kernel.entries.rules import HAND_OVER, HAND_OVER_LABEL
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.workdays import Standing, standing

PAGE = 30
OPENED = "denunciation:identity:open"
_OTHER_MOVES: Mapping[str, Any] = {
    "receive": bi("Nhận đơn", "Received"),
    rules.NAME_HANDLER: bi("Giao giải quyết", "Given to a handler"),
    HAND_OVER: HAND_OVER_LABEL,
}


@dataclass(frozen=True)
class Line:
    """A denunciation of the list; `handler` "" while none is named."""

    row: Denunciation
    handler: str
    now: datetime

    @property
    def state(self) -> Any:
        """The state in words."""
        return State(self.row.entry.state).label

    @property
    def is_open(self) -> bool:
        """It is not settled yet."""
        return self.row.entry.closed_at is None

    @property
    def is_overdue(self) -> bool:
        """Its time limit has passed."""
        entry = self.row.entry
        return self.is_open and standing(calendar_for(), entry.due_at, self.now) == Standing.OVERDUE


@dataclass(frozen=True)
class Step:
    """A move as the page tells it."""

    label: Any
    at: datetime
    who: str
    note: str


@dataclass(frozen=True)
class Case:
    """One denunciation with what was done, who opened the identity, and what the reader may do."""

    line: Line
    taker: str
    steps: Sequence[Step]
    openings: Sequence[Event]
    moves: Sequence[MoveRule]
    is_handler: bool


def denunciations(*, before: int = 0) -> tuple[list[Line], int]:
    """A page of those that the actor sees, the newest first, and the number to go on before (0 at the end). Two statements."""
    rows = Denunciation.objects.select_related("entry", "unit").order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    return _lines(found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else 0


def denunciation(code: str) -> Denunciation:
    """One that the actor sees; raises DenunciationUnknown. One statement."""
    row = Denunciation.objects.select_related("entry", "unit").filter(entry__code=code[:80]).first()
    if row is None:
        raise DenunciationUnknown
    return row


def case_of(actor: Actor, code: str) -> Case:
    """One that the actor sees, with all that its page shows; raises DenunciationUnknown. Four statements."""
    row = denunciation(code)
    moves = list(Move.objects.filter(entry_id=row.pk).order_by("no"))
    openings = list(Event.objects.filter(subject=f"entry:{row.pk}", tag=OPENED).order_by("-seq"))
    names = names_of([row.handler_id, row.taken_by_id])
    return Case(
        Line(row, names.get(row.handler_id or 0, ""), clock.now()),
        names.get(row.taken_by_id, ""),
        [Step(_label(move.name), clock.local(move.at), move.actor_name, move.note) for move in moves],
        openings,
        [rule for rule in rules.MOVES.values() if row.entry.state in rule.from_states and _may_extend(rule, row)],
        row.handler_id is not None and row.handler_id == actor.account_id,
    )


def handlers_for(row: Denunciation, actor: Actor, day: date) -> list[tuple[str, str]]:
    """Who may be named: everybody at work in the unit, and in the heir that the actor serves, by name. One statement."""
    units = {row.unit_id, *([actor.unit_id] if actor.unit_id else [])}
    rows = Appointment.objects.on(day).filter(agency__unit_id__in=units, account__active=True, role__in=rules.HANDLERS)
    found: dict[int, tuple[str, str]] = {}
    for post in rows.select_related("account", "agency").order_by("pk"):
        found.setdefault(post.account_id, (post.account.full_name, f"{Role(post.role).label} · {post.agency.name}"))
    told = sorted(found.items(), key=lambda one: vi.name_sort_key(one[1][0]))
    return [(str(number), f"{name} ({post})") for number, (name, post) in told]


def _lines(rows: Sequence[Denunciation]) -> list[Line]:
    names, now = names_of(row.handler_id for row in rows), clock.now()
    return [Line(row, names.get(row.handler_id or 0, ""), now) for row in rows]


def _label(name: str) -> Any:
    return _OTHER_MOVES.get(name) or rules.MOVES[name].label


def _may_extend(rule: MoveRule, row: Denunciation) -> bool:
    return rule.name != "extend" or rules.may_extend(row.extensions)
