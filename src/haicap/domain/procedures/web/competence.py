"""The part of a procedure's page that says who decides it: today, at an address on a day, and through time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from haicap.domain.procedures import queries
from haicap.domain.procedures.queries import CompetenceAnswer
from haicap.domain.procedures.rules import Era, rows_on
from haicap.domain.units.errors import DateUnreadable
from haicap.domain.units.queries import known_day
from haicap.kernel import clock, vi
from haicap.kernel.errors import DomainError
from haicap.kernel.text import clean

LONGEST_PLACE = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, and the answer or why there is none; both empty where nothing was asked."""

    place: str
    day: str
    answer: CompetenceAnswer | None = None
    problem: str = ""


def asked(request: HttpRequest, code: str) -> Asked:
    """Who decides at `?tai=` on `?ngay=` (day/month/year or year-month-day; today when left out)."""
    place = clean(request.GET.get("tai", ""))[:LONGEST_PLACE]
    typed = clean(request.GET.get("ngay", ""))[:20]
    if not place:
        return Asked(place, typed)
    try:
        return Asked(place, typed, queries.competence(code, place, _day(typed)))
    except DomainError as error:
        return Asked(place, typed, problem=error.sentence())


def _day(typed: str) -> date:
    if not typed:
        return clock.today()
    try:
        return known_day(vi.parse_date(typed))
    except ValueError as error:
        raise DateUnreadable(value=typed, field="ngay") from error


def competence_facts(code: str) -> dict[str, Any]:
    """All dated rows, newest first, who decides today wherever one lives, and whether that is not verified."""
    rows = queries.competence_of(code)
    here = rows_on(rows, clock.today())
    return {
        "decides_today": Era(clock.today(), None, here).shown_agencies if here else "",
        "deciding_unverified": any(row.is_unverified for row in here),
        "mandates": sorted(rows, key=lambda row: (row.valid_from, row.level), reverse=True),
    }
