"""`/quan-tri/dao-tao/nang-luc/`: who in which unit has which topic, and the people behind each number."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_train
from haicap.domain.people.queries.training import competence as queries
from haicap.domain.people.queries.training.competence import PAGE
from haicap.domain.people.web.training.common import (
    communes_and_own,
    crumbs,
    number_of,
    page_of,
    reach,
    topic_options,
    topics_for,
)
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.language import bi

TITLE = bi("Ai còn thiếu chuyên đề nào", "Who lacks which topic")
STATES = (("thieu", bi("Còn thiếu", "Still lacking")), ("du", bi("Đã có", "Has it")))


@require_safe
@allow(can_train)
def matrix(request: HttpRequest) -> HttpResponse:
    """Units by topics; each number leads to its people."""
    own, today = reach(request), clock.today()
    found = queries.matrix(communes_and_own(own), topics_for(own), today)
    return render(request, "people/training/competence.html", {
        "crumbs": crumbs((TITLE, "")), "title": TITLE, "matrix": found, "today": today,
    })  # fmt: skip


@require_safe
@allow(can_train)
def people(request: HttpRequest) -> HttpResponse:
    """Those behind a number: `?don-vi= chu-de= trang-thai= trang=`."""
    own, asked, today = reach(request), request.GET, clock.today()
    code, topic = asked.get("don-vi", "")[:10], number_of(asked.get("chu-de", ""))
    state = asked.get("trang-thai", "")
    state = state if state in dict(STATES) else ""
    units = [own.unit(code).pk] if code else [unit.pk for unit in own.units.values()]
    number = page_of(request)
    lines, many = queries.people_behind(units, today, topic_id=topic, state=state, page=number)
    page = Paginator(range(many), PAGE).get_page(number) if lines or number == 1 else None
    return render(request, "people/training/people.html", {
        "crumbs": crumbs((TITLE, reverse("training-competence")), (bi("Danh sách", "People"), "")), "lines": lines,
        "many": many, "page": page, "units": [(unit.code, unit.shown_name) for unit in communes_and_own(own)], "code": code,
        "topics": topic_options(topics_for(own)), "topic": topic, "states": STATES, "state": state,
    })  # fmt: skip
