"""Apply a resolution: everything judged first, then units, lineage and the resolution itself in one transaction.

Nothing else is written, so it costs the same with any number of dossiers; a day in the future needs no job at midnight,
for every question about units is asked by day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connections, transaction

from haicap.domain.units import rules
from haicap.domain.units.commands.resolutions import alone, planning, records, world
from haicap.domain.units.commands.resolutions.faults import Fault, Faults
from haicap.domain.units.commands.resolutions.file import ResolutionFile
from haicap.domain.units.commands.resolutions.planning import Formed, Plan
from haicap.domain.units.commands.resolutions.records import Resolved
from haicap.domain.units.commands.resolutions.world import World
from haicap.domain.units.errors import ResolutionFlawed, ResolutionOtherContent, ResolutionUnconfirmed
from haicap.domain.units.models import Resolution
from haicap.kernel import clock

_UNIT_COLUMNS = (
    "id", "code", "name", "kind", "level", "parent_id", "province_id", "valid_from", "lat", "lon", "area_km2",
    "search", "formed_by_id",
)  # fmt: skip
_LINEAGE_COLUMNS = (
    "id", "predecessor_id", "successor_id", "share", "resolution", "effective_on", "hamlets", "residual",
    "recorded_by_id",
)  # fmt: skip


@dataclass(frozen=True)
class Applied:
    """What an application did, or with `dry_run` would do. `already`: the same content stands; nothing was done.

    `scheduled`: the day lies ahead. `ended_ids`: the rows of units that end by it, `heirs`: for each the
    codes of those that follow it. `counts` by level, `divided` with heirs.
    """

    number: str
    effective_on: date
    already: bool = False
    dry_run: bool = False
    scheduled: bool = False
    unsure: bool = False
    ended_ids: tuple[int, ...] = ()
    heirs: dict[int, tuple[str, ...]] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    divided: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The report as the command line and the API tell it."""
        return {
            "number": self.number,
            "effective_on": self.effective_on.isoformat(),
            "applied": not self.dry_run and not self.already,
            "already_applied": self.already,
            "dry_run": self.dry_run,
            "scheduled": self.scheduled,
            "uncertain": self.unsure,
            "units": self.counts,
            "divided": self.divided,
        }


def validate(file: ResolutionFile, *, using: str = "owner") -> tuple[Fault, ...]:
    """Every fault of the file, of its writing, by itself and against the records, by line; none where it can be applied."""
    with connections[using].cursor() as cursor:
        return _judged(file, cursor)[0]


def apply(
    file: ResolutionFile, *, by: str, confirm_uncertain: bool = False, dry_run: bool = False, using: str = "owner"
) -> Applied:
    """Apply `file` in the name of `by` (who is noted), over the owner's connection `using`; all or nothing.

    The same content a second time does nothing and says so. `dry_run` gives the same report and writes nothing.
    Raises ResolutionFlawed with every fault by line, ResolutionOtherContent where the number was applied with other
    content, ResolutionUnconfirmed where the file has one source only and `confirm_uncertain` is not given.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if not dry_run:
            lock(cursor)
        before = None if file.faults else _before(file, using)
        if before:
            scheduled = before.effective_on > clock.today()
            return Applied(before.number, before.effective_on, already=True, dry_run=dry_run, scheduled=scheduled)
        faults, resolved, known = _judged(file, cursor)
        if faults:
            raise ResolutionFlawed(file=file.name, count=len(faults), problems=list(faults))
        if file.is_unsure and not confirm_uncertain and not dry_run:
            source = file.certainty.source if file.certainty else ""
            raise ResolutionUnconfirmed(number=file.number, source=source)
        plan = planning.plan(file, resolved)
        if not dry_run:
            _write(file, plan, known, by, using, cursor)
    return Applied(
        number=file.number,
        effective_on=plan.day,
        dry_run=dry_run,
        scheduled=plan.day > clock.today(),
        unsure=file.is_unsure,
        ended_ids=tuple(one.id for one in plan.ends),
        heirs=plan.heirs(),
        counts=plan.counts(),
        divided=plan.divided(),
    )


def lock(cursor: Any) -> None:
    """Let one application or undoing run at a time; reading goes on."""
    cursor.execute("LOCK TABLE units_resolution IN SHARE ROW EXCLUSIVE MODE")


def _before(file: ResolutionFile, using: str) -> Resolution | None:
    """The application in force of the same content; raises ResolutionOtherContent for the number with another."""
    found = Resolution.objects.using(using).in_force()
    same = found.filter(digest=file.digest).first()
    other = None if same else found.filter(number__iexact=file.number).first()
    if other:
        raise ResolutionOtherContent(number=other.number, on=clock.local(other.applied_at).strftime("%d/%m/%Y"))
    return same


def _judged(file: ResolutionFile, cursor: Any) -> tuple[tuple[Fault, ...], Resolved, World]:
    known = world.load(cursor, file.codes(), planning.parents_of(file))
    return *judge(file, known), known


def judge(file: ResolutionFile, known: World) -> tuple[tuple[Fault, ...], Resolved]:
    """Every fault of the file by line, and its units as `known` has them. Pure."""
    faults = Faults(file.name)
    alone.judge(file, faults)
    resolved = records.judge(file, known, faults)
    return tuple(sorted((*file.faults, *faults.in_order()), key=lambda fault: fault.line)), resolved


def _write(file: ResolutionFile, plan: Plan, known: World, by: str, using: str, cursor: Any) -> None:
    """The rows, numbered on from the last ones, so that undoing brings back exactly what was."""
    resolution = Resolution.objects.using(using).create(**file.record(), applied_at=clock.now(), applied_by=by)
    cursor.execute(
        "UPDATE units_unit SET valid_to = %s, ended_by_id = %s WHERE id = ANY(%s)",
        [plan.day, resolution.id, [one.id for one in plan.ends]],
    )
    ids = _numbers(cursor, "units_unit", [one.code for one in plan.forms])
    copy(cursor, "units_unit", _UNIT_COLUMNS, _unit_rows(plan, known, ids, resolution.id))
    steps = zip(_numbers(cursor, "units_lineage", range(len(plan.steps))).values(), plan.steps, strict=True)
    copy(cursor, "units_lineage", _LINEAGE_COLUMNS, (
        (number, step.giver.id, ids[step.heir], step.share.value, step.resolution, plan.day, list(step.hamlets),
         step.residual, resolution.id)
        for number, step in steps
    ))  # fmt: skip
    for table in ("units_unit", "units_lineage"):
        follow(cursor, table)
    note(cursor, by, "apply", resolution, plan.counts())


def _numbers(cursor: Any, table: str, keys: Iterable[Any]) -> dict[Any, int]:
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")  # noqa: S608 - a constant of this module
    return {key: number for number, key in enumerate(keys, start=cursor.fetchone()[0])}


def _unit_rows(plan: Plan, known: World, ids: dict[str, int], resolution: int) -> Iterable[tuple[object, ...]]:
    names = {one.code: one.name for one in plan.forms}

    def told(code: str) -> tuple[int, str]:
        standing = known.on(code, plan.day)
        return (ids[code], names[code]) if code in ids else (standing.id, standing.name) if standing else (0, "")

    def row(one: Formed) -> tuple[object, ...]:
        over = [told(code) for code in planning.above(one, plan, known)]
        parent, province = (over[0][0], over[-1][0]) if over else (None, None)
        return (
            ids[one.code], one.code, one.name, one.kind, one.level.value, parent, province, plan.day, one.lat, one.lon,
            one.area_km2, rules.search_text(one.name, *(name for _, name in over)), resolution,
        )  # fmt: skip

    return (row(one) for one in plan.forms)


def copy(cursor: Any, table: str, columns: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    """Write `rows` of `columns` into `table` at once."""
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as sink:
        for row in rows:
            sink.write_row(row)


def follow(cursor: Any, table: str) -> None:
    """Let the table's sequence go on behind its last row."""
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence(%s, 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table}",  # noqa: S608 - a constant
        [table],
    )


def note(cursor: Any, by: str, verb: str, resolution: Resolution, counts: dict[str, Any]) -> None:
    """One event in the trail of the resolution, in the same transaction."""
    cursor.execute("SELECT set_config('haicap.actor_name', %s, true)", [by])
    told = {"number": resolution.number, "effective_on": str(resolution.effective_on), "digest": resolution.digest}
    cursor.execute(
        "SELECT audit_record(%s, %s, NULL, %s::jsonb)",
        [f"resolution:{resolution.id}", f"units:resolution:{verb}", json.dumps(told | {"units": counts})],
    )
