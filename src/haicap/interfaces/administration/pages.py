"""What the administrators' pages share: the way back, what was typed, and refusals that keep it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

LONGEST_INPUT = 300
HOME = bi("Quản trị", "Administration")


class DayInAddress:
    """A day as part of an address, 2027-02-04; what is no day is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; ValueError where there is no such day."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """As it stands in the address."""
        return value.isoformat()


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def crumbs(*way: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way from the administrators' home to a page; the last one has no address."""
    return [(HOME, reverse("administration")), *way]


def typed_in(request: HttpRequest, names: Iterable[str], longest: int = LONGEST_INPUT) -> dict[str, str]:
    """What was typed, in normal form and not longer than a database wants to keep."""
    return {name: clean(request.POST.get(name, ""))[:longest] for name in names}


def day_in(typed: str, field: str, problems: list[Problem]) -> date | None:
    """The day that was typed; otherwise one problem more and None."""
    if not typed:
        problems.append(Problem(field, bi("Ghi ngày, ví dụ 05/09/2025.", "Give the day, for example 05/09/2025.")))
        return None
    try:
        return vi.parse_date(typed)
    except ValueError as error:
        problems.append(Problem(field, error.args[0]))
        return None


def answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], problems: Sequence[Problem] = ()
) -> HttpResponse:
    """The page; with `problems` each at its field, and the status that keeps what was typed."""
    wrong = {one.field: one.message for one in problems}
    return render(
        request, template, {**context, "problems": list(problems), "wrong": wrong}, status=422 if problems else 200
    )


def number_in(typed: str, digits: int = 15) -> int:
    """A whole number of an address' question, 0 for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= digits else 0
