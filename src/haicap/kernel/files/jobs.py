"""What the worker does: files that were taken in while no scanner answered are scanned afterwards, clean ones again in time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from haicap.kernel import clock
from haicap.kernel.audit.commands import record
from haicap.kernel.entries.models import Entry
from haicap.kernel.files import disk
from haicap.kernel.files.commands import scanner, tell
from haicap.kernel.files.models import Attachment, Quarantined, Scan, StoredFile
from haicap.kernel.files.scanner import Scanner, ScannerAway, State, Verdict
from haicap.kernel.scope import entered, system

BATCH = 50
AWAY_PAUSE_S = 30.0
AGAIN_BATCH = 20  # what waits for its first verdict goes first
AGAIN_PAUSE_S = 60.0
LONGEST_SCAN_S = 120.0  # nobody waits at a counter for it
_log = logging.getLogger("haicap.files")


@dataclass
class Waiting:
    """The worker's memory between rounds: when a scanner that was away is asked again, when old files are looked for."""

    again_at: float = field(default=0.0)
    old_files_at: float = field(default=0.0)


def scan_waiting(memory: Waiting, go_on: Callable[[], bool] = lambda: True) -> int:
    """Scan files that wait for it, the longest waiting first; gives how many. Worker only.

    A scanner that does not answer is left alone for half a minute. One statement where nothing waits, none without a scanner.
    """
    found, done = scanner(), 0
    if found is None or time.monotonic() < memory.again_at:
        return 0
    patient = Scanner(found.address, LONGEST_SCAN_S)
    waiting = Scan.objects.filter(state=State.NOT_SCANNED).order_by("told_at", "digest")
    try:
        for digest in list(waiting.values_list("digest", flat=True)[:BATCH]):
            if not go_on():
                break
            judge(digest, patient)
            done += 1
    except ScannerAway as away:
        memory.again_at = time.monotonic() + AWAY_PAUSE_S
        _log.warning("files wait for the virus scanner: %s", away)
    return done


def scan_again(memory: Waiting, go_on: Callable[[], bool] = lambda: True) -> int:
    """Scan files again whose time has come and that other signatures than the scanner's present ones have judged, the longest
    due first; gives how many. Worker only.

    A small batch a round; where none is due nothing is asked for a minute. What is found now goes the way of the first scan.
    """
    found, done = scanner(), 0
    if found is None or time.monotonic() < max(memory.again_at, memory.old_files_at):
        return 0
    patient = Scanner(found.address, LONGEST_SCAN_S)
    try:
        if Scan.objects.filter(again_at__lte=clock.now()).exists():
            present = found.signatures()
            due = (
                Scan.objects.filter(again_at__lte=clock.now())
                .exclude(signatures=present)
                .order_by("again_at", "digest")
            )
            for digest in list(due.values_list("digest", flat=True)[:AGAIN_BATCH]):
                if not go_on():
                    break
                judge(digest, patient, present)
                done += 1
    except ScannerAway as away:
        memory.again_at = time.monotonic() + AWAY_PAUSE_S
        _log.warning("files wait to be scanned again: %s", away)
    if not done:
        memory.old_files_at = time.monotonic() + AGAIN_PAUSE_S
    return done


def judge(digest: str, by: Scanner, signatures: str = "") -> Verdict:
    """Scan the stored bytes of `digest` and act on it; `signatures`: those that it is judged by. Raises ScannerAway."""
    place = disk.place_of(digest)
    try:
        content = disk.chunks_of(place)  # opened here: a file that is gone is no fault of the scanner
    except FileNotFoundError:
        verdict = Verdict(State.UNSCANNABLE, "the bytes are not on the disk")
    else:
        verdict = by.scan(content)
    with entered(system("scanner")):
        tell(digest, verdict, signatures)
        if verdict.state == State.INFECTED:
            _report(digest, verdict)
            disk.put_away(place, digest)
    return verdict


def _report(digest: str, verdict: Verdict) -> None:
    """A line for each unit that holds the file, where it hangs, and one in the trail of each."""
    _log.warning("a stored file is infected (%s): %s", verdict.detail, digest[:12])
    hung = list(Attachment.objects.filter(digest=digest).order_by("pk"))
    entries = Entry.objects.in_bulk({one.entry_id for one in hung})
    for file in StoredFile.objects.filter(digest=digest):
        with transaction.atomic():
            places = [one for one in hung if entries[one.entry_id].unit_id == file.unit_id]
            where = places[0] if places else None
            Quarantined.objects.create(
                digest=digest, unit_id=file.unit_id, name=where.name if where else "", size=file.size,
                signature=verdict.detail, entry_code=entries[where.entry_id].code if where else "",
                uploaded_by=file.uploaded_by, found_at=clock.now(),
            )  # fmt: skip
            facts = {
                "signature": verdict.detail,
                "size": file.size,
                "entries": [entries[o.entry_id].code for o in places],
            }
            record("files:file:quarantine", subject=f"file:{digest}", unit_id=file.unit_id, data=facts)
