"""Cases of streamlining from a table: one row a person, found by ID number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from haicap.domain.people.access import can_keep_staff
from haicap.domain.people.commands.handovers import NOBODY, Successor
from haicap.domain.people.commands.headcount.cases import CaseFacts, case_problems, record_cases, standing_cases
from haicap.domain.people.commands.headcount.quotas import Judged
from haicap.domain.people.commands.headcount.reading import Column, Faults
from haicap.domain.people.commands.rosters.reading import Row
from haicap.domain.people.models import Account, Appointment, Official
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.streamlining_rules import Scheme
from haicap.kernel import clock, vi
from haicap.kernel.access import require
from haicap.kernel.language import active, bi, bi_format

MOST_AMOUNT = 100_000_000_000
COLUMNS = {
    "id_number": Column(
        bi("Số định danh", "ID number"),
        bi("12 số; hồ sơ cán bộ phải có sẵn.", "12 digits; the staff record must exist."),
        "014166900001",
    ),
    "full_name": Column(
        bi("Họ tên", "Full name"),
        bi("Để đối chiếu; có thể để trống.", "To compare; may be empty."),
        "Lò Văn Ví Dụ",
        optional=True,
    ),
    "scheme": Column(
        bi("Chế độ", "Scheme"), bi("Chọn:", "Choose:"), "Nghỉ hưu trước tuổi (NĐ 178)", choices=Scheme.choices
    ),
    "leave_on": Column(
        bi("Ngày nghỉ", "Leaves on"),
        bi("Ngày đầu không còn làm việc.", "The first day out of the service."),
        "01/07/2025",
    ),
    "reorganised_on": Column(
        bi("Ngày quyết định sắp xếp", "Reorganised on"),
        bi("Ngày của quyết định sắp xếp tổ chức bộ máy.", "The day of the decision on the reorganisation."),
        "16/06/2025",
    ),
    "amount": Column(
        bi("Số tiền", "Amount"),
        bi("Chỉ với NĐ 154; các chế độ khác chương trình tự tính.", "With Decree 154 only; others are computed."),
        "",
        optional=True,
    ),
    "decision_number": Column(
        bi("Số quyết định", "Decision number"),
        bi("Để trống: mới đề xuất.", "Empty: proposed only."),
        "12/QĐ-UBND",
        optional=True,
    ),
    "decision_date": Column(
        bi("Ngày quyết định", "Decision date"),
        bi("Không sau ngày nghỉ.", "Not after the day of leaving."),
        "20/06/2025",
        optional=True,
    ),
    "paid_on": Column(
        bi("Ngày chi trả", "Paid on"), bi("Để trống khi chưa chi.", "Empty until paid."), "", optional=True
    ),
    "successor": Column(
        bi("Người nhận bàn giao", "Takes the work over"),
        bi(
            "Tên đăng nhập của người cùng đơn vị; để trống: việc ở lại vị trí.",
            "The sign-in name of somebody of the unit; empty: the work stays in the post.",
        ),
        "",
        optional=True,
    ),
}


@dataclass(frozen=True)
class CaseLine:
    """A sound row, and what the scheme gives."""

    line: int
    facts: CaseFacts
    taker: str = ""
    does: str = "begin"

    @property
    def title(self) -> str:
        """Who leaves by what."""
        return f"{self.facts.official.full_name} · {Scheme(self.facts.scheme).label}"

    @property
    def words(self) -> Any:
        """The sum, and the state that the case gets."""
        state = bi("quyết định", "decided") if self.facts.decision_number else bi("đề xuất", "proposed")
        return f"{vi.money_text(self.facts.calculation().total, active())} ({state}){self.handing}"

    @property
    def handing(self) -> str:
        """To whom the work goes; empty where it stays in the post or there is none."""
        if self.facts.successor == NOBODY or not self.facts.decision_number:
            return ""
        return str(bi_format(bi("; bàn giao việc cho {name}", "; work goes to {name}"), name=self.taker))


def judge_cases(reach: Reach, rows: Sequence[Row]) -> Judged:
    """What the rows would do. Raises Denied. Two statements for any number of rows, two more where successors are named."""
    require(can_keep_staff(reach.actor))
    faults, today = Faults(COLUMNS), clock.today()
    asked = {row["id_number"] for row in rows if row["id_number"]}
    people = {one.id_number: one for one in Official.objects.filter(id_number__in=asked, unit_id__in=reach.unit_ids)}
    standing = standing_cases([one.pk for one in people.values()])
    takers = _Takers(reach, rows, list(people.values()))
    lines, seen = [], set[int]()
    for row in rows:
        facts = _facts(row, people.get(row["id_number"]), faults)
        if facts is None:
            continue
        if facts.official.pk in seen:
            faults.add(row, "id_number", bi("Người này đã có ở một dòng trên.", "A row above has this person."))
        seen.add(facts.official.pk)
        for one in case_problems(facts, standing.get(facts.official.pk), reach, today):
            faults.add(row, one.field if one.field in COLUMNS else "id_number", one.message)
        taker = takers.of(row, facts, faults)
        facts = replace(facts, successor=Successor(taker.pk)) if taker else facts
        lines.append(CaseLine(row.line, facts, taker.full_name if taker else ""))
    return Judged(lines, faults.found)


class _Takers:
    """Who is named to go on with somebody's work, and where both are in post; read once."""

    def __init__(self, reach: Reach, rows: Sequence[Row], people: Sequence[Official]) -> None:
        names = {row["successor"].lower() for row in rows if row["successor"]}
        within = Account.objects.active().filter(name__in=names, appointments__agency__unit_id__in=reach.unit_ids)
        self.named = {one.name: one for one in within.distinct()} if names else {}
        self.day, self.held = reach.day, defaultdict[int, list[Appointment]](list)
        if self.named:
            accounts = {one.account_id for one in people if one.account_id} | {one.pk for one in self.named.values()}
            posts = Appointment.objects.filter(account_id__in=accounts, agency__unit_id__in=reach.unit_ids)
            for post in posts.select_related("agency"):
                self.held[post.account_id].append(post)

    def of(self, row: Row, facts: CaseFacts, faults: Faults) -> Account | None:
        """The successor of a row, a fault where they cannot take over; None where no access ends or nobody is named."""
        if not row["successor"]:
            return None
        giver = facts.official.account_id or 0
        ending = [post for post in self.held[giver] if post.valid_from < facts.leave_on]
        units = self._units(ending, facts.leave_on)
        taker = self.named.get(row["successor"].lower())
        if taker is not None and not giver:
            return None
        there = self._units(self.held[taker.pk], max(facts.leave_on, self.day)) if taker else set()
        if taker is None or taker.pk == giver or (units and not units & there):
            text = bi("Ghi tên đăng nhập của người có vị trí ở cùng đơn vị vào ngày đó, hoặc để trống.",
                      "Give the sign-in name of somebody with a post in the same unit on that day, or nothing.")  # fmt: skip
            faults.add(row, "successor", text)
            return None
        return taker if units else None

    @staticmethod
    def _units(posts: Sequence[Appointment], day: date) -> set[int]:
        held = [post for post in posts if post.valid_to is None or post.valid_to > day]
        return {post.agency.unit_id for post in held if post.valid_from <= day}


def _facts(row: Row, who: Official | None, faults: Faults) -> CaseFacts | None:
    today = clock.today()
    if who is None:
        text = bi(
            "Không có hồ sơ cán bộ nào mang số này trong đơn vị của bạn.",
            "No staff record of your units has this number.",
        )
        faults.add(row, "id_number", text)
    elif row["full_name"] and not vi.same_name(row["full_name"], who.full_name):
        faults.add(
            row, "full_name", bi("Họ tên khác với hồ sơ mang số này.", "The record with this number has another name.")
        )
    scheme = faults.choice(row, "scheme", Scheme.choices)
    leave, reorganised = faults.day(row, "leave_on", today), faults.day(row, "reorganised_on", today)
    decided, paid = (faults.day(row, name, today, needed=False) for name in ("decision_date", "paid_on"))
    amount = faults.number(row, "amount", MOST_AMOUNT) if row["amount"] else None
    number = faults.decision(row, needed=False)
    if who is None or leave is None or reorganised is None or faults.of(row):
        return None
    return CaseFacts(who, scheme, leave, reorganised, amount, number, decided, paid)


def write_cases(reach: Reach, judged: Judged) -> int:
    """Enter the cases of a table without faults; gives how many."""
    return len(record_cases(reach, [line.facts for line in judged.lines]))
