"""What the pages of training share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from haicap.domain.people.errors import OutOfReach
from haicap.domain.people.models import Topic
from haicap.domain.people.queries.reach import Reach, reach_of
from haicap.domain.people.queries.training.competence import topics_of
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel
from haicap.kernel import clock
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, choose
from haicap.kernel.scope import Actor

LONGEST_INPUT = 400
TITLE = bi("Đào tạo, bồi dưỡng", "Training")


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def crumbs(*further: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way to a page of this part."""
    home = (bi("Quản trị", "Administration"), reverse("administration"))
    return [home, (TITLE, reverse("training") if further else ""), *further]


def number_of(text: str) -> int:
    """A number from an address or a form; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def page_of(request: HttpRequest) -> int:
    """The page asked for, from 1."""
    return max(1, min(number_of(request.GET.get("trang", "")), 10_000))


def province_id(reach: Reach) -> int:
    """The province whose topics the administrator works with."""
    unit = Unit.objects.filter(pk=reach.actor.unit_id or 0).first() or next(iter(reach.units.values()), None)
    if unit is None:
        raise OutOfReach
    return unit.province_id or unit.pk


def topics_for(reach: Reach) -> list[Topic]:
    """The topics of today of the administrator's province."""
    return topics_of(province_id(reach), clock.today())


def topic_options(topics: Sequence[Topic]) -> list[tuple[str, str]]:
    """Topics to choose from, in the reader's language."""
    return [(str(topic.pk), choose(topic.name, topic.name_en)) for topic in topics]


def wrong(problems: Sequence[Problem]) -> dict[str, Any]:
    """Messages by field; what a command told by place ("classes[0].days") stands at its field."""
    return {one.field.rpartition(".")[2]: one.message for one in problems}


def at_fields(problems: Sequence[Problem]) -> list[Problem]:
    """The same with the ids of the form's fields, for the summary above it."""
    return [Problem(one.field.rpartition(".")[2], one.message) for one in problems]


def communes_and_own(reach: Reach) -> list[Unit]:
    """The units of the matrix: a province's communes after itself, a commune alone."""
    return sorted(reach.units.values(), key=lambda unit: (unit.level != UnitLevel.PROVINCE, unit.code))


def reach(request: HttpRequest) -> Reach:
    """What the administrator who asks answers for."""
    return reach_of(actor_of(request))
