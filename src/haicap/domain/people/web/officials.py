"""`/quan-tri/can-bo/`: staff records, kept by administrators, read by chair and heads of the unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_keep_staff, can_read_staff, owns_account
from haicap.domain.people.blocks import Block, StaffKind
from haicap.domain.people.commands import assignments, standing_in
from haicap.domain.people.commands.officials import record_officials
from haicap.domain.people.errors import StaffRefused
from haicap.domain.people.models import Official
from haicap.domain.people.queries import records
from haicap.domain.people.queries.headcount.room import over_by_posts, without_room
from haicap.domain.people.queries.lending import fields_of_work, people_in
from haicap.domain.people.queries.looks import looks_at_record
from haicap.domain.people.queries.reach import Reach, reach_of
from haicap.domain.people.queries.staff import (
    STATES,
    StaffReach,
    StaffWanted,
    own_official,
    staff_reach_of,
)
from haicap.domain.people.web.looks import note_shown, record_note, search_note
from haicap.domain.people.web.official_forms import (
    ACTS,
    LENDS,
    assignment_facts,
    covering,
    day_of,
    official_facts,
    seat_facts,
    stand_in_facts,
    ticked_in,
    typed_in,
    typed_of,
)
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

LONGEST_QUERY = 120
_TITLE = bi("Cán bộ, công chức, viên chức", "Staff")
STAFF_KINDS = [(kind.value, kind.label) for kind in StaffKind if kind != StaffKind.CONCURRENT]


@require_safe
@allow(can_read_staff, notes=search_note)
def officials(request: HttpRequest) -> HttpResponse:
    """The list; `?q=` a name (accents optional) or a whole ID number, `?don-vi= khoi= loai= trang-thai=` narrow, `?tiep=` goes
    on. Nine statements."""
    reach = staff_reach_of(_actor(request))
    units, wanted = reach.units(), _wanted(request)
    wanted = wanted if wanted.unit in units else StaffWanted(**{**vars(wanted), "unit": ""})
    lines, following = reach.lines(wanted, after=_cursor(request))
    return render(request, "people/staff/list.html", {
        "crumbs": crumbs(), "title": _TITLE, "lines": lines, "next_cursor": following, "wanted": wanted,
        "units": _options(units), "blocks": Block.choices, "kinds": STAFF_KINDS, "states": list(STATES.items()),
        "narrowed": any((wanted.words, wanted.unit, wanted.block, wanted.kind)), "keeps": bool(reach.keeps.unit_ids),
    })  # fmt: skip


@require_safe
@allow(can_read_staff)
def vacant_posts(request: HttpRequest) -> HttpResponse:
    """Posts with fewer holders than seats; `?don-vi= khoi=` narrow, `?tiep=` goes on. Seven statements."""
    reach = staff_reach_of(_actor(request))
    units, wanted = reach.units(), _wanted(request)
    wanted = wanted if wanted.unit in units else StaffWanted(**{**vars(wanted), "unit": ""})
    lines, following = reach.vacant(wanted, skip=_cursor(request))
    return render(request, "people/staff/vacant.html", {
        "crumbs": crumbs((bi("Vị trí còn trống", "Vacant posts"), "")), "lines": lines, "next_cursor": following,
        "wanted": wanted, "units": _options(units), "blocks": Block.choices, "keeps": bool(reach.keeps.unit_ids),
    })  # fmt: skip


@allow(can_keep_staff, writes=True)
def new_official(request: HttpRequest) -> HttpResponse:
    """Enter somebody, with the first post where one is given. `?don-vi=` chooses the unit."""
    reach = reach_of(_actor(request))
    unit = _chosen(reach, request)
    if request.method != "POST" or unit is None:
        return _new_form(request, reach, unit, {}, [])
    typed, problems = typed_in(request), list[Problem]()
    facts = official_facts(unit, typed, problems)
    facts = seat_facts(facts, typed, problems)
    try:
        if problems:
            raise StaffRefused(problems=problems)
        (official,) = record_officials(actor=reach.actor, people=[facts])
    except StaffRefused as refused:
        return _new_form(
            request, reach, unit, typed, [Problem(_bare(one.field), one.message) for one in refused.problems]
        )
    assignments.note_entered(official, facts)
    return HttpResponseRedirect(reverse("official", args=[official.pk]))


@require_safe
@allow(can_read_staff, notes=record_note)
def official(request: HttpRequest, official_id: str) -> HttpResponse:
    """One record: facts, posts over time, who acts for whom, sheets, and what was done to it."""
    return official_page(request, staff_reach_of(_actor(request)), int(official_id))


@allow(can_keep_staff, writes=True, notes=record_note)
def correct(request: HttpRequest, official_id: str) -> HttpResponse:
    """Put the facts right; what stood before goes to the trail."""
    reach = staff_reach_of(_actor(request))
    found = reach.kept(int(official_id))
    if request.method != "POST":
        return _correct_form(request, found, typed_of(found), [])
    typed, problems = typed_in(request), list[Problem]()
    facts = official_facts(found.unit, typed, problems)
    try:
        if problems:
            raise StaffRefused(problems=problems)
        assignments.correct_official(reach.keeps, found.pk, facts, typed["sign_in_name"])
    except StaffRefused as refused:
        return _correct_form(request, found, typed, refused.problems)
    return HttpResponseRedirect(reverse("official", args=[found.pk]))


@require_POST
@allow(can_keep_staff, writes=True)
def assign(request: HttpRequest, official_id: str) -> HttpResponse:
    """Put somebody in a post; an account opened for its access shows its first password once."""
    reach, typed, problems = staff_reach_of(_actor(request)), typed_in(request), list[Problem]()
    found = reach.kept(int(official_id))
    facts = assignment_facts(reach.keeps, typed, problems)
    try:
        if problems or facts is None:
            raise StaffRefused(problems=problems)
        made = assignments.assign(reach.keeps, found.pk, facts)
    except StaffRefused as refused:
        return official_page(request, reach, found.pk, form="assign", typed=typed, problems=refused.problems)
    if made.opened is None:
        return HttpResponseRedirect(reverse("official", args=[found.pk]))
    answer = render(request, "people/accounts/password.html", {
        "crumbs": crumbs((found.full_name, "")), "account": made.opened.account, "password": made.opened.password,
    })  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@allow(can_keep_staff, writes=True)
def withdraw(request: HttpRequest, assignment_id: str) -> HttpResponse:
    """Take back an assignment that has not begun."""
    reach = reach_of(_actor(request))
    official_id = records.official_of(reach, int(assignment_id))
    assignments.withdraw_assignment(reach, int(assignment_id))
    return HttpResponseRedirect(reverse("official", args=[official_id]))


@require_POST
@allow(can_keep_staff, writes=True)
def authorise(request: HttpRequest, official_id: str) -> HttpResponse:
    """Note a written authorisation of the chair."""
    return _stand_in(request, int(official_id), "authorise")


@require_POST
@allow(can_keep_staff, writes=True)
def deputise(request: HttpRequest, official_id: str) -> HttpResponse:
    """Note an absence and who answers meanwhile."""
    return _stand_in(request, int(official_id), "deputise")


@require_POST
@allow(can_keep_staff, writes=True)
def end_standing_in(request: HttpRequest, official_id: str, delegation_id: str) -> HttpResponse:
    """Let a delegation or an absence end on another day."""
    reach, typed, problems = staff_reach_of(_actor(request)), typed_in(request), list[Problem]()
    found = reach.kept(int(official_id))
    day = day_of(typed, "last_day", problems)
    try:
        if problems or day is None:
            raise StaffRefused(problems=problems or [Problem("last_day", bi("Ghi ngày cuối.", "Give the last day."))])
        standing_in.end_standing_in(reach.keeps, int(delegation_id), day)
    except StaffRefused as refused:
        return official_page(
            request, reach, found.pk, form=f"lent-{delegation_id}", typed=typed, problems=refused.problems
        )
    return HttpResponseRedirect(reverse("official", args=[found.pk]))


@require_safe
@allow(owns_account)
def own_record(request: HttpRequest) -> HttpResponse:
    """`/tai-khoan/ho-so/`: what the office keeps of oneself, and who looked at it; `?tiep=` goes on. Seven statements."""
    actor = _actor(request)
    found = own_official(actor)
    context: dict[str, Any] = {"frame": "base_desk.html" if actor.roles else "base_portal.html", "official": found}
    if found is not None:
        context["record"] = records.record_of(found, with_history=False)
        context["looks"], context["next_cursor"] = looks_at_record(found.pk, before=_cursor(request) or None)
    return render(request, "people/staff/own.html", context)


def official_page(
    request: HttpRequest, reach: StaffReach, official_id: int, *, form: str = "", typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
) -> HttpResponse:  # fmt: skip
    """The page of a record, with the faults of one of its forms where it was posted to."""
    found = reach.official(official_id)
    if problems:
        note_shown(reach.keeps.actor, official_id)
    keeps = reach.may_keep(found)
    record = records.record_of(found, with_history=keeps)
    context: dict[str, Any] = {
        "crumbs": crumbs((found.full_name, "")), "official": found, "keeps": keeps, "reach": reach, "form": form,
        "typed": typed or {}, "problems": list(problems), "wrong": {one.field: one.message for one in problems},
        "record": record, "today": reach.day,
        "nothing": {}, "masked": {"id": vi.masked_number(found.id_number), "phone": vi.masked_number(found.phone)},
        "own": found.account_id is not None and found.account_id == reach.keeps.actor.account_id,
    }  # fmt: skip
    if keeps:
        context |= records.choices_for(reach.keeps, found, clean(request.GET.get("vao", ""))[:20])
        context["people"] = _people(reach.keeps, found)
        context["over"] = over_by_posts([one for one in record.posts if one.unit_id in reach.keeps.unit_ids], reach.day)
        context["full"] = without_room([context["unit"]] if context["unit"] else [], reach.day)
        if context["chairs"]:
            context |= {"lends": LENDS, "acts": ACTS, "fields": fields_of_work(*ticked_in(request))}
    return render(request, "people/staff/official.html", context, status=422 if problems else 200)


def crumbs(*further: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way to a page of this part."""
    home = (bi("Quản trị", "Administration"), reverse("administration"))
    return [home, (_TITLE, reverse("officials") if further else ""), *further]


def _stand_in(request: HttpRequest, official_id: int, form: str) -> HttpResponse:
    reach, typed, problems = staff_reach_of(_actor(request)), typed_in(request), list[Problem]()
    found = reach.kept(official_id)
    facts = stand_in_facts(typed, problems)
    if form == "authorise":
        facts = covering(facts, typed, ticked_in(request), problems)
    try:
        if problems or facts is None:
            raise StaffRefused(problems=problems)
        if form == "deputise":
            standing_in.deputise(reach.keeps, found.account_id or 0, facts)
        else:
            post = typed["post"]
            own = records.is_post_of(found, int(post) if post.isascii() and post.isdigit() else 0)
            standing_in.authorise(reach.keeps, int(post) if own else 0, facts)
    except StaffRefused as refused:
        return official_page(request, reach, found.pk, form=form, typed=typed, problems=refused.problems)
    return HttpResponseRedirect(reverse("official", args=[found.pk]))


def _people(reach: Reach, found: Official) -> list[tuple[str, str]]:
    """Whoever may act for somebody of the unit, or take their work over."""
    there = people_in({found.unit_id} & reach.unit_ids, reach.day, besides=found.account_id)
    return [(str(account.pk), f"{account.full_name} ({post})") for account, post in there]


def _new_form(
    request: HttpRequest, reach: Reach, unit: Unit | None, typed: Mapping[str, str], problems: Sequence[Problem]
) -> HttpResponse:
    context = {
        "crumbs": crumbs((bi("Ghi hồ sơ mới", "Enter a record"), "")), "unit": unit, "units": _options(reach.units),
        "kinds": STAFF_KINDS, "typed": typed, "problems": list(problems),
        "wrong": {one.field: one.message for one in problems},
        "posts": records.post_options(unit, reach.day) if unit else [],
        "full": without_room([unit] if unit else [], reach.day),
        "chosen_post": typed.get("post") or clean(request.GET.get("vi-tri", ""))[:120],
    }  # fmt: skip
    return render(request, "people/staff/new.html", context, status=422 if problems else 200)


def _correct_form(
    request: HttpRequest, found: Official, typed: Mapping[str, str], problems: Sequence[Problem]
) -> HttpResponse:
    context = {
        "crumbs": crumbs((found.full_name, reverse("official", args=[found.pk])), (bi("Sửa", "Correct"), "")),
        "official": found, "kinds": STAFF_KINDS, "typed": typed, "problems": list(problems),
        "wrong": {one.field: one.message for one in problems},
    }  # fmt: skip
    return render(request, "people/staff/correct.html", context, status=422 if problems else 200)


def _wanted(request: HttpRequest) -> StaffWanted:
    asked = request.GET
    block, kind, state = asked.get("khoi", ""), asked.get("loai", ""), asked.get("trang-thai", "")
    return StaffWanted(
        words=clean(asked.get("q", ""))[:LONGEST_QUERY], unit=clean(asked.get("don-vi", ""))[:20],
        block=block if block in Block.values else "", kind=kind if kind in StaffKind.values else "",
        state=state if state in STATES else next(iter(STATES)),
    )  # fmt: skip


def _cursor(request: HttpRequest) -> int:
    after = request.GET.get("tiep", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0


def _chosen(reach: Reach, request: HttpRequest) -> Unit | None:
    code = clean(request.POST.get("don-vi") or request.GET.get("don-vi", ""))[:20]
    if code:
        return reach.unit(code)
    return next(iter(reach.units.values())) if len(reach.units) == 1 else None


def _options(units: Mapping[str, Unit]) -> list[tuple[str, str]]:
    return [(code, unit.shown_name) for code, unit in units.items()]


def _bare(field: str) -> str:
    return field.rpartition(".")[2]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
