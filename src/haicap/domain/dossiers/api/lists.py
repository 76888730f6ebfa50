"""`GET /dossiers`: pages by cursor, each row made by the database."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.access import can_see_lists
from haicap.domain.dossiers.api.base import READ, router
from haicap.kernel.scope import Actor, entered
from haicap.kernel.web.callers import needs


class NamedOut(Schema):
    """A code and its name."""

    code: str
    name: str


class UnitNamedOut(NamedOut):
    """The unit that received, and its name today: its heirs' where it has ended, by semicolons where it was divided."""

    name_now: str


class ResponsibleOut(NamedOut):
    """The one unit that answers today. `basis`: own, whole (the one heir), and of a divided unit taken, proposed, default."""

    basis: str
    why: str


def responsible_json(answers: queries.Responsible, *, public: bool = False) -> dict[str, str]:
    """`ResponsibleOut` of a unit; the public is not told what the reason repeats of the address."""
    why = str(answers.basis.label if public else answers.why)
    return {"code": answers.unit.code, "name": answers.unit.name, "basis": answers.basis.value, "why": why}


class WaitsFor(Schema):
    """In whose hands a dossier is."""

    agency: str
    role: str


class Listed(Schema):
    """One line of a list."""

    code: str
    state: str
    procedure: NamedOut
    applicant: str
    unit: UnitNamedOut
    channel: str
    priority: bool
    received_at: str
    due: str | None
    overdue: bool
    paused: bool
    closed_at: str | None
    holder: WaitsFor | None
    move_no: int


class DossierList(Schema):
    """One page; `next` is the `cursor` of the page behind it, `masked` names the fields that are masked in each item."""

    items: list[Listed]
    next: str | None
    masked: list[str]


@router.get("/dossiers", response=DossierList, summary="Dossiers that you may see", operation_id="list_dossiers")
@needs(READ, can_see_lists)
def list_dossiers(
    request: HttpRequest,
    unit: Annotated[str, Field(max_length=10, description="Only of the unit with this code, or inside it.")] = "",
    state: Annotated[str, Field(max_length=30, description="Only in this state, as `processing`.")] = "",
    overdue: Annotated[bool, Query(description="Only undecided ones past their deadline.")] = False,
    procedure: Annotated[str, Field(max_length=40, description="Only of the procedure with this code.")] = "",
    mine: Annotated[bool, Query(description="Only what waits for you.")] = False,
    cursor: Annotated[str, Field(max_length=200)] = "",
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> HttpResponse:
    """Newest first. Needs the scope `dossiers:read`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted = queries.Wanted(unit=unit, state=state, overdue=overdue, procedure=procedure, mine=mine)
    with entered(actor, read_only=True):
        text = queries.listed_json(actor, wanted, cursor=cursor, limit=limit)
    response = HttpResponse(text, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
