"""`/quan-tri/chung-thu/thiet-bi/`: devices, who has them, and what was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_keep_certificates
from haicap.domain.people.commands import signing
from haicap.domain.people.models import DeviceHandover, SigningDevice
from haicap.domain.people.queries.signing import register as queries
from haicap.domain.people.queries.signing.register import PAGE
from haicap.domain.people.signing_errors import DeviceUnknown, SigningRefused
from haicap.domain.people.signing_rules import Carrier
from haicap.domain.people.web.signing.common import DEVICES, crumbs
from haicap.domain.people.web.training.common import (
    LONGEST_INPUT,
    actor_of,
    at_fields,
    communes_and_own,
    number_of,
    page_of,
    reach,
    wrong,
)
from haicap.kernel import clock, vi
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.text import clean


@require_safe
@allow(can_keep_certificates)
def index(request: HttpRequest) -> HttpResponse:
    """The list; `?don-vi= trang=`."""
    return _list(request, {}, [])


@require_POST
@allow(can_keep_certificates, writes=True)
def add(request: HttpRequest) -> HttpResponse:
    """Take a device in."""
    own = reach(request)
    typed = {name: clean(request.POST.get(name, ""))[:LONGEST_INPUT] for name in ("unit", "kind", "serial")}
    unit = own.unit(typed["unit"]) if typed["unit"] or len(own.units) != 1 else next(iter(own.units.values()))
    try:
        device = signing.add_device(actor=own.actor, unit=unit, kind=typed["kind"], serial=typed["serial"])
    except SigningRefused as refused:
        return _list(request, typed, refused.problems)
    return HttpResponseRedirect(reverse("device", args=[device.pk]))


@require_safe
@allow(can_keep_certificates)
def show(request: HttpRequest, device_id: str) -> HttpResponse:
    """One device: in whose hands it was, what is on it."""
    return _page(request, int(device_id), {}, [])


@require_POST
@allow(can_keep_certificates, writes=True)
def hand_over(request: HttpRequest, device_id: str) -> HttpResponse:
    """Give it to somebody."""
    typed = {name: clean(request.POST.get(name, ""))[:LONGEST_INPUT] for name in ("official", "on")}
    try:
        day = vi.parse_date(typed["on"]) if typed["on"] else clock.today()
    except ValueError as error:
        return _page(request, int(device_id), typed, [Problem("on", error.args[0])])
    try:
        signing.hand_over(
            actor=actor_of(request), device_id=int(device_id), official_id=number_of(typed["official"]), on=day
        )
    except SigningRefused as refused:
        return _page(request, int(device_id), typed, refused.problems)
    return HttpResponseRedirect(reverse("device", args=[device_id]))


@require_POST
@allow(can_keep_certificates, writes=True)
def take_back(request: HttpRequest, device_id: str) -> HttpResponse:
    """It is back."""
    try:
        signing.take_back(actor=actor_of(request), device_id=int(device_id))
    except SigningRefused as refused:
        return _page(request, int(device_id), {}, refused.problems)
    return HttpResponseRedirect(reverse("device", args=[device_id]))


@require_POST
@allow(can_keep_certificates, writes=True)
def lost(request: HttpRequest, device_id: str) -> HttpResponse:
    """It is lost: what is on it serves no more."""
    try:
        signing.report_lost(actor=actor_of(request), device_id=int(device_id))
    except SigningRefused as refused:
        return _page(request, int(device_id), {}, refused.problems)
    return HttpResponseRedirect(reverse("device", args=[device_id]))


def _list(request: HttpRequest, typed: Mapping[str, str], problems: Sequence[Problem]) -> HttpResponse:
    own, code = reach(request), request.GET.get("don-vi", "")[:10]
    page = Paginator(queries.devices(own, own.unit(code).pk if code else 0), PAGE).get_page(page_of(request))
    return render(request, "people/signing/devices.html", {
        "crumbs": crumbs((DEVICES, "")), "title": DEVICES, "page": page, "code": code, "typed": typed,
        "lines": [(row, Carrier(row.kind).label) for row in page], "kinds": Carrier.choices,
        "units": [(unit.code, unit.shown_name) for unit in communes_and_own(own)], "problems": at_fields(problems),
        "wrong": wrong(problems),
    }, status=422 if problems else 200)  # fmt: skip


def _page(request: HttpRequest, device_id: int, typed: Mapping[str, str], problems: Sequence[Problem]) -> HttpResponse:
    own = reach(request)
    device = SigningDevice.objects.select_related("unit").filter(pk=device_id, unit_id__in=own.unit_ids).first()
    if device is None:
        raise DeviceUnknown
    hands = DeviceHandover.objects.filter(device=device).select_related("official").order_by("-valid_from", "-pk")
    return render(request, "people/signing/device.html", {
        "crumbs": crumbs((DEVICES, reverse("devices")), (device.serial, "")), "device": device, "typed": typed,
        "kind": Carrier(device.kind).label, "hands": hands, "held": any(one.valid_to is None for one in hands),
        "certificates": device.certificates.select_related("official").order_by("-pk"),
        "people": queries.people_of(device.unit_id), "problems": at_fields(problems), "wrong": wrong(problems),
    }, status=422 if problems else 200)  # fmt: skip
