"""Bytes lie once under their digest, whole or not at all; each unit sees its own."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connections
from django.test import override_settings

from haicap.kernel import clock
from haicap.kernel.files import commands, disk, queries
from haicap.kernel.files.errors import (
    AttachmentUnknown,
    BytesMissing,
    FileEmpty,
    FileNameFalse,
    FileTooLarge,
    FileTypeRefused,
    StoringNeedsUnit,
)
from haicap.kernel.files.models import Attachment, StoredFile
from haicap.kernel.files.tests import samples
from haicap.kernel.scope import Actor, entered

HERE = Actor(name="Cán bộ", account_id=1, unit_id=3, unit_ids=(3,))
THERE = Actor(name="Cán bộ khác", account_id=2, unit_id=4, unit_ids=(4,))


def store(content: bytes, name: str = "don.pdf", actor: Actor = HERE) -> StoredFile:
    with entered(actor):
        return commands.store(actor=actor, stream=[content], name=name, at=clock.now())


def on_disk(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def hang(file: StoredFile, entry_id: int) -> int:
    with entered(HERE):
        return Attachment.objects.create(
            entry_id=entry_id, digest=file.digest, name="don.pdf", media_type=file.media_type, size=file.size,
            added_at=clock.now(),
        ).pk  # fmt: skip


def seen(actor: Actor) -> int:
    with entered(actor):
        return StoredFile.objects.count()


def test_a_file_lies_under_its_digest_private_and_read_only(own_database: str, files_home: Path) -> None:
    file = store(samples.pdf())
    digest = hashlib.sha256(samples.pdf()).hexdigest()
    path = files_home / digest[:2] / digest[2:4] / digest
    assert (file.digest, file.size, file.media_type) == (digest, len(samples.pdf()), "application/pdf")
    assert path.read_bytes() == samples.pdf() and on_disk(files_home) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o400 and stat.S_IMODE(files_home.stat().st_mode) == 0o700


def test_the_same_bytes_twice_are_one_file_with_a_row_a_unit(own_database: str, files_home: Path) -> None:
    first = store(samples.pdf())
    again = store(samples.pdf())
    store(samples.pdf(), actor=THERE)
    assert len(on_disk(files_home)) == 1
    assert (seen(HERE), seen(THERE), seen(Actor(name="x", account_id=9))) == (1, 1, 0)
    assert again.pk == first.pk
    with entered(HERE):
        assert StoredFile.objects.get().uploaded_at > first.uploaded_at


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"", "don.pdf", FileEmpty),
        (b"<html>", "don.pdf", FileTypeRefused),
        (samples.pdf(), "don.png", FileNameFalse),
        (samples.pdf("x" * 2000), "don.pdf", FileTooLarge),
    ],
)
def test_what_is_refused_leaves_nothing(
    own_database: str, files_home: Path, content: bytes, name: str, error: type[Exception]
) -> None:
    with override_settings(HAICAP_FILES_MAX_BYTES=1000), pytest.raises(error):
        store(content, name)
    assert on_disk(files_home) == [] and seen(HERE) == 0


def test_the_limit_holds_while_the_bytes_stream_in(own_database: str, files_home: Path) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"%PDF-" + b"x" * 995

    with override_settings(HAICAP_FILES_MAX_BYTES=10_000), pytest.raises(FileTooLarge), entered(HERE):
        commands.store(actor=HERE, stream=endless(), name="x.pdf", at=clock.now())
    assert read == 11


def test_a_line_that_breaks_leaves_nothing(own_database: str, files_home: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield samples.pdf()
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError), entered(HERE):
        commands.store(actor=HERE, stream=broken(), name="x.pdf", at=clock.now())
    assert on_disk(files_home) == [] and seen(HERE) == 0


def test_somebody_without_a_unit_stores_nothing(own_database: str, files_home: Path) -> None:
    with pytest.raises(StoringNeedsUnit):
        store(samples.pdf(), actor=Actor(name="x", account_id=9))


def test_the_database_refuses_a_row_for_another_unit(own_database: str, files_home: Path) -> None:
    stranger = Actor(name="x", account_id=9, unit_id=3, unit_ids=(4,))
    with pytest.raises(DatabaseError, match="row-level security"):
        store(samples.pdf(), actor=stranger)
    assert on_disk(files_home) == []


def test_the_application_may_renew_a_file_and_change_nothing_else(own_database: str, files_home: Path) -> None:
    store(samples.pdf())
    for change in ({"digest": "0" * 64}, {"unit_id": 3}, {"size": 1}):
        with pytest.raises(DatabaseError, match="permission denied"), entered(HERE):
            StoredFile.objects.update(**change)


def test_an_attachment_is_opened_by_whoever_sees_its_entry(
    own_database: str, files_home: Path, entry: Callable[[int], int]
) -> None:
    number = hang(store(samples.pdf()), entry(3))
    with entered(HERE):
        attachment, path = queries.open_attachment(number)
        assert attachment.name == "don.pdf" and path.read_bytes() == samples.pdf()
    for actor, wanted in ((THERE, number), (HERE, number + 999)):
        with pytest.raises(AttachmentUnknown), entered(actor):
            queries.open_attachment(wanted)
    path.unlink()
    with pytest.raises(BytesMissing), entered(HERE):
        queries.open_attachment(number)


def age(files_home: Path, hours: int) -> None:
    """Make everything that was stored so many hours old, on the disk and in the table."""
    then = clock.now().timestamp() - hours * 3600
    for path in on_disk(files_home):
        os.utime(path, (then, then))
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE files_storedfile SET uploaded_at = uploaded_at - make_interval(hours => %s)", [hours])


def tidy() -> tuple[int, int]:
    """A round of the worker: what it removed on the disk and in the table."""
    limit = clock.now() - timedelta(hours=24)
    return commands.sweep_disk(older_than=limit), commands.forget_loose(older_than=limit)


@pytest.fixture
def two_units_files(own_database: str, files_home: Path, entry: Callable[[int], int]) -> dict[str, str]:
    """One file that hangs, and a loose one that two units share."""
    hanging, loose = store(samples.pdf("hangs")), store(samples.pdf("loose"))
    store(samples.pdf("loose"), actor=THERE)
    hang(hanging, entry(3))
    return {"hanging": hanging.digest, "loose": loose.digest}


def test_loose_files_go_after_a_day_and_their_bytes_a_round_later(
    two_units_files: dict[str, str], as_worker: str, files_home: Path
) -> None:
    assert tidy() == (0, 0)
    age(files_home, 25)
    assert tidy() == (0, 2), "rows first: bytes of a row that went in this round stay"
    assert len(on_disk(files_home)) == 2
    assert tidy() == (1, 0)
    assert [path.name for path in on_disk(files_home)] == [two_units_files["hanging"]]


def test_bytes_stay_as_long_as_one_unit_holds_them(
    two_units_files: dict[str, str], as_worker: str, files_home: Path
) -> None:
    age(files_home, 25)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE files_storedfile SET uploaded_at = now() WHERE unit_id = 4")
    tidy()
    assert tidy() == (0, 0) and len(on_disk(files_home)) == 2


def test_what_a_dead_process_left_is_swept(own_database: str, as_worker: str, files_home: Path) -> None:
    with pytest.raises(ZeroDivisionError), disk.arriving([b"half"], most=100) as arrived:
        kept = arrived.path.with_name("left-behind")
        arrived.path.rename(kept)
        raise ZeroDivisionError
    age(files_home, 25)
    assert tidy() == (1, 0) and on_disk(files_home) == []


def test_many_uploads_of_the_same_bytes_at_once_make_one_file(own_database: str, files_home: Path) -> None:
    failures: list[BaseException] = []

    def upload(actor: Actor) -> None:
        try:
            store(samples.pdf("same"), actor=actor)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    uploads = [threading.Thread(target=upload, args=(actor,)) for actor in (HERE, THERE) * 4]
    for thread in uploads:
        thread.start()
    for thread in uploads:
        thread.join()
    assert failures == [] and len(on_disk(files_home)) == 1 and (seen(HERE), seen(THERE)) == (1, 1)
