"""Quota against actual, on a day and by month: what row-level security shows of people's own posts and of quotas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from haicap.domain.people.blocks import AssignmentKind, Block, StaffKind
from haicap.domain.people.headcount_rules import PAID, Staffing, month_starts
from haicap.domain.people.models import Assignment, Body, Post, Quota
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel
from haicap.kernel.language import choose
from haicap.kernel.scope import Actor

MONTHS = 24
_PAID = [str(kind.value) for kind in PAID]
# People by their own posts (a second post, a secondment and an acting post take no place of a quota).
_THERE = """
FROM unnest(%(days)s::date[]) AS d(day)
JOIN people_assignment a ON a.valid_from <= d.day AND (a.valid_to IS NULL OR a.valid_to > d.day)
JOIN people_official o ON o.id = a.official_id AND (o.left_on IS NULL OR o.left_on > d.day)
WHERE a.kind = 'primary' AND a.unit_id = ANY(%(units)s)
"""
_BY_BLOCK = f"SELECT a.unit_id, a.block, d.day, o.staff_kind, count(*) {_THERE} GROUP BY 1, 2, 3, 4"
_QUOTA_BY_BLOCK = """
SELECT q.unit_id, q.block, d.day, q.staff_kind, q.seats FROM unnest(%(days)s::date[]) AS d(day)
JOIN people_quota q ON q.valid_from <= d.day AND (q.valid_to IS NULL OR q.valid_to > d.day)
WHERE q.unit_id = ANY(%(units)s)
"""
_BY_MONTH = f"SELECT d.day, count(*) FILTER (WHERE o.staff_kind = ANY(%(paid)s)) {_THERE} GROUP BY 1"
_QUOTA_BY_MONTH = """
SELECT d.day, sum(q.seats) FROM unnest(%(days)s::date[]) AS d(day)
JOIN people_quota q ON q.valid_from <= d.day AND (q.valid_to IS NULL OR q.valid_to > d.day)
WHERE q.unit_id = ANY(%(units)s) AND (q.staff_kind = '' OR q.staff_kind = ANY(%(paid)s)) GROUP BY 1
"""


@dataclass(frozen=True)
class UnitStaffing:
    """A unit on a day: all its blocks, and each."""

    unit: Unit
    blocks: Mapping[Block, Staffing]

    @property
    def total(self) -> Staffing:
        """All blocks together."""
        return sum(self.blocks.values(), Staffing(None, 0))

    @property
    def is_commune(self) -> bool:
        """True for a commune, ward or special zone."""
        return bool(self.unit.level == UnitLevel.COMMUNE)


@dataclass(frozen=True)
class Month:
    """A month's first day: the quota that stood, and who was there, as a payroll counts."""

    day: date
    quota: int
    actual: int


@dataclass(frozen=True)
class BodyLine:
    """A body of a unit and how many hold their own post in it."""

    key: str
    name: str
    block: Block
    actual: int


@dataclass(frozen=True)
class PersonLine:
    """Somebody behind a number."""

    official_id: int
    name: str
    staff_kind: Any
    body: str
    post: str
    decision: str
    since: date


def units_seen(actor: Actor, day: date) -> list[Unit]:
    """The provinces and communes that stand on `day` among those whose rows the actor sees, the province first."""
    levels = (UnitLevel.PROVINCE, UnitLevel.COMMUNE)
    return list(Unit.objects.filter(pk__in=actor.unit_ids, level__in=levels).on(day).in_code_order())


def staffing_of(units: Sequence[Unit], day: date) -> list[UnitStaffing]:
    """Each unit's quota and people by block. Two statements."""
    counts = counts_on([unit.pk for unit in units], [day])
    return [UnitStaffing(unit, {block: counts.of(unit.pk, block, day) for block in Block}) for unit in units]


@dataclass(frozen=True)
class Counts:
    """Quotas and people of some units on some days, by unit, block, day and kind of staff ("" for the paid kinds together)."""

    quotas: Mapping[tuple[int, str, date], Mapping[str, int]]
    there: Mapping[tuple[int, str, date], Mapping[str, int]]

    def of(self, unit_id: int, block: str, day: date, more: Sequence[str] = ()) -> Staffing:
        """A block on a day, with people of the kinds `more` beside those who are there. The paid kinds count, and each other
        kind for which there is a quota."""
        quota, there = self.quotas.get((unit_id, block, day), {}), self.there.get((unit_id, block, day), {})
        kinds = set(_PAID) | (set(quota) - {""})
        actual = sum(there.get(kind, 0) for kind in kinds) + sum(kind in kinds for kind in more)
        return Staffing(sum(quota.values()) if quota else None, actual)


def counts_on(unit_ids: Collection[int], days: Collection[date]) -> Counts:
    """What quotas and people there are in the units on each of the days. Two statements."""
    asked: dict[str, Any] = {"days": sorted(set(days)), "units": sorted(set(unit_ids))}
    found: list[dict[tuple[int, str, date], dict[str, int]]] = []
    with connection.cursor() as cursor:
        for statement in (_QUOTA_BY_BLOCK, _BY_BLOCK):
            rows: dict[tuple[int, str, date], dict[str, int]] = defaultdict(dict)
            cursor.execute(statement, asked)
            for unit_id, block, day, kind, many in cursor.fetchall():
                rows[unit_id, block, day][kind] = many
            found.append(rows)
    return Counts(*found)


def by_month(unit_ids: Collection[int], until: date) -> list[Month]:
    """The first days of the months since the first quota, the latest 24. Three statements; [] without a quota."""
    first = (
        Quota.objects.filter(unit_id__in=unit_ids).order_by("valid_from").values_list("valid_from", flat=True).first()
    )
    days = month_starts(first, until, MONTHS) if first and first <= until else []
    if not days:
        return []
    asked: dict[str, Any] = {"days": days, "units": list(unit_ids), "paid": _PAID}
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH, asked)
        there = dict(cursor.fetchall())
        cursor.execute(_QUOTA_BY_MONTH, asked)
        given = dict(cursor.fetchall())
    return [Month(day, int(given.get(day) or 0), there.get(day, 0)) for day in days]


def quotas_of(unit: Unit) -> list[Quota]:
    """Every quota of a unit, the newest first."""
    return list(Quota.objects.filter(unit=unit).order_by("-valid_from", "block", "staff_kind"))


def bodies_of(unit: Unit, day: date, block: str = "") -> list[BodyLine]:
    """The bodies of a unit with how many paid people have their own post there. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.body_key, count(*) {_THERE} AND o.staff_kind = ANY(%(paid)s) GROUP BY 1",
            {"days": [day], "units": [unit.pk], "paid": _PAID},
        )
        there = dict(cursor.fetchall())
    bodies = Body.objects.on(day).filter(unit=unit).order_by("position", "pk")
    order = {block: place for place, block in enumerate(Block)}
    lines = [
        BodyLine(body.key, choose(body.name, body.name_en), Block(body.block), there.get(body.key, 0))
        for body in bodies
        if body.block == (block or body.block)
    ]
    return sorted(lines, key=lambda line: order[line.block])


def people_of(unit: Unit, day: date, *, block: str = "", body: str = "") -> list[PersonLine]:
    """Those whom the numbers count, by body and name: paid kinds, and kinds that a quota of the block names.

    No pay, no ID number: those stand on the record. Three statements.
    """
    kinds = _kinds_counted(unit, day)
    rows = Assignment.objects.on(day).filter(
        Q(official__left_on=None) | Q(official__left_on__gt=day), unit=unit, kind=AssignmentKind.PRIMARY
    )
    rows = rows.filter(block=block) if block else rows
    rows = rows.filter(body_key=body) if body else rows
    titles = {
        (post.body.key, post.key): (choose(post.body.name, post.body.name_en), choose(post.title, post.title_en))
        for post in Post.objects.on(day).filter(body__unit=unit).select_related("body")
    }
    lines = []
    for row in rows.select_related("official").order_by("block", "body_key", "post_key", "official__full_name"):
        kind = StaffKind(row.official.staff_kind)
        if kind in kinds[row.block]:
            body_name, title = titles.get((row.body_key, row.post_key), (row.body_key, row.post_key))
            lines.append(PersonLine(row.official_id, row.official.full_name, kind.label, body_name, title,
                                    row.decision_number, row.valid_from))  # fmt: skip
    return lines


def _kinds_counted(unit: Unit, day: date) -> Mapping[str, set[str]]:
    kinds: dict[str, set[str]] = defaultdict(lambda: set(_PAID))
    for block, kind in (
        Quota.objects.on(day).filter(unit=unit).exclude(staff_kind="").values_list("block", "staff_kind")
    ):
        kinds[block].add(kind)
    return kinds
