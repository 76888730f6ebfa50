"""Taking files in, and letting go of those that hang nowhere."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from haicap.kernel.files import disk, rules
from haicap.kernel.files.errors import FileEmpty, FileTooLarge, StoringNeedsUnit
from haicap.kernel.files.models import StoredFile
from haicap.kernel.files.queries import held_digests
from haicap.kernel.scope import Actor

_LOCK_SPACE = 1_804  # advisory locks of this room
_SWEEP_BATCH = 500


def store(*, actor: Actor, stream: Iterable[bytes], name: str, at: datetime) -> StoredFile:
    """Take the bytes of `stream` in for the actor's unit; the same bytes twice are one file.

    Raises FileEmpty, FileTooLarge, FileTypeRefused, FileNameFalse, FileUnsafe, StoringNeedsUnit. Whatever is raised,
    and wherever the process dies, no half file is left in place. Costs two statements.
    """
    if actor.unit_id is None:
        raise StoringNeedsUnit()
    shown = rules.tidy_name(name)
    most = settings.HAICAP_FILES_MAX_BYTES
    try:
        with disk.arriving(stream, most=most) as arrived:
            if not arrived.size:
                raise FileEmpty(name=shown, field="file")
            with arrived.path.open("rb") as content:
                kind = rules.sniff(content, shown)
            rules.agree(shown, kind)
            return _keep(actor, actor.unit_id, arrived, kind.media_type, at)
    except disk.TooManyBytes:
        raise FileTooLarge(name=shown, most=most // 2**20, field="file") from None


def _keep(actor: Actor, unit_id: int, arrived: disk.Arrived, media_type: str, at: datetime) -> StoredFile:
    """The row first, under the digest's lock until the commit; then the bytes go to their place."""
    with transaction.atomic():
        _lock(arrived.digest, shared=True)
        file = StoredFile(
            digest=arrived.digest, unit_id=unit_id, size=arrived.size, media_type=media_type,
            uploaded_by=actor.account_id, uploaded_at=at,
        )  # fmt: skip
        # A second upload renews the moment, so that the daily round does not take away what has just been sent again.
        StoredFile.objects.bulk_create(
            [file], update_conflicts=True, unique_fields=["digest", "unit_id"], update_fields=["uploaded_at"]
        )
        disk.settle(arrived)
    return file


def forget_loose(*, older_than: datetime) -> int:
    """Drop the rows of files that were uploaded before `older_than` and hang nowhere; gives how many. Worker only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM files_storedfile s WHERE s.uploaded_at < %s "
            "AND NOT EXISTS (SELECT FROM files_attachment a WHERE a.digest = s.digest)",
            [older_than],
        )
        return int(cursor.rowcount)


def sweep_disk(*, older_than: datetime) -> int:
    """Remove bytes last written before `older_than` that no row of any unit holds; gives how many files. Worker only.

    Several units may share the bytes of a digest: they go with the last of them. One statement per 500 files.
    """
    removed = 0
    paths = disk.stored(older_than)
    while batch := list(itertools.islice(paths, _SWEEP_BATCH)):
        held = held_digests([path.name for path in batch])
        removed += sum(_remove(path) for path in batch if path.name not in held)
    return removed


def _remove(path: Path) -> bool:
    """Remove one file unless a row appeared meanwhile: the lock waits for an upload of the same bytes."""
    if disk.is_temporary(path):
        path.unlink(missing_ok=True)
        return True
    with transaction.atomic():
        _lock(path.name, shared=False)
        if held_digests([path.name]):
            return False
        path.unlink(missing_ok=True)
    return True


def _lock(digest: str, *, shared: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s, hashtext(%s))", [_LOCK_SPACE, digest]
        )
