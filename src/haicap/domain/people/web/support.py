"""`/quan-tri/ho-tro/`: support access, asked for by technical support, answered and ended by the unit, listed afterwards."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_administer, can_decide_support, can_see_support
from haicap.domain.people.commands.support import ask_for_support, decide_support, end_support
from haicap.domain.people.errors import SupportRefused
from haicap.domain.people.queries.support import grant_of, grants, views_of
from haicap.domain.people.rules import SUPPORT_HOURS_MOST
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

ROWS = 50
LONGEST_INPUT = 1000
_TITLE = bi("Truy cập hỗ trợ kỹ thuật", "Support access")
_HOURS = [(str(n), bi_format(bi("{n} giờ", "{n} h"), n=n)) for n in range(1, SUPPORT_HOURS_MOST + 1)]


@allow(can_see_support, writes=True)
def overview(request: HttpRequest) -> HttpResponse:
    """What is asked for, runs and was; technical support asks here. `?tiep=` goes on. Two statements, for support four."""
    actor = _actor(request)
    if request.method != "POST" or not actor.guest:
        return _overview(request, {}, [])
    typed = {name: clean(request.POST.get(name, ""))[:LONGEST_INPUT] for name in ("unit", "reason", "hours")}
    unit = next((one for one in _units(actor) if one.code == typed["unit"]), None)
    hours = int(typed["hours"]) if typed["hours"] in dict(_HOURS) else 0
    try:
        ask_for_support(actor=actor, unit=unit, reason=typed["reason"], hours=hours)
    except SupportRefused as refused:
        return _overview(request, typed, refused.problems)
    return HttpResponseRedirect(reverse("support"))


@require_safe
@allow(can_see_support)
def grant(request: HttpRequest, grant_id: str) -> HttpResponse:
    """One support access with every page that was opened by it, the latest first. Three statements."""
    line = grant_of(int(grant_id))
    views = views_of(line.row.pk, ROWS + 1, before=_number(request))
    return render(request, "people/support/grant.html", {
        "crumbs": _crumbs(_actor(request), (line.row.account_name, "")), "line": line, "views": views[:ROWS],
        "next_cursor": str(views[ROWS - 1].pk) if len(views) > ROWS else "",
    })  # fmt: skip


@require_POST
@allow(can_decide_support, writes=True)
def decide(request: HttpRequest, grant_id: str) -> HttpResponse:
    """Approve (`dong-y=1`) or refuse what was asked."""
    decide_support(actor=_actor(request), grant_id=int(grant_id), approved=request.POST.get("dong-y") == "1")
    return HttpResponseRedirect(reverse("support"))


@require_POST
@allow(can_see_support, writes=True)
def end(request: HttpRequest, grant_id: str) -> HttpResponse:
    """End what runs, take back what was asked."""
    end_support(actor=_actor(request), grant_id=int(grant_id))
    return HttpResponseRedirect(reverse("support"))


def _overview(request: HttpRequest, typed: dict[str, str], problems: list[Problem]) -> HttpResponse:
    actor = _actor(request)
    lines = grants(ROWS + 1, before=_number(request))
    context: dict[str, Any] = {
        "crumbs": _crumbs(actor), "title": _TITLE, "lines": lines[:ROWS], "typed": typed, "problems": problems,
        "faults": {one.field: one.message for one in problems}, "hours": _HOURS,
        "next_cursor": str(lines[ROWS - 1].row.pk) if len(lines) > ROWS else "",
    }  # fmt: skip
    if actor.guest:
        context["units"] = [(unit.code, unit.shown_name) for unit in _units(actor)]
    return render(request, "people/support/overview.html", context, status=422 if problems else 200)


def _units(actor: Actor) -> list[Unit]:
    """The province of somebody of support and its communes, today."""
    day = clock.today()
    return [units.unit_on(actor.unit_code, day), *units.communes_of(actor.unit_code, day).in_code_order()]


def _number(request: HttpRequest) -> int:
    after = request.GET.get("tiep", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0


def _crumbs(actor: Actor, *further: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way back; only administrators have pages above this one."""
    above = [(bi("Quản trị", "Administration"), reverse("administration"))] if can_administer(actor) else []
    here = [(_TITLE, reverse("support") if further else "")] if above or further else []
    return [*above, *here, *further]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
