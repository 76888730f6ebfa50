"""`/desk/`: what waits for the officer who looks, nearest deadline first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.queries import Filters
from haicap.domain.dossiers.web.rows import rows_of
from haicap.domain.people.access import can_administer, can_receive, works_here
from haicap.domain.people.queries.training.reminders import reminders_of
from haicap.domain.people.rules import Role
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.files.models import Quarantined
from haicap.kernel.files.queries import quarantined
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

WIDTH = 7  # columns of the table
TOLD_FOR, TOLD_AT_MOST = timedelta(days=14), 5  # of infected files


@dataclass(frozen=True)
class Tile:
    """A figure over the list and the filter that shows its rows."""

    key: str
    slug: str
    label: Any
    icon: str
    tone: str
    filters: Filters
    empty: Any


TILES = (
    Tile("all", "", bi("Tất cả việc chờ tôi", "All that waits for me"), "inbox", "", Filters(),
         bi("Không có việc nào đang chờ bạn", "Nothing waits for you")),
    Tile("overdue", "qua-han", bi("Quá hạn", "Overdue"), "triangle-alert", "danger", Filters(overdue=True),
         bi("Không có hồ sơ nào quá hạn", "Nothing is overdue")),
    Tile("today", "hom-nay", bi("Hạn hôm nay", "Due today"), "bell", "warning", Filters(today=True),
         bi("Không có hồ sơ nào đến hạn hôm nay", "Nothing is due today")),
    Tile("paused", "tam-dung", bi("Tạm dừng", "Paused"), "circle-pause", "", Filters(paused=True),
         bi("Không có hồ sơ nào tạm dừng", "Nothing is paused")),
    Tile("to_return", "cho-tra", bi("Chờ trả kết quả", "To be returned"), "circle-check", "", Filters(to_return=True),
         bi("Không có kết quả nào chờ trả", "No result waits to be returned")),
)  # fmt: skip
BY_SLUG = {tile.slug: tile for tile in TILES}


@require_safe
@allow(works_here)
def my_work(request: HttpRequest) -> HttpResponse:
    """The officer's own list; `?loc=` narrows it to one of the figures, `?tiep=` goes on behind a cursor.

    htmx asks for further rows alone. Eight statements, however many rows; heirs of a divided unit need a dozen more.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    chosen = BY_SLUG.get(request.GET.get("loc", ""), TILES[0])
    cursor = request.GET.get("tiep", "")
    hands = queries.Hands.of(actor)
    dossiers, following = queries.waiting(actor, chosen.filters, cursor=cursor, hands=hands)
    context: dict[str, Any] = {
        "rows": rows_of(dossiers, actor, hands.shares), "next_cursor": following, "width": WIDTH, "chosen": chosen,
        "show_step": True, "cursor": cursor,
    }  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "dossiers/_rows.html", context)
    counts = queries.waiting_counts(actor, hands)
    context["infected"] = _infected(actor)
    context["reminders"] = reminders_of(actor)
    context |= {
        "tiles": [(tile, counts[tile.key]) for tile in TILES],
        "post": post_of(actor),
        "may_receive": can_receive(actor),
    }
    return render(request, "dossiers/my_work.html", context)


def post_of(actor: Actor) -> str:
    """The officer's post in words: the roles, then the unit."""
    roles = [str(role.label) for role in Role if role in actor.role_names]
    return " · ".join([", ".join(roles), actor.unit_name])


def _infected(actor: Actor) -> list[Quarantined]:
    """Files that were found infected lately: the officer's own, for an administrator those of the unit."""
    own = None if can_administer(actor) else actor.account_id
    return quarantined(TOLD_AT_MOST, since=clock.now() - TOLD_FOR, uploaded_by=own)
