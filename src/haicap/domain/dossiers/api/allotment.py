"""`GET /divided-dossiers`: work of divided units that no heir has taken over; taken by the move `take_over`."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.access import can_see_lists
from haicap.domain.dossiers.api.base import READ, answer, moment, router
from haicap.domain.dossiers.api.lists import NamedOut, ResponsibleOut, UnitNamedOut, responsible_json
from haicap.domain.dossiers.queries.allotment import Waiting, Whose
from haicap.kernel.scope import Actor, entered
from haicap.kernel.web.callers import needs


class UntakenOut(Schema):
    """One dossier: `proposed` answers until an heir takes it; `others` have a part of the same unit."""

    code: str
    state: str
    procedure: str
    applicant: str
    address: str
    unit: UnitNamedOut
    due: str | None
    proposed: ResponsibleOut
    others: list[NamedOut]
    ours: bool
    move_no: int


class UntakenList(Schema):
    """One page; `next` is the `start` of the page behind it."""

    items: list[UntakenOut]
    total: int
    ours: int
    next: int | None


_WHOSE = {"all": Whose.ALL, "ours": Whose.OURS, "others": Whose.OTHERS}


@router.get(
    "/divided-dossiers", response=UntakenList, summary="Dossiers of divided units to be taken over",
    operation_id="list_divided_dossiers",
)  # fmt: skip
@needs(READ, can_see_lists)
def divided_dossiers(
    request: HttpRequest,
    whose: Annotated[Literal["all", "ours", "others"], Field(description="By the heir that is proposed.")] = "all",
    start: Annotated[int, Field(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> HttpResponse:
    """Nearest deadline first, with the heir proposed for each and why. Needs the scope `dossiers:read`.

    Take one over with `POST /dossiers/{code}/transitions/take_over`.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    with entered(actor, read_only=True):
        found = queries.allotment(actor, _WHOSE[whose].value, start=start, limit=limit)
    told = {
        "items": [_one(row) for row in found.rows],
        "total": found.counts[Whose.ALL.value],
        "ours": found.counts[Whose.OURS.value],
        "next": found.following,
    }
    return answer(200, told)


def _one(row: Waiting) -> dict[str, object]:
    line, answers = row.line, row.fact.answers
    unit = line.receiving_unit
    return {
        "code": line.entry.code,
        "state": line.entry.state,
        "procedure": line.procedure_code,
        "applicant": line.applicant_name,
        "address": row.fact.address,
        "unit": {"code": unit.code, "name": unit.name, "name_now": answers.unit.name},
        "due": moment(line.entry.due_at),
        "proposed": responsible_json(answers),
        "others": [{"code": other.code, "name": other.name} for other in answers.others],
        "ours": row.ours,
        "move_no": row.fact.move_no,
    }
