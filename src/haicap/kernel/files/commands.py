"""Taking files in, and letting go of those that hang nowhere."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from haicap.kernel.audit.commands import record
from haicap.kernel.files import disk, rules
from haicap.kernel.files.errors import FileEmpty, FileInfected, FileTooLarge, StoringNeedsUnit
from haicap.kernel.files.models import Quarantined, StoredFile
from haicap.kernel.files.queries import held_digests
from haicap.kernel.files.scanner import NOT_SCANNED, Scanner, ScannerAway, State, Verdict
from haicap.kernel.scope import Actor

_LOCK_SPACE = 1_804  # advisory locks of this room
_SWEEP_BATCH = 500
_log = logging.getLogger("haicap.files")


def store(*, actor: Actor, stream: Iterable[bytes], name: str, at: datetime) -> StoredFile:
    """Take the bytes of `stream` in for the actor's unit; the same bytes twice are one file.

    Raises FileEmpty, FileTooLarge, FileTypeRefused, FileNameFalse, FileUnsafe, StoringNeedsUnit, FileInfected. Whatever is
    raised, and wherever the process dies, no half file is left in place. Where a scanner is set and answers in time it
    judges first; else the file is taken in as not scanned and the worker asks later. Costs three statements.

    Of FileInfected the caller must let the transaction commit: it holds the report.
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
            verdict = _verdict_on(arrived)
            kept = None
            if verdict.state != State.INFECTED:
                kept = _keep(actor, actor.unit_id, arrived, kind.media_type, verdict, at)
            if kept is None:
                _put_away(actor, actor.unit_id, arrived, shown, verdict, at)
                raise FileInfected(name=shown, signature=verdict.detail or "…", field="file")
            return kept
    except disk.TooManyBytes:
        raise FileTooLarge(name=shown, most=most // 2**20, field="file") from None


def scanner() -> Scanner | None:
    """The scanner of this installation; None where none is set."""
    return Scanner(settings.HAICAP_CLAMD, settings.HAICAP_CLAMD_SECONDS) if settings.HAICAP_CLAMD else None


def _verdict_on(arrived: disk.Arrived) -> Verdict:
    """What the scanner says now; not scanned where there is none, or it does not answer in time."""
    found = scanner()
    if found is None:
        return NOT_SCANNED
    try:
        return found.scan(disk.chunks_of(arrived.path))
    except ScannerAway as away:
        _log.warning("a file is taken in without being scanned: %s", away)
        return NOT_SCANNED


def _put_away(actor: Actor, unit_id: int, arrived: disk.Arrived, name: str, verdict: Verdict, at: datetime) -> None:
    """Into quarantine, with a line for the unit's administrators and one in the trail."""
    tell(arrived.digest, verdict)
    Quarantined.objects.create(
        digest=arrived.digest, unit_id=unit_id, name=name, size=arrived.size, signature=verdict.detail,
        uploaded_by=actor.account_id, found_at=at,
    )  # fmt: skip
    facts = {"name": name, "signature": verdict.detail, "size": arrived.size}
    record("files:file:quarantine", subject=f"file:{arrived.digest}", unit_id=unit_id, data=facts)
    disk.put_away(arrived.path, arrived.digest)


def tell(digest: str, verdict: Verdict, signatures: str = "") -> None:
    """Keep a verdict. Infected stays infected; what was judged once does not become unjudged. `signatures`: by which."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT files_tell(%s, %s, %s, %s)", [digest, verdict.state, verdict.detail, signatures])


def _keep(
    actor: Actor, unit_id: int, arrived: disk.Arrived, media_type: str, verdict: Verdict, at: datetime
) -> StoredFile | None:
    """The row first, under the digest's lock until the commit; then the bytes go to their place. None for bytes that were
    found infected before."""
    with transaction.atomic():
        if _lock(arrived.digest, shared=True) == State.INFECTED:
            return None
        file = StoredFile(
            digest=arrived.digest, unit_id=unit_id, size=arrived.size, media_type=media_type,
            uploaded_by=actor.account_id, uploaded_at=at,
        )  # fmt: skip
        # A second upload renews the moment, so that the daily round does not take away what has just been sent again.
        StoredFile.objects.bulk_create(
            [file], update_conflicts=True, unique_fields=["digest", "unit_id"], update_fields=["uploaded_at"]
        )
        tell(arrived.digest, verdict)
        file.scan = verdict.state.value
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
        gone = int(cursor.rowcount)
        cursor.execute(
            "DELETE FROM files_scan s WHERE s.state <> 'infected' AND s.told_at < %s "
            "AND NOT EXISTS (SELECT FROM files_storedfile f WHERE f.digest = s.digest) "
            "AND NOT EXISTS (SELECT FROM files_attachment a WHERE a.digest = s.digest)",
            [older_than],
        )
        return gone


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


def _lock(digest: str, *, shared: bool) -> str:
    """Wait for the digest's lock, held until the commit; gives what is known of its bytes then."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s, hashtext(%s)), files_verdict(%s)",
            [_LOCK_SPACE, digest, digest],
        )
        return str(cursor.fetchone()[1])
