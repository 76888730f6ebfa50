"""The public chart of a unit's organisation: its blocks, bodies and posts on a day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.queries.organisation import chart_of
from haicap.domain.units import queries as units
from haicap.domain.units.ports import committee_contact
from haicap.kernel import clock
from haicap.kernel.access import public
from haicap.kernel.language import bi


@public
@require_safe
def chart(request: HttpRequest, code: str) -> HttpResponse:
    """`/don-vi/<code>/to-chuc/`: the organisation today, or on `?ngay=YYYY-MM-DD`.

    UnitUnknown, UnitClosed and UnitNotYetFormed where the code names no unit on that day; DateUnreadable. Four
    statements beside those that find the unit.
    """
    day = units.day_from(request.GET.get("ngay"))
    unit = units.unit_on(code, day)
    crumbs = [(bi("Tìm đơn vị", "Find a unit"), reverse("units:find"))]
    if unit.province:
        crumbs.append((unit.province.shown_name, reverse("units:unit", args=[unit.province.code])))
    crumbs += [(unit.shown_name, reverse("units:unit", args=[unit.code])), (bi("Tổ chức", "Organisation"), "")]
    context = {
        "unit": unit,
        "chart": chart_of(unit, day),
        "contact": committee_contact(unit.pk),
        "is_past": day != clock.today(),
        "crumbs": crumbs,
        "responsible": {"name": unit.committee},
    }
    return render(request, "people/organisation.html", context)
