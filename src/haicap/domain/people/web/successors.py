"""Choosing who goes on with the work of a post that ends: one of those who may, or nobody in particular. Said either way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from haicap.domain.people.commands.handovers import NOBODY, Successor
from haicap.domain.people.queries.lending import people_in
from haicap.domain.people.web.official_forms import number_of
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi

IN_POST = "vi-tri"
_STAYS = bi("Không ai cụ thể: việc ở lại vị trí", "Nobody in particular: the work stays in the post")


def successor_options(unit_ids: Collection[int], day: date, besides: int | None) -> list[tuple[str, Any]]:
    """Whoever holds a post in the units on `day`, behind the choice that the work stays in the post. One statement."""
    people = people_in(unit_ids, day, besides=besides)
    return [(IN_POST, _STAYS), *((str(account.pk), f"{account.full_name} ({post})") for account, post in people)]


def successor_in(typed: Mapping[str, str], problems: list[Problem], *, needed: bool) -> Successor:
    """Who was chosen; what says nothing is added to `problems` where a choice is needed."""
    chosen = typed.get("successor", "")
    number = number_of(chosen)
    if number is None and chosen != IN_POST and (needed or chosen):
        text = bi("Chọn người nhận bàn giao, hoặc để việc ở lại vị trí.",
                  "Choose who takes the work over, or let it stay in the post.")  # fmt: skip
        problems.append(Problem("successor", text))
    return NOBODY if number is None else Successor(number, typed.get("witness", ""))
