"""`/quan-tri/can-bo/`, what moves other people's work: ending a post, leaving the service, and the sheets."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_keep_staff, can_read_staff, owns_account
from haicap.domain.people.errors import OutOfReach, StaffRefused
from haicap.domain.people.models import Handover
from haicap.domain.people.queries import names_of, records
from haicap.domain.people.queries.staff import staff_reach_of
from haicap.domain.people.web.official_forms import needed_day, number_of, typed_in
from haicap.domain.people.web.officials import official_page
from haicap.flows.demonstration import marker
from haicap.flows.handing_over import ending
from haicap.flows.handing_over.ending import Ending
from haicap.flows.handing_over.sheet import pdf
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.scope import Actor


@require_POST
@allow(can_keep_staff, writes=True)
def end_assignment(request: HttpRequest, assignment_id: str) -> HttpResponse:
    """Set the last day in a post; what waits for its holder goes to the successor, now or on the day."""
    number = int(assignment_id)
    official_id = records.official_of(staff_reach_of(_actor(request)).keeps, number)
    return _ending(request, official_id, f"end-{number}", lambda reach, asked, _: ending.end_post(reach, number, asked))


@require_POST
@allow(can_keep_staff, writes=True)
def leave(request: HttpRequest, official_id: str) -> HttpResponse:
    """Somebody leaves the service: every post and access ends, their work goes to the successor."""
    number = int(official_id)
    return _ending(
        request, number, "leave", lambda reach, asked, typed: ending.leave(reach, number, typed["why"], asked)
    )


@require_safe
@allow(can_read_staff)
def sheet(request: HttpRequest, handover_id: str) -> HttpResponse:
    """The sheet of a hand-over of a unit whose records one reads."""
    ids = staff_reach_of(_actor(request)).all_ids
    return _paper(Handover.objects.filter(pk=int(handover_id), unit_id__in=ids).first())


@require_safe
@allow(owns_account)
def own_sheet(request: HttpRequest, handover_id: int) -> HttpResponse:
    """A sheet by which one gave or took work oneself."""
    account_id = _actor(request).account_id
    found = Handover.objects.filter(pk=min(handover_id, 2**31 - 1)).first()
    return _paper(found if found and account_id in (found.giver_id, found.taker_id) else None)


def _ending(request: HttpRequest, official_id: int, form: str, end: Callable[..., Handover | None]) -> HttpResponse:
    reach, typed, problems = staff_reach_of(_actor(request)), typed_in(request), list[Problem]()
    reach.kept(official_id)
    last_day = needed_day(typed, "last_day", problems)
    try:
        if problems or last_day is None:
            raise StaffRefused(problems=problems)
        asked = Ending(
            last_day, typed["reason"], number_of(typed["successor"]), typed["witness"], typed["decision_number"][:60]
        )
        end(reach.keeps, asked, typed)
    except StaffRefused as refused:
        return official_page(request, reach, official_id, form=form, typed=typed, problems=refused.problems)
    return HttpResponseRedirect(reverse("official", args=[official_id]))


def _paper(found: Handover | None) -> HttpResponse:
    if found is None:
        raise OutOfReach()
    names = names_of((found.giver_id, found.taker_id))
    paper = pdf(found, names[found.giver_id], names[found.taker_id], synthetic=marker.is_marked())
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="ban-giao-{found.pk}.pdf"'
    return answer


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
