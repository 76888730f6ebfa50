"""`/quan-tri/nguoi-dung/`: the accounts and posts of an administrator's units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_manage_accounts
from haicap.domain.people.commands import handovers, staffing
from haicap.domain.people.commands.staffing import Opened, PostFacts
from haicap.domain.people.errors import HeldElsewhere, OutOfReach, PostRefused
from haicap.domain.people.models import Agency, Official
from haicap.domain.people.queries import with_second_factor
from haicap.domain.people.queries.duties import must_have_factor
from haicap.domain.people.queries.headcount.room import Load, over_by_access, without_room
from haicap.domain.people.queries.reach import STATES, Post, Reach, Wanted, last_sign_in, reach_of
from haicap.domain.people.queries.records import sheets_of
from haicap.domain.people.queries.safety import waiting_resets
from haicap.domain.people.rules import Role, roles_in
from haicap.domain.people.web.successors import successor_in, successor_options
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

LONGEST_QUERY, LONGEST_INPUT = 120, 200
FIELDS = ("full_name", "name", "agency", "role", "decision_number", "decision_date", "valid_from", "last_day")
_TITLE = bi("Người dùng và vị trí", "Accounts and posts")


@require_safe
@allow(can_manage_accounts)
def accounts(request: HttpRequest) -> HttpResponse:
    """The list; `?q=` words (accents optional), `?don-vi= vai-tro= trang-thai=` narrow, `?tiep=` goes on. Nine statements."""
    reach = reach_of(actor_of(request))
    asked = request.GET
    unit, role, state = asked.get("don-vi", ""), asked.get("vai-tro", ""), asked.get("trang-thai", "")
    wanted = Wanted(
        words=clean(asked.get("q", ""))[:LONGEST_QUERY], unit=unit if unit in reach.units else "",
        role=role if role in Role.values else "", state=state if state in STATES else "",
    )  # fmt: skip
    after = asked.get("tiep", "")
    lines, following = reach.accounts(
        wanted, after=int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    )
    return render(request, "people/accounts/list.html", {
        "crumbs": crumbs(), "title": _TITLE, "lines": lines, "next_cursor": following, "wanted": wanted,
        "units": unit_options(reach), "roles": Role.choices, "states": list(STATES.items()),
        "waiting": waiting_resets(reach), "narrowed": any((wanted.words, wanted.unit, wanted.role, wanted.state)),
    })  # fmt: skip


@allow(can_manage_accounts, writes=True)
def new_account(request: HttpRequest) -> HttpResponse:
    """A new person in a post: the form, and on success the first password, once. `?don-vi=` chooses the unit."""
    reach = reach_of(actor_of(request))
    unit = chosen_unit(reach, request)
    if request.method == "POST":
        typed = _typed(request)
        try:
            facts = _facts(reach, typed)
            opened = staffing.open_with_post(
                reach,
                full_name=typed["full_name"],
                name=typed["name"],
                facts=facts,
                same=request.POST.get("same") == "1",
            )
        except PostRefused as refused:
            problems = [*refused.problems, *([] if typed["full_name"] else staffing.name_problems(""))]
            return _new_form(request, reach, unit, typed, {one.field: one for one in problems})
        rows = [one.row for one in reach.posts(opened.account.pk)]
        return handed(request, opened, over=over_by_access(opened.account.pk, rows, reach.day))
    return _new_form(request, reach, unit, {}, {})


@require_safe
@allow(can_manage_accounts)
def account(request: HttpRequest, account_id: str) -> HttpResponse:
    """One account: its posts over time within the administrator's units, and what can be done."""
    return account_page(request, reach_of(actor_of(request)), int(account_id))


@require_POST
@allow(can_manage_accounts, writes=True)
def appoint(request: HttpRequest, account_id: str) -> HttpResponse:
    """Appoint to a further post."""
    reach, number, typed = reach_of(actor_of(request)), int(account_id), _typed(request)
    reach.account(number)
    try:
        staffing.appoint_by_decision(reach, number, _facts(reach, typed))
    except PostRefused as refused:
        return account_page(request, reach, number, typed=typed, problems=refused.problems)
    return _back(number)


@require_POST
@allow(can_manage_accounts, writes=True)
def end_post(request: HttpRequest, account_id: str, post_id: str) -> HttpResponse:
    """Set the last day of a post, and say who goes on with the work; `huy=1` takes back one that has not begun."""
    reach, number, post = reach_of(actor_of(request)), int(account_id), int(post_id)
    reach.account(number)
    if not any(one.row.pk == post and one.may_end for one in reach.posts(number)):
        raise OutOfReach()
    typed = {name: clean(request.POST.get(name, ""))[:LONGEST_INPUT] for name in ("last_day", "successor", "witness")}
    problems: list[Problem] = []
    withdraw = request.POST.get("huy") == "1"
    day = _day(typed, "last_day", problems)
    successor = successor_in(typed, problems, needed=not withdraw)
    try:
        if problems:
            raise PostRefused(problems=problems)
        if withdraw:
            staffing.end_post(reach, number, post, withdraw=True)
        else:
            handovers.end_post(reach, number, post, day, successor)
    except PostRefused as refused:
        return account_page(request, reach, number, typed=typed, problems=refused.problems, ending=post)
    return _back(number)


@require_POST
@allow(can_manage_accounts, writes=True)
def reset_password(request: HttpRequest, account_id: str) -> HttpResponse:
    """A new first password, shown once."""
    return handed(request, staffing.reset_password(reach_of(actor_of(request)), int(account_id)), again=True)


@require_POST
@allow(can_manage_accounts, writes=True)
def close(request: HttpRequest, account_id: str) -> HttpResponse:
    """Close the account."""
    staffing.set_active(reach_of(actor_of(request)), int(account_id), False)
    return _back(int(account_id))


@require_POST
@allow(can_manage_accounts, writes=True)
def reopen(request: HttpRequest, account_id: str) -> HttpResponse:
    """Open a closed account again."""
    staffing.set_active(reach_of(actor_of(request)), int(account_id), True)
    return _back(int(account_id))


def unit_options(reach: Reach) -> list[tuple[str, str]]:
    """The administrator's units of today, to choose from."""
    return [(code, unit.shown_name) for code, unit in reach.units.items()]


def chosen_unit(reach: Reach, request: HttpRequest) -> Unit | None:
    """The unit of `?don-vi=`, or the only one; None where a choice is to be made. Raises OutOfReach."""
    code = request.POST.get("don-vi") or request.GET.get("don-vi", "")
    if code:
        return reach.unit(code[:LONGEST_INPUT])
    return next(iter(reach.units.values())) if len(reach.units) == 1 else None


def crumbs(*further: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way to a page of this part."""
    home = (bi("Quản trị", "Administration"), reverse("administration"))
    return [home, (_TITLE, reverse("accounts") if further else ""), *further]


def agency_options(agencies: list[Agency]) -> list[tuple[str, str]]:
    """Agencies to choose from."""
    return [(str(one.pk), one.name) for one in agencies]


def _new_form(
    request: HttpRequest, reach: Reach, unit: Unit | None, typed: Mapping[str, str], problems: Mapping[str, Problem]
) -> HttpResponse:
    agencies = reach.agencies(unit) if unit else []
    context = {
        "crumbs": crumbs((bi("Mở tài khoản", "Open an account"), "")), "unit": unit, "units": unit_options(reach),
        "typed": typed, "problems": list(problems.values()), "wrong": {name: one.message for name, one in problems.items()},
        "agencies": agency_options(agencies), "roles": _roles_of(agencies),
        "full": without_room([unit] if unit else [], reach.day), "same": request.POST.get("same") == "1",
    }  # fmt: skip
    return render(request, "people/accounts/new.html", context, status=422 if request.method == "POST" else 200)


def account_page(
    request: HttpRequest, reach: Reach, account_id: int, *, typed: Mapping[str, str] | None = None,
    problems: list[Problem] | None = None, ending: int = 0, resetting: bool = False,
) -> HttpResponse:  # fmt: skip
    """The page of an account; `ending`, `resetting`: in which of its forms the problems are."""
    found = reach.account(account_id)
    posts = reach.posts(account_id)
    elsewhere = reach.is_held_elsewhere(account_id)
    units = _units_of(reach, posts)
    agencies = [agency for unit in units for agency in reach.agencies(unit)]
    problems = problems or []
    return render(request, "people/accounts/account.html", {
        "crumbs": crumbs((found.full_name, "")), "account": found, "posts": posts, "typed": {} if ending else typed or {},
        "problems": problems, "wrong": {} if ending else {one.field: one.message for one in problems},
        "end_typed": typed if ending else {}, "end_wrong": {one.field: one.message for one in problems} if ending else {},
        "takers": _takers(reach, found.pk, posts), "sheets": sheets_of(account_id, reach.unit_ids),
        "over": over_by_access(account_id, [one.row for one in posts if one.may_end], reach.day),
        "full": without_room(units, reach.day),
        "ending": ending, "resetting": resetting, "own": found.pk == reach.actor.account_id, "elsewhere": elsewhere,
        "held_elsewhere": HeldElsewhere.template, "last_sign_in": last_sign_in(account_id),
        "agencies": agency_options(agencies), "roles": _roles_of(agencies), "today": reach.day,
        "has_factor": bool(with_second_factor([account_id])), "waiting": waiting_resets(reach, account_id),
        "must_have": must_have_factor(found) if found.active else False,
        "official_id": Official.objects.filter(account_id=account_id).values_list("pk", flat=True).first(),
    }, status=422 if problems else 200)  # fmt: skip


def _takers(reach: Reach, account_id: int, posts: Sequence[Post]) -> list[tuple[str, Any]]:
    """Who may go on with what waits in the posts that may still end; [] where none may."""
    units = {one.row.agency.unit_id for one in posts if one.may_end}
    return successor_options(units, reach.day, account_id) if units else []


def _units_of(reach: Reach, posts: Any) -> list[Unit]:
    """The units of today to which the page offers to appoint: the account's own ones, else all."""
    own = {post.row.agency.unit.code for post in posts}
    units = [unit for code, unit in reach.units.items() if code in own]
    return units or list(reach.units.values())[:1]


def _roles_of(agencies: list[Agency]) -> list[tuple[str, Any]]:
    """The roles that exist in some of `agencies`, in the order of `Role`."""
    there = {role for agency in agencies for role in roles_in(agency.kind)}
    return [(role.value, role.label) for role in Role if role in there]


def handed(
    request: HttpRequest, opened: Opened, *, again: bool = False, factor_off: bool = False, over: Sequence[Load] = ()
) -> HttpResponse:
    """A first password, shown this once and kept by nobody on the way; `over`: blocks that the post brings over their quota."""
    answer = render(request, "people/accounts/password.html", {
        "crumbs": crumbs((opened.account.full_name, "")), "account": opened.account, "password": opened.password,
        "again": again, "factor_off": factor_off, "over": over,
    })  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: clean(request.POST.get(name, ""))[:LONGEST_INPUT] for name in FIELDS}


def _facts(reach: Reach, typed: Mapping[str, str]) -> PostFacts:
    """The post that was typed; raises PostRefused with every input that says nothing, OutOfReach for a foreign agency."""
    problems: list[Problem] = []
    agency = reach.agency(int(typed["agency"])) if typed["agency"].isascii() and typed["agency"].isdigit() else None
    if agency is None:
        problems.append(Problem("agency", bi("Chọn cơ quan.", "Choose the agency.")))
    if typed["role"] not in Role.values:
        problems.append(Problem("role", bi("Chọn vai trò.", "Choose the role.")))
    if not typed["decision_number"]:
        problems.append(Problem("decision_number", bi("Ghi số quyết định.", "Give the decision's number.")))
    decided, begins = _day(typed, "decision_date", problems), _day(typed, "valid_from", problems)
    last = _day(typed, "last_day", problems)
    if not typed["decision_date"]:
        problems.append(Problem("decision_date", bi("Ghi ngày quyết định.", "Give the decision's day.")))
    if not typed["valid_from"]:
        problems.append(Problem("valid_from", bi("Ghi ngày đầu giữ vị trí.", "Give the first day in the post.")))
    if problems or agency is None or decided is None or begins is None:
        raise PostRefused(problems=problems)
    ends = last + timedelta(days=1) if last else None
    return PostFacts(agency, typed["role"], typed["decision_number"], decided, begins, ends)


def _day(typed: Mapping[str, str], name: str, problems: list[Problem]) -> date | None:
    if not typed[name]:
        return None
    try:
        day = vi.parse_date(typed[name])
    except ValueError as error:
        problems.append(Problem(name, error.args[0]))
        return None
    if day == date.max:
        problems.append(Problem(name, bi("Ngày này quá xa.", "That day is too far away.")))
        return None
    return day


def _back(account_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("account", args=[account_id]))


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
