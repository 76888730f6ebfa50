"""Finding stored files and attachments; row-level security decides what the caller finds."""

from __future__ import annotations

from pathlib import Path

from haicap.kernel.files import disk
from haicap.kernel.files.errors import AttachmentUnknown, BytesMissing
from haicap.kernel.files.models import Attachment, StoredFile


def open_attachment(attachment_id: int) -> tuple[Attachment, Path]:
    """An attachment that the present actor sees, and where its bytes lie. Raises AttachmentUnknown, BytesMissing."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is None:
        raise AttachmentUnknown()
    path = disk.place_of(attachment.digest)
    if not path.is_file():
        raise BytesMissing(digest=attachment.digest[:12])
    return attachment, path


def held_digests(digests: list[str]) -> frozenset[str]:
    """Those of `digests` that some row still holds, of any unit; for the worker's role, which sees all."""
    return frozenset(StoredFile.objects.filter(digest__in=digests).values_list("digest", flat=True)) | frozenset(
        Attachment.objects.filter(digest__in=digests).values_list("digest", flat=True)
    )
