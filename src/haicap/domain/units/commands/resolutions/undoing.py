"""Undo a resolution while nothing depends on it: units and lineage are again exactly what they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, OperationalError, connections, transaction
from psycopg.errors import LockNotAvailable

from haicap.domain.units.commands.resolutions.applying import follow, lock, note
from haicap.domain.units.errors import ResolutionBusy, ResolutionNeeded, ResolutionNotApplied, ResolutionOfFirstLoad
from haicap.domain.units.models import Resolution
from haicap.kernel import clock
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

_REFERENCES = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = 'units_unit'::regclass AND array_length(c.conkey, 1) = 1
UNION  -- tables that keep a unit's number without a foreign key: the trail, the outbox
SELECT t.oid::regclass::text, a.attname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND t.relnamespace = 'public'::regnamespace
  AND a.attname ~ '(^|_)unit_id$' AND a.atttypid IN ('int4'::regtype, 'int8'::regtype)
ORDER BY 1, 2
"""
# foreign keys without an index of their own: the database would read the whole table once for each unit that goes
_WITHOUT_INDEX = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = 'units_unit'::regclass
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = a.attnum AND i.indpred IS NULL)
"""
# rows of the resolution itself are no obstacle
_OWN = {"units_unit": "formed_by_id", "units_lineage": "recorded_by_id"}
_LATER = """
SELECT r.number, u.code, u.name FROM units_unit u JOIN units_resolution r ON r.id = u.ended_by_id
WHERE u.formed_by_id = %(id)s
UNION ALL
SELECT coalesce(r.number, '—'), n.code, n.name FROM units_unit o
JOIN units_unit n ON n.code = o.code AND n.valid_from >= o.valid_to AND n.formed_by_id IS DISTINCT FROM %(id)s
LEFT JOIN units_resolution r ON r.id = n.formed_by_id
WHERE o.ended_by_id = %(id)s
ORDER BY 1, 2
"""
_MOST_TOLD = 20
_PATIENCE_MS = 800


@dataclass(frozen=True)
class Undone:
    """What an undoing did: how many units it removed and let stand again, and how many pairs of lineage it removed."""

    number: str
    removed: int
    restored: int
    lineages: int

    def as_json(self) -> dict[str, Any]:
        """The report as the command line tells it."""
        return {"number": self.number, "removed": self.removed, "restored": self.restored, "lineages": self.lineages}


def undo(number: str, *, by: str, using: str = "owner") -> Undone:
    """Undo the resolution `number` in the name of `by`; all or nothing.

    Raises ResolutionNotApplied, and ResolutionNeeded with everything that depends on it: a later resolution that ended
    its units or took up its codes, or any row of any table that names them; ResolutionBusy where others are writing just now.
    """
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            lock(cursor)
            _keep_writers_out(cursor)
            resolution = Resolution.objects.using(using).in_force().filter(number__iexact=number.strip()).first()
            if resolution is None:
                raise ResolutionNotApplied(number=number)
            return _undone(cursor, resolution, by)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise ResolutionBusy(number=number) from error
        raise
    except IntegrityError as error:  # somebody began to use a unit while it was being undone
        reason = Problem("", str(error).splitlines()[0])
        raise ResolutionNeeded(number=number, count=1, problems=[reason]) from error


def _keep_writers_out(cursor: Any) -> None:
    """Let nobody begin to use a unit until this is decided; reading goes on.

    It waits for less than the database takes to look for a deadlock, so it is always this one that gives way.
    """
    tables = ", ".join(table for table in _columns(cursor) if table not in _OWN)
    cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE_MS}ms'")
    cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")


@contextmanager
def _checked_by_index(cursor: Any) -> Iterator[None]:
    """Inside the block each foreign key to units has an index; at its end all of them are checked, and the indexes go."""
    cursor.execute(_WITHOUT_INDEX)
    made = list(enumerate(cursor.fetchall()))
    for number, (table, column) in made:
        cursor.execute(f"CREATE INDEX units_undoing_{number} ON {table} ({column})")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for number, _ in made:
        cursor.execute(f"DROP INDEX units_undoing_{number}")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _columns(cursor: Any) -> dict[str, list[str]]:
    """Every table that names units, with the columns in which it does."""
    cursor.execute(_REFERENCES)
    columns: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        columns.setdefault(table, []).append(column)
    return columns


def _undone(cursor: Any, resolution: Resolution, by: str) -> Undone:
    cursor.execute("SELECT id FROM units_unit WHERE formed_by_id = %s ORDER BY id", [resolution.id])
    formed = [row[0] for row in cursor.fetchall()]
    if not formed:
        raise ResolutionOfFirstLoad(number=resolution.number)
    reasons = [*_later(cursor, resolution), *_rows(cursor, resolution, formed)]
    if reasons:
        raise ResolutionNeeded(number=resolution.number, count=len(reasons), problems=reasons)
    with _checked_by_index(cursor):
        done = _taken_back(cursor, resolution)
    for table in _OWN:
        follow(cursor, table)
    cursor.execute(
        "UPDATE units_resolution SET undone_at = %s, undone_by = %s WHERE id = %s", [clock.now(), by, resolution.id]
    )
    note(cursor, by, "undo", resolution, done.as_json())
    return done


def _taken_back(cursor: Any, resolution: Resolution) -> Undone:
    cursor.execute("SET LOCAL haicap.undoing = 'on'")
    cursor.execute("DELETE FROM units_lineage WHERE recorded_by_id = %s", [resolution.id])
    lineages = cursor.rowcount
    cursor.execute("DELETE FROM units_unit WHERE formed_by_id = %s", [resolution.id])
    removed = cursor.rowcount
    cursor.execute("UPDATE units_unit SET valid_to = NULL, ended_by_id = NULL WHERE ended_by_id = %s", [resolution.id])
    restored = cursor.rowcount
    cursor.execute("SET LOCAL haicap.undoing = 'off'")
    return Undone(resolution.number, removed, restored, lineages)


def _later(cursor: Any, resolution: Resolution) -> Iterator[Problem]:
    """Later resolutions that ended its units, or formed others under the codes that it freed."""
    cursor.execute(_LATER, {"id": resolution.id})
    told = bi(
        "{by} đã thay đổi {name} (mã {code}) sau đó; hãy hoàn tác {by} trước",
        "{by} changed {name} (code {code}) afterwards; undo {by} first",
    )
    for by, code, name in cursor.fetchmany(_MOST_TOLD):
        yield Problem(code, bi_format(told, by=by, name=name, code=code))


def _rows(cursor: Any, resolution: Resolution, formed: list[int]) -> Iterator[Problem]:
    """Tables whose rows name a unit formed by it, each with how many."""
    told = bi("{count} dòng của “{what}” đã gắn với đơn vị mới", "{count} rows of “{what}” belong to its new units")
    for table, names in _columns(cursor).items():
        either = " OR ".join(f"{name} = ANY(%(formed)s)" for name in names)
        own = f"AND {_OWN[table]} IS DISTINCT FROM %(own)s" if table in _OWN else ""
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE ({either}) {own}",  # noqa: S608 - names from the catalogue
            {"formed": formed, "own": resolution.id},
        )
        count = cursor.fetchone()[0]
        if count:
            yield Problem(table, bi_format(told, count=count, what=_label(table)))


def _label(table: str) -> str:
    """The table's name as people say it where its model has one, else as the database knows it."""
    names = {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()}
    name = names.get(table, "")
    return table if name.isascii() else name
