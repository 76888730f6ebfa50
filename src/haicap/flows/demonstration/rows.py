"""The planned dossiers as rows for the public import: people, answers, moves; every one marked as synthetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from random import Random
from typing import Any

from haicap.domain.people import queries as people
from haicap.domain.people.rules import AgencyKind
from haicap.domain.procedures.rules import Channel, Version
from haicap.flows.demonstration.answers import HAMLETS, Case, answers_for
from haicap.flows.demonstration.figures import CHANGE, CITIZENS, ONLINE_AFTER, ONLINE_BEFORE, POSTAL, PROVINCE
from haicap.flows.demonstration.names import Person, draw, person
from haicap.flows.demonstration.plan import Planned
from haicap.flows.demonstration.staff import WORD_OF_ROLE, citizen, official
from haicap.flows.demonstration.timeline import moves
from haicap.kernel.calendar.queries import calendar_for

SYSTEM = "trinh-dien"
EVERY_CITIZENS = 29  # one dossier in so many of the last month is a demonstration citizen's, until each has some
FOR_EACH_CITIZEN = 4


def rows(planned: Iterable[Planned]) -> Iterator[dict[str, Any]]:
    """The rows of a plan in its order. About 250 µs each; the same plan gives the same rows."""
    for one in planned:
        yield _row(one)


def _row(one: Planned) -> dict[str, Any]:
    rng = draw(one.index, one.number)
    received = one.course.received_at
    day = received.date()
    applicant = _applicant(rng, one)
    place = f"{rng.choice(HAMLETS)}, {one.unit.name}, tỉnh Sơn La"
    channel = _channel(rng, one.version, before=day < CHANGE)
    officer = _officers(one.unit.id, one.unit.code, one.version.deciding_agency, before=day < CHANGE)
    return {
        "code": f"{_center(one.unit.id)}-{received:%y%m%d}-{one.number:04d}",
        "unit": one.unit.code, "procedure": one.version.code, "channel": channel, "received_at": received,
        "due_at": one.due_at, "applicant_name": applicant.name, "applicant_id_number": applicant.id_number,
        "applicant_phone": applicant.phone, "applicant_address": place,
        "form": answers_for(one.version, Case(rng, day, place, applicant)),
        "return_method": _return_method(rng, channel), "synthetic": True,
        "moves": moves(one.course, one.version, calendar_for(PROVINCE, day), officer, rng),
    }  # fmt: skip


def _applicant(rng: Random, one: Planned) -> Person:
    """Somebody; now and then one of the citizens who have an account."""
    turn, rest = divmod(one.index, EVERY_CITIZENS)
    if rest == 0 and turn < CITIZENS * FOR_EACH_CITIZEN:
        return citizen(turn % CITIZENS + 1)
    return person(rng, on=one.course.received_at.date())


def _channel(rng: Random, version: Version, *, before: bool) -> str:
    luck = rng.random()
    if luck < POSTAL:
        return Channel.POSTAL.value
    online = luck < POSTAL + (ONLINE_BEFORE if before else ONLINE_AFTER)
    return Channel.ONLINE.value if online and Channel.ONLINE in version.channels else Channel.DIRECT.value


def _return_method(rng: Random, channel: str) -> str:
    if channel == Channel.ONLINE and rng.random() < 0.6:
        return "electronic"
    return "postal" if rng.random() < 0.05 else "counter"


@cache
def _center(unit_id: int) -> str:
    return people.agency_of(unit_id, AgencyKind.CENTER).identifier


@cache
def _officers(unit_id: int, unit_code: str, decider: str, *, before: bool) -> Callable[[str], str]:
    """Who holds a role in a unit of that time: the demonstration's own official, or one of the unit that has ended."""
    era = f"before-{unit_id}" if before else ""

    @cache
    def officer(role: str) -> str:
        if role == "department":
            return official(PROVINCE, decider.replace("-", ""))
        return official(unit_code, WORD_OF_ROLE[role], era)

    return officer
