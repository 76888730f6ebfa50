"""Finding stored files and attachments; row-level security decides what the caller finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.models import Func, TextField

from haicap.kernel.files import disk
from haicap.kernel.files.errors import AttachmentQuarantined, AttachmentUnknown, BytesMissing
from haicap.kernel.files.models import Attachment, Quarantined, StoredFile
from haicap.kernel.files.scanner import State


def open_attachment(attachment_id: int) -> tuple[Attachment, Path]:
    """An attachment that the present actor sees, and where its bytes lie. One statement.

    Raises AttachmentUnknown, AttachmentQuarantined for an infected one, BytesMissing.
    """
    verdict = Func("digest", function="files_verdict", output_field=TextField())
    attachment = Attachment.objects.annotate(verdict=verdict).filter(pk=attachment_id).first()
    if attachment is None:
        raise AttachmentUnknown()
    if attachment.verdict == State.INFECTED:
        raise AttachmentQuarantined(name=attachment.name)
    path = disk.place_of(attachment.digest)
    if not path.is_file():
        raise BytesMissing(digest=attachment.digest[:12])
    return attachment, path


def held_digests(digests: list[str]) -> frozenset[str]:
    """Those of `digests` that some row still holds, of any unit; for the worker's role, which sees all."""
    return frozenset(StoredFile.objects.filter(digest__in=digests).values_list("digest", flat=True)) | frozenset(
        Attachment.objects.filter(digest__in=digests).values_list("digest", flat=True)
    )


def stored_bytes() -> int:
    """How many bytes the stored files have, each digest once; for the worker's role, which sees all. One pass over them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(size), 0) FROM (SELECT max(size) AS size FROM (SELECT digest, size FROM files_storedfile "
            "UNION ALL SELECT digest, size FROM files_attachment) f GROUP BY digest) d"
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class ScanCounts:
    """How many stored files no scanner has judged yet, and how many digests were ever found infected."""

    waiting: int
    infected: int


def scan_counts() -> ScanCounts:
    """For monitoring: numbers, no file. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT waiting, infected FROM files_scan_counts()")
        return ScanCounts(*map(int, cursor.fetchone()))


def quarantined(
    limit: int, *, before: int = 0, since: datetime | None = None, uploaded_by: int | None = None
) -> list[Quarantined]:
    """The infected files of the actor's units, the newest first; row-level security decides. One statement.

    `before` an id goes on; `since` and `uploaded_by` narrow.
    """
    rows = Quarantined.objects.order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=before)
    if since:
        rows = rows.filter(found_at__gte=since)
    if uploaded_by is not None:
        rows = rows.filter(uploaded_by=uploaded_by)
    return list(rows[:limit])
