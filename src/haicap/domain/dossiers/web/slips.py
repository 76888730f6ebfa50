"""`/desk/ho-so/<code>/phieu/<form>/`: the dossier's papers as PDF, opened in the browser to be printed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from haicap.domain.dossiers import papers, queries
from haicap.domain.dossiers.access import can_see_lists
from haicap.domain.dossiers.slip_facts import slip_for
from haicap.kernel.access import allow


@require_safe
@allow(can_see_lists)
def slip(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One form as PDF; `?so=` is the number of the move it belongs to, where there are several of a kind."""
    details = queries.details(code, request.actor)  # type: ignore[attr-defined]
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
