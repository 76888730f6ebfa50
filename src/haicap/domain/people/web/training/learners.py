"""`…/ghi-danh/`: enrol people of a unit or a post, looked at before anything is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_train
from haicap.domain.people.commands import training
from haicap.domain.people.commands.training import Learner
from haicap.domain.people.models import Body, Post, TrainingClass
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.queries.training import classes as queries
from haicap.domain.people.training_errors import ClassUnknown, TrainingRefused
from haicap.domain.people.web.training.common import actor_of, crumbs, number_of, reach
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, choose

MOST_PROPOSED, NAMES_SHOWN = 2_000, 2


@require_safe
@allow(can_train)
def propose(request: HttpRequest, class_id: str) -> HttpResponse:
    """Who could be enrolled: `?don-vi=` a unit, `?co-quan= vi-tri=` a body and a post, `?thieu=1` only who lacks the topic."""
    return _page(request, int(class_id))


@require_POST
@allow(can_train, writes=True)
def enrol(request: HttpRequest, class_id: str) -> HttpResponse:
    """Enrol those who are ticked; a fault gives the page again with what was ticked."""
    ticked = {number_of(text) for text in request.POST.getlist("nguoi")} - {0}
    if not ticked:
        text = bi("Đánh dấu ít nhất một người.", "Tick at least one person.")
        return _page(request, int(class_id), problems=[Problem("nguoi", text)])
    try:
        training.enrol(actor=actor_of(request), learners=[Learner(int(class_id), one) for one in sorted(ticked)])
    except TrainingRefused as refused:
        problems = list({str(one.message): Problem("nguoi", one.message) for one in refused.problems}.values())
        return _page(request, int(class_id), ticked=ticked, problems=problems)
    return HttpResponseRedirect(f"{reverse('training-class', args=[class_id])}?xong=ghi-danh")


def _page(
    request: HttpRequest, class_id: int, *, ticked: set[int] | None = None, problems: Sequence[Problem] = ()
) -> HttpResponse:
    row = TrainingClass.objects.not_cancelled().select_related("topic").filter(pk=class_id).first()
    own = reach(request)
    if row is None or not (row.unit_id in own.unit_ids or own.unit_ids & set(row.invited)):
        raise ClassUnknown
    asked = request.POST if request.method == "POST" else request.GET
    code, body, post = asked.get("don-vi", ""), asked.get("co-quan", "")[:40], asked.get("vi-tri", "")[:40]
    chosen = own.unit(code[:40]) if code else (next(iter(own.units.values())) if len(own.units) == 1 else None)
    lacking = asked.get("thieu", "1" if "don-vi" not in asked else "") == "1"
    wants = chosen is not None or bool(body or post)
    found: Sequence[queries.Candidate] = []
    if wants:
        units = [chosen.pk] if chosen else [unit.pk for unit in own.units.values()]
        found = queries.candidates(class_id=row.pk, topic_id=row.topic_id, unit_ids=units, body=body, post=post)
    shown = [one for one in found if not lacking or (one.needs and not one.known) or one.enrolled]
    taken = queries.taken_seats([row.pk]).get(row.pk, 0)
    free = (
        [one.id for one in shown if not one.enrolled][: max(row.seats - taken, 0)] if ticked is None else list(ticked)
    )
    return render(request, "people/training/enrol.html", {
        "crumbs": crumbs((row.title, reverse("training-class", args=[row.pk])), (bi("Ghi danh", "Enrol"), "")), "row": row,
        "units": [(unit.code, unit.shown_name) for unit in own.units.values()], "unit": chosen, "body": body, "post": post,
        "lacking": lacking, "wants": wants, "shown": shown[:MOST_PROPOSED], "more": max(0, len(shown) - MOST_PROPOSED),
        "ticked": set(free), "taken": taken, "left": row.seats - taken, "problems": problems,
        "already": sum(one.enrolled for one in shown), "fresh": sum(not one.enrolled for one in shown),
        **posts_to_choose(own),
    }, status=422 if problems else 200)  # fmt: skip


def posts_to_choose(own: Reach) -> dict[str, Any]:
    """Bodies and posts of the administrator's units by their keys, each with its usual names. Two statements."""
    today = clock.today()
    units = [unit.pk for unit in own.units.values()]
    bodies = Body.objects.on(today).filter(unit_id__in=units).values_list("key", "name", "name_en")
    posts = Post.objects.on(today).filter(body__unit_id__in=units).values_list("key", "title", "title_en")
    return {"bodies": _named(bodies), "posts": _named(posts)}


def _named(rows: Any) -> list[tuple[str, str]]:
    """Keys with the two most usual of their names: a "head" is a head of division here and a director there."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for key, name, name_en in rows:
        found[key][choose(name, name_en)] += 1
    words = {
        key: ", ".join(name for name, _ in names.most_common(NAMES_SHOWN)) + ("…" if len(names) > NAMES_SHOWN else "")
        for key, names in found.items()
    }
    return sorted(words.items(), key=lambda one: one[1])
