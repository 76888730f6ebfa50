"""`/quan-tri/don-vi/`: the province's resolutions; a resolution's file looked at, then applied or scheduled; undoing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.domain.people.access import can_administer, can_apply_resolutions
from haicap.domain.units.commands.resolutions import ResolutionFile, read
from haicap.domain.units.errors import ResolutionFlawed, ResolutionNeeded
from haicap.domain.units.models import Resolution
from haicap.domain.units.queries import communes_of, unit_on
from haicap.flows.reorganisation import by_province
from haicap.flows.reorganisation.errors import ResolutionUnknown
from haicap.flows.reorganisation.overview import prepared, standings
from haicap.flows.uncertain import calendar_code
from haicap.interfaces.administration.pages import actor_of, answer, crumbs, typed_in
from haicap.kernel import clock
from haicap.kernel.access import NotGranted, allow
from haicap.kernel.errors import DomainError, Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

LARGEST = 2**20  # the largest file that is carried, a whole province of 2025, has 0.1 MB
_TITLE = bi("Đơn vị hành chính", "Administrative units")
_LOAD = bi("Nghị quyết mới", "A new resolution")


@require_safe
@allow(can_administer)
def units(request: HttpRequest) -> HttpResponse:
    """The province's units today in figures, and every resolution that formed or ended some."""
    actor, today = actor_of(request), clock.today()
    province = unit_on(calendar_code(actor), today)
    return render(request, "administration/units.html", {
        "crumbs": crumbs((_TITLE, "")), "title": _TITLE, "province": province,
        "communes": communes_of(province.code, today).count(), "found": standings(province.code),
        "prepared": prepared(province.code),
        "may_apply": can_apply_resolutions(actor),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_apply_resolutions)
def load(request: HttpRequest) -> HttpResponse:
    """The form; a posted file gives every fault by line, or what it would do. Writes nothing."""
    if request.method != "POST":
        return _form(request)
    file = request.FILES.get("tep")
    if file is None or (file.size or 0) > LARGEST:
        return _form(
            request, bi("Chọn tệp nghị quyết .yaml, tối đa 1 MB.", "Choose the resolution's .yaml file, 1 MB at most.")
        )
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _form(request, bi("Tệp không phải văn bản UTF-8.", "The file is not UTF-8 text."))
    if "\x00" in text:
        return _form(request, bi("Tệp không phải văn bản UTF-8.", "The file is not UTF-8 text."))
    return _looked_at(request, read(text, clean(file.name or "")[:120] or "nghi-quyet.yaml"))


@require_safe
@allow(can_apply_resolutions)
def carried(request: HttpRequest, name: str) -> HttpResponse:
    """A prepared file of the province, looked at as if it had been handed in. ResolutionUnknown. Writes nothing."""
    found = next((one for one in prepared(actor_of(request).unit_code) if one.name == name), None)
    if found is None:
        raise ResolutionUnknown(number=name)
    return _looked_at(request, found)


@require_POST
@allow(can_apply_resolutions, writes=True)
def apply(request: HttpRequest) -> HttpResponse:
    """Apply or schedule what was looked at; the file comes along in the form and is judged again."""
    typed = typed_in(request, ("typed", "name", "unsure"))
    text = request.POST.get("text", "")
    if not text or len(text) > LARGEST:
        return _form(
            request, bi("Chọn tệp nghị quyết .yaml, tối đa 1 MB.", "Choose the resolution's .yaml file, 1 MB at most.")
        )
    file = read(text, typed["name"] or "nghi-quyet.yaml")
    try:
        by_province.apply(actor_of(request), file, typed=typed["typed"], confirm_uncertain=typed["unsure"] == "1")
    except NotGranted:
        raise
    except DomainError as refused:
        return _looked_at(request, file, refused, typed["typed"])
    return HttpResponseRedirect(reverse("units"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_apply_resolutions, writes=True)
def undo(request: HttpRequest, resolution_id: str) -> HttpResponse:
    """Undo a resolution, confirmed by its number; whatever depends on it is told. ResolutionUnknown."""
    actor = actor_of(request)
    found = next(
        (one.resolution for one in standings(actor.unit_code) if one.resolution.pk == int(resolution_id)), None
    )
    if found is None:
        raise ResolutionUnknown(number=resolution_id)
    if request.method != "POST":
        return _undo_page(request, found)
    typed = typed_in(request, ["typed"])["typed"]
    try:
        by_province.undo(actor, found, typed=typed)
    except NotGranted:
        raise
    except DomainError as refused:
        return _undo_page(request, found, refused, typed)
    return HttpResponseRedirect(reverse("units"))


def _looked_at(
    request: HttpRequest, file: ResolutionFile, refused: DomainError | None = None, typed: str = ""
) -> HttpResponse:
    """What the file would do, or its faults; `refused` says why it was not applied."""
    way = (_TITLE, reverse("units")), (_LOAD, reverse("load-resolution")), (file.name, "")
    context: dict[str, Any] = {"crumbs": crumbs(*way), "file": file, "typed": typed}
    try:
        looked = by_province.look(actor_of(request), file)
    except NotGranted:
        raise
    except ResolutionFlawed as flawed:
        return answer(
            request, "administration/resolution_faults.html", {**context, "faults": flawed.problems}, _said(flawed)
        )
    except DomainError as wrong:
        return _form(request, wrong.sentence())
    problems = _said(refused) if refused else []
    return answer(request, "administration/resolution_look.html", {
        **context, "report": looked.report, "impact": looked.impact, "ended": looked.report.counts.get("ended", {}),
        "formed": looked.report.counts.get("formed", {}),
    }, problems)  # fmt: skip


def _undo_page(
    request: HttpRequest, found: Resolution, refused: DomainError | None = None, typed: str = ""
) -> HttpResponse:
    reasons: Sequence[Problem] = refused.problems if isinstance(refused, ResolutionNeeded) else ()
    return answer(request, "administration/resolution_undo.html", {
        "crumbs": crumbs((_TITLE, reverse("units")), (found.number, "")), "resolution": found, "typed": typed,
        "reasons": reasons,
    }, _said(refused) if refused else [])  # fmt: skip


def _said(refused: DomainError) -> list[Problem]:
    return [Problem(refused.field or "typed", refused.sentence())]


def _form(request: HttpRequest, error: Any = "") -> HttpResponse:
    return answer(request, "administration/resolution_load.html", {
        "crumbs": crumbs((_TITLE, reverse("units")), (_LOAD, "")), "title": _LOAD, "error": error,
    }, [Problem("tep", error)] if error else [])  # fmt: skip
