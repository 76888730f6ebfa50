"""`/quan-tri/lien-he/`: the telephone numbers and addresses of an administrator's agencies, as citizens read them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_manage_accounts
from haicap.domain.people.commands.organisation import LONGEST_ADDRESS, set_contact
from haicap.domain.people.models import Agency
from haicap.domain.people.organisation_errors import ContactInvalid
from haicap.domain.people.queries.reach import Reach, reach_of
from haicap.domain.people.web.staff import chosen_unit, unit_options
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.text import clean

_TITLE = bi("Liên hệ của cơ quan", "Contacts of agencies")
KEPT = LONGEST_ADDRESS + 1  # one more than fits, so that too much is told instead of cut


@require_safe
@allow(can_manage_accounts)
def contacts(request: HttpRequest) -> HttpResponse:
    """The agencies of `?don-vi=` with telephone and address; `?da=` names the one just saved. Ten statements at most."""
    return _page(request, reach_of(request.actor))  # type: ignore[attr-defined]


@require_POST
@allow(can_manage_accounts, writes=True)
def save_contact(request: HttpRequest, agency_id: str) -> HttpResponse:
    """Enter an agency's telephone and address; empty takes one away."""
    reach = reach_of(request.actor)  # type: ignore[attr-defined]
    agency = reach.agency(int(agency_id))
    typed = {name: clean(request.POST.get(name, ""))[:KEPT] for name in ("phone", "address")}
    try:
        set_contact(agency.unit, agency.kind, phone=typed["phone"], address=typed["address"])
    except ContactInvalid as refused:
        return _page(request, reach, wrong=agency, typed=typed, why=refused.sentence())
    return HttpResponseRedirect(f"{reverse('contacts')}?don-vi={agency.unit.code}&da={agency.pk}#co-quan-{agency.pk}")


def _page(
    request: HttpRequest, reach: Reach, *, wrong: Agency | None = None, typed: dict[str, str] | None = None,
    why: str = "",
) -> HttpResponse:  # fmt: skip
    unit = wrong.unit if wrong else chosen_unit(reach, request)
    agencies = reach.agencies(unit) if unit else []
    lines = [
        {"agency": one, "saved": str(one.pk) == request.GET.get("da", ""), "why": why if one == wrong else "",
         "typed": typed if one == wrong else {"phone": one.phone, "address": one.address}}
        for one in agencies
    ]  # fmt: skip
    home = (bi("Quản trị", "Administration"), reverse("administration"))
    return render(request, "people/contacts.html", {
        "crumbs": [home, (_TITLE, "")], "title": _TITLE, "unit": unit, "units": unit_options(reach), "lines": lines,
    }, status=422 if why else 200)  # fmt: skip
