"""`/quan-tri/dao-tao/chuyen-de/`: the province's topics and which posts need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_edit_topics, can_train
from haicap.domain.people.commands import training
from haicap.domain.people.models import Topic
from haicap.domain.people.training_errors import TrainingRefused
from haicap.domain.people.training_rules import Level
from haicap.domain.people.web.training.common import (
    LONGEST_INPUT,
    actor_of,
    at_fields,
    crumbs,
    number_of,
    province_id,
    reach,
    wrong,
)
from haicap.domain.people.web.training.learners import posts_to_choose
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

TITLE = bi("Chuyên đề và vị trí cần học", "Topics and who needs them")
FIELDS = ("name", "name_en", "months", "basis", "level", "body", "post")


@require_safe
@allow(can_train)
def topics(request: HttpRequest) -> HttpResponse:
    """The list; the province edits it, a commune reads it."""
    return _page(request)


@require_POST
@allow(can_edit_topics, writes=True)
def save(request: HttpRequest) -> HttpResponse:
    """Add a topic, or change one (`chu-de`)."""
    typed = _typed(request)
    months = number_of(typed["months"]) if typed["months"] else None
    try:
        training.save_topic(
            actor=actor_of(request), name=typed["name"], name_en=typed["name_en"], months=months, basis=typed["basis"],
            topic_id=number_of(request.POST.get("chu-de", "")) or None,
        )  # fmt: skip
    except TrainingRefused as refused:
        return _page(request, typed, refused.problems)
    return HttpResponseRedirect(reverse("training-topics"))


@require_POST
@allow(can_edit_topics, writes=True)
def retire(request: HttpRequest, topic_id: str) -> HttpResponse:
    """The topic is needed no more; or again."""
    training.retire_topic(actor=actor_of(request), topic_id=int(topic_id))
    return HttpResponseRedirect(reverse("training-topics"))


@require_POST
@allow(can_edit_topics, writes=True)
def add_need(request: HttpRequest, topic_id: str) -> HttpResponse:
    """Posts need the topic."""
    typed = _typed(request)
    try:
        training.add_need(
            actor=actor_of(request),
            topic_id=int(topic_id),
            level=typed["level"],
            body=typed["body"],
            post=typed["post"],
        )
    except TrainingRefused as refused:
        return _page(request, typed, refused.problems)
    return HttpResponseRedirect(f"{reverse('training-topics')}#chu-de-{topic_id}")


@require_POST
@allow(can_edit_topics, writes=True)
def remove_need(request: HttpRequest, need_id: str) -> HttpResponse:
    """Posts need the topic no more."""
    training.remove_need(actor=actor_of(request), need_id=int(need_id))
    return HttpResponseRedirect(reverse("training-topics"))


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: clean(request.POST.get(name, ""))[:LONGEST_INPUT] for name in FIELDS}


def _page(
    request: HttpRequest, typed: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> HttpResponse:
    own = reach(request)
    choices = posts_to_choose(own)
    words: Mapping[str, Any] = {
        "level": dict(Level.choices),
        "body": dict(choices["bodies"]),
        "post": dict(choices["posts"]),
    }
    rows = Topic.objects.filter(unit_id=province_id(own)).order_by("position", "pk").prefetch_related("needs")
    lines = [
        (topic, [
            (need, words["level"].get(need.level, need.level), words["body"].get(need.body_key, need.body_key),
             words["post"].get(need.post_key, need.post_key))
            for need in sorted(topic.needs.all(), key=lambda need: need.pk)
        ])
        for topic in rows
    ]  # fmt: skip
    return render(request, "people/training/topics.html", {
        "crumbs": crumbs((TITLE, "")), "title": TITLE, "lines": lines, "levels": Level.choices, "typed": typed or {},
        "problems": at_fields(problems), "wrong": wrong(problems), "edits": can_edit_topics(own.actor), **choices,
    }, status=422 if problems else 200)  # fmt: skip
