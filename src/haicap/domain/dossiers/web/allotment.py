"""`/desk/ho-so-chia-tach/`: work of divided units that no heir has taken over; each heir takes what is its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from haicap.domain.dossiers import commands, queries
from haicap.domain.dossiers.access import can_see_lists
from haicap.domain.dossiers.commands.taking import AT_MOST
from haicap.domain.dossiers.errors import NothingChosen
from haicap.domain.dossiers.queries.allotment import Allotment, Whose
from haicap.domain.dossiers.web.rows import rows_of
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

ADDRESS = "/desk/ho-so-chia-tach/"
BULK = [{"name": "lam", "value": "nhan", "label": bi("Nhận về đơn vị tôi", "Take over for my unit"), "icon": "inbox"}]
FURTHEST = 6  # digits of a cursor


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_see_lists, writes=True)
def divided_work(request: HttpRequest) -> HttpResponse:
    """The list, `?loc=` by whom it is proposed to, `?tiep=` further on; posted to, takes over what is marked (`mark`, or
    one row's button `nhan`). About fifteen statements, however many rows; eight for each dossier taken."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whose = request.GET.get("loc", "")
    whose = whose if whose in Whose.values else ""
    if request.method == "POST":
        return _take(request, actor, whose)
    return _page(request, actor, whose)


def _take(request: HttpRequest, actor: Actor, whose: str) -> HttpResponse:
    codes = [request.POST["nhan"]] if request.POST.get("nhan") else request.POST.getlist("mark")
    if not codes:
        return _page(request, actor, whose, problem=NothingChosen().sentence(), status=422)
    done = commands.take_over(actor=actor, codes=codes)
    if done.refused:
        return _page(request, actor, whose, done=done, status=200 if done.taken else 409)
    query = {"da": len(done.taken)} | ({"loc": whose} if whose else {})
    return HttpResponseRedirect(f"{ADDRESS}?{urlencode(query)}")


def _page(request: HttpRequest, actor: Actor, whose: str, *, status: int = 200, **more: Any) -> HttpResponse:
    typed, done = request.GET.get("tiep", ""), request.GET.get("da", "")
    start = int(typed) if typed.isdecimal() and len(typed) <= FURTHEST else 0
    found = queries.allotment(actor, whose, start=start)
    context = {
        "lines": _lines(found, actor),
        "may_take": bool(actor.inheritance.shared_posts),
        "filters": [(one.value, one.label, found.counts[one.value], one.value == whose) for one in Whose],
        "total": found.counts[Whose.ALL.value],
        "next_cursor": found.following,
        "taken": int(done) if done.isdecimal() and len(done) <= FURTHEST else 0,
        "bulk": BULK,
        "at_most": AT_MOST,
        "groups": queries.unallotted(actor) if not actor.inheritance.shared_posts else [],
        **more,
    }
    return render(request, "dossiers/allotment.html", context, status=status)


def _lines(found: Allotment, actor: Actor) -> list[dict[str, Any]]:
    """Each row with what its line says."""
    rows = rows_of([one.line for one in found.rows], actor, {one.fact.id: one.fact.answers for one in found.rows})
    return [{"row": row, "one": one, "answers": one.fact.answers} for row, one in zip(rows, found.rows, strict=True)]
