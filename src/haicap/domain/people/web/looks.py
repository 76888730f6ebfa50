"""What a page, paper or file shows of a staff record, as the note that is written before it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from haicap.domain.people.access import can_keep_staff
from haicap.kernel.readings import Door, Note
from haicap.kernel.readings import commands as readings
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

LONGEST_ROW, LENGTH_OF_A_NUMBER = 18, 12


def record_note(request: HttpRequest, official_id: str) -> Note | None:
    """The page of a record: whole for whoever keeps records, else masked."""
    return note_of("official", str(official_id), Door.RECORD, whole=can_keep_staff(_actor(request)))


def case_note(request: HttpRequest, case_id: str) -> Note | None:
    """The page of a case of leaving: birthday, pay, insured time."""
    return note_of("case", str(case_id), Door.RECORD, whole=True, detail="nghỉ theo sắp xếp")


def case_paper_note(request: HttpRequest, case_id: str) -> Note | None:
    """The same on paper."""
    return note_of("case", str(case_id), Door.PAPER, whole=True, detail="bảng tính nghỉ theo sắp xếp")


def search_note(request: HttpRequest) -> Note | None:
    """A search by a whole ID number, which says whose it is; by name it says nothing that a list does not."""
    digits = "".join(clean(request.GET.get("q", ""))[:40].split())
    if len(digits) != LENGTH_OF_A_NUMBER:
        return None
    return note_of("id-number", digits, Door.SEARCH)


def new_case_note(request: HttpRequest) -> Note | None:
    """Somebody is looked for, or chosen, for a case of leaving."""
    chosen = request.POST.get("ho-so") or request.GET.get("ho-so", "")
    if chosen:
        return note_of("official", chosen, Door.RECORD, whole=True, detail="nghỉ theo sắp xếp")
    return search_note(request)


def note_taken_away(actor: Actor, official_ids: Iterable[int], detail: str) -> None:
    """Note a list with data of these records that is taken away. One statement."""
    ids = sorted(set(official_ids))
    if ids:
        readings.note(actor, (Note(door=Door.TABLE, subject=f"official:{pk}", whole=True, detail=detail) for pk in ids))


def note_shown(actor: Actor, official_id: int) -> None:
    """Note a record that a form with faults shows again. One statement."""
    readings.note(actor, [Note(door=Door.RECORD, subject=f"official:{official_id}", whole=can_keep_staff(actor))])


def note_of(kind: str, key: str, door: Door, *, whole: bool = False, detail: str = "") -> Note | None:
    """The note of one look; None for a key that is no row's number."""
    if not (key.isascii() and key.isdigit() and len(key) <= LONGEST_ROW):
        return None
    return Note(door=door, subject=f"{kind}:{key}", whole=whole, detail=detail)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
