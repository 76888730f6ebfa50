"""Making the demonstration: facts, staff, dossiers by the public import, statistics, and a first seal on the trail."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from django.db import connections
from psycopg import sql

from haicap.domain.dossiers.commands.importing import ImportReport, Mapping, import_dossiers
from haicap.domain.people import queries as people
from haicap.flows.demonstration import headcount, marker, officials, signing, staff, training
from haicap.flows.demonstration.errors import DemonstrationBroken
from haicap.flows.demonstration.figures import PROVINCE, SCALES, Scale
from haicap.flows.demonstration.plan import Planned, plan
from haicap.flows.demonstration.rows import SYSTEM, rows
from haicap.flows.setup import bring_up, load_facts
from haicap.kernel import clock
from haicap.kernel.audit.commands import seal
from haicap.kernel.scope import Actor

WORTH_TWO_PROCESSES = 10_000

Progress = Callable[[str, int, int], None]  # what is being done, how much of it, of how much


@dataclass(frozen=True)
class Built:
    """What stands now: the scale, and whether it was made by this call."""

    scale: Scale
    fresh: bool


def build(scale_name: str | None, progress: Progress) -> Built:
    """Make the demonstration where there is none, and finish one that was broken off; gives what stands.

    Raises OtherScaleThere for another scale than the one that stands, NotADemonstration for a database in use.
    """
    bring_up()
    there = marker.read()
    scale = SCALES[scale_name or there.scale or "small"]
    marker.require_ours(there, scale.name)
    if there.finished:
        return Built(scale, fresh=False)
    load_facts(lambda what: progress(what, 0, 0))
    marker.write(marker.BEGUN, scale.name)
    progress("staff", 0, 0)
    staff.establish()
    progress("officials", 0, 0)
    officials.fill()
    progress("headcount", 0, 0)
    headcount.fill()
    progress("training", 0, 0)
    training.fill()
    signing.fill()
    _bring_dossiers(scale, progress)
    progress("statistics", 0, 0)
    _tidy()
    marker.write(marker.FINISHED, scale.name)
    progress("seal", 0, 0)
    seal(clock.today())
    return Built(scale, fresh=True)


def _tidy() -> None:
    """Statistics for the planner, and search indexes brought into order, as a night in service would do."""
    with connections["owner"].cursor() as cursor:
        tables = connections["owner"].introspection.table_names(cursor)
        cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))


def _bring_dossiers(scale: Scale, progress: Progress) -> None:
    progress("plan", 0, 0)
    planned = plan(scale)
    actor = people.actor_for(people.account_named(f"quantri-{PROVINCE}").pk)
    progress("dossiers", 0, scale.received)
    if scale.received < WORTH_TWO_PROCESSES or (os.cpu_count() or 1) < 2:
        report = _import(planned, actor, lambda done: progress("dossiers", done, scale.received))
    else:
        report = _import_by_two(planned, actor, lambda done: progress("dossiers", done, scale.received))
    if report.refused or report.imported + report.already_there != scale.received:
        raise DemonstrationBroken(refused=report.refused, first=report.faults[:1])


def _import(planned: list[Planned], actor: Actor, tell: Callable[[int], None]) -> ImportReport:
    return import_dossiers(
        rows(planned), actor=actor, mapping=Mapping(SYSTEM),
        on_progress=lambda report: tell(report.imported + report.already_there),
    )  # fmt: skip


def _import_by_two(planned: list[Planned], actor: Actor, tell: Callable[[int], None]) -> ImportReport:
    """The same by two processes, each with the dossiers of its own units, so that they never wait for one book."""
    connections.close_all()  # a connection must not be shared by a fork
    context = multiprocessing.get_context("fork")
    ends: list[Connection] = []
    workers = []
    for turn in range(2):
        here, there = context.Pipe(duplex=False)
        own = [one for one in planned if one.unit.id % 2 == turn]
        worker = context.Process(target=_worker, args=(own, actor, there), daemon=True)
        worker.start()
        there.close()
        ends.append(here)
        workers.append(worker)
    reports = _gather(ends, tell)
    for worker in workers:
        worker.join()
    total = ImportReport()
    for report in reports:
        for name in ("read", "imported", "already_there", "refused", "warned", "recoded"):
            setattr(total, name, getattr(total, name) + getattr(report, name))
        total.faults += report.faults
    return total


def _worker(planned: list[Planned], actor: Actor, out: Connection) -> None:
    try:
        out.send(_plain(_import(planned, actor, out.send)))
    finally:
        connections.close_all()
        out.close()


def _plain(report: ImportReport) -> ImportReport:
    """A report that travels between processes: its sentences as text."""
    report.faults = [fault.as_text() for fault in report.faults]
    return report


def _gather(ends: list[Connection], tell: Callable[[int], None]) -> list[ImportReport]:
    """Listen to all until each has sent its report; a worker that broke sends none."""
    done: dict[Connection, int] = dict.fromkeys(ends, 0)
    reports: list[ImportReport] = []
    listening = list(ends)
    while listening:
        for end in wait(listening):  # type: ignore[assignment]
            try:
                message = end.recv()
            except EOFError:
                listening.remove(end)
                continue
            if isinstance(message, ImportReport):
                reports.append(message)
            else:
                done[end] = message
                tell(sum(done.values()))
    return reports
