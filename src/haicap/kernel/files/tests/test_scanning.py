"""An infected file is never served: refused as it comes in, or taken out of the way afterwards, and told to who must know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import F

from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.files import commands, disk, queries
from haicap.kernel.files.errors import AttachmentQuarantined, FileInfected
from haicap.kernel.files.jobs import Waiting, scan_again, scan_waiting
from haicap.kernel.files.models import Attachment, Scan, StoredFile
from haicap.kernel.files.tests import samples
from haicap.kernel.files.tests.clamd import EICAR, NAME, Clamd, listening
from haicap.kernel.scope import Actor, entered

HERE = Actor(name="Cán bộ", account_id=1, unit_id=3, unit_ids=(3,))
THERE = Actor(name="Cán bộ khác", account_id=2, unit_id=4, unit_ids=(4,))
INFECTED = samples.pdf() + b"\n" + EICAR


@pytest.fixture
def clamd(settings) -> Iterator[Clamd]:  # type: ignore[no-untyped-def]
    with listening() as found:
        settings.HAICAP_CLAMD, settings.HAICAP_CLAMD_SECONDS = found.address, 2
        yield found


def store(content: bytes, actor: Actor = HERE) -> StoredFile:
    with entered(actor):
        return commands.store(actor=actor, stream=[content], name="đơn.pdf", at=clock.now())


def hang(file: StoredFile, entry_id: int) -> int:
    with entered(HERE):
        return Attachment.objects.create(
            entry_id=entry_id, digest=file.digest, name="đơn.pdf", media_type=file.media_type, size=file.size,
            added_at=clock.now(),
        ).pk  # fmt: skip


def verdict(digest: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT files_verdict(%s)", [digest])
        return str(cursor.fetchone()[0])


def refused(content: bytes = INFECTED) -> FileInfected:
    """The transaction of an upload, which its view lets commit."""
    with entered(HERE):
        with pytest.raises(FileInfected) as told:
            commands.store(actor=HERE, stream=[content], name="đơn.pdf", at=clock.now())
    return told.value


def test_a_clean_file_is_taken_in_as_clean(own_database: str, files_home: Path, clamd: Clamd) -> None:
    file = store(samples.pdf())
    assert (file.scan, verdict(file.digest)) == ("clean", "clean")
    assert clamd.seen == [samples.pdf()]


def test_an_infected_file_is_refused_kept_away_and_reported(own_database: str, files_home: Path, clamd: Clamd) -> None:
    told = refused()
    assert NAME in told.sentence() and "đơn.pdf" in told.sentence()
    with entered(HERE):
        (report,) = queries.quarantined(10)
        assert (report.name, report.signature, report.uploaded_by) == ("đơn.pdf", NAME, HERE.account_id)
        assert StoredFile.objects.count() == 0
        event = Event.objects.get(tag="files:file:quarantine")
        assert (event.data["signature"], event.unit_id) == (NAME, 3)
        assert queries.quarantined(10, uploaded_by=2) == []
    with entered(THERE):
        assert queries.quarantined(10) == []
    kept = disk.quarantine_of(report.digest)
    assert kept.read_bytes() == INFECTED and kept.stat().st_mode & 0o777 == 0o400
    assert not disk.place_of(report.digest).exists()


def test_bytes_that_were_found_infected_are_refused_also_while_the_scanner_is_away(
    own_database: str, files_home: Path, clamd: Clamd, settings
) -> None:  # type: ignore[no-untyped-def]
    refused()
    settings.HAICAP_CLAMD = ""
    refused()


def test_without_a_scanner_and_while_it_is_away_files_come_in_marked(
    own_database: str, files_home: Path, settings, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    assert store(samples.pdf()).scan == "not_scanned"
    settings.HAICAP_CLAMD = f"unix:{tmp_path / 'nobody.ctl'}"
    away = store(INFECTED)
    assert (away.scan, verdict(away.digest)) == ("not_scanned", "not_scanned")
    assert (queries.scan_counts().waiting, queries.scan_counts().infected) == (2, 0)


def test_the_worker_scans_afterwards_and_what_it_finds_is_never_served(
    as_worker: str, files_home: Path, entry, settings, role_passwords
) -> None:  # type: ignore[no-untyped-def]
    file, clean = store(INFECTED), store(samples.pdf())
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        number = entry(3)
        cursor.execute(
            "INSERT INTO files_attachment (entry_id, digest, name, media_type, size, paper, added_at)"
            " VALUES (%s, %s, 'đơn.pdf', 'application/pdf', 1, '', now()) RETURNING id", [number, file.digest],
        )  # fmt: skip
        attachment = cursor.fetchone()[0]
    assert queries.open_attachment(attachment)[1].exists()
    assert scan_waiting(Waiting()) == 0  # nobody to ask
    with listening() as clamd:
        settings.HAICAP_CLAMD = clamd.address
        assert scan_waiting(Waiting()) == 2
        assert scan_waiting(Waiting()) == 0
    assert (verdict(file.digest), verdict(clean.digest)) == ("infected", "clean")
    with pytest.raises(AttachmentQuarantined):
        queries.open_attachment(attachment)
    assert not disk.place_of(file.digest).exists() and disk.quarantine_of(file.digest).exists()
    (report,) = queries.quarantined(10)
    assert (report.name, report.unit_id, report.uploaded_by) == ("đơn.pdf", 3, 1) and report.entry_code
    assert Event.objects.filter(tag="files:file:quarantine", unit_id=3).count() == 1
    commands.sweep_disk(older_than=clock.now() + timedelta(days=1))
    assert disk.quarantine_of(file.digest).exists()


def test_a_scanner_that_is_away_is_left_alone_for_a_while(
    as_worker: str, files_home: Path, settings, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    file = store(samples.pdf())
    settings.HAICAP_CLAMD, memory = f"unix:{tmp_path / 'nobody.ctl'}", Waiting()
    assert scan_waiting(memory) == 0 and memory.again_at > 0
    with listening() as clamd:
        settings.HAICAP_CLAMD = clamd.address
        assert scan_waiting(memory) == 0 and clamd.seen == []
        memory.again_at = 0
        disk.place_of(file.digest).unlink()
        assert scan_waiting(memory) == 1 and verdict(file.digest) == "unscannable"


def at(days: float) -> None:
    """The days pass: what is due moves nearer."""
    Scan.objects.using("owner").update(again_at=F("again_at") - timedelta(days=days))


def test_a_clean_file_is_scanned_again_by_newer_signatures_and_taken_away_when_they_know_it(
    as_worker: str, files_home: Path, clamd: Clamd
) -> None:
    clamd.says = b"stream: OK"  # not known to anybody yet
    old, other = store(INFECTED), store(samples.pdf())
    assert old.scan == "clean" and scan_again(Waiting()) == 0
    at(0.9)
    assert scan_again(Waiting()) == 0, "a day has not passed"
    at(0.2)
    clamd.seen.clear()
    assert scan_again(Waiting()) == 2 and len(clamd.seen) == 2
    at(3.9)
    assert scan_again(Waiting()) == 0
    at(0.2)
    assert scan_again(Waiting()) == 0, "the signatures are the same: nothing new can be found"
    clamd.says, clamd.version = b"", b"ClamAV 1.4.3/27801/Sat Nov 28 09:26:41 2026"
    memory = Waiting()
    assert scan_again(memory) == 2
    assert (verdict(old.digest), verdict(other.digest)) == ("infected", "clean")
    assert disk.quarantine_of(old.digest).exists() and not disk.place_of(old.digest).exists()
    (report,) = queries.quarantined(10)
    assert (report.unit_id, report.signature) == (3, NAME)
    assert [row.times for row in Scan.objects.order_by("times")] == [0, 3]
    assert scan_again(memory) == 0 and memory.old_files_at > 0


def test_sending_the_same_bytes_again_does_not_put_the_next_scan_off(
    own_database: str, files_home: Path, clamd: Clamd
) -> None:  # fmt: skip
    def due() -> tuple[object, int]:
        return Scan.objects.using("owner").values_list("again_at", "times").get()

    store(samples.pdf())
    first = due()
    assert first[1] == 1
    for _ in range(3):
        store(samples.pdf())
    assert due() == first
    at(2)
    store(samples.pdf())
    again, times = due()
    assert times == 2 and timedelta(days=3.9) < again - clock.now() < timedelta(days=4.1)  # type: ignore[operator]


def test_a_scanner_that_does_not_say_its_signatures_is_left_alone(
    as_worker: str, files_home: Path, clamd: Clamd
) -> None:  # fmt: skip
    store(samples.pdf())
    at(2)
    clamd.version, memory = b"UNKNOWN COMMAND", Waiting()
    assert scan_again(memory) == 0 and memory.again_at > 0


def test_a_verdict_cannot_be_read_in_bulk_taken_back_or_forged_downwards(own_database: str, files_home: Path) -> None:
    file = store(samples.pdf())
    commands.tell(file.digest, commands.Verdict(commands.State.INFECTED, "x"))
    commands.tell(file.digest, commands.Verdict(commands.State.CLEAN))
    assert verdict(file.digest) == "infected"
    for statement in (
        "SELECT * FROM files_scan",
        "UPDATE files_scan SET state = 'clean'",
        "DELETE FROM files_quarantined",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        commands.tell(file.digest, commands.Verdict("gone"))  # type: ignore[arg-type]
