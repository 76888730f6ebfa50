"""One dossier: found by its code among the rows that the actor may see, with all that a page or the API shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.errors import DossierUnknown
from haicap.domain.dossiers.models import Dossier, Slip
from haicap.domain.dossiers.rules import MOVES, MoveRule
from haicap.domain.people.models import Agency
from haicap.domain.people.rules import Role
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Version
from haicap.domain.units.queries import Heir, heirs_of
from haicap.kernel.entries.models import Entry, Move
from haicap.kernel.files.models import Attachment
from haicap.kernel.scope import Actor

CODE_MAX = 80


@dataclass(frozen=True)
class Details:
    """Everything about one dossier, read in six statements however long its life was."""

    entry: Entry
    dossier: Dossier
    version: Version
    moves: tuple[Move, ...]
    attachments: tuple[Attachment, ...]
    slips: tuple[Slip, ...]
    agencies: dict[int, Agency]
    heirs: tuple[Heir, ...]
    offered: tuple[MoveRule, ...]

    @property
    def standing(self) -> str:
        """early, on_time or overdue once decided, else empty."""
        return rules.standing_at(self.entry.due_at, self.dossier.decided_at)

    @property
    def holder(self) -> str:
        """Whose move it is, in words; empty once closed."""
        agency = self.agencies.get(self.entry.holder_agency_id or 0)
        return f"{Role(self.entry.holder_role).label} · {agency.name}" if agency else ""

    @property
    def step(self) -> int:
        """The position of the present step among the version's steps."""
        return rules.index_of(self.version.steps, self.entry.step)


def find(code: str) -> tuple[Entry, Dossier]:
    """The entry and the dossier with this code, if the actor may see it; raises DossierUnknown. One statement."""
    dossier = (
        Dossier.objects.select_related(
            "entry", "receiving_unit__province", "receiving_unit__parent", "competent_unit__province",
            "receiving_agency", "competent_agency",
        )
        .filter(entry__code=code[:CODE_MAX], entry__kind=rules.KIND)
        .first()
    )  # fmt: skip
    if dossier is None:
        raise DossierUnknown(dossier=code[:CODE_MAX])
    return dossier.entry, dossier


def details(code: str, actor: Actor) -> Details:
    """The whole dossier as `actor` sees it; raises DossierUnknown."""
    entry, dossier = find(code)
    moves = tuple(Move.objects.filter(entry_id=entry.pk).order_by("no"))
    version = version_of(dossier)
    named = {move.agency_id for move in moves} | {move.holder_agency_id for move in moves}
    named |= {entry.holder_agency_id, dossier.receiving_agency_id, dossier.competent_agency_id}
    return Details(
        entry=entry, dossier=dossier, version=version, moves=moves,
        attachments=tuple(Attachment.objects.filter(entry_id=entry.pk).order_by("id")),
        slips=tuple(Slip.objects.filter(entry_id=entry.pk).order_by("id")),
        agencies=Agency.objects.select_related("unit").in_bulk([pk for pk in named if pk]),
        heirs=heirs_of(dossier.receiving_unit) if dossier.receiving_unit.valid_to else (),
        offered=offered_to(actor, entry, dossier, version),
    )  # fmt: skip


def offered_to(actor: Actor, entry: Entry, dossier: Dossier, version: Version) -> tuple[MoveRule, ...]:
    """The moves that this actor may make on the dossier now."""
    names = rules.moves_offered(
        entry.state, version.steps, entry.step, pending=entry.pending, rounds=dossier.supplement_rounds
    )
    return tuple(
        MOVES[name]
        for name in names
        if rules.may_make(actor, MOVES[name], entry, dossier)
        and not (name == "extend_deadline" and dossier.extensions >= rules.EXTENSIONS_ALLOWED)
    )


def version_of(dossier: Dossier) -> Version:
    """The procedure version that the dossier was received under."""
    return procedures.version_by_id(dossier.version_id)


def last_move(entry_id: int) -> Move:
    """The newest move of an entry."""
    return Move.objects.filter(entry_id=entry_id).order_by("-no")[0]


def latest_moves(entry_ids: Iterable[int]) -> dict[int, Move]:
    """The newest move of each of these entries, by the entry's id; one statement."""
    moves = Move.objects.filter(entry_id__in=list(entry_ids), no=F("entry__move_no"))
    return {move.entry_id: move for move in moves}


def has_move(entry_id: int, name: str) -> bool:
    """True where the entry has had a move of this name."""
    return Move.objects.filter(entry_id=entry_id, name=name).exists()


def holder_text(entry: Entry) -> Any:
    """Whose move it is, in words."""
    if entry.holder_agency_id is None:
        return rules.State(entry.state).label
    agency = Agency.objects.filter(pk=entry.holder_agency_id).values_list("name", flat=True).first()
    return f"{Role(entry.holder_role).label} · {agency}"
