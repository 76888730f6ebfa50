"""`/quan-tri/can-bo/the-ten/`: name badges and door signs to be printed."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_read_staff
from haicap.domain.people.errors import OutOfReach
from haicap.domain.people.queries.organisation import chart_of
from haicap.domain.people.queries.staff import StaffReach, staff_reach_of
from haicap.domain.people.web.official_forms import number_of
from haicap.domain.people.web.officials import crumbs
from haicap.domain.units.models import Unit
from haicap.flows import name_papers
from haicap.flows.demonstration import marker
from haicap.kernel import vi
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

LONGEST = 40


@require_safe
@allow(can_read_staff)
def choose(request: HttpRequest) -> HttpResponse:
    """Whose badges and which doors; `?don-vi=`, `?ngay=` the day whose names are printed (today, if not given)."""
    reach = _reach(request)
    here, (day, problem) = reach.units(), _day(request, reach)
    code = _code(request) or (next(iter(here)) if len(here) == 1 else "")
    context = {
        "crumbs": crumbs((bi("Thẻ tên, biển phòng", "Badges, door signs"), "")), "problem": problem, "day": vi.date_text(day),
        "units": [(one.code, one.shown_name) for one in here.values()], "unit": here.get(code), "code": code,
    }  # fmt: skip
    if code:
        unit = _unit(reach, code, day)
        context |= {
            "badges": name_papers.badges_of(reach.ids_of(code), day), "most": name_papers.MOST,
            "bodies": chart_of(unit, day).bodies if unit else [],
        }  # fmt: skip
    return render(request, "administration/name_papers.html", context, status=422 if problem else 200)


@require_safe
@allow(can_read_staff)
def badges(request: HttpRequest) -> HttpResponse:
    """The badges as a file: those of `?chon=`, all where none is chosen."""
    reach, code, day, unit = _asked(request)
    chosen = {
        number for text in request.GET.getlist("chon")[: name_papers.MOST] if (number := number_of(text)) is not None
    }
    found = name_papers.badges_of(reach.ids_of(code), day)
    found = [one for one in found if not chosen or one.official_id in chosen]
    if not found:
        raise OutOfReach()
    return _file(name_papers.badges_pdf(unit, found, day=day, address=_address(request, unit), synthetic=marker.is_marked()),
                 f"the-ten-{code}.pdf")  # fmt: skip


@require_safe
@allow(can_read_staff)
def signs(request: HttpRequest) -> HttpResponse:
    """The door signs as a file: of the bodies of `?co-quan=`, of all where none is chosen."""
    _, code, day, unit = _asked(request)
    chart, chosen = chart_of(unit, day), set(request.GET.getlist("co-quan")[:100])
    bodies = [body for body in chart.bodies if not chosen or body.key in chosen]
    if not bodies:
        raise OutOfReach()
    return _file(name_papers.signs_pdf(unit, chart, bodies, address=_address(request, unit), synthetic=marker.is_marked()),
                 f"bien-phong-{code}.pdf")  # fmt: skip


def _asked(request: HttpRequest) -> tuple[StaffReach, str, date, Unit]:
    reach, code = _reach(request), _code(request)
    day, problem = _day(request, reach)
    unit = _unit(reach, code, day) if code and not problem else None
    if unit is None:
        raise OutOfReach(field="don-vi")
    return reach, code, day, unit


def _unit(reach: StaffReach, code: str, day: date) -> Unit | None:
    """The unit within reach as it is called on the day; None where it does not stand then. Raises OutOfReach."""
    reach.ids_of(code)
    return Unit.objects.filter(code=code).on(day).with_parents().first()


def _day(request: HttpRequest, reach: StaffReach) -> tuple[date, object]:
    typed = clean(request.GET.get("ngay", ""))[:LONGEST]
    if not typed:
        return reach.day, ""
    try:
        return vi.parse_date(typed), ""
    except ValueError as error:
        return reach.day, error.args[0]


def _address(request: HttpRequest, unit: Unit) -> str:
    return request.build_absolute_uri(reverse("units:unit", args=[unit.code]))


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _code(request: HttpRequest) -> str:
    return clean(request.GET.get("don-vi", ""))[:LONGEST]


def _reach(request: HttpRequest) -> StaffReach:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return staff_reach_of(actor)
