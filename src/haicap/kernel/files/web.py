"""Sending a file to the house and getting one back; what is served never runs in the house's name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from haicap.kernel import clock
from haicap.kernel.access import allow, right
from haicap.kernel.errors import DomainError
from haicap.kernel.files import rules
from haicap.kernel.files.commands import store
from haicap.kernel.files.errors import FileMissing, FileTooLarge
from haicap.kernel.files.ports import pass_gates
from haicap.kernel.files.queries import open_attachment
from haicap.kernel.language import bi
from haicap.kernel.readings import Door, Note
from haicap.kernel.scope import Actor
from haicap.kernel.web.middleware import error_page

ROOM_FOR_FIELDS = 256 * 1024
SANDBOX = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
)


class SizeLimit(FileUploadHandler):
    """Stands before Django's own handlers: a body larger than the limit is not written to the disk first."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Stop reading where the file has grown past the limit."""
        if start + len(raw_data) > settings.HAICAP_FILES_MAX_BYTES + ROOM_FOR_FIELDS:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""


@right(
    bi("Tải tệp lên và mở tệp của hồ sơ", "Upload files and open those of dossiers"),
    within=bi("tệp của hồ sơ mà vai trò được thấy", "files of the dossiers that the role sees"),
)
def has_a_post(actor: Actor) -> bool:
    """Whoever holds a post today may bring files in."""
    return bool(actor.roles)


@require_POST
@allow(has_a_post, writes=True)
def upload(request: HttpRequest) -> HttpResponse:
    """`POST …/tep/` with the field `file`: keeps it and answers `{id, file, name, size, media_type, scan}`.

    `file` (and `id`, for the component that sends it) is the digest by which a form names it. htmx gets a fragment.
    """
    try:
        return _answer(request, _taken(request))
    except DomainError as refusal:
        if request.headers.get("HX-Request"):
            return error_page(request, refusal)  # not raised: what it reports must be kept
        return JsonResponse(
            {"type": f"urn:haicap:{refusal.code}", "title": str(refusal.title), "status": refusal.status,
             "detail": refusal.sentence()},
            status=refusal.status, content_type="application/problem+json",
        )  # fmt: skip


def _taken(request: HttpRequest) -> dict[str, Any]:
    file = request.FILES.get("file")
    if file is None:
        most = settings.HAICAP_FILES_MAX_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise FileTooLarge(name="…", most=most // 2**20, field="file")
        raise FileMissing(field="file")
    name = rules.tidy_name(file.name or "")
    kept = store(actor=request.actor, stream=file.chunks(), name=name, at=clock.now())  # type: ignore[attr-defined]
    name = rules.name_to_save(name, kept.media_type)
    return {
        "id": kept.digest, "file": kept.digest, "name": name, "size": kept.size, "media_type": kept.media_type,
        "scan": kept.scan,
    }  # fmt: skip


def _answer(request: HttpRequest, facts: dict[str, Any]) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "files/stored.html", {"stored": facts}, status=201)
    return JsonResponse(facts, status=201)


def file_note(request: HttpRequest, attachment_id: int) -> Note:
    """A look at an attached file."""
    return Note(door=Door.FILE, file=attachment_id, whole=True, detail=str(attachment_id)[:20])


@require_safe
@allow(has_a_post, notes=file_note)  # type: ignore[arg-type] # a file is streamed
def download(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """`…/tep/<attachment_id>/`: the file to save; with `?xem=1` pictures and PDF are shown. 404 for another unit's,
    403 where its room's gate says so."""
    attachment, path = open_attachment(attachment_id)
    pass_gates(request.actor, attachment)  # type: ignore[attr-defined]
    shown = request.GET.get("xem") == "1" and attachment.media_type in rules.SHOWN_INLINE
    response = FileResponse(
        path.open("rb"), as_attachment=not shown, content_type=attachment.media_type,
        filename=rules.name_to_save(attachment.name, attachment.media_type),
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
