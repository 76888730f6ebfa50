"""`/desk/uy-quyen/`: whom a chair has authorised, and what is lent to oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_authorise, works_here
from haicap.domain.people.commands import standing_in
from haicap.domain.people.errors import StaffRefused
from haicap.domain.people.queries.lending import fields_of_work, own_lending
from haicap.domain.people.web.official_forms import (
    ACTS,
    LENDS,
    covering,
    day_of,
    number_of,
    stand_in_facts,
    ticked_in,
    typed_in,
)
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor


@require_safe
@allow(works_here)
def lending(request: HttpRequest) -> HttpResponse:
    """What is lent, by oneself and to oneself; for chairs the form. Six statements at most."""
    return _page(request)


@require_POST
@allow(can_authorise, writes=True)
def lend(request: HttpRequest) -> HttpResponse:
    """Authorise somebody to act in one's own post, by a paper."""
    typed, problems = typed_in(request), list[Problem]()
    facts = covering(stand_in_facts(typed, problems), typed, ticked_in(request), problems)
    try:
        if problems or facts is None:
            raise StaffRefused(problems=problems)
        standing_in.authorise_own(actor=_actor(request), post_id=number_of(typed["post"]) or 0, facts=facts)
    except StaffRefused as refused:
        return _page(request, form="lend", typed=typed, problems=refused.problems)
    return HttpResponseRedirect(reverse("lending"))


@require_POST
@allow(can_authorise, writes=True)
def end(request: HttpRequest, delegation_id: str) -> HttpResponse:
    """Let it end on another day."""
    typed, problems = typed_in(request), list[Problem]()
    day = day_of(typed, "last_day", problems)
    try:
        if problems or day is None:
            raise StaffRefused(problems=problems or [Problem("last_day", bi("Ghi ngày cuối.", "Give the last day."))])
        standing_in.end_own_standing_in(actor=_actor(request), delegation_id=int(delegation_id), last_day=day)
    except StaffRefused as refused:
        return _page(request, form=f"lent-{delegation_id}", typed=typed, problems=refused.problems)
    return HttpResponseRedirect(reverse("lending"))


def _page(
    request: HttpRequest, *, form: str = "", typed: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> HttpResponse:
    actor = _actor(request)
    own = own_lending(actor)
    context: dict[str, Any] = {
        "own": own, "form": form, "typed": typed or {}, "problems": list(problems), "nothing": {},
        "wrong": {one.field: one.message for one in problems}, "may_lend": can_authorise(actor) and bool(own.posts),
        "crumbs": [(bi("Việc của tôi", "My work"), "/desk/"), (bi("Ủy quyền", "Delegation"), "")],
    }  # fmt: skip
    if context["may_lend"]:
        context |= {"lends": LENDS, "acts": ACTS, "fields": fields_of_work(*ticked_in(request)), "people": own.people}
    return render(request, "people/lending.html", context, status=422 if problems else 200)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
