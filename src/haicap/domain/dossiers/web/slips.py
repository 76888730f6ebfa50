"""`/desk/ho-so/<code>/phieu/<form>/`: the dossier's papers as PDF, opened in the browser to be printed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from haicap.domain.dossiers import papers, queries
from haicap.domain.dossiers.access import can_see_whole
from haicap.domain.dossiers.personal import Situation
from haicap.domain.dossiers.slip_facts import situation_of, slip_for
from haicap.kernel.access import allow
from haicap.kernel.readings import Door, Note


def paper_note(request: HttpRequest, code: str, form: str) -> Note:
    """A look at a paper; all but the control slip tell the applicant's data whole."""
    return Note(door=Door.PAPER, code=code, whole=situation_of(form) == Situation.SHOWN, detail=form[:40])


@require_safe
@allow(can_see_whole, notes=paper_note)
def slip(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One form as PDF; `?so=` is the number of the move it belongs to, where there are several of a kind."""
    details = queries.details(code, request.actor, situation_of(form))  # type: ignore[attr-defined]
    number = request.GET.get("so", "")
    filled = slip_for(
        details, form, base_url=settings.HAICAP_BASE_URL,
        move_no=int(number) if number.isdecimal() and len(number) < 9 else None,
    )  # fmt: skip
    return HttpResponse(
        papers.pdf(filled),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{form}-{details.entry.code}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
