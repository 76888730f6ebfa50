"""One dossier: found by its code among the rows that the actor may see, with all that a page or the API shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from haicap.domain.dossiers import personal, rules
from haicap.domain.dossiers.errors import DossierUnknown, NotAtWork
from haicap.domain.dossiers.models import Dossier, Slip
from haicap.domain.dossiers.personal import Part, Sight, Situation, Standing
from haicap.domain.dossiers.queries.responsible import Responsible, responsible_unit
from haicap.domain.dossiers.rules import MOVES, MoveRule
from haicap.domain.people.models import Agency
from haicap.domain.people.rules import Role
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Version
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import then_and_now
from haicap.kernel.db import rows
from haicap.kernel.entries.models import Entry, Move
from haicap.kernel.files.models import Attachment
from haicap.kernel.scope import Actor

CODE_MAX = 80


@dataclass(frozen=True)
class Details:
    """Everything about one dossier, read in six statements however long its life was.

    The applicant's data are as `situation` lets the actor see them; `masked` names what is not whole.
    """

    entry: Entry
    dossier: Dossier
    version: Version
    moves: tuple[Move, ...]
    attachments: tuple[Attachment, ...]
    slips: tuple[Slip, ...]
    agencies: dict[int, Agency]
    answers: Responsible | None  # where the unit that received has ended
    offered: tuple[MoveRule, ...]
    relation: Standing
    situation: Situation
    masked: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Nothing of the applicant's data is masked or left out."""
        return self.situation in (Situation.SHOWN, Situation.REQUEST)

    @property
    def can_show(self) -> bool:
        """The actor may ask to see it whole."""
        return (Situation.SHOWN, self.relation) in personal.SIGHTS

    @property
    def files_open(self) -> bool:
        """The actor may open the files."""
        return personal.SIGHTS[self.situation, self.relation][Part.FILES] == Sight.WHOLE

    @property
    def standing(self) -> str:
        """early, on_time or overdue once decided, else empty."""
        return rules.standing_at(self.entry.due_at, self.dossier.decided_at)

    @property
    def heirs(self) -> tuple[Unit, ...]:
        """Who has the unit's land today; nobody while it stands."""
        if self.answers is None:
            return ()
        return tuple(sorted((self.answers.unit, *self.answers.others), key=lambda unit: unit.code))

    @property
    def unit_then_and_now(self) -> str:
        """The unit that received, with the one that answers today where that is another."""
        return self.now_of(self.dossier.receiving_unit.shown_name, self.dossier.receiving_unit_id)

    def now_of(self, name: str, unit_id: int) -> str:
        """`name`, of the unit that received or one of its agencies, with the unit that answers today."""
        if self.answers is None or unit_id != self.dossier.receiving_unit_id:
            return name
        return then_and_now(name, self.answers.unit.shown_name, part=self.answers.is_divided)

    @property
    def holder(self) -> str:
        """Whose move it is, in words, an ended agency with today's unit; empty once closed."""
        agency = self.agencies.get(self.entry.holder_agency_id or 0)
        if agency is None:
            return ""
        return f"{Role(self.entry.holder_role).label} · {self.now_of(agency.name, agency.unit_id)}"

    @property
    def step(self) -> int:
        """The position of the present step among the version's steps."""
        return rules.index_of(self.version.steps, self.entry.step)


def find(code: str) -> tuple[Entry, Dossier]:
    """The entry and the dossier with this code, if the actor may see it; raises DossierUnknown. One statement."""
    found = rows.read(_FIND, {"code": code[:CODE_MAX], "kind": rules.KIND}, *_FOUND)
    if not found:
        raise DossierUnknown(dossier=code[:CODE_MAX])
    entry, dossier, received_at, parent, province, competent, competent_province, center, resolver = found[0]
    received_at.parent, received_at.province, competent.province = parent, province, competent_province
    dossier.entry, dossier.receiving_unit, dossier.competent_unit = entry, received_at, competent
    dossier.receiving_agency, dossier.competent_agency = center, resolver
    center.unit = received_at
    return entry, dossier


_FOUND = (Entry, Dossier, Unit, Unit, Unit, Unit, Unit, Agency, Agency)
_ALIASES = ("e", "d", "ru", "rp", "rv", "cu", "cv", "ra", "ca")
_FIND = f"""
SELECT {", ".join(rows.columns(model, alias) for model, alias in zip(_FOUND, _ALIASES, strict=True))}
FROM entries_entry e
JOIN dossiers_dossier d ON d.entry_id = e.id
JOIN units_unit ru ON ru.id = d.receiving_unit_id
LEFT JOIN units_unit rp ON rp.id = ru.parent_id
LEFT JOIN units_unit rv ON rv.id = ru.province_id
JOIN units_unit cu ON cu.id = d.competent_unit_id
LEFT JOIN units_unit cv ON cv.id = cu.province_id
JOIN people_agency ra ON ra.id = d.receiving_agency_id
JOIN people_agency ca ON ca.id = d.competent_agency_id
WHERE e.code = %(code)s AND e.kind = %(kind)s
"""  # noqa: S608 - made of column names
_MOVES = f"SELECT {rows.columns(Move, 'm')} FROM entries_move m WHERE m.entry_id = %(entry)s ORDER BY m.no"  # noqa: S608
_FILES = f"SELECT {rows.columns(Attachment, 'f')} FROM files_attachment f WHERE f.entry_id = %(entry)s ORDER BY f.id"  # noqa: S608
_SLIPS = f"SELECT {rows.columns(Slip, 's')} FROM dossiers_slip s WHERE s.entry_id = %(entry)s ORDER BY s.id"  # noqa: S608
_NAMED = f"""
SELECT {rows.columns(Agency, "a")}, {rows.columns(Unit, "u")}
FROM people_agency a JOIN units_unit u ON u.id = a.unit_id WHERE a.id = ANY (%(ids)s)
"""  # noqa: S608


def details(code: str, actor: Actor, situation: Situation = Situation.PAGE) -> Details:
    """The whole dossier as `actor` sees it in `situation`; raises DossierUnknown, NotAtWork. Five statements, one more
    where the unit has ended, seven where it was divided."""
    entry, dossier = find(code)
    own = {"entry": entry.pk}
    moves = tuple(row[0] for row in rows.read(_MOVES, own, Move))
    version = version_of(dossier)
    relation = relation_to(actor, entry, dossier, moves)
    if (situation, relation) not in personal.SIGHTS:
        raise NotAtWork()
    attachments = tuple(row[0] for row in rows.read(_FILES, own, Attachment))
    answers = _answers(entry, dossier)
    return Details(
        entry=entry, dossier=dossier, version=version, moves=moves, attachments=attachments,
        slips=tuple(row[0] for row in rows.read(_SLIPS, own, Slip)),
        agencies=_agencies(entry, dossier, moves), answers=answers,
        offered=offered_to(actor, entry, dossier, version),
        relation=relation, situation=situation,
        masked=_hidden(dossier, moves, attachments, personal.SIGHTS[situation, relation]),
    )  # fmt: skip


def relation_to(actor: Actor, entry: Entry, dossier: Dossier, moves: Iterable[Move]) -> Standing:
    """What the actor is to the dossier: at work on it, a colleague, an administrator."""
    has_moved = actor.account_id is not None and any(move.actor_id == actor.account_id for move in moves)
    return personal.standing_of(actor, entry, dossier, has_moved=has_moved)


def require_at_work(actor: Actor, code: str) -> None:
    """Raise NotAtWork where the actor may see the dossier but not all of its applicant's data, DossierUnknown where they
    may not see it. Two statements."""
    entry, dossier = find(code)
    moves = Move.objects.filter(entry_id=entry.pk, actor_id=actor.account_id)[:1]
    if (Situation.SHOWN, relation_to(actor, entry, dossier, moves)) not in personal.SIGHTS:
        raise NotAtWork()


def _hidden(
    dossier: Dossier, moves: Iterable[Move], attachments: Iterable[Attachment], sights: personal.Sights
) -> tuple[str, ...]:
    """Mask what the actor does not see, in place: these rows are shown and never saved."""
    masked = personal.hide(dossier, sights)
    for move in moves:
        personal.hide_move(move.name, move.data, sights)
    hidden = [one for one in attachments if sights[Part.FILES] != Sight.WHOLE]
    for one in hidden:
        one.name = personal.DOTS  # people name files after themselves
    return (*masked, Part.FILES.value) if hidden else masked


def _answers(entry: Entry, dossier: Dossier) -> Responsible | None:
    if dossier.receiving_unit.is_current:
        return None
    return responsible_unit(entry, dossier.applicant_address)


def _agencies(entry: Entry, dossier: Dossier, moves: tuple[Move, ...]) -> dict[int, Agency]:
    """Every agency that the dossier's life names, with its unit."""
    named = {move.agency_id for move in moves} | {move.holder_agency_id for move in moves}
    named |= {entry.holder_agency_id, dossier.receiving_agency_id, dossier.competent_agency_id}
    found = {}
    for agency, unit in rows.read(_NAMED, {"ids": [pk for pk in named if pk]}, Agency, Unit):
        agency.unit = unit
        found[agency.pk] = agency
    return found


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


def last_move_named(entry_id: int, name: str) -> Move | None:
    """The newest move of this name of an entry, if it has had one."""
    return Move.objects.filter(entry_id=entry_id, name=name).order_by("-no").first()


def has_move(entry_id: int, name: str) -> bool:
    """True where the entry has had a move of this name."""
    return Move.objects.filter(entry_id=entry_id, name=name).exists()


def holder_text(entry: Entry) -> Any:
    """Whose move it is, in words."""
    if entry.holder_agency_id is None:
        return rules.State(entry.state).label
    agency = Agency.objects.filter(pk=entry.holder_agency_id).values_list("name", flat=True).first()
    return f"{Role(entry.holder_role).label} · {agency}"
