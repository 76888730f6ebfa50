"""The administrators' page of reorganisations: each resolution of the province, how far it has come, its certificate."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_administer
from haicap.domain.people.rules import Role
from haicap.domain.units.rules import UnitLevel, level_of_code
from haicap.flows.demonstration import marker
from haicap.flows.reorganisation.overview import sealed_certificate, standings
from haicap.flows.reorganisation.papers import pdf
from haicap.flows.uncertain import calendar_code
from haicap.kernel.access import allow, right
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor


@right(
    bi("Theo dõi sắp xếp đơn vị, lấy giấy chứng nhận", "Follow reorganisations, take certificates"),
    within=bi("tỉnh của mình; giấy chứng nhận chỉ ở tỉnh", "one's own province; certificates at the province only"),
)
def can_follow_reorganisations(actor: Actor) -> bool:
    """Administrators, and the province's operations center."""
    return can_administer(actor) or actor.has_role(Role.OPERATIONS)


def sees_a_province(actor: Actor) -> bool:
    """True for those of them whose rows are the whole province's."""
    return level_of_code(actor.unit_code) == UnitLevel.PROVINCE


@require_safe
@allow(can_follow_reorganisations)
def reorganisations(request: HttpRequest) -> HttpResponse:
    """Every resolution of the reader's province, the latest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    crumbs = [
        (bi("Quản trị", "Administration"), reverse("administration")),
        (bi("Sắp xếp đơn vị", "Reorganisations"), ""),
    ]
    return render(request, "administration/reorganisations.html", {
        "crumbs": crumbs, "found": standings(calendar_code(actor)), "may_take": sees_a_province(actor),
    })  # fmt: skip


@require_safe
@allow(can_follow_reorganisations)
def certificate(request: HttpRequest, resolution_id: str, form: str) -> HttpResponse:
    """The sealed certificate as a file, `form` json or pdf; seconds of work for a large province."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    made = sealed_certificate(calendar_code(actor), int(resolution_id), sees_all=sees_a_province(actor))
    if form == "pdf":
        answer = HttpResponse(pdf(made, synthetic=marker.is_marked()), content_type="application/pdf")
    else:
        document = json.dumps(made.as_json(), ensure_ascii=False, indent=1)
        answer = HttpResponse(document, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = (
        f'attachment; filename="bao-toan-{made.content["resolution"]["effective_on"]}-{made.root[:8]}.{form}"'
    )
    return answer
