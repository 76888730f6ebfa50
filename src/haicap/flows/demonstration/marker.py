"""What marks a database as a demonstration: two events in its trail, which nobody can add to a real one by accident."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections

from haicap.flows.demonstration.errors import NotADemonstration, OtherScaleThere
from haicap.kernel.audit.commands import record
from haicap.kernel.scope import entered, system

BEGUN, FINISHED = "demonstration:build:begin", "demonstration:build:finish"
SUBJECT = "demonstration"


@dataclass(frozen=True)
class Marked:
    """What the trail says: the scale that was begun ("" for none), whether it was finished."""

    scale: str = ""
    finished: bool = False


def read() -> Marked:
    """What is marked in the database; read as the owner, who sees the whole trail."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tag, data->>'scale' FROM audit_event WHERE subject = %s ORDER BY seq", [SUBJECT])
        events = cursor.fetchall()
    if not events:
        return Marked()
    return Marked(events[0][1], any(tag == FINISHED for tag, _ in events))


def is_marked() -> bool:
    """True for a demonstration, also one that was not finished: its papers say so."""
    return bool(read().scale)


def write(tag: str, scale: str) -> None:
    """Record a step of the making, once for good."""
    with entered(system("demonstration")):
        record(tag, subject=SUBJECT, data={"scale": scale})


def require_ours(there: Marked, wanted: str) -> None:
    """Raises OtherScaleThere, and NotADemonstration for an unmarked database that is in use."""
    if not there.scale and is_in_use():
        raise NotADemonstration()
    if there.scale and there.scale != wanted:
        raise OtherScaleThere(there=there.scale, wanted=wanted)


def is_empty() -> bool:
    """True for a database without HaiCap's tables."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_event') IS NULL OR to_regclass('dossiers_dossier') IS NULL")
        return bool(cursor.fetchone()[0])


def is_in_use() -> bool:
    """True where there are accounts or dossiers; the tables must be there."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM dossiers_dossier) OR EXISTS (SELECT FROM people_account)")
        return bool(cursor.fetchone()[0])
