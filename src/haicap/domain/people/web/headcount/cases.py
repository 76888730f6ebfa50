"""Cases of streamlining: the list with its totals, entering one, one with every figure explained, its paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_keep_staff, can_see_headcount
from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.commands.headcount.case_table import MOST_AMOUNT
from haicap.domain.people.commands.headcount.cases import (
    CaseFacts,
    case_problems,
    decide_case,
    decision_problems,
    pay_case,
    record_cases,
    revoke_case,
    standing_cases,
    withdraw_case,
)
from haicap.domain.people.commands.headcount.reading import day_in
from haicap.domain.people.errors import CaseRefused
from haicap.domain.people.models import Official, StreamliningCase
from haicap.domain.people.papers.calculation import calculation_pdf
from haicap.domain.people.queries.headcount import cases as queries
from haicap.domain.people.queries.headcount.room import around_case
from haicap.domain.people.queries.headcount.staffing import staffing_of, units_seen
from haicap.domain.people.queries.reach import Reach, reach_of
from haicap.domain.people.streamlining_rules import UNCERTAIN, Calculation, CaseState, Scheme, kept_lines
from haicap.domain.people.web.headcount.shared import ROWS, actor_of, crumbs, table_file, text_of
from haicap.domain.people.web.looks import case_note, case_paper_note, new_case_note, note_taken_away
from haicap.domain.people.web.successors import successor_in, successor_options
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

_TITLE = bi("Nghỉ theo sắp xếp", "Streamlining")
_NEW = bi("Lập hồ sơ", "Enter a case")
_FIELDS = (
    "scheme", "leave_on", "reorganised_on", "amount", "decision_number", "decision_date", "paid_on", "successor", "witness",
)  # fmt: skip
_STEP_FIELDS = {
    "decision_number": 80, "decision_date": 80, "paid_on": 80, "revoked_number": 80, "revoked_date": 80, "revoked_why": 600,
    "successor": 20, "witness": 200,
}  # fmt: skip
"""What the forms of a case ask, and how much of it is read."""


@require_safe
@allow(can_see_headcount, notes_itself=True)
def cases(request: HttpRequest) -> HttpResponse:
    """The list; `?q= don-vi= loai= che-do= trang-thai= trang=`, totals of the same rows; `?tai=csv|xlsx` all as a file."""
    actor = actor_of(request)
    wanted = queries.Wanted(
        text_of(request, "q"), text_of(request, "don-vi", 5), _of(request, "loai", StaffKind.values),
        _of(request, "che-do", Scheme.values), _of(request, "trang-thai", CaseState.values),
    )  # fmt: skip
    if (form := text_of(request, "tai", 4)) in ("csv", "xlsx"):
        return _file(actor, form, wanted)
    servants, employees, total = queries.settled()
    page = Paginator(queries.cases(wanted), ROWS).get_page(request.GET.get("trang"))
    return render(request, "people/headcount/cases.html", {
        "crumbs": crumbs(actor, (_TITLE, "")), "wanted": wanted, "page": page, "sums": queries.sums(wanted),
        "servants": servants, "employees": employees, "total": total, "kinds": StaffKind.choices,
        "schemes": Scheme.choices, "states": CaseState.choices, "may_keep": can_keep_staff(actor),
        "written": text_of(request, "da-ghi", 6), "still_over": _still_over(actor),
    })  # fmt: skip


@allow(can_keep_staff, writes=True, notes=new_case_note)
def new_case(request: HttpRequest) -> HttpResponse:
    """Enter a case: `?q=` finds the staff record, `?ho-so=` chooses it; posting with `xem=1` only calculates."""
    reach = reach_of(actor_of(request))
    number = (request.POST.get("ho-so") or request.GET.get("ho-so", ""))[:12]
    rows = Official.objects.select_related("unit").filter(unit_id__in=reach.unit_ids)
    who = rows.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if who is None:
        words = text_of(request, "q")
        found = [one for one in queries.officials_found(words) if one.unit_id in reach.unit_ids]
        return _page(request, "case_find.html", {"q": words, "found": found})
    if request.method != "POST":
        return _form(request, who, {"scheme": Scheme.EARLY_RETIREMENT.value})
    typed = {name: clean(request.POST.get(name, ""))[:60] for name in _FIELDS}
    facts, problems = _facts(who, typed)
    if facts is None:
        return _form(request, who, typed, problems)
    only_looks = request.POST.get("xem") == "1"
    decides = bool(typed["decision_number"]) and not only_looks
    needed = decides and bool(queries.access_ending(who.account_id, facts.leave_on))
    facts = replace(facts, successor=successor_in(typed, problems, needed=needed))
    problems += case_problems(facts, standing_cases([who.pk]).get(who.pk), reach, clock.today())
    if problems or only_looks:
        return _form(request, who, typed, problems, facts.calculation())
    try:
        (case,) = record_cases(reach, [facts])
    except CaseRefused as refused:
        return _form(request, who, typed, refused.problems, facts.calculation())
    return _to(case)


@require_safe
@allow(can_see_headcount, notes=case_note)
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """One case: who, by what, every figure with its rule, numbers and article. Three statements."""
    return _case_page(request, queries.case_of(int(case_id)))


@require_safe
@allow(can_see_headcount, notes=case_paper_note)
def paper(request: HttpRequest, case_id: str) -> HttpResponse:
    """The calculation as PDF."""
    found = queries.case_of(int(case_id))
    made = calculated(found)
    answer = HttpResponse(calculation_pdf(found, made, clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="nghi-theo-sap-xep-{found.pk}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@allow(can_keep_staff, writes=True)
def step(request: HttpRequest, case_id: str, step: str) -> HttpResponse:
    """Decide, pay, withdraw a proposal or revoke a decision; what was refused stands at its field."""
    reach, number = reach_of(actor_of(request)), int(case_id)
    typed = {name: clean(request.POST.get(name, ""))[:longest] for name, longest in _STEP_FIELDS.items()}
    try:
        if step == "quyet-dinh":
            _decide(reach, number, typed)
        elif step == "chi-tra":
            pay_case(reach, number, paid_on=day_in(typed["paid_on"]))
        elif step == "thu-hoi":
            decided = day_in(typed["revoked_date"])
            revoke_case(reach, number, number=typed["revoked_number"], decided=decided, why=typed["revoked_why"])
        else:
            withdraw_case(reach, number)
    except CaseRefused as refused:
        return _case_page(request, queries.case_of(number), typed, refused.problems)
    return HttpResponseRedirect(reverse("case", args=[number]))


def _still_over(actor: Actor) -> dict[str, int]:
    """How many of the units that somebody sees are over their quota today, and by how many people; {} for none."""
    today = clock.today()
    over = [line.total.over for line in staffing_of(units_seen(actor, today), today) if line.total.over]
    return {"units": len(over), "people": sum(over)} if over else {}


def _decide(reach: Reach, number: int, typed: Mapping[str, str]) -> None:
    """Raises CaseUnknown, CaseRefused."""
    found, problems = queries.case_of(number), list[Problem]()
    needed = bool(queries.access_ending(found.official.account_id, found.leave_on))
    successor, decided = successor_in(typed, problems, needed=needed), day_in(typed["decision_date"])
    if problems:
        today = clock.today()
        raise CaseRefused(
            problems=decision_problems(typed["decision_number"], decided, found.leave_on, today) + problems
        )
    decide_case(reach, number, number=typed["decision_number"], decided=decided, successor=successor)


def calculated(found: StreamliningCase) -> Calculation:
    """The figures as frozen by the decision; before it, as the record gives them today."""
    if found.total is not None:
        return Calculation(found.version, kept_lines(found.lines))
    return CaseFacts(
        found.official, found.scheme, found.leave_on, found.reorganised_on, found.entered_amount
    ).calculation()


def _case_page(
    request: HttpRequest,
    found: StreamliningCase,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
) -> HttpResponse:
    actor = actor_of(request)
    load, over = around_case(found, clock.today())
    context = {
        "load": load, "over": over,
        "case": found, "made": calculated(found), "scheme": Scheme(found.scheme), "state": CaseState(found.state),
        "kind": StaffKind(found.staff_kind), "problems": list(problems), "typed": typed or {}, "uncertain": UNCERTAIN,
        "wrong": {one.field: one.message for one in problems}, "may_keep": can_keep_staff(actor),
        "takers": _takers(found.official, found.leave_on) if can_keep_staff(actor) and found.state == "proposed" else [],
        "sheets": queries.sheets_of(found), "today": clock.today(),
        "pay": found.salary or found.official.salary, "insured": found.insured_from or found.official.insured_from,
    }  # fmt: skip
    return _page(request, "case.html", context, found.official.full_name, status=422 if problems else 200)


def _form(
    request: HttpRequest, who: Official, typed: Mapping[str, str], problems: Sequence[Problem] = (),
    made: Calculation | None = None,
) -> HttpResponse:  # fmt: skip
    return _page(request, "case_new.html", {
        "who": who, "kind": StaffKind(who.staff_kind), "typed": typed, "problems": list(problems), "made": made,
        "wrong": {one.field: one.message for one in problems}, "schemes": Scheme.choices, "uncertain": UNCERTAIN,
        "takers": _takers(who, day_in(typed.get("leave_on", "")) or clock.today()),
    }, status=422 if problems else 200)  # fmt: skip


def _takers(who: Official, leave_on: date) -> list[tuple[str, Any]]:
    """Who may go on with the work of somebody whose access ends by the case; [] for somebody without access."""
    units = {post.agency.unit_id for post in queries.access_ending(who.account_id, leave_on)}
    return successor_options(units, max(leave_on, clock.today()), who.account_id) if units else []


def _page(
    request: HttpRequest,
    name: str,
    context: Mapping[str, Any],
    here: Any = _NEW,
    status: int = 200,
) -> HttpResponse:
    way = crumbs(actor_of(request), (_TITLE, reverse("cases")), (here, ""))
    answer = render(request, f"people/headcount/{name}", {"crumbs": way, **context}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _facts(who: Official, typed: Mapping[str, str]) -> tuple[CaseFacts | None, list[Problem]]:
    """What was typed; None with every input that says nothing."""
    problems: list[Problem] = []
    days: dict[str, date | None] = {}
    for name, needed in (("leave_on", True), ("reorganised_on", True), ("decision_date", False), ("paid_on", False)):
        days[name] = day_in(typed[name])
        if days[name] is None and (needed or typed[name]):
            text = bi("Ghi ngày/tháng/năm, ví dụ 01/07/2025.", "Give day/month/year, for example 01/07/2025.")
            problems.append(Problem(name, text))
    if typed["scheme"] not in Scheme.values:
        problems.append(Problem("scheme", bi("Chọn chế độ.", "Choose the scheme.")))
    digits = typed["amount"].replace(".", "").replace(" ", "")
    amount = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 13 else None
    if digits and (amount is None or amount > MOST_AMOUNT):
        problems.append(Problem("amount", bi("Ghi số đồng, ví dụ 120.000.000.", "Give dong, for example 120.000.000.")))
    leave, reorganised = days["leave_on"], days["reorganised_on"]
    if problems or leave is None or reorganised is None:
        return None, problems
    return CaseFacts(who, typed["scheme"], leave, reorganised, amount, typed["decision_number"], days["decision_date"],
                     days["paid_on"]), problems  # fmt: skip


def _file(actor: Actor, form: str, wanted: queries.Wanted) -> HttpResponse:
    found = list(queries.cases(wanted))
    note_taken_away(actor, (one.official_id for one in found), "nghỉ theo sắp xếp")
    heads = (bi("Họ tên", "Name"), bi("Mã đơn vị", "Unit code"), bi("Đơn vị", "Unit"), bi("Loại", "Kind"), bi("Chế độ", "Scheme"),
             bi("Ngày nghỉ", "Leaves on"), bi("Trạng thái", "State"),
             bi("Số quyết định", "Decision"), bi("Ngày quyết định", "Decided"),
             bi("Số tiền (đồng)", "Amount (dong)"), bi("Ngày chi trả", "Paid on"))  # fmt: skip
    rows = (
        (one.official.full_name, one.unit.code, one.unit.shown_name, StaffKind(one.staff_kind).label, Scheme(one.scheme).label,
         one.leave_on, CaseState(one.state).label, one.decision_number, one.decision_date, one.total, one.paid_on)
        for one in found
    )  # fmt: skip
    return table_file(form, f"nghi-theo-sap-xep-{clock.today().isoformat()}", heads, rows)


def _of(request: HttpRequest, name: str, values: Sequence[str]) -> str:
    asked = text_of(request, name, 30)
    return asked if asked in values else ""


def _to(found: StreamliningCase) -> HttpResponse:
    return HttpResponseRedirect(reverse("case", args=[found.pk]))
