"""The import itself: read, judge, and write in batches of a transaction each, so that a break loses no more than one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, transaction

from haicap.domain.dossiers import access, queries
from haicap.domain.dossiers.commands.importing.judging import Judge, RowRefused
from haicap.domain.dossiers.commands.importing.mapping import Mapping, read_mapping
from haicap.domain.dossiers.commands.importing.reading import Source, rows_of
from haicap.domain.dossiers.commands.importing.shapes import (
    FIRST_FAULTS_KEPT,
    Candidate,
    Fault,
    ImportReport,
    OnProgress,
)
from haicap.domain.dossiers.commands.importing.writing import known_keys, write
from haicap.domain.dossiers.errors import ImportDenied
from haicap.domain.people.commands import establish_agencies
from haicap.domain.people.queries import forget_actors
from haicap.domain.people.rules import AgencyKind
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor, entered
from haicap.kernel.text import spreadsheet_safe

BATCH = 2_000
TRIES = 3
UNIQUE_VIOLATION = "23505"
REPORT_HEADER = ("line", "key", "level", "field", "reason")


def import_dossiers(
    source: Source, *, actor: Actor, mapping: Mapping | Path | str, dry_run: bool = False,
    on_progress: OnProgress | None = None, report: Path | str | None = None, batch: int = BATCH,
) -> ImportReport:  # fmt: skip
    """Bring in the dossiers of another system with their history, in the name of `actor`.

    `source`: a CSV file or workbook, or rows (dicts in HaiCap's own field names: aware datetimes, `moves` as a list).
    `mapping`: a `Mapping` or its YAML file. Each row is judged by the unit, procedure version and law of the day on
    which it was received. A row is known by its old code for good and comes once, so that a broken import is simply
    run again. `dry_run` writes nothing. `report`: a CSV file for every refused row and every oddity, line by line.
    Raises ImportDenied, MappingUnreadable, SourceUnreadable, ColumnsMissing. About 20 statements a batch.
    """
    if not access.can_import(actor):
        raise ImportDenied()
    chosen = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    done = ImportReport(dry_run=dry_run)
    with ExitStack() as stack:
        tell = stack.enter_context(_faults_to(done, report))
        if dry_run:
            stack.enter_context(_undone())
        _establish_agencies(actor)
        importer = _Importer(actor, chosen, done, tell)
        rows = rows_of(source, chosen)
        while part := list(islice(rows, batch)):
            importer.take(part)
            if on_progress:
                on_progress(done)
    return done


class _Importer:
    """One import under way."""

    def __init__(self, actor: Actor, mapping: Mapping, done: ImportReport, tell: Any) -> None:
        self.actor, self.mapping, self.done, self.tell = actor, mapping, done, tell
        self.judge = Judge(actor, mapping)

    def take(self, part: list[tuple[int, dict[str, Any]]]) -> None:
        """Judge a batch of rows and write what is right."""
        translated = [(line, *self._translated(raw)) for line, raw in part]
        self.done.read += len(part)
        with entered(self.actor):
            there = known_keys([self.judge.key_of(row) for _, row, _ in translated])
        right: dict[str, Candidate] = {}
        for line, row, unread in translated:
            key = self.judge.key_of(row)
            if key in there:
                self.done.already_there += 1
            elif key in right:
                self._refuse([Fault(line, key, "code", bi("Mã hồ sơ này đã có ở một dòng trước.",
                                                          "This code stands on an earlier row already."))])  # fmt: skip
            else:
                self._judge(line, row, unread, right)
        self._write(list(right.values()))

    def _translated(self, raw: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
        return self.mapping.translate(raw) if self.mapping.columns else ({**self.mapping.constants, **raw}, [])

    def _judge(
        self, line: int, row: dict[str, Any], unread: list[tuple[str, Any]], right: dict[str, Candidate]
    ) -> None:
        try:
            candidate, odd = self.judge.judge(line, row, unread)
        except RowRefused as refusal:
            self._refuse(refusal.faults)
            return
        right[candidate.key] = candidate
        if odd:
            self.done.warned += 1
            self.tell("warning", odd)

    def _refuse(self, faults: list[Fault]) -> None:
        self.done.refused += 1
        self.done.faults += faults[: max(0, FIRST_FAULTS_KEPT - len(self.done.faults))]
        self.tell("refused", faults)

    def _write(self, batch: list[Candidate]) -> None:
        """Write the batch; where another import was quicker with one of its rows, take those out and try again."""
        for left in reversed(range(TRIES)):
            if not batch:
                return
            try:
                with entered(self.actor):
                    recoded = write(batch)
            except (DatabaseError, psycopg.Error) as error:
                if _sqlstate(error) != UNIQUE_VIOLATION or not left:
                    raise
                with entered(self.actor):
                    there = known_keys([row.key for row in batch])
                self.done.already_there += len(there)
                batch = [row for row in batch if row.key not in there]
            else:
                self.done.imported += len(batch)
                self.done.recoded += recoded
                return


def _sqlstate(error: BaseException) -> str | None:
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None


@contextmanager
def _undone() -> Iterator[None]:
    """A transaction that is rolled back, and nothing kept of it in the process."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        forget_actors()
        queries.forget()


def _establish_agencies(actor: Actor) -> None:
    """Units of the past have agencies too: their dossiers were received and decided by somebody."""
    without = Unit.objects.filter(pk__in=actor.unit_ids, level=UnitLevel.COMMUNE).exclude(
        agencies__kind=AgencyKind.CENTER
    )
    establish_agencies(list(without.select_related("province")))


@contextmanager
def _faults_to(done: ImportReport, path: Path | str | None) -> Iterator[Any]:
    """A function that writes faults to the report file, if one is wanted."""
    if path is None:
        yield lambda level, faults: None
        return
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REPORT_HEADER)
        yield lambda level, faults: writer.writerows(
            (fault.line, spreadsheet_safe(fault.key), level, fault.field, spreadsheet_safe(str(fault.sentence)))
            for fault in faults
        )
