"""Cases of streamlining: the list, its totals, one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Func, Q, QuerySet, Sum, TextField

from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.errors import CaseUnknown
from haicap.domain.people.models import Appointment, Handover, Official, StreamliningCase
from haicap.domain.people.queries.doors import with_names
from haicap.domain.people.streamlining_rules import SETTLED, CaseState, Scheme
from haicap.kernel import vi

FOUND = 20
PUBLIC_EMPLOYEES = (StaffKind.PUBLIC_EMPLOYEE,)
CIVIL_SERVANTS = (StaffKind.CADRE, StaffKind.CIVIL_SERVANT)


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty parts narrow nothing. `unit`: a code."""

    words: str = ""
    unit: str = ""
    kind: str = ""
    scheme: str = ""
    state: str = ""

    @property
    def narrows(self) -> bool:
        """True where any part does."""
        return any((self.words, self.unit, self.kind, self.scheme, self.state))


@dataclass(frozen=True)
class Total:
    """A line of a table of totals: what, how many cases, how much (dong; decided and paid ones only)."""

    key: str
    label: Any
    many: int
    total: int


def cases(wanted: Wanted) -> QuerySet[StreamliningCase]:
    """The cases that row-level security shows, those who leave last first; withdrawn ones only when asked for."""
    rows: QuerySet[StreamliningCase] = StreamliningCase.objects.select_related("official", "unit")
    rows = rows.filter(state=wanted.state) if wanted.state else rows.exclude(state=CaseState.WITHDRAWN)
    if wanted.unit:
        rows = rows.filter(unit__code=wanted.unit)
    if wanted.kind:
        rows = rows.filter(staff_kind=wanted.kind)
    if wanted.scheme:
        rows = rows.filter(scheme=wanted.scheme)
    rows = rows.alias(folded=_folded("official__full_name"))
    for word in vi.fold(wanted.words).split()[:8]:
        rows = rows.filter(folded__contains=word)
    return rows.order_by("-leave_on", "official__full_name", "pk")


def _folded(name: str) -> Func:
    """A name as the search compares it, folded by the database."""
    return Func(F(name), function="people_fold", output_field=TextField())


def settled() -> tuple[int, int, int]:
    """How many cadres and civil servants, and how many public employees left by a decided case, and the sum in dong."""
    rows = StreamliningCase.objects.settled().aggregate(
        servants=Count("pk", filter=Q(staff_kind__in=CIVIL_SERVANTS)),
        employees=Count("pk", filter=Q(staff_kind__in=PUBLIC_EMPLOYEES)), total=Sum("total"),
    )  # fmt: skip
    return rows["servants"], rows["employees"], rows["total"] or 0


def sums(wanted: Wanted) -> dict[str, list[Total]]:
    """Totals of the same cases by unit, by kind of staff, by scheme and by state. One statement."""
    rows: list[Any] = list(
        cases(wanted).order_by().values("unit__code", "staff_kind", "scheme", "state", name=F("unit__name"))
        .annotate(many=Count("pk"), money=Sum("total", filter=Q(state__in=SETTLED)))
    )  # fmt: skip
    return {
        "unit": sorted(
            _summed(rows, "unit__code", {row["unit__code"]: row["name"] for row in rows}), key=lambda one: -one.many
        ),
        "kind": _summed(rows, "staff_kind", dict(StaffKind.choices)),
        "scheme": _summed(rows, "scheme", dict(Scheme.choices)),
        "state": _summed(rows, "state", dict(CaseState.choices)),
    }


def _summed(rows: Sequence[Any], key: str, labels: dict[str, Any]) -> list[Total]:
    found = []
    for value, label in labels.items():
        here = [row for row in rows if row[key] == value]
        if here:
            found.append(Total(value, label, sum(row["many"] for row in here), sum(row["money"] or 0 for row in here)))
    return found


def case_of(case_id: int) -> StreamliningCase:
    """One case that row-level security shows. Raises CaseUnknown."""
    case = StreamliningCase.objects.select_related("official", "unit").filter(pk=case_id).first()
    if case is None:
        raise CaseUnknown()
    return case


def access_ending(account_id: int | None, leave_on: date) -> list[Appointment]:
    """The access of an account that leaving on a day ends: begun before, and without it in force on that day. One statement."""
    rows = Appointment.objects.filter(Q(valid_to=None) | Q(valid_to__gt=leave_on), account_id=account_id or 0)
    return list(rows.filter(valid_from__lt=leave_on).select_related("agency"))


def sheets_of(case: StreamliningCase) -> list[Handover]:
    """The sheets by which the work of the case's official went on, planned or done. Two statements."""
    rows = Handover.objects.filter(giver_id=case.official.account_id or 0, appointments=[], day=case.leave_on)
    return with_names(rows.order_by("pk"), "taker")


def officials_found(words: str) -> list[Official]:
    """Staff records by name (accents optional) or ID number, those that serve first; at most 20. One statement."""
    words = words.strip()
    if not words:
        return []
    rows: QuerySet[Official] = Official.objects.select_related("unit")
    if words.isdigit():
        rows = rows.filter(id_number=words)
    rows = rows.alias(folded=_folded("full_name"))
    for word in [] if words.isdigit() else vi.fold(words).split()[:8]:
        rows = rows.filter(folded__contains=word)
    return list(rows.order_by(F("left_on").asc(nulls_first=True), "full_name")[:FOUND])
