"""Name badges and door signs of a unit, as its staff records and its organisation stand on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from haicap.domain.people.models import Official
from haicap.domain.people.queries.organisation import BodyShown, Chart
from haicap.domain.people.queries.staff import posts_of
from haicap.domain.units.models import Unit
from haicap.kernel import clock, vi
from haicap.kernel.language import speaking
from haicap.kernel.papers import qr_svg, render

HERE: Final = Path(__file__).resolve().parent
MOST = 400
A_PAGE = 10


@dataclass(frozen=True)
class Badge:
    """Somebody's name and post in the unit on the day."""

    official_id: int
    name: str
    post: str
    body: str


def badges_of(unit_ids: Collection[int], day: date) -> list[Badge]:
    """Everybody in a post of the units on `day`, by name, with the post that is their own first. Two statements."""
    there = Official.objects.filter(assignments__unit_id__in=unit_ids, assignments__valid_from__lte=day).distinct()
    names = dict(there.values_list("pk", "full_name"))
    found: dict[int, Badge] = {}
    with speaking("vi"):
        held = [one for one in posts_of(names, day) if one.state == "now" and one.unit_id in unit_ids]
    for one in sorted(held, key=lambda one: not one.is_own):
        badge = Badge(one.official_id, names[one.official_id], one.title or one.post_key, one.body or one.body_key)
        found.setdefault(one.official_id, badge)
    return sorted(found.values(), key=lambda one: vi.name_sort_key(one.name))[:MOST]


def badges_pdf(unit: Unit, badges: Sequence[Badge], *, day: date, address: str, synthetic: bool) -> bytes:
    """Ten badges to an A4 page, with room for a photograph and a code that leads to the unit's public page."""
    data = {**_common(unit, "Thẻ tên", day, synthetic), "qr": qr_svg(address), "address": address, "badges": [
        {"name": one.name, "post": one.post, "body": one.body} for one in badges]}  # fmt: skip
    return render(HERE / "badges.typ", data, made_at=clock.now())


def signs_pdf(unit: Unit, chart: Chart, bodies: Sequence[BodyShown], *, address: str, synthetic: bool) -> bytes:
    """One A4 page across for each body: its name in two languages, who leads it, its posts, its telephone."""
    data = {**_common(unit, "Biển phòng", chart.day, synthetic), "qr": qr_svg(address), "address": address,
            "signs": [_sign(body) for body in bodies]}  # fmt: skip
    return render(HERE / "signs.typ", data, made_at=clock.now())


def _sign(body: BodyShown) -> dict[str, Any]:
    heads = [(post.title, post.title_en, ", ".join(post.holders)) for post in body.posts if post.holders]
    return {
        "name": body.name, "name_en": body.name_en, "phone": body.phone, "heads": [list(one) for one in heads],
        "posts": [[post.title, post.title_en] for post in body.posts if not post.holders],
    }  # fmt: skip


def _common(unit: Unit, title: str, day: date, synthetic: bool) -> dict[str, Any]:
    return {
        "title": f"{title}: {unit.name}", "form": f"{title}, ngày {vi.date_text(day)}", "synthetic": synthetic,
        "unit": unit.name, "head": {"agency": unit.name, "parent": ""},
    }  # fmt: skip
