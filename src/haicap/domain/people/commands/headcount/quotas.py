"""Giving quotas: how many posts each unit has in each block, by a numbered decision, from a day on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from haicap.domain.people.access import can_keep_staff
from haicap.domain.people.blocks import Block, StaffKind
from haicap.domain.people.commands.headcount.reading import Column, Faults
from haicap.domain.people.commands.headcount.scope import all_units, require_province, tell_units
from haicap.domain.people.commands.rosters.judging import Fault
from haicap.domain.people.commands.rosters.reading import Row
from haicap.domain.people.errors import CaseRefused
from haicap.domain.people.headcount_rules import MOST_SEATS
from haicap.domain.people.models import Quota
from haicap.domain.people.queries.reach import Reach
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi

_TWICE = bi("Đơn vị, khối và loại này đã có ở một dòng trên.", "A row above has this unit, block and kind.")
KINDS = [(value, label) for value, label in StaffKind.choices if value != StaffKind.CONCURRENT]
COLUMNS = {
    "unit": Column(
        bi("Mã đơn vị", "Unit code"),
        bi("Mã tỉnh (2 số) hoặc mã xã (5 số).", "2 digits of a province, 5 of a commune."),
        "03664",
    ),
    "block": Column(bi("Khối", "Block"), bi("Chọn:", "Choose:"), "Ủy ban nhân dân", choices=Block.choices),
    "staff_kind": Column(
        bi("Loại", "Kind of staff"),
        bi("Để trống: cán bộ và công chức gộp chung.", "Empty: elected officials and civil servants together."),
        "",
        optional=True,
        choices=KINDS,
    ),
    "seats": Column(bi("Biên chế", "Posts"), bi("Số được giao.", "The number given."), "26"),
    "decision_number": Column(
        bi("Số quyết định", "Decision number"), bi("Ví dụ 12/QĐ-UBND.", "For example 12/QĐ-UBND."), "12/QĐ-UBND"
    ),
    "decision_date": Column(
        bi("Ngày quyết định", "Decision date"), bi("Ngày/tháng/năm.", "Day/month/year."), "30/06/2025"
    ),
    "valid_from": Column(bi("Từ ngày", "From"), bi("Ngày đầu có hiệu lực.", "The first day in force."), "01/07/2025"),
}


@dataclass(frozen=True)
class QuotaFacts:
    """A quota as asked for; see `Quota`."""

    unit: Unit
    block: str
    seats: int
    decision_number: str
    decision_date: date
    valid_from: date
    staff_kind: str = ""
    synthetic: bool = False

    @property
    def key(self) -> tuple[int, str, str]:
        """What has one quota on each day."""
        return (self.unit.pk, self.block, self.staff_kind)


@dataclass(frozen=True)
class QuotaLine:
    """A sound row and what it does: `begin`, `mend` (the same first day) or `same`."""

    line: int
    facts: QuotaFacts
    does: str
    before: Quota | None = None

    @property
    def title(self) -> str:
        """Whose quota of what."""
        kind = f" · {StaffKind(self.facts.staff_kind).label}" if self.facts.staff_kind else ""
        return f"{self.facts.unit.shown_name} · {Block(self.facts.block).label}{kind}"

    @property
    def words(self) -> Any:
        """What it does, in words."""
        was = f" ({self.before.seats} → {self.facts.seats})" if self.before else f": {self.facts.seats}"
        told = {
            "begin": bi("Giao", "Given"),
            "mend": bi("Sửa", "Corrected"),
            "same": bi("Đã có, không đổi", "There already"),
        }
        return f"{told[self.does]}{'' if self.does == 'same' else was}"


@dataclass
class Judged:
    """A whole table: its sound rows and all its faults."""

    lines: list[Any] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many rows change anything."""
        return sum(line.does != "same" for line in self.lines)


def judge_quotas(reach: Reach, rows: Sequence[Row]) -> Judged:
    """What the rows would do. Raises Denied, OnlyTheProvince. Two statements for any number of rows."""
    require(can_keep_staff(reach.actor))
    require_province(reach)
    units, faults, today = all_units(reach), Faults(COLUMNS), clock.today()
    asked = []
    for row in rows:
        unit = units.get(row["unit"])
        if unit is None:
            faults.add(
                row, "unit", bi("Không có đơn vị mang mã này trong tỉnh.", "The province has no unit with this code.")
            )
        block = faults.choice(row, "block", Block.choices)
        kind = faults.choice(row, "staff_kind", KINDS, needed=False)
        seats, number = faults.number(row, "seats", MOST_SEATS), faults.decision(row)
        decided, begins = faults.day(row, "decision_date", today), faults.day(row, "valid_from", today)
        if unit and seats is not None and decided and begins and not faults.of(row):
            asked.append((row, QuotaFacts(unit, block, seats, number, decided, begins, kind)))
    return _against_what_stands(asked, faults)


def _against_what_stands(asked: Sequence[tuple[Row, QuotaFacts]], faults: Faults) -> Judged:
    standing = _standing(facts for _, facts in asked)
    kinds: dict[tuple[int, str], set[str]] = defaultdict(set)
    for (unit_id, block, kind), rows in standing.items():
        if rows[-1].valid_to is None:
            kinds[unit_id, block].add(kind)
    seen: set[tuple[int, str, str]] = set()
    lines = []
    for row, facts in asked:
        if facts.key in seen:
            faults.add(
                row,
                "unit",
                bi("Đơn vị, khối và loại này đã có ở một dòng trên.", "A row above has this unit, block and kind."),
            )
        seen.add(facts.key)
        kinds[facts.unit.pk, facts.block].add(facts.staff_kind)
        if "" in kinds[facts.unit.pk, facts.block] and len(kinds[facts.unit.pk, facts.block]) > 1:
            text = bi("Khối này có cả số gộp và số theo loại: chỉ dùng một cách.",
                      "This block has a number for all and numbers by kind: use one way only.")  # fmt: skip
            faults.add(row, "staff_kind", text)
        line = _line(row.line, facts, standing.get(facts.key, []))
        if line is None:
            text = bi("Đã có biên chế giao từ một ngày sau ngày này.", "A quota from a later day is known already.")
            faults.add(row, "valid_from", text)
        else:
            lines.append(line)
    return Judged(lines, faults.found)


def _standing(asked: Iterable[QuotaFacts]) -> dict[tuple[int, str, str], list[Quota]]:
    found: dict[tuple[int, str, str], list[Quota]] = defaultdict(list)
    for row in Quota.objects.filter(unit_id__in={facts.unit.pk for facts in asked}).order_by("valid_from"):
        found[row.unit_id, row.block, row.staff_kind].append(row)
    return found


def _line(number: int, facts: QuotaFacts, rows: Sequence[Quota]) -> QuotaLine | None:
    """What a quota does to those that stand; None where a later one is known."""
    last = rows[-1] if rows else None
    if last is None or last.valid_from < facts.valid_from:
        same = last is not None and (last.seats, last.decision_number) == (facts.seats, facts.decision_number)
        return QuotaLine(number, facts, "same" if same else "begin", last)
    if last.valid_from > facts.valid_from:
        return None
    same = (last.seats, last.decision_number, last.decision_date) == (
        facts.seats,
        facts.decision_number,
        facts.decision_date,
    )
    return QuotaLine(number, facts, "same" if same else "mend", last)


def give_quotas(reach: Reach, asked: Sequence[QuotaFacts]) -> int:
    """Write quotas, all or nothing: what stood ends where the new one begins. Gives how many rows changed.

    Raises Denied, OnlyTheProvince, CaseRefused. Some six statements for any number of them.
    """
    require(can_keep_staff(reach.actor))
    require_province(reach)
    if any(facts.unit.pk not in reach.unit_ids for facts in asked):
        raise CaseRefused(
            problems=[Problem("unit", bi("Đơn vị này không thuộc tỉnh.", "That unit is not the province's."))]
        )
    judged = _against_what_stands([(Row(place, {}), facts) for place, facts in enumerate(asked, 1)], Faults(COLUMNS))
    if judged.faults:
        raise CaseRefused(problems=[Problem(f"rows[{one.line}]", one.message) for one in judged.faults])
    return write_quotas(judged)


@transaction.atomic
def write_quotas(judged: Judged) -> int:
    """Write the sound rows of a table without faults; gives how many changed anything."""
    changed = [line for line in judged.lines if line.does != "same"]
    for line in changed:
        if line.before and line.does == "begin" and line.before.valid_to is None:
            line.before.valid_to = line.facts.valid_from
        elif line.before and line.does == "mend":
            line.before.seats, line.before.decision_number = line.facts.seats, line.facts.decision_number
            line.before.decision_date = line.facts.decision_date
    Quota.objects.bulk_update(
        [line.before for line in changed if line.before], ["valid_to", "seats", "decision_number", "decision_date"]
    )
    Quota.objects.bulk_create([_row(line.facts) for line in changed if line.does == "begin"])
    told: dict[Unit, dict[str, Any]] = defaultdict(lambda: {"seats": {}, "decisions": []})
    for line in changed:
        data = told[line.facts.unit]
        data["seats"][f"{line.facts.block}:{line.facts.staff_kind}@{line.facts.valid_from}"] = line.facts.seats
        data["decisions"] = sorted({*data["decisions"], line.facts.decision_number})
    tell_units("people:quota:give", told)
    return len(changed)


def _row(facts: QuotaFacts) -> Quota:
    return Quota(
        unit=facts.unit, block=facts.block, staff_kind=facts.staff_kind, seats=facts.seats, synthetic=facts.synthetic,
        decision_number=facts.decision_number, decision_date=facts.decision_date, valid_from=facts.valid_from,
    )  # fmt: skip
