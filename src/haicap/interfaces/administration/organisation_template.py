"""`/quan-tri/mau/to-chuc/`: another template of the organisation, looked at before it is put in force; earlier ones."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.domain.people.access import can_load_organisation
from haicap.domain.people.commands.organisation import Loaded
from haicap.domain.people.commands.organisation_changes import UnitChanges
from haicap.domain.people.commands.organisation_template import LARGEST, PACKAGED
from haicap.domain.people.commands.organisation_upload import (
    Looked,
    Upload,
    look_at_upload,
    put_upload_in_force,
)
from haicap.domain.people.organisation_errors import OrganisationMoved, TemplateInvalid
from haicap.domain.people.queries.organisation_loads import text_of
from haicap.domain.units.queries import communes_of, unit_on
from haicap.interfaces.administration.pages import actor_of, answer, crumbs, day_in, typed_in
from haicap.kernel import clock, vi
from haicap.kernel.access import NotGranted, allow
from haicap.kernel.errors import DomainError, Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

ENDINGS = (".yaml", ".yml")
MOST_ALSO, LONGEST_KEY = 50, 60
_TITLE = bi("Mẫu và thông điệp", "Templates and messages")
_LOAD = bi("Nạp mẫu tổ chức", "Load a template")
_NO_FILE = bi("Chọn tệp mẫu .yaml, tối đa 256 KB.", "Choose the template's .yaml file, 256 KB at most.")
_SALT, _PREVIEW_LASTS = "haicap.organisation.preview", 24 * 60 * 60
_FIELDS = {"ngay", "cho", "tep", "knows"}


@dataclass(frozen=True)
class Group:
    """Units that change in just the same way."""

    units: tuple[UnitChanges, ...]
    closed: tuple[str, ...]

    @property
    def one(self) -> UnitChanges:
        """What becomes of each of them."""
        return self.units[0]


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_load_organisation, writes=True)
def load(request: HttpRequest) -> HttpResponse:
    """The form; a posted file gives its faults by line, or what it would change. What is tried is taken back."""
    if request.method != "POST":
        return _form(request)
    upload, problems = _uploaded(request)
    return _form(request, problems) if upload is None else _preview(request, upload)


@require_POST
@allow(can_load_organisation, writes=True)
def confirm(request: HttpRequest) -> HttpResponse:
    """Put in force what was looked at: the file comes along and is judged again; what differs gives a new preview."""
    upload, problems = _uploaded(request)
    if upload is None:
        return _form(request, problems)
    try:
        seen = _seen(request, upload)
        loaded = put_upload_in_force(actor=actor_of(request), upload=upload, seen=seen, knows="knows" in request.POST)
    except NotGranted:
        raise
    except DomainError as refused:
        return _preview(request, upload, refused)
    return answer(request, "administration/organisation_preview.html", _shown(upload, loaded, {}))


@require_safe
@allow(can_load_organisation)
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The template of an earlier load of the province as a file; 0 is the packaged one. Http404 for another number."""
    province = actor_of(request).unit_code
    text = text_of(province, int(number)) if int(number) else PACKAGED.read_text(encoding="utf-8")
    if text is None:
        raise Http404
    found = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    found["Content-Disposition"] = f'attachment; filename="to-chuc-{province}-{number}.yaml"'
    return found


def _uploaded(request: HttpRequest) -> tuple[Upload | None, list[Problem]]:
    """What was posted, from the form or from the preview; None with the problems of what cannot be looked at."""
    problems: list[Problem] = []
    typed = typed_in(request, ("ngay", "cho", "name"))
    name, content = _content(request, typed["name"])
    if not content or len(content) > LARGEST or not name.lower().endswith(ENDINGS):
        problems.append(Problem("tep", _NO_FILE))
    day = day_in(typed["ngay"], "ngay", problems)
    if day is None or problems:
        return None, problems
    also = {clean(key)[:LONGEST_KEY] for key in request.POST.getlist("them")[:MOST_ALSO]}
    return Upload(name, content, typed["cho"] or actor_of(request).unit_code, day, tuple(sorted(also))), []


def _content(request: HttpRequest, name: str) -> tuple[str, bytes]:
    """The file that was handed in, or the one that comes along from the preview."""
    handed = request.FILES.get("tep")
    if handed is not None:
        return clean(Path(handed.name or "").name)[:120], handed.read() if (handed.size or 0) <= LARGEST else b""
    try:
        return Path(name).name[:120], base64.b64decode(request.POST.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        return name, b""


def _mark(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    """Whose preview of what it was."""
    digest = hashlib.sha256(upload.content).hexdigest()
    return {"by": actor_of(request).account_id, "file": digest, "within": upload.within, "day": str(upload.day),
            "also": list(upload.also)}  # fmt: skip


def _seen(request: HttpRequest, upload: Upload) -> str:
    """The fingerprint of the preview that the form comes from. Raises OrganisationMoved where it was of something else."""
    try:
        kept = signing.loads(request.POST.get("seen", ""), salt=_SALT, max_age=_PREVIEW_LASTS)
    except signing.BadSignature:
        raise OrganisationMoved from None
    if {**kept, "seen": ""} != {**_mark(request, upload), "seen": ""}:
        raise OrganisationMoved
    return str(kept["seen"])


def _preview(request: HttpRequest, upload: Upload, refused: DomainError | None = None) -> HttpResponse:
    """What the upload would do, or its faults; `refused` says why it was not put in force."""
    try:
        looked = look_at_upload(actor=actor_of(request), upload=upload)
    except NotGranted:
        raise
    except TemplateInvalid as invalid:
        context = {"crumbs": _way((upload.name, "")), "name": upload.name, "faults": invalid.problems}
        return answer(request, "administration/organisation_faults.html", context, _said(invalid))
    except DomainError as wrong:
        return _form(request, _said(wrong))
    seen = signing.dumps({**_mark(request, upload), "seen": looked.loaded.fingerprint}, salt=_SALT)
    context = _shown(upload, looked.loaded, looked.held) | {
        "seen": seen,
        "people": looked.people,
        "holders": _holders(looked),
    }
    return answer(request, "administration/organisation_preview.html", context, _said(refused) if refused else [])


def _shown(upload: Upload, loaded: Loaded, held: Mapping[tuple[int, str, str], int]) -> dict[str, Any]:
    template = upload.template
    optional = {plan.key: plan.shown_name for kind in ("tinh", "xa") for plan in template.bodies(kind) if plan.optional}
    return {
        "crumbs": _way((upload.name, "")), "upload": upload, "template": template, "loaded": loaded,
        "content": base64.b64encode(upload.content).decode(), "day": vi.date_text(upload.day),
        "rows": [(one, sum(held.get((one.unit.pk, *key), 0) for key in one.closed_posts)) for one in loaded.by_unit],
        "groups": _groups(loaded.by_unit), "optional": list(optional.items()), "dry_run": loaded.dry_run,
        "totals": _totals(loaded.by_unit),
    }  # fmt: skip


def _totals(rows: Sequence[UnitChanges]) -> dict[str, int]:
    names = ("new_bodies", "changed_bodies", "closed_bodies", "new_posts", "changed_posts", "closed_posts")
    return {name: sum(len(getattr(one, name)) for one in rows) for name in names}


def _groups(rows: Iterable[UnitChanges]) -> list[Group]:
    """The units by what becomes of them, those that are alike together."""
    found: dict[tuple[Any, ...], list[UnitChanges]] = {}
    for one in rows:
        closed = tuple(one.closed_posts.values())
        parts = (
            one.new_bodies,
            one.changed_bodies,
            one.closed_bodies,
            one.new_posts,
            one.changed_posts,
            closed,
            one.mended,
        )
        found.setdefault(parts, []).append(one)
    return [Group(tuple(same), tuple(same[0].closed_posts.values())) for same in found.values()]


def _holders(looked: Looked) -> list[tuple[str, str, int]]:
    """Unit, post and number of people, for each post that would end with people in it."""
    return [
        (one.unit.shown_name, name, looked.held[one.unit.pk, *key])
        for one in looked.loaded.by_unit for key, name in one.closed_posts.items() if (one.unit.pk, *key) in looked.held
    ]  # fmt: skip


def _said(refused: DomainError) -> list[Problem]:
    return [Problem(refused.field if refused.field in _FIELDS else "tep", refused.sentence())]


def _way(*further: tuple[Any, str]) -> list[tuple[Any, str]]:
    return crumbs((_TITLE, reverse("templates")), (_LOAD, reverse("load-organisation") if further else ""), *further)


def _form(request: HttpRequest, problems: Sequence[Problem] = ()) -> HttpResponse:
    typed, today = typed_in(request, ("ngay", "cho")), clock.today()
    province = unit_on(actor_of(request).unit_code, today)
    communes = list(communes_of(province.code, today))
    everywhere = bi("Cả tỉnh: {name} và {n} xã, phường, đặc khu", "Everywhere: {name} and its {n} communes")
    units = [(province.code, everywhere.format(name=province.shown_name, n=len(communes)))]
    return answer(request, "administration/organisation_load.html", {
        "crumbs": _way(), "title": _LOAD, "units": units + [(one.code, one.shown_name) for one in communes],
        "within": typed["cho"] or province.code, "day": typed["ngay"] or vi.date_text(today),
    }, problems)  # fmt: skip
