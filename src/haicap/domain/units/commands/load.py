"""Load the nation: its units of 30 June 2025, then the carried resolutions through the same command a user calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connections, transaction

from haicap.domain.units.commands import nation
from haicap.domain.units.commands.resolutions import packaged
from haicap.domain.units.commands.resolutions.applying import copy, follow, lock
from haicap.domain.units.commands.resolutions.packaged import LeftOut
from haicap.domain.units.errors import NationAlreadyLoaded, NationFlawed
from haicap.domain.units.models import Lineage, NationLoad, Unit
from haicap.kernel import clock

FIRST_DIGEST = "88c3c5644188e3b3b1b68c89aed6c3f163b2518f1ce2f0a784c8146325a4b513"
"""The digest of the files by which version 0.1 loaded both national states at once, before resolutions were kept."""


@dataclass(frozen=True)
class LoadReport:
    """What a load did: `loaded` is False where nothing was new. `units` and `lineages` stand now, in all.

    `applied`: the numbers of the resolutions that this load applied; `left_out`: carried files that do not fit the records.
    `seconds` by the wall clock.
    """

    loaded: bool
    units: int
    lineages: int
    seconds: float
    applied: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def load_nation(data_dir: Path | str | None = None, *, using: str = "owner") -> LoadReport:
    """Load the base and apply the carried resolutions of `data_dir` (default: HaiCap's own) over the connection `using`.

    From nothing, all or nothing. A second call does nothing; after an upgrade only new resolutions are applied. Raises
    NationFlawed with every fault of the base by its line, and NationAlreadyLoaded when another base was loaded before.
    """
    started = perf_counter()
    directory = Path(data_dir) if data_dir else nation.DATA
    folder = directory / packaged.FOLDER.name
    with transaction.atomic(using=using):
        fresh = _load_base(directory, folder, using)
        applied, left = packaged.apply_new(using, folder)
        if left and fresh:
            raise left[0].reason
        if applied:
            with connections[using].cursor() as cursor:
                cursor.execute("ANALYZE units_unit, units_lineage")
    return LoadReport(
        fresh or bool(applied),
        Unit.objects.using(using).count(),
        Lineage.objects.using(using).count(),
        perf_counter() - started,
        tuple(one.number for one in applied),
        tuple(left),
    )


def load_base(directory: Path = nation.DATA, *, using: str = "owner") -> bool:
    """Load the units of 30 June 2025 alone; gives whether they were new. Raises NationFlawed and NationAlreadyLoaded."""
    with transaction.atomic(using=using):
        return _load_base(directory, directory / packaged.FOLDER.name, using)


def _load_base(directory: Path, folder: Path, using: str) -> bool:
    digest = nation.digest(directory)
    if _stands(digest, folder, using):
        return False
    found = nation.read(directory)
    if found.problems:
        first = found.problems[0]
        sentence = f"{first.field}: {first.message}"
        raise NationFlawed(count=len(found.problems), first=sentence, problems=found.problems)
    with connections[using].cursor() as cursor:
        lock(cursor)
        if _stands(digest, folder, using):  # another process was faster
            return False
        _store(cursor, found, digest, using)
    return True


def _stands(digest: str, folder: Path, using: str) -> bool:
    """True when this base was loaded; notes the resolutions of 2025 where the first version had loaded their result."""
    loads = NationLoad.objects.using(using)
    if loads.filter(digest=digest).exists():
        return True
    if loads.filter(digest=FIRST_DIGEST).exists() and digest == nation.digest(nation.DATA):
        packaged.adopt(using, folder)
        return True
    if Unit.objects.using(using).exists():
        raise NationAlreadyLoaded
    return False


def _store(cursor: Any, found: nation.Nation, digest: str, using: str) -> None:
    copy(cursor, "units_unit", nation.UnitRow._fields, found.units)
    follow(cursor, "units_unit")
    follow(cursor, "units_lineage")
    NationLoad.objects.using(using).create(digest=digest, units=len(found.units), lineages=0, loaded_at=clock.now())
    cursor.execute("ANALYZE units_unit")
