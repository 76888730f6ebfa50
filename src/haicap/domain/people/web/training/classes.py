"""`/quan-tri/dao-tao/`: classes, one class with its learners, attendance and certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_edit_topics, can_train
from haicap.domain.people.commands import training
from haicap.domain.people.commands.training import ClassFacts, Mark
from haicap.domain.people.commands.training.sheet import days_in
from haicap.domain.people.models import TrainingClass
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.queries.training import classes as queries
from haicap.domain.people.queries.training.classes import PAGE, LearnerLine, Wanted
from haicap.domain.people.training_errors import ClassUnknown, TrainingRefused
from haicap.domain.people.training_rules import ClassState, Result
from haicap.domain.people.web.training.common import (
    LONGEST_INPUT,
    TITLE,
    actor_of,
    at_fields,
    crumbs,
    number_of,
    page_of,
    reach,
    topic_options,
    topics_for,
    wrong,
)
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

FIELDS = ("number", "title", "topic", "days", "seats", "place", "link", "organiser", "trainer", "invite")
INVITES = (
    ("", bi("Chỉ đơn vị tổ chức ghi danh", "Only the organiser enrols")),
    ("all", bi("Mọi xã của tỉnh tự ghi danh người của mình", "Every commune enrols its own people")),
)


@require_safe
@allow(can_train)
def index(request: HttpRequest) -> HttpResponse:
    """Classes, the newest first; `?q=` words, `?chu-de= trang-thai=` narrow, `?trang=`. Statements do not grow with rows."""
    own, asked = reach(request), request.GET
    state = asked.get("trang-thai", "")
    wanted = Wanted(
        words=clean(asked.get("q", ""))[:120], topic=number_of(asked.get("chu-de", "")),
        state=state if state in ClassState.values else "",
    )  # fmt: skip
    totals = queries.totals(wanted)
    page = Paginator(range(totals.matching), PAGE).get_page(page_of(request))
    return render(request, "people/training/list.html", {
        "crumbs": crumbs(), "title": TITLE, "lines": queries.classes(wanted, page=page.number), "totals": totals,
        "page": page, "wanted": wanted, "topics": topic_options(topics_for(own)), "states": ClassState.choices,
        "narrowed": any((wanted.words, wanted.topic, wanted.state)), "edits_topics": can_edit_topics(actor_of(request)),
    })  # fmt: skip


@allow(can_train, writes=True)
def new(request: HttpRequest) -> HttpResponse:
    """Open a class of one's own unit: the form, and on success the class's page."""
    own = reach(request)
    if request.method != "POST":
        return _form(request, own, {"seats": "80"}, [])
    typed = {name: clean(request.POST.get(name, ""))[:LONGEST_INPUT] for name in FIELDS}
    try:
        (row,) = training.record_classes(actor=own.actor, classes=[_facts(own, typed)])
    except TrainingRefused as refused:
        return _form(request, own, typed, refused.problems)
    return HttpResponseRedirect(reverse("training-class", args=[row.pk]))


@require_safe
@allow(can_train)
def show(request: HttpRequest, class_id: str) -> HttpResponse:
    """One class with the learners that the administrator sees."""
    return _page(request, int(class_id))


@require_POST
@allow(can_train, writes=True)
def mark(request: HttpRequest, class_id: str) -> HttpResponse:
    """Attendance by day and the result of each learner of the page, all at once."""
    number = int(class_id)
    row = _class(number)
    marks = []
    for line in queries.learners(number):
        if f"there-{line.id}" not in request.POST:
            continue
        days = {day.isoformat() for day in row.days}
        attended = tuple(date.fromisoformat(text) for text in request.POST.getlist(f"day-{line.id}") if text in days)
        marks.append(Mark(line.id, attended, request.POST.get(f"result-{line.id}", "")[:20]))
    try:
        training.mark(actor=actor_of(request), marks=marks)
    except TrainingRefused as refused:
        lines = {f"marks[{at}]": one.enrolment_id for at, one in enumerate(marks)}
        problems = [Problem(f"result-{lines[one.field]}", one.message) for one in refused.problems]
        return _page(request, number, problems=problems, typed={one.enrolment_id: one for one in marks})
    return HttpResponseRedirect(f"{reverse('training-class', args=[number])}?xong=diem-danh")


@require_POST
@allow(can_train, writes=True)
def cancel(request: HttpRequest, class_id: str) -> HttpResponse:
    """The class does not take place."""
    try:
        training.cancel_class(
            actor=actor_of(request), class_id=int(class_id), why=request.POST.get("why", "")[:LONGEST_INPUT]
        )
    except TrainingRefused as refused:
        return _page(request, int(class_id), problems=refused.problems)
    return HttpResponseRedirect(reverse("training-class", args=[class_id]))


@require_POST
@allow(can_train, writes=True)
def certify(request: HttpRequest, class_id: str) -> HttpResponse:
    """Certificates for everybody who passed."""
    training.issue(actor=actor_of(request), class_ids=[int(class_id)])
    return HttpResponseRedirect(f"{reverse('training-class', args=[class_id])}?xong=chung-nhan")


@require_POST
@allow(can_train, writes=True)
def withdraw(request: HttpRequest, class_id: str) -> HttpResponse:
    """A certificate no longer holds (`giay`, with `why`)."""
    why, completion = request.POST.get("why", "")[:LONGEST_INPUT], number_of(request.POST.get("giay", ""))
    _class(int(class_id))
    try:
        training.withdraw(actor=actor_of(request), completion_id=completion, why=why)
    except TrainingRefused as refused:
        return _page(request, int(class_id), problems=refused.problems)
    return HttpResponseRedirect(reverse("training-class", args=[class_id]))


@require_POST
@allow(can_train, writes=True)
def take_out(request: HttpRequest, class_id: str) -> HttpResponse:
    """Free somebody's seat (`learner`)."""
    _class(int(class_id))
    try:
        training.take_out(actor=actor_of(request), enrolment_id=number_of(request.POST.get("learner", "")))
    except TrainingRefused as refused:
        return _page(request, int(class_id), problems=refused.problems)
    return HttpResponseRedirect(reverse("training-class", args=[class_id]))


def _class(class_id: int) -> TrainingClass:
    row = TrainingClass.objects.select_related("topic", "unit").filter(pk=class_id).first()
    if row is None:
        raise ClassUnknown
    return row


def _page(
    request: HttpRequest, class_id: int, *, problems: Sequence[Problem] = (), typed: Mapping[int, Mark] | None = None
) -> HttpResponse:
    row, own = _class(class_id), reach(request)
    lines = queries.learners(class_id)
    taken = queries.taken_seats([class_id]).get(class_id, 0)
    ours = row.unit_id in own.unit_ids
    state = queries.class_state(
        row.days, cancelled=row.cancelled_on is not None, unmarked=sum(not one.result for one in lines)
    )
    return render(request, "people/training/class.html", {
        "crumbs": crumbs((row.title, "")), "row": row, "state": state, "taken": taken, "left": row.seats - taken, "ours": ours,
        "may_enrol": (ours or bool(own.unit_ids & set(row.invited))) and not row.cancelled_on
        and state != ClassState.DONE, "results": Result.choices,
        "days": [(day, day.isoformat()) for day in row.days], "marks": ours and not row.cancelled_on,
        "lines": [_line(row, one, typed or {}) for one in lines], "problems": problems, "wrong": wrong(problems),
        "passed": sum(one.result == Result.PASSED for one in lines), "has_results": any(one.result for one in lines),
        "uncertified": sum(one.result == Result.PASSED and one.completion_id is None for one in lines),
        "certified": [(str(one.completion_id), f"{one.full_name} ({one.completion_number})") for one in lines
                      if one.completion_id and not one.withdrawn],
        "removable": [(str(one.id), f"{one.full_name}, {one.unit}") for one in lines if not one.result and not one.attended],
        "done": request.GET.get("xong", ""), "begun": row.first_day <= clock.today(),
    }, status=422 if problems else 200)  # fmt: skip


def _line(row: TrainingClass, line: LearnerLine, typed: Mapping[int, Mark]) -> dict[str, Any]:
    given = typed.get(line.id)
    there = given.attended if given else line.attended
    return {
        "row": line, "there": [(day, day.isoformat(), day in there) for day in row.days],
        "result": given.result if given else line.proposed(row.days), "proposed": not line.result and bool(line.attended),
    }  # fmt: skip


def _form(request: HttpRequest, own: Reach, typed: Mapping[str, str], problems: Sequence[Problem]) -> HttpResponse:
    return render(request, "people/training/new.html", {
        "crumbs": crumbs((bi("Mở lớp", "Open a class"), "")), "typed": typed, "problems": at_fields(problems),
        "wrong": wrong(problems), "topics": topic_options(topics_for(own)), "invites": INVITES,
        "province": can_edit_topics(own.actor),
    }, status=422 if problems else 200)  # fmt: skip


def _facts(own: Reach, typed: Mapping[str, str]) -> ClassFacts:
    """What was typed; raises TrainingRefused for days that say nothing."""
    try:
        days = tuple(days_in(typed["days"]))
    except ValueError as error:
        raise TrainingRefused(problems=[Problem("days", error.args[0])]) from None
    unit = next(unit for unit in own.units.values() if unit.pk == own.actor.unit_id)
    topic = next((one.key for one in topics_for(own) if one.pk == number_of(typed["topic"])), "")
    invited = tuple(sorted(own.unit_ids - {unit.pk})) if typed["invite"] == "all" else ()
    return ClassFacts(
        unit=unit, topic=topic, number=typed["number"], title=typed["title"], days=days, seats=number_of(typed["seats"]),
        place=typed["place"], link=typed["link"], organiser=typed["organiser"], trainer=typed["trainer"], invited=invited,
    )  # fmt: skip
