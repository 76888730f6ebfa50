"""Which unit an address lies in, on any day.

The gazetteer is read from the tables once and kept in the process. Whether a resolution was applied since is asked at
most every few seconds, by the highest keys of the tables.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from haicap.domain.units.addresses import AliasRow, Answer, EdgeRow, Gazetteer, Reader, Resolver, UnitRow
from haicap.kernel import clock

_ASKED_EVERY_S = 2.0
_DAYS_KEPT = 8

_SIGNATURE = """
SELECT current_database(), (SELECT max(id) FROM units_unit), (SELECT max(id) FROM units_lineage),
  (SELECT max(id) FROM units_alias), (SELECT count(*) FROM units_resolution), (SELECT count(undone_at) FROM units_resolution)
"""
_UNITS = """
SELECT id, code, name, kind, level, parent_id, province_id, valid_from, valid_to FROM units_unit ORDER BY id
"""
_EDGES = """
SELECT predecessor_id, successor_id, share, resolution, effective_on, hamlets, residual FROM units_lineage ORDER BY id
"""
_ALIASES = "SELECT unit_id, alias, alias_parent, kind FROM units_alias ORDER BY id"


@dataclass
class _Kept:
    """The gazetteer of this process, and what the tables were like when it was read."""

    signature: tuple[Any, ...]
    gazetteer: Gazetteer
    reader: Reader
    asked_at: float
    resolvers: dict[date, Resolver] = field(default_factory=dict)


_lock = threading.Lock()
_kept: _Kept | None = None


def resolve(address: str, on: date | None = None) -> Answer:
    """The unit, or every unit, that `address` lies in, as the units stand on the day `on` (default today).

    An old address is led through lineage to that day's units; on a day before 1 July 2025 the old unit is the answer.
    """
    return resolver(on).resolve(address)


def resolve_many(addresses: Iterable[str], on: date | None = None) -> Iterator[Answer]:
    """Answers in the order of the addresses, one at a time."""
    return resolver(on).resolve_many(addresses)


def propose(
    predecessor_id: int, address: str, heirs: Collection[int], on: date | None = None
) -> tuple[int, Any] | None:
    """Which of the `heirs` of a divided unit (keys) an address points to, and why in both languages; None where none.

    It is decided by a hamlet that the lineage names, or by the address naming one of the heirs itself.
    """
    return resolver(on).propose(predecessor_id, address, heirs)


def resolver(on: date | None = None) -> Resolver:
    """The resolver for a day (default today), good for as long as the caller holds it."""
    day = on or clock.today()
    with _lock:
        kept = _current()
        if day not in kept.resolvers:
            if len(kept.resolvers) >= _DAYS_KEPT:
                kept.resolvers.clear()
            kept.resolvers[day] = Resolver(kept.gazetteer, day, kept.reader)
        return kept.resolvers[day]


def forget_gazetteer() -> None:
    """Read the tables anew at the next question; for whoever has just changed them in this process."""
    global _kept  # noqa: PLW0603 - replaced whole, under the lock
    with _lock:
        _kept = None


def _current() -> _Kept:
    global _kept  # noqa: PLW0603 - replaced whole, under the lock
    if _kept is not None and time.monotonic() - _kept.asked_at < _ASKED_EVERY_S:
        return _kept
    with connection.cursor() as cursor:
        cursor.execute(_SIGNATURE)
        signature = cursor.fetchone()
        if _kept is None or _kept.signature != signature:
            gazetteer = _read(cursor)
            _kept = _Kept(signature, gazetteer, Reader(gazetteer), 0.0)
    _kept.asked_at = time.monotonic()
    return _kept


def _read(cursor: Any) -> Gazetteer:
    """The tables as a gazetteer. It is never freed, so the garbage collector need not walk it again and again."""
    cursor.execute(_UNITS)
    units = [UnitRow._make(row) for row in cursor.fetchall()]
    cursor.execute(_EDGES)
    edges = [EdgeRow._make(row) for row in cursor.fetchall()]
    cursor.execute(_ALIASES)
    aliases = [AliasRow._make(row) for row in cursor.fetchall()]
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Gazetteer(units, edges, aliases)
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
