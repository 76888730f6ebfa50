"""Load the nation's units of 30 June 2025 and of 1 July 2025 with their lineage, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connections, transaction

from haicap.domain.units.commands import nation
from haicap.domain.units.errors import NationAlreadyLoaded, NationFlawed
from haicap.domain.units.models import NationLoad, Unit
from haicap.kernel import clock


@dataclass(frozen=True)
class LoadReport:
    """What a load did: `loaded` is False where the same files were loaded before. `seconds` by the wall clock."""

    loaded: bool
    units: int
    lineages: int
    seconds: float


def load_nation(data_dir: Path | str | None = None, *, using: str = "owner") -> LoadReport:
    """Load the files of `data_dir` (default: those that the product carries) over the connection `using`.

    A second call with the same files does nothing. Raises NationFlawed with every fault by file and line, and
    NationAlreadyLoaded when other files were loaded before.
    """
    started = perf_counter()
    directory = Path(data_dir) if data_dir else nation.DATA
    digest = nation.digest(directory)
    before = _loaded_before(digest, using)
    if before is None:
        found = nation.read(directory)
        if found.problems:
            first = found.problems[0]
            sentence = f"{first.field}: {first.message}"
            raise NationFlawed(count=len(found.problems), first=sentence, problems=found.problems)
        before = _store(found, digest, using)
        if before is None:
            return LoadReport(True, len(found.units), len(found.lineages), perf_counter() - started)
    return LoadReport(False, before.units, before.lineages, perf_counter() - started)


def _loaded_before(digest: str, using: str) -> NationLoad | None:
    """The load of the same files, if there was one; raises NationAlreadyLoaded after a load of others."""
    load = NationLoad.objects.using(using).filter(digest=digest).first()
    if load is None and Unit.objects.using(using).exists():
        raise NationAlreadyLoaded
    return load


def _store(found: nation.Nation, digest: str, using: str) -> NationLoad | None:
    """Write everything in one transaction, units numbered from 1; gives the other load where a process was faster."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("LOCK TABLE units_nationload IN SHARE ROW EXCLUSIVE MODE")
        faster = _loaded_before(digest, using)
        if faster:
            return faster
        _copy(cursor, "units_unit", nation.UnitRow._fields, found.units)
        cursor.execute("SELECT setval(pg_get_serial_sequence('units_unit', 'id'), %s)", [len(found.units)])
        _copy(cursor, "units_lineage", nation.LineageRow._fields, found.lineages)
        NationLoad.objects.using(using).create(
            digest=digest, units=len(found.units), lineages=len(found.lineages), loaded_at=clock.now()
        )
        cursor.execute("ANALYZE units_unit, units_lineage")
    return None


def _copy(cursor: Any, table: str, columns: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
