"""The register of service units as it stood on a day, and what became of those that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from haicap.domain.people.headcount_rules import Ending
from haicap.domain.people.models import ServiceUnit

STANDING, ENDED = "dang-hoat-dong", "da-ket-thuc"


@dataclass(frozen=True)
class Compared:
    """How many there were on an earlier day and on a later one, and what happened between."""

    before_day: date
    day: date
    before: int
    now: int
    merged: int
    dissolved: int
    begun: int


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty parts narrow nothing."""

    words: str = ""
    unit: str = ""
    field: str = ""
    state: str = STANDING

    @property
    def narrows(self) -> bool:
        """True where any part does."""
        return any((self.words, self.unit, self.field, self.state != STANDING))


def day_before_the_first_end(otherwise: date) -> date:
    """The last day on which none of the register had ended yet; `otherwise` where none has."""
    first = ServiceUnit.objects.exclude(valid_to=None).order_by("valid_to").values_list("valid_to", flat=True).first()
    return first - timedelta(days=1) if first else otherwise


def compared(before_day: date, day: date) -> Compared:
    """Both days counted from rows, in one statement."""

    def on(at: date) -> Q:
        return Q(valid_from__lte=at) & (Q(valid_to=None) | Q(valid_to__gt=at))

    between = Q(valid_to__gt=before_day, valid_to__lte=day)
    found = ServiceUnit.objects.aggregate(
        before=Count("pk", filter=on(before_day)), now=Count("pk", filter=on(day)),
        merged=Count("pk", filter=between & Q(ending=Ending.MERGED)),
        dissolved=Count("pk", filter=between & Q(ending=Ending.DISSOLVED)),
        begun=Count("pk", filter=Q(valid_from__gt=before_day, valid_from__lte=day)),
    )  # fmt: skip
    return Compared(before_day, day, **found)


def service_units(wanted: Wanted, day: date) -> QuerySet[ServiceUnit]:
    """The register on `day`: those that work, or (state) those that had ended by then, or all."""
    rows = ServiceUnit.objects.select_related("unit", "successor").filter(valid_from__lte=day)
    if wanted.state == STANDING:
        rows = rows.on(day)
    elif wanted.state == ENDED:
        rows = rows.ended_by(day)
    if wanted.unit:
        rows = rows.filter(unit__code=wanted.unit)
    if wanted.field:
        rows = rows.filter(field=wanted.field)
    if wanted.words:
        rows = rows.filter(Q(name__icontains=wanted.words) | Q(code__iexact=wanted.words))
    return rows.order_by("unit__code", "name", "pk")
