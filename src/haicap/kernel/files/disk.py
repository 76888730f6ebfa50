"""The bytes of files on disk: one file per digest under `<home>/files/ab/cd/`, written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from haicap.kernel.db import home

INCOMING = ".incoming"


class TooManyBytes(Exception):
    """The stream is longer than allowed."""


@dataclass(frozen=True)
class Arrived:
    """Bytes that lie under a temporary name, whole and flushed to the disk, not yet in their place."""

    path: Path
    digest: str
    size: int


def root() -> Path:
    """The directory of stored files of this installation."""
    return home.private_directory(home.home()) / "files"


def place_of(digest: str) -> Path:
    """Where the bytes with this SHA-256 (hex) lie, or would lie."""
    return root() / digest[:2] / digest[2:4] / digest


@contextlib.contextmanager
def arriving(chunks: Iterable[bytes], *, most: int) -> Iterator[Arrived]:
    """Write `chunks` under a temporary name, `most` bytes at most (else TooManyBytes); gone afterwards unless settled."""
    waiting = home.private_directory(home.private_directory(root()) / INCOMING) / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    try:
        with waiting.open("xb") as target:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise TooManyBytes
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        yield Arrived(waiting, digest.hexdigest(), size)
    finally:
        waiting.unlink(missing_ok=True)


def chunks_of(path: Path, size: int = 256 * 1024) -> Iterator[bytes]:
    """The bytes of a file, piece by piece; opened at once, so that a missing one is told before the first piece."""
    source = path.open("rb")

    def pieces() -> Iterator[bytes]:
        with source:
            while piece := source.read(size):
                yield piece

    return pieces()


def settle(arrived: Arrived) -> Path:
    """Move arrived bytes to their place; a file that is there already is replaced by its equal, which also heals it."""
    place = place_of(arrived.digest)
    for directory in (place.parent.parent, place.parent):
        home.private_directory(directory)
    arrived.path.chmod(0o400)
    arrived.path.replace(place)
    for directory in (place.parent, place.parent.parent):
        _flush_directory(directory)
    return place


def quarantine_of(digest: str) -> Path:
    """Where infected bytes with this digest are kept, or would be: outside of what is served, swept or copied."""
    return home.private_directory(home.private_directory(home.home()) / "quarantine") / digest


def put_away(path: Path, digest: str) -> None:
    """Move infected bytes into quarantine, readable by nobody but this service; does nothing where they are gone."""
    with contextlib.suppress(FileNotFoundError):
        path.chmod(0o400)
        path.replace(quarantine_of(digest))
    _flush_directory(quarantine_of(digest).parent)


def stored(older_than: datetime) -> Iterator[Path]:
    """Every stored file (and forgotten temporary one) last written before `older_than`, folder by folder."""
    limit = older_than.timestamp()
    if not root().is_dir():
        return
    for folder, _, names in os.walk(root()):
        for name in names:
            path = Path(folder) / name
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    yield path


def is_temporary(path: Path) -> bool:
    """True for a file that never reached its place."""
    return path.parent.name == INCOMING


def _flush_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
