"""Which templates were loaded for a province, when and by whom: read from the trail, which keeps the text of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models.fields.json import KeyTextTransform

from haicap.domain.people.models import Assignment
from haicap.kernel.audit.models import Event

LOADED: Final = "people:organisation:template"
OF_A_UNIT: Final = "people:organisation:load"
SHOWN: Final = 10
_FACTS = ("template", "day", "within", "unit", "bodies", "posts", "bodies_ended", "posts_ended", "mended")


@dataclass(frozen=True)
class Load:
    """One load: of the template `name`, for the unit with the code `within` (then called `unit`), from `day` on.

    `number` is its number in its trail; `begun`, `ended`: bodies and posts together.
    """

    number: int
    at: datetime
    by: str
    name: str
    day: date
    within: str
    unit: str
    begun: int
    ended: int
    mended: int


def loads_of(province_code: str) -> str:
    """What the loads of a province are called in the trail."""
    return f"organisation:{province_code}"


def latest_loads(province_code: str) -> list[Load]:
    """The last loads in a province that the caller sees, the newest first. One statement, which reads no text."""
    facts = [KeyTextTransform(name, "data") for name in _FACTS]
    rows = Event.objects.filter(subject=loads_of(province_code), tag=LOADED).order_by("-seq")[:SHOWN]
    return [_load(*row) for row in rows.values_list("seq", "at", "actor_name", *facts)]


def in_force(province_code: str) -> tuple[int, str | None]:
    """Number and text of the last template for the whole province; 0 and None where none was loaded. One statement."""
    rows = Event.objects.filter(subject=loads_of(province_code), tag=LOADED, data__within=province_code)
    return rows.order_by("-seq").values_list("seq", KeyTextTransform("text", "data")).first() or (0, None)


def text_of(province_code: str, number: int) -> str | None:
    """The template's text of a load; None where there is no such load."""
    rows = Event.objects.filter(subject=loads_of(province_code), tag=LOADED, seq=number)
    return rows.values_list(KeyTextTransform("text", "data"), flat=True).first()


def last_load_of_unit(code: str) -> Load | None:
    """The last load that changed one unit. One statement."""
    rows = Event.objects.filter(subject=f"unit:{code}", tag=OF_A_UNIT).order_by("-seq")
    row = rows.values_list("seq", "at", "actor_name", "data").first()
    if row is None:
        return None
    number, at, by, data = row
    begun, ended = (data.get(f"bodies_{what}", 0) + data.get(f"posts_{what}", 0) for what in ("begun", "ended"))
    day = date.fromisoformat(data["day"])
    return Load(number, at, by, data["template"], day, code, "", begun, ended, data.get("mended", 0))


def held_in(posts: Iterable[tuple[int, str, str]], day: date) -> dict[tuple[int, str, str], int]:
    """How many people are in each of these posts (unit, body's key, post's key) on `day` or later. One statement."""
    wanted = set(posts)
    if not wanted:
        return {}
    found: dict[tuple[int, str, str], int] = {}
    rows = Assignment.objects.filter(unit_id__in={unit for unit, _, _ in wanted}).exclude(valid_to__lte=day)
    for key in rows.values_list("unit_id", "body_key", "post_key"):
        if key in wanted:
            found[key] = found.get(key, 0) + 1
    return found


def _load(number: int, at: datetime, by: str, name: str, day: str, within: str, unit: str, *counts: Any) -> Load:
    bodies, posts, bodies_ended, posts_ended, mended = (int(one or 0) for one in counts)
    begins = date.fromisoformat(day)
    return Load(number, at, by, name, begins, within, unit, bodies + posts, bodies_ended + posts_ended, mended)
