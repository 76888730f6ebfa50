"""Files over HTTP: `POST /files`, and a dossier's attachments."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import Schema
from pydantic import Field

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.access import can_see_whole, can_work
from haicap.domain.dossiers.api.base import READ, WRITE, answer, router
from haicap.kernel import clock
from haicap.kernel.files import commands, rules
from haicap.kernel.files.errors import AttachmentUnknown, FileInfected, FileMissing, FileTooLarge
from haicap.kernel.files.queries import open_attachment
from haicap.kernel.files.web import ROOM_FOR_FIELDS, SizeLimit
from haicap.kernel.limits.rules import Door as Limit
from haicap.kernel.limits.web import take
from haicap.kernel.readings import Door, Note
from haicap.kernel.scope import Actor, entered
from haicap.kernel.web import openapi, problems
from haicap.kernel.web.callers import needs
from haicap.kernel.web.idempotency import Keyed
from haicap.kernel.web.problems import BodyUnreadable


class StoredOut(Schema):
    """A file that was taken in: name it by `file` in `attachments` of a receipt."""

    file: str
    name: str
    size: int
    media_type: str
    scan: str = Field(description="What a virus scanner says: clean, not_scanned (yet), unscannable")


@router.post(
    "/files", response={201: StoredOut}, summary="Upload a file", operation_id="upload_file", tags=["files"],
    openapi_extra=openapi.takes_file(),
)  # fmt: skip
@needs(WRITE, can_work)
def upload(request: HttpRequest) -> HttpResponse:
    """One file in the form field `file`: PDF, JPG, PNG, DOCX or XLSX by its content. Needs `dossiers:write`.

    The same bytes twice are one file. What no dossier refers to is dropped after some days.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    take(request, Limit.UPLOAD)
    file = _file(request)
    name = rules.tidy_name(file.name or "")
    keyed = Keyed.of(request, "file", name, file.size)
    with entered(actor):
        if (known := keyed.known()) is not None:
            return answer(known[0], known[1], replayed=True)
        try:
            kept = commands.store(actor=actor, stream=file.chunks(), name=name, at=clock.now())
        except FileInfected as refusal:
            # A problem document, and no exception through the transaction: it keeps what is reported.
            return problems.of_error(refusal)
        told: dict[str, Any] = {
            "file": kept.digest, "name": rules.name_to_save(name, kept.media_type), "size": kept.size,
            "media_type": kept.media_type, "scan": kept.scan,
        }  # fmt: skip
        keyed.remember(201, told)
    return answer(201, told)


def _file(request: HttpRequest) -> UploadedFile:
    """The uploaded file; a body that is too large is not read at all."""
    most = settings.HAICAP_FILES_MAX_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > most + ROOM_FOR_FIELDS:
        raise FileTooLarge(name="…", most=most // 2**20, field="file")
    if request.content_type != "multipart/form-data":
        raise FileMissing(field="file")
    if not hasattr(request, "_files"):
        request.upload_handlers.insert(0, SizeLimit(request))
    try:
        file = request.FILES.get("file")
    except (MultiPartParserError, RequestDataTooBig):
        raise BodyUnreadable() from None
    if file is None:
        raise FileMissing(field="file")
    return file


@router.get(
    "/dossiers/{code}/files/{int:file_id}", summary="One attachment", operation_id="get_file", tags=["files"],
    openapi_extra=openapi.gives("application/octet-stream", "The file's bytes"),
)  # fmt: skip
@needs(READ, can_see_whole)  # type: ignore[arg-type] # a file is streamed
def download(request: HttpRequest, code: str, file_id: int) -> FileResponse:
    """The bytes of a file of this dossier, to be saved, for who is at work on it; noted as a look.

    Needs the scope `dossiers:read`.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    with entered(actor, read_only=True, note=Note(door=Door.FILE, file=file_id, whole=True, detail=str(file_id))):
        entry, _ = queries.find(code)
        attachment, path = open_attachment(file_id)
        if attachment.entry_id != entry.pk:
            raise AttachmentUnknown()
        queries.require_at_work(actor, code)
    response = FileResponse(
        path.open("rb"), as_attachment=True, content_type=attachment.media_type,
        filename=rules.name_to_save(attachment.name, attachment.media_type),
    )  # fmt: skip
    response.headers["Cache-Control"] = "private, no-store"
    return response
