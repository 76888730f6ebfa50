"""`/desk/to-cao/`: the book of denunciations, one of them, and who denounces, for the named handler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.domain.voice import commands, queries
from haicap.domain.voice.access import can_follow_denunciations, can_take_denunciations, leads
from haicap.domain.voice.commands import Facts, Identity
from haicap.domain.voice.errors import DenunciationRefused, DenunciationUnknown
from haicap.domain.voice.rules import BY_SLUG, HANDED, Way
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

TITLE, ONE = bi("Đơn tố cáo", "Denunciations"), bi("Đơn tố cáo", "Denunciation")
LONGEST = 10_000
_FIELDS = ("way", "against", "matter", "several_places", "full_name", "address", "id_number", "phone")


@require_safe
@allow(can_follow_denunciations)
def index(request: HttpRequest) -> HttpResponse:
    """Those that the officer sees, the newest first; `?truoc=` goes on. Two statements, three with names."""
    before = request.GET.get("truoc", "")
    lines, following = queries.denunciations(before=int(before) if before.isdecimal() and len(before) < 10 else 0)
    return render(request, "voice/index.html", {
        "title": TITLE, "lines": lines, "following": following, "may_take": can_take_denunciations(_actor(request)),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_take_denunciations, writes=True)
def new(request: HttpRequest) -> HttpResponse:
    """The form that takes one down; what was typed stays where something is wrong."""
    typed, problems = _typed(request, *_FIELDS), list[Problem]()
    if request.method == "POST":
        facts = Facts(typed["way"], typed["against"], typed["matter"], bool(typed["several_places"]))
        who = Identity(typed["full_name"], typed["address"], typed["id_number"], typed["phone"])
        try:
            made = commands.take_down(actor=_actor(request), facts=facts, identity=who)
            return HttpResponseRedirect(reverse("denunciation", args=[made.entry.code]))
        except DenunciationRefused as refused:
            problems = refused.problems
    context = {"title": bi("Nhận đơn tố cáo", "Take a denunciation down"), "typed": typed, "ways": Way.choices,
               "crumbs": [(TITLE, reverse("denunciations"))], **_told(problems)}  # fmt: skip
    return _private(render(request, "voice/new.html", context, status=422 if problems else 200))


@require_safe
@allow(can_follow_denunciations)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One denunciation without who denounces. Five statements."""
    return _page(request, code)


@require_POST
@allow(can_follow_denunciations, writes=True)
def identity(request: HttpRequest, code: str) -> HttpResponse:
    """Who denounces, this once, for the named handler who says why."""
    typed = _typed(request, "why")
    try:
        who = commands.open_identity(actor=_actor(request), code=code, reason=typed["why"])
    except DenunciationRefused as refused:
        return _page(request, code, typed=typed, problems=refused.problems, form="identity")
    return _page(request, code, who=who)


@require_POST
@allow(can_follow_denunciations, writes=True)
def give(request: HttpRequest, code: str) -> HttpResponse:
    """The chair names the handler."""
    typed = _typed(request, "account", "decision")
    account = int(typed["account"]) if typed["account"].isdecimal() and len(typed["account"]) < 10 else 0
    try:
        commands.name_handler(actor=_actor(request), code=code, account_id=account, decision=typed["decision"])
    except DenunciationRefused as refused:
        return _page(request, code, typed=typed, problems=refused.problems, form="give")
    return HttpResponseRedirect(reverse("denunciation", args=[code]))


@require_POST
@allow(can_follow_denunciations, writes=True)
def move(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """Accept, refuse, transfer, extend, conclude."""
    rule = BY_SLUG.get(move)
    if rule is None:
        raise DenunciationUnknown
    typed = _typed(request, *(name for name, _, _ in rule.fields))
    try:
        commands.carry_on(actor=_actor(request), code=code, rule=rule, given=typed)
    except DenunciationRefused as refused:
        return _page(request, code, typed=typed, problems=refused.problems, form=rule.slug)
    return HttpResponseRedirect(reverse("denunciation", args=[code]))


def _page(
    request: HttpRequest, code: str, *, typed: Mapping[str, str] | None = None, problems: Sequence[Problem] = (),
    form: str = "", who: Identity | None = None,
) -> HttpResponse:  # fmt: skip
    actor = _actor(request)
    case = queries.case_of(actor, code)
    row = case.line.row
    may_give = leads(actor) and row.entry.state in HANDED
    mine = case.is_handler or leads(actor)
    context: dict[str, Any] = {
        "title": f"{ONE} {row.entry.number}/{row.entry.period}", "case": case, "line": case.line, "row": row, "who": who,
        "crumbs": [(TITLE, reverse("denunciations"))], "way": Way(row.way).label, "form": form,
        "moves": [(rule, _fields(rule, typed or {}, problems, form)) for rule in case.moves] if mine else [],
        "people": queries.handlers_for(row, actor, clock.today()) if may_give else [], "may_give": may_give,
        "typed": typed or {}, **_told(problems),
    }  # fmt: skip
    return _private(render(request, "voice/denunciation.html", context, status=422 if problems else 200))


def _fields(rule: Any, typed: Mapping[str, str], problems: Sequence[Problem], form: str) -> list[dict[str, Any]]:
    """A move's fields with ids of their own, for the page holds several forms."""
    mine = form == rule.slug
    wrong = {one.field: one.message for one in problems} if mine else {}
    return [
        {"name": name, "id": f"{rule.slug}-{name}", "label": label, "long": most > 100,
         "value": typed.get(name, "") if mine else "", "error": wrong.get(name, "")}
        for name, label, most in rule.fields
    ]  # fmt: skip


def _told(problems: Sequence[Problem]) -> dict[str, Any]:
    return {"problems": list(problems), "wrong": {one.field: one.message for one in problems}}


def _typed(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "")[:LONGEST] for name in names}


def _private(response: HttpResponse) -> HttpResponse:
    """Kept by no browser and no cache on the way."""
    response["Cache-Control"] = "no-store"
    return response


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
