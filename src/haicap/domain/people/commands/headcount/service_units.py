"""The register of service units: which there are, since when, and what became of those that ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from haicap.domain.people.access import can_keep_staff
from haicap.domain.people.commands.headcount.quotas import Judged
from haicap.domain.people.commands.headcount.reading import Column, Faults
from haicap.domain.people.commands.headcount.scope import all_units, tell_units
from haicap.domain.people.commands.rosters.reading import Row
from haicap.domain.people.errors import CaseRefused
from haicap.domain.people.headcount_rules import LONGEST_CODE, LONGEST_NAME, Ending, ServiceField, ServiceKind
from haicap.domain.people.models import ServiceUnit
from haicap.domain.people.queries.reach import Reach
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi

BATCH = 1000
COLUMNS = {
    "code": Column(
        bi("Mã", "Code"),
        bi("Mã của đơn vị sự nghiệp, duy nhất trong sổ.", "The service unit's code, once in the register."),
        "MN-03664-1",
    ),
    "name": Column(bi("Tên", "Name"), bi("Tên đầy đủ.", "The full name."), "Trường Mầm non Tô Hiệu"),
    "field": Column(bi("Lĩnh vực", "Field"), bi("Chọn:", "Choose:"), "Giáo dục", choices=ServiceField.choices),
    "kind": Column(bi("Loại", "Kind"), bi("Chọn:", "Choose:"), "Trường", choices=ServiceKind.choices),
    "unit": Column(
        bi("Mã đơn vị quản lý", "Unit code"), bi("Mã tỉnh hoặc mã xã.", "The code of the province or commune."), "03664"
    ),
    "valid_from": Column(bi("Từ ngày", "From"), bi("Ngày thành lập.", "The day on which it began."), "01/09/2012"),
    "decision_number": Column(
        bi("Số quyết định", "Decision number"),
        bi("Quyết định thành lập; có thể để trống.", "The founding decision; may be empty."),
        "",
        optional=True,
    ),
    "decision_date": Column(
        bi("Ngày quyết định", "Decision date"), bi("Có thể để trống.", "May be empty."), "", optional=True
    ),
    "ending": Column(
        bi("Kết thúc", "Ended how"),
        bi(
            "Sáp nhập, hợp nhất hoặc Giải thể; để trống khi còn hoạt động.",
            "Merged or Dissolved; empty while it works.",
        ),
        "",
        optional=True,
    ),
    "valid_to": Column(
        bi("Kết thúc từ ngày", "Ended on"),
        bi("Ngày đầu không còn hoạt động.", "The first day on which it is no more."),
        "",
        optional=True,
    ),
    "successor": Column(
        bi("Mã đơn vị kế thừa", "Successor code"),
        bi("Khi sáp nhập: nhập vào đơn vị nào.", "When merged: into which."),
        "",
        optional=True,
    ),
    "ended_by": Column(
        bi("Số quyết định kết thúc", "Ending decision"),
        bi("Bắt buộc khi kết thúc.", "Needed with an end."),
        "",
        optional=True,
    ),
    "ended_by_date": Column(
        bi("Ngày quyết định kết thúc", "Ending decision date"),
        bi("Bắt buộc khi kết thúc.", "Needed with an end."),
        "",
        optional=True,
    ),
}
_FACTS = ("name", "field", "kind", "valid_from", "decision_number", "decision_date", "ending", "valid_to", "ended_by",
          "ended_by_date")  # fmt: skip


_END = ("ending", "valid_to", "ended_by", "ended_by_date")


@dataclass(frozen=True)
class ServiceUnitFacts:
    """A service unit as asked for; see `ServiceUnit`. `successor`: its code, in the register or in the same table."""

    unit: Unit
    code: str
    name: str
    field: str
    kind: str
    valid_from: date
    decision_number: str = ""
    decision_date: date | None = None
    ending: str = ""
    valid_to: date | None = None
    successor: str = ""
    ended_by: str = ""
    ended_by_date: date | None = None
    synthetic: bool = False


@dataclass(frozen=True)
class ServiceUnitLine:
    """A sound row and what it does: `begin`, `mend` or `same`."""

    line: int
    facts: ServiceUnitFacts
    does: str
    before: ServiceUnit | None

    @property
    def title(self) -> str:
        """Which one."""
        return f"{self.facts.code} · {self.facts.name}"

    @property
    def words(self) -> Any:
        """What is done, in words."""
        if self.does == "begin":
            return bi("Ghi mới", "New")
        return bi("Sửa", "Corrected") if self.does == "mend" else bi("Đã có, không đổi", "There already")


def judge_service_units(reach: Reach, rows: Sequence[Row]) -> Judged:
    """What the rows would do. Raises Denied. Two statements for any number of rows."""
    require(can_keep_staff(reach.actor))
    units, faults = all_units(reach), Faults(COLUMNS)
    asked = []
    for row in rows:
        facts = _facts(row, units, faults)
        if facts:
            asked.append((row, facts))
    return _against_the_register(asked, reach, faults)


def _facts(row: Row, units: Mapping[str, Unit], faults: Faults) -> ServiceUnitFacts | None:
    today, unit = clock.today(), units.get(row["unit"])
    if unit is None:
        faults.add(
            row, "unit", bi("Không có đơn vị mang mã này trong phạm vi của bạn.", "No unit of yours has this code.")
        )
    for name, longest in (("code", LONGEST_CODE), ("name", LONGEST_NAME)):
        if not 0 < len(row[name]) <= longest:
            faults.add(
                row,
                name,
                str(bi("Bắt buộc, không quá {n} ký tự.", "Needed, {n} characters at most.")).format(n=longest),
            )
    field, kind = faults.choice(row, "field", ServiceField.choices), faults.choice(row, "kind", ServiceKind.choices)
    begins, decided = faults.day(row, "valid_from", today), faults.day(row, "decision_date", today, needed=False)
    number = faults.decision(row, needed=False)
    ending = faults.choice(row, "ending", Ending.choices, needed=False)
    ends, ended = _end(row, bool(ending), faults)
    if begins and ends and ends <= begins:
        faults.add(row, "valid_to", bi("Phải sau ngày bắt đầu.", "It lies after the first day."))
    if bool(row["successor"]) != (ending == Ending.MERGED):
        text = bi(
            "Ghi mã đơn vị kế thừa khi và chỉ khi sáp nhập.", "Give a successor when, and only when, it was merged."
        )
        faults.add(row, "successor", text)
    if unit is None or begins is None or faults.of(row):
        return None
    return ServiceUnitFacts(unit, row["code"], row["name"], field, kind, begins, number, decided, ending, ends,
                            row["successor"], row["ended_by"], ended)  # fmt: skip


def _end(row: Row, ended: bool, faults: Faults) -> tuple[date | None, date | None]:
    """The first day without it and the ending decision's date; both, with its number, are needed with an end."""
    today = clock.today()
    if not ended and any(row[name] for name in ("valid_to", "ended_by", "ended_by_date")):
        faults.add(row, "ending", bi("Ghi đơn vị kết thúc thế nào.", "Say how it ended."))
    if ended:
        faults.decision(row, "ended_by")
    return tuple(faults.day(row, name, today, needed=ended) for name in ("valid_to", "ended_by_date"))  # type: ignore[return-value]


def _against_the_register(asked: Sequence[tuple[Row, ServiceUnitFacts]], reach: Reach, faults: Faults) -> Judged:
    wanted = {facts.code for _, facts in asked} | {facts.successor for _, facts in asked}
    there = ServiceUnit.objects.filter(code__in=wanted, unit_id__in=reach.unit_ids).select_related("successor")
    known = {one.code: one for one in there}
    in_the_table: dict[str, ServiceUnitFacts] = {}
    for row, facts in asked:
        if facts.code in in_the_table:
            faults.add(row, "code", bi("Mã này đã có ở một dòng trên.", "A row above has this code."))
        in_the_table[facts.code] = facts
    lines = []
    for row, facts in asked:
        before = known.get(facts.code)
        if before and before.unit_id != facts.unit.pk:
            faults.add(
                row, "code", bi("Mã này là của đơn vị khác trong sổ.", "Another unit has this code in the register.")
            )
        if facts.successor and not _stands(facts, known, in_the_table):
            text = bi("Không có đơn vị sự nghiệp mang mã này còn hoạt động vào ngày ấy.",
                      "No service unit with this code works on that day.")  # fmt: skip
            faults.add(row, "successor", text)
        lines.append(ServiceUnitLine(row.line, facts, _does(facts, before), before))
    return Judged(lines, faults.found)


def _stands(facts: ServiceUnitFacts, known: Mapping[str, ServiceUnit], table: Mapping[str, ServiceUnitFacts]) -> bool:
    """True where the successor works on the day from which the other is no more."""
    heir, day = table.get(facts.successor) or known.get(facts.successor), facts.valid_to
    if heir is None or day is None or facts.successor == facts.code:
        return False
    return heir.valid_from <= day and (heir.valid_to is None or heir.valid_to > day)


def _does(facts: ServiceUnitFacts, before: ServiceUnit | None) -> str:
    if before is None:
        return "begin"
    same = all(getattr(before, name) == getattr(facts, name) for name in _FACTS)
    return "same" if same and (before.successor.code if before.successor else "") == facts.successor else "mend"


def record_service_units(reach: Reach, asked: Sequence[ServiceUnitFacts]) -> int:
    """Enter or mend service units, all or nothing; gives how many changed. Raises Denied, CaseRefused."""
    require(can_keep_staff(reach.actor))
    rows = [(Row(place, {}), facts) for place, facts in enumerate(asked, 1)]
    judged = _against_the_register(rows, reach, Faults(COLUMNS))
    if judged.faults:
        raise CaseRefused(problems=[Problem(f"rows[{one.line}]", one.message) for one in judged.faults])
    return write_service_units(judged)


@transaction.atomic
def write_service_units(judged: Judged) -> int:
    """Write the sound rows of a table without faults; gives how many changed.

    New ones are written without their end first, so that one may name a successor of the same table.
    """
    changed = [line for line in judged.lines if line.does != "same"]
    ServiceUnit.objects.bulk_create(
        [
            ServiceUnit(
                unit=line.facts.unit, code=line.facts.code, synthetic=line.facts.synthetic, **_begun(line.facts)
            )
            for line in changed
            if line.before is None
        ],
        batch_size=BATCH,
    )
    mended = [line.facts for line in changed if line.before or line.facts.ending]
    wanted = {facts.code for facts in mended} | {facts.successor for facts in mended}
    units = {line.facts.unit.pk for line in judged.lines}
    known = {one.code: one for one in ServiceUnit.objects.filter(code__in=wanted).order_by("pk")}
    known |= {one.code: one for one in ServiceUnit.objects.filter(code__in=wanted, unit_id__in=units)}
    for facts in mended:
        row = known[facts.code]
        for name in _FACTS:
            setattr(row, name, getattr(facts, name))
        row.successor = known.get(facts.successor)
    ServiceUnit.objects.bulk_update([known[facts.code] for facts in mended], [*_FACTS, "successor"], batch_size=BATCH)
    told: dict[Unit, dict[str, Any]] = defaultdict(lambda: {"codes": [], "ended": []})
    for line in changed:
        told[line.facts.unit]["ended" if line.facts.ending else "codes"].append(line.facts.code)
    tell_units("people:service_units:record", told)
    return len(changed)


def _begun(facts: ServiceUnitFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in _FACTS if name not in _END}
