"""`GET /dossiers/{code}/slips/{form}.pdf`: the forms of Circular 03/2025/TT-VPCP as PDF."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query

from haicap.domain.dossiers import papers, queries
from haicap.domain.dossiers.access import can_see_whole
from haicap.domain.dossiers.api.base import READ, ROOT, router
from haicap.domain.dossiers.personal import Situation
from haicap.domain.dossiers.slip_facts import situation_of, slip_for
from haicap.kernel.readings import Door, Note
from haicap.kernel.scope import Actor, entered
from haicap.kernel.web import openapi
from haicap.kernel.web.callers import needs

Form = Literal["receipt", "supplement", "refusal", "apology", "stop", "control"]

# The API's names of the forms, and the pages'.
SLUGS = {
    "receipt": "tiep-nhan", "supplement": "bo-sung", "refusal": "tu-choi", "apology": "xin-loi", "stop": "dung",
    "control": "kiem-soat",
}  # fmt: skip
BOOKS = {"PBS": "supplement", "PTC": "refusal", "PXL": "apology", "PDS": "stop"}


@router.get(
    "/dossiers/{code}/slips/{form}.pdf", summary="A paper of the dossier", operation_id="get_slip", tags=["files"],
    openapi_extra=openapi.gives("application/pdf", "The form, PDF/A"),
)  # fmt: skip
@needs(READ, can_see_whole)
def slip(
    request: HttpRequest,
    code: str,
    form: Form,
    move_no: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Of several of a kind the one of this move.")
    ] = None,
) -> HttpResponse:
    """404 where the dossier has no such paper, 403 for who is not at work on it; noted as a look.

    Needs the scope `dossiers:read`.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    situation = situation_of(SLUGS[form])
    note = Note(door=Door.PAPER, code=code, whole=situation == Situation.SHOWN, detail=SLUGS[form])
    with entered(actor, read_only=True, note=note):
        case = queries.details(code, actor, situation)
        filled = slip_for(case, SLUGS[form], base_url=settings.HAICAP_BASE_URL, move_no=move_no)
    response = HttpResponse(papers.pdf(filled), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{form}-{case.entry.code}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def address(code: str, form: str, move_no: int) -> str:
    """Where the paper of a move is fetched."""
    return f"{ROOT}/{quote(code)}/slips/{form}.pdf?move_no={move_no}"
