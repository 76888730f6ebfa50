"""The resolution files that HaiCap carries: the nation's reorganisation of 2025, a province each, and what came after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db import connections

from haicap.domain.units.commands.resolutions.applying import Applied, apply
from haicap.domain.units.commands.resolutions.file import ResolutionFile, read
from haicap.domain.units.errors import ResolutionFlawed, ResolutionOtherContent, ResolutionUnreadable
from haicap.domain.units.models import Resolution
from haicap.kernel import clock
from haicap.kernel.errors import DomainError

FOLDER = Path(__file__).parents[2] / "data" / "resolutions"
CARRIED_BY = "system:packaged"
_SOURCES = "SELECT encode(sha256(convert_to(source, 'UTF8')), 'hex') FROM units_resolution"


@dataclass(frozen=True)
class LeftOut:
    """A carried file that was not applied, and why."""

    file: str
    number: str
    reason: DomainError


def open_file(path: Path) -> ResolutionFile:
    """The resolution file at `path`; raises ResolutionUnreadable where it cannot be opened as UTF-8 text."""
    try:
        return read(path.read_bytes().decode("utf-8-sig"), path.name)
    except OSError as error:
        raise ResolutionUnreadable(file=path.name, why=error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise ResolutionUnreadable(file=path.name, why="UTF-8") from error


def paths(folder: Path = FOLDER) -> list[Path]:
    """The carried files, by year and name."""
    return sorted(folder.glob("*/*.yaml"))


def new_files(using: str, folder: Path = FOLDER) -> Iterator[ResolutionFile]:
    """The carried files that this database never met, applied or undone; a file it knows is not even parsed."""
    with connections[using].cursor() as cursor:
        cursor.execute(_SOURCES)
        met = {row[0] for row in cursor.fetchall()}
    for path in paths(folder):
        if hashlib.sha256(path.read_bytes()).hexdigest() not in met:
            yield open_file(path)


def apply_new(using: str, folder: Path = FOLDER) -> tuple[list[Applied], list[LeftOut]]:
    """Apply each carried file that is sure and new; gives what was applied, and which file does not fit and why.

    A file that an administrator undid stays undone; one whose number was applied with other content, or that contradicts
    the records of this database, is left out: a start of HaiCap must not fail over it.
    """
    applied, left = [], []
    known = set(Resolution.objects.using(using).values_list("digest", flat=True))
    for file in new_files(using, folder):
        if file.is_unsure or file.digest in known:
            continue
        try:
            applied.append(apply(file, by=CARRIED_BY, using=using))
        except (ResolutionFlawed, ResolutionOtherContent) as error:
            left.append(LeftOut(file.name, file.number, error))
    return applied, left


def adopt(using: str, folder: Path = FOLDER) -> None:
    """Note as applied the files whose units were loaded before resolutions were kept; no unit is touched."""
    now = clock.now()
    for file in new_files(using, folder):
        if file.head.effective_on and _stands(file, using):
            Resolution.objects.using(using).create(**file.record(), applied_at=now, applied_by=CARRIED_BY)


def _stands(file: ResolutionFile, using: str) -> bool:
    """True when every unit that the file creates begins on its day in the records."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM units_unit WHERE valid_from = %s AND code = ANY(%s)",
            [file.head.effective_on, [one.code for one in file.created]],
        )
        return bool(file.created) and cursor.fetchone()[0] == len(file.created)


@lru_cache(maxsize=1)
def unsure_files() -> tuple[ResolutionFile, ...]:
    """The carried files that rest on one source and wait for an administrator; read once a process."""
    return tuple(file for file in map(open_file, paths()) if file.is_unsure)


def unconfirmed(using: str = "default") -> list[ResolutionFile]:
    """Those of them whose number is not applied."""
    applied = Resolution.objects.using(using).in_force().values_list("number", flat=True)
    return without(unsure_files(), applied)


def without(files: Iterable[ResolutionFile], numbers: Iterable[str]) -> list[ResolutionFile]:
    """The files whose number is not among `numbers`."""
    known = {number.lower() for number in numbers}
    return [file for file in files if file.number.lower() not in known]
