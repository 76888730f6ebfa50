"""On the day of a resolution: whoever follows open dossiers is told who has them now, once.

What leaves is a message in the outbox, `dossier.responsible_changed`, one a dossier; whoever subscribed to it (a province's
message center, the national portal) brings it to the applicant. No personal data is in it: the code leads to them.

That a resolution was carried out stands in the trail, on the resolution. Nothing is written to units or dossiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from haicap.domain.dossiers.queries.responsible import Responsible, responsible_for
from haicap.domain.people.models import Agency
from haicap.domain.people.rules import AgencyKind
from haicap.domain.units.models import Resolution, Unit
from haicap.domain.units.ports import holdings
from haicap.domain.units.queries import predecessor_ids
from haicap.flows.reorganisation.certificate import make_certificate
from haicap.flows.reorganisation.errors import NotConserved
from haicap.flows.reorganisation.resolutions import province_ids, takes_effect_at
from haicap.kernel import clock
from haicap.kernel.audit import commands as audit
from haicap.kernel.audit.models import Event
from haicap.kernel.language import DEFAULT, speaking
from haicap.kernel.outbox import commands as outbox
from haicap.kernel.outbox.commands import Leaving
from haicap.kernel.scope import entered, system

TOPIC: Final = "dossier.responsible_changed"
CARRIED_OUT: Final = "units:reorganisation:carried_out"
BATCH: Final = 500
_LOCK_SPACE = 1_805  # advisory locks of this flow, by resolution
_WORKER = system("reorganisation")

_OPEN = """
SELECT e.id, e.code, e.state, e.due_at, e.unit_id, d.procedure_code
FROM entries_entry e JOIN dossiers_dossier d ON d.entry_id = e.id
WHERE e.book_unit_id = ANY(%(units)s) AND e.kind = 'dossier' AND e.closed_at IS NULL AND e.id > %(after)s
ORDER BY e.id LIMIT %(limit)s
"""


@dataclass(frozen=True)
class CarriedOut:
    """One resolution whose day was carried out: how many messages it gave, and the root of its certificate."""

    number: str
    told: int
    root: str


@dataclass(frozen=True, slots=True)
class _Open:
    """An open dossier of an ended unit."""

    id: int
    code: str
    state: str
    due_at: datetime | None
    unit_id: int
    procedure: str


def carry_out_due(go_on: Callable[[], bool] = lambda: True) -> Iterator[CarriedOut]:
    """Carry out every resolution whose day has come and that was not carried out yet, one after the other.

    A worker that dies on the way leaves whole batches; the next one goes through all again and adds what is missing: each
    message has a key of its own. Two workers never work on the same resolution. Worker only.
    """
    for resolution in _due():
        with _alone(resolution) as mine:
            if mine and not is_carried_out(resolution):
                with speaking(DEFAULT):  # what leaves and what is sealed is in Vietnamese
                    done = _carry_out(resolution, go_on)
                if done is None:
                    return
                yield done


def _due() -> list[Resolution]:
    """Resolutions in force by today of which the trail does not say that they were carried out. Two statements."""
    found = list(Resolution.objects.in_force().filter(effective_on__lte=clock.today()))
    done = set(
        Event.objects.filter(subject__in=[subject_of(one) for one in found], tag=CARRIED_OUT).values_list(
            "subject", flat=True
        )
    )
    return [one for one in found if subject_of(one) not in done]


def is_carried_out(resolution: Resolution) -> bool:
    """True where the trail says so."""
    return Event.objects.filter(subject=subject_of(resolution), tag=CARRIED_OUT).exists()


def subject_of(resolution: Resolution) -> str:
    """What the resolution is called in the trail."""
    return f"resolution:{resolution.pk}"


@contextmanager
def _alone(resolution: Resolution) -> Iterator[bool]:
    """True for the one worker that has this resolution; the lock goes with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_SPACE, resolution.pk])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, resolution.pk])


def _carry_out(resolution: Resolution, go_on: Callable[[], bool]) -> CarriedOut | None:
    """Tell of every open dossier, then certify and say in the trail that it is done; None where `go_on` says no."""
    eve = resolution.effective_on - timedelta(days=1)
    ended = list(Unit.objects.filter(ended_by=resolution).values_list("pk", flat=True))
    sources = [*ended, *predecessor_ids(ended, eve)]
    after = told = 0
    while batch := _open_dossiers(sources, after):
        if not go_on():
            return None
        messages = _messages(resolution, batch, frozenset(ended), eve)
        with entered(_WORKER):
            outbox.put(messages)
        told += len(messages)
        after = batch[-1].id
    facts: dict[str, Any] = {"number": resolution.number, "told": told, **_certified(resolution, sources)}
    # Where there was nothing, the event names no unit: it must not stand in the way of undoing.
    province = _province_of(resolution) if facts.get("root") or facts.get("not_conserved") else None
    with entered(_WORKER):
        audit.record(CARRIED_OUT, subject=subject_of(resolution), unit_id=province, data=facts)
    return CarriedOut(resolution.number, told, str(facts.get("root", "")))


def _open_dossiers(unit_ids: list[int], after: int) -> list[_Open]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"units": unit_ids, "after": after, "limit": BATCH})
        return [_Open(*row) for row in cursor.fetchall()]


def _certified(resolution: Resolution, sources: list[int]) -> dict[str, Any]:
    """The certificate's root and moment, so that the seal of the day covers them; the reason where there is none.

    Where the units had nothing at all, nothing is certified: that is so for most of the nation in a province's database.
    """
    at = takes_effect_at(resolution)
    counted = {one.code: sum(count.total for count in one.count(sources, at).values()) for one in holdings()}
    if not any(counted.values()):
        return {"counts": counted}
    try:
        made = make_certificate(resolution)
    except NotConserved as error:
        return {"not_conserved": error.sentence()}
    totals = {row["holding"]: row["before"]["count"] for row in made.content["totals"]}
    return {"root": made.root, "as_of": made.content["as_of"], "counts": totals}


def _messages(resolution: Resolution, batch: list[_Open], ended: frozenset[int], eve: date) -> list[Leaving]:
    """One message for each dossier that was in the care of an ended unit on the eve and has another one today."""
    ids = [one.id for one in batch]
    before, now = responsible_for(ids, eve), responsible_for(ids, clock.today())
    moved = [
        one
        for one in batch
        if one.id in before and before[one.id].unit_id in ended and now[one.id].unit_id != before[one.id].unit_id
    ]
    centers = Agency.objects.filter(unit_id__in={now[one.id].unit_id for one in moved}, kind=AgencyKind.CENTER)
    center_of = {agency.unit_id: agency for agency in centers}
    return [
        Leaving(
            topic=TOPIC,
            key=f"dossier:{one.code}:responsible:{resolution.pk}",
            unit_id=one.unit_id,
            payload=_payload(resolution, one, before[one.id].unit, now[one.id], center_of),
        )
        for one in moved
    ]


def _payload(
    resolution: Resolution, one: _Open, old: Unit, answer: Responsible, centers: dict[int, Agency]
) -> dict[str, Any]:
    center = centers.get(answer.unit_id)
    return {
        "code": one.code,
        "procedure": one.procedure,
        "state": one.state,
        "due": one.due_at.isoformat() if one.due_at else None,
        "was": _unit(old),
        "responsible": _unit(answer.unit)
        | ({"agency": center.name, "address": center.address, "phone": center.phone} if center else {}),
        "basis": str(answer.basis),
        "why": str(answer.why),
        "resolution": resolution.number,
        "effective_on": resolution.effective_on.isoformat(),
    }


def _unit(unit: Unit) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "province": unit.province_name}


def _province_of(resolution: Resolution) -> int | None:
    """The province whose people may read the event: the one in which the resolution's units lie today."""
    units = list(Unit.objects.filter(Q(formed_by=resolution) | Q(ended_by=resolution)).with_parents())
    today = [unit for unit in units if unit.is_current] or units
    found = province_ids(today, clock.today())
    return min(found, default=None)
