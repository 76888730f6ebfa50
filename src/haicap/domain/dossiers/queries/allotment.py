"""The allotment list: open work of divided units that no heir has taken over, with the heir proposed for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.db.models import TextChoices

from haicap.domain.dossiers import personal, rules
from haicap.domain.dossiers.personal import Part, Sight, Situation, masked_text
from haicap.domain.dossiers.queries.hands import Untaken, untaken
from haicap.domain.dossiers.queries.lines import Line, lines
from haicap.domain.units.models import Unit
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

PAGE = 50

_COUNT = """
SELECT count(*) FROM entries_entry
WHERE closed_at IS NULL AND kind = %s AND holder_agency_id = ANY(%s)
"""


class Whose(TextChoices):
    """Which of the list is shown: by the heir that is proposed."""

    ALL = "", bi("Tất cả", "All")
    OURS = "don-vi-toi", bi("Đề xuất cho đơn vị tôi", "Proposed to my unit")
    OTHERS = "don-vi-khac", bi("Đề xuất cho đơn vị khác", "Proposed to others")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One dossier of the list."""

    line: Line
    fact: Untaken
    ours: bool

    @property
    def heir(self) -> Unit:
        """The heir that is proposed, and answers until one takes it."""
        return self.fact.answers.unit


@dataclass(frozen=True, slots=True)
class Unallotted:
    """How much of one divided unit nobody has taken over yet, and for whom it is proposed."""

    unit: Unit
    count: int
    nearest: datetime | None
    by_heir: tuple[tuple[Unit, int], ...]


@dataclass(frozen=True, slots=True)
class Allotment:
    """A page of the list: its rows, how many there are of each kind, and the cursor of the next page."""

    rows: tuple[Waiting, ...]
    counts: dict[str, int]
    following: int | None


def allotment(actor: Actor, whose: str = "", *, start: int = 0, limit: int = PAGE) -> Allotment:
    """The rows from `start` on, nearest deadline first. The statements of `hands.untaken`, and one for the page."""
    found = untaken(actor)
    ours = [one.answers.unit_id in actor.unit_ids for one in found]
    wanted = [
        (one, own) for one, own in zip(found, ours, strict=True) if whose == Whose.ALL or own == (whose == Whose.OURS)
    ]
    shown = wanted[start : start + limit]
    by_id = {line.pk: line for line in lines([one.id for one, _ in shown], actor)}
    sight = personal.SIGHTS[Situation.ALLOT, personal.standing_in_lists(actor)][Part.ADDRESS]
    counts = {Whose.ALL.value: len(found), Whose.OURS.value: sum(ours), Whose.OTHERS.value: len(found) - sum(ours)}
    following = start + limit if len(wanted) > start + limit else None
    return Allotment(tuple(Waiting(by_id[one.id], _seen(one, sight), own) for one, own in shown), counts, following)


def _seen(one: Untaken, sight: Sight) -> Untaken:
    return replace(one, address=masked_text(Part.ADDRESS, one.address, sight))


def unallotted(actor: Actor) -> list[Unallotted]:
    """For each divided unit that `actor` oversees or is an heir of: how much waits to be taken over, most first."""
    found = untaken(actor)
    if not found:
        return []
    home = _units_of([one.holder_agency_id for one in found])
    units = Unit.objects.with_parents().in_bulk(set(home.values()))
    groups: dict[int, list[Untaken]] = {}
    for one in found:
        groups.setdefault(home[one.holder_agency_id], []).append(one)
    told = [_group(units[unit_id], group) for unit_id, group in groups.items()]
    return sorted(told, key=lambda one: (-one.count, one.unit.code))


def untaken_count(actor: Actor) -> int:
    """How much of the list there is in all; no statement for those who have none."""
    if not actor.inheritance.shared_agency_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [rules.KIND, list(actor.inheritance.shared_agency_ids)])
        return int(cursor.fetchone()[0])


def _group(unit: Unit, group: Sequence[Untaken]) -> Unallotted:
    heirs = {one.answers.unit_id: one.answers.unit for one in group}
    counts = Counter(one.answers.unit_id for one in group)
    by_heir = tuple((heirs[pk], number) for pk, number in counts.most_common())
    return Unallotted(unit, len(group), min((one.due_at for one in group if one.due_at), default=None), by_heir)


def _units_of(agencies: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, unit_id FROM people_agency WHERE id = ANY(%s)", [list(set(agencies))])
        return dict(cursor.fetchall())
