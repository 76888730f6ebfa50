"""Cases of streamlining: proposed, decided (then its figures stand), paid; whoever leaves by one ends their posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from haicap.domain.people.access import can_keep_staff
from haicap.domain.people.commands.handovers import NOBODY, Successor
from haicap.domain.people.commands.headcount.leaving import Back, come_back, leave
from haicap.domain.people.commands.headcount.scope import tell_units
from haicap.domain.people.errors import CaseRefused, CaseUnknown
from haicap.domain.people.models import Official, StreamliningCase
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.rules import LONGEST_NUMBER
from haicap.domain.people.streamlining_rules import Calculation, CaseState, Facts, Scheme, calculate
from haicap.domain.units.models import Unit
from haicap.kernel import clock, vi
from haicap.kernel.access import require
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

BATCH = 1000
LONGEST_REASON = 300
_NOT_FOR_ONESELF = bi("Không thể lập cho chính mình; nhờ quản trị khác.", "Not for oneself; ask another.")


@dataclass(frozen=True)
class CaseFacts:
    """A case as asked for; with a decision it is decided at once, with a day of payment also paid. `successor`: who then goes
    on with the work."""

    official: Official
    scheme: str
    leave_on: date
    reorganised_on: date
    amount: int | None = None
    decision_number: str = ""
    decision_date: date | None = None
    paid_on: date | None = None
    successor: Successor = NOBODY

    def calculation(self) -> Calculation:
        """What the scheme gives, from the official's record."""
        who = self.official
        return calculate(Facts(
            self.scheme, who.staff_kind, self.leave_on, self.reorganised_on, who.born_on, who.female, who.insured_from,
            who.salary, self.amount,
        ))  # fmt: skip


def case_problems(facts: CaseFacts, standing: StreamliningCase | None, reach: Reach, today: date) -> list[Problem]:
    """What is wrong with a case; [] where nothing is. `standing`: the official's case that was not withdrawn."""
    found, who = [], facts.official
    if who.unit_id not in reach.unit_ids:
        found.append(
            Problem("official", bi("Hồ sơ này không do bạn quản lý.", "That staff record is not yours to keep."))
        )
    if who.account_id and who.account_id == reach.actor.account_id:
        found.append(Problem("official", _NOT_FOR_ONESELF))
    if standing:
        text = bi("Người này đã có hồ sơ theo “{scheme}”; một người chỉ hưởng một chế độ.",
                  "This person has a case by “{scheme}” already; nobody leaves by two schemes.")  # fmt: skip
        found.append(Problem("official", bi_format(text, scheme=Scheme(standing.scheme).label)))
    if who.left_on and who.left_on != facts.leave_on:
        text = bi("Người này đã nghỉ từ {day}.", "This person left on {day} already.")
        found.append(Problem("leave_on", bi_format(text, day=vi.date_text(who.left_on))))
    found += facts.calculation().problems
    if facts.decision_number or facts.decision_date:
        found += decision_problems(facts.decision_number, facts.decision_date, facts.leave_on, today)
    if facts.paid_on and (not facts.decision_date or not facts.decision_date <= facts.paid_on <= today):
        text = bi("Ngày chi trả phải từ ngày quyết định đến hôm nay.", "Paid between the decision's date and today.")
        found.append(Problem("paid_on", text))
    return found


def decision_problems(number: str, decided: date | None, leave_on: date, today: date) -> list[Problem]:
    """What is wrong with a decision's number and date."""
    found = []
    if not 0 < len(number) <= LONGEST_NUMBER:
        text = bi("Ghi số quyết định, không quá 60 ký tự.", "Give the decision's number, 60 characters at most.")
        found.append(Problem("decision_number", text))
    if decided is None or decided > min(today, leave_on):
        text = bi("Ngày quyết định không được sau hôm nay hoặc sau ngày nghỉ.",
                  "The decision's date lies neither after today nor after the day of leaving.")  # fmt: skip
        found.append(Problem("decision_date", text))
    return found


@transaction.atomic
def record_cases(reach: Reach, asked: Sequence[CaseFacts]) -> list[StreamliningCase]:
    """Enter cases, all or nothing; those with a decision are decided, and their officials leave.

    Raises Denied, CaseRefused with every fault ("cases[3].leave_on"). Some twenty statements for any number of them.
    """
    require(can_keep_staff(reach.actor))
    today = clock.today()
    ids = [facts.official.pk for facts in asked]
    list(Official.objects.select_for_update().filter(pk__in=ids).values_list("pk"))
    standing = standing_cases(ids)
    problems = [
        Problem(f"cases[{place}].{one.field}", one.message)
        for place, facts in enumerate(asked)
        for one in case_problems(facts, standing.get(facts.official.pk), reach, today)
    ]
    if len(set(ids)) < len(ids):
        problems.append(Problem("cases", bi("Có người đứng hai lần.", "Somebody stands there twice.")))
    if problems:
        raise CaseRefused(problems=problems)
    cases = StreamliningCase.objects.bulk_create([_case(facts) for facts in asked], batch_size=BATCH)
    decided = [case for case in cases if case.state != CaseState.PROPOSED]
    leave(reach, decided, {facts.official.pk: facts.successor for facts in asked})
    _tell(cases)
    return cases


def standing_cases(official_ids: Sequence[int]) -> dict[int, StreamliningCase]:
    """The case of each official that was not withdrawn."""
    rows = StreamliningCase.objects.standing().filter(official_id__in=official_ids)
    return {case.official_id: case for case in rows}


@transaction.atomic
def decide_case(
    reach: Reach, case_id: int, *, number: str, decided: date | None, successor: Successor = NOBODY
) -> StreamliningCase:
    """Decide a proposed case: its figures are frozen, the official leaves on its day, the work goes to the successor or stays
    in the posts. Raises CaseUnknown, CaseRefused."""
    case = _locked(reach, case_id, CaseState.PROPOSED)
    facts = CaseFacts(
        case.official, case.scheme, case.leave_on, case.reorganised_on, case.entered_amount, number, decided
    )
    problems = case_problems(facts, None, reach, clock.today())
    if not (number or decided):
        problems += decision_problems(number, decided, case.leave_on, clock.today())
    if problems:
        raise CaseRefused(problems=problems)
    _freeze(case, facts)
    case.save()
    leave(reach, [case], {case.official_id: successor})
    _note("people:case:decide", case, {"decision": number, "decided": decided, "total": case.total})
    return case


@transaction.atomic
def pay_case(reach: Reach, case_id: int, *, paid_on: date | None) -> StreamliningCase:
    """Note that a decided case was paid. Raises CaseUnknown, CaseRefused."""
    case = _locked(reach, case_id, CaseState.DECIDED)
    if paid_on is None or not (case.decision_date or date.max) <= paid_on <= clock.today():
        text = bi("Ngày chi trả phải từ ngày quyết định đến hôm nay.", "Paid between the decision's date and today.")
        raise CaseRefused(problems=[Problem("paid_on", text)])
    case.state, case.paid_on = CaseState.PAID, paid_on
    case.save(update_fields=["state", "paid_on"])
    _note("people:case:pay", case, {"paid_on": paid_on})
    return case


@transaction.atomic
def withdraw_case(reach: Reach, case_id: int) -> StreamliningCase:
    """Take back a proposed case; a decided one is revoked by a decision. Raises CaseUnknown."""
    case = _locked(reach, case_id, CaseState.PROPOSED)
    case.state = CaseState.WITHDRAWN
    case.save(update_fields=["state"])
    _note("people:case:withdraw", case, {})
    return case


@transaction.atomic
def revoke_case(reach: Reach, case_id: int, *, number: str, decided: date | None, why: str) -> Back:
    """Withdraw a decided case by the decision that revokes it: what it ended comes back, totals no longer count it, its figures
    and both decisions stay to be read. Raises CaseUnknown, CaseRefused."""
    case = _locked(reach, case_id, CaseState.DECIDED, CaseState.PAID)
    case.official = Official.objects.select_for_update().get(pk=case.official_id)
    problems = _revoking_problems(case, number, decided, why)
    if case.official.account_id and case.official.account_id == reach.actor.account_id:
        problems.append(Problem("revoked_number", _NOT_FOR_ONESELF))
    if problems:
        raise CaseRefused(problems=problems)
    back = come_back(reach, case)
    case.state, case.revoked_number, case.revoked_date, case.revoked_why = CaseState.WITHDRAWN, number, decided, why
    case.save(update_fields=["state", "revoked_number", "revoked_date", "revoked_why"])
    _note("people:case:revoke", case, {
        "decision": number, "decided": decided, "why": why, "revoked": case.decision_number, "total": case.total,
        "posts": back.posts, "gone": back.gone,
    })  # fmt: skip
    return back


def _revoking_problems(case: StreamliningCase, number: str, decided: date | None, why: str) -> list[Problem]:
    found = []
    if case.state == CaseState.PAID:
        text = bi("Hồ sơ này đã chi trả: số tiền phải thu hồi trước, theo quyết định riêng.",
                  "This case was paid: the money is claimed back first, by a decision of its own.")  # fmt: skip
        found.append(Problem("revoked_number", text))
    elif not 0 < len(number) <= LONGEST_NUMBER:
        text = bi("Ghi số quyết định, không quá 60 ký tự.", "Give the decision's number, 60 characters at most.")
        found.append(Problem("revoked_number", text))
    if decided is None or not (case.decision_date or date.max) <= decided <= clock.today():
        text = bi("Ngày thu hồi phải từ ngày quyết định cho nghỉ đến hôm nay.",
                  "Revoked between the date of the decision on leaving and today.")  # fmt: skip
        found.append(Problem("revoked_date", text))
    if not 0 < len(why) <= LONGEST_REASON:
        text = bi("Ghi lý do, không quá 300 ký tự.", "Give the reason, 300 characters at most.")
        found.append(Problem("revoked_why", text))
    return found


def _locked(reach: Reach, case_id: int, *states: CaseState) -> StreamliningCase:
    """The case, locked, where it is within reach and has come this far."""
    require(can_keep_staff(reach.actor))
    rows = StreamliningCase.objects.select_for_update(of=("self",)).select_related("official", "unit")
    case = rows.filter(pk=case_id, unit_id__in=reach.unit_ids, state__in=states).first()
    if case is None:
        raise CaseUnknown()
    return case


def _case(facts: CaseFacts) -> StreamliningCase:
    who = facts.official
    case = StreamliningCase(
        official=who, unit_id=who.unit_id, staff_kind=who.staff_kind, scheme=facts.scheme, leave_on=facts.leave_on,
        reorganised_on=facts.reorganised_on, entered_amount=facts.amount,
    )  # fmt: skip
    if facts.decision_number:
        _freeze(case, facts)
    if facts.paid_on:
        case.state, case.paid_on = CaseState.PAID, facts.paid_on
    return case


def _freeze(case: StreamliningCase, facts: CaseFacts) -> None:
    made = facts.calculation()
    case.state, case.decision_number, case.decision_date = CaseState.DECIDED, facts.decision_number, facts.decision_date
    case.salary, case.insured_from = facts.official.salary, facts.official.insured_from
    case.version, case.lines, case.total = made.version, made.as_json(), made.total


def _tell(cases: Sequence[StreamliningCase]) -> None:
    """One event a unit: how many cases came in, by which decisions."""
    by_unit: dict[int, dict[str, Any]] = defaultdict(lambda: {"cases": 0, "decisions": set(), "total": 0})
    for case in cases:
        data = by_unit[case.unit_id]
        data["cases"] += 1
        data["total"] += case.total or 0
        data["decisions"] |= {case.decision_number} - {""}
    units = Unit.objects.in_bulk(by_unit)
    tell_units("people:cases:record", [
        (units[pk], {**data, "decisions": sorted(data["decisions"])}) for pk, data in by_unit.items()
    ])  # fmt: skip


def _note(tag: str, case: StreamliningCase, data: dict[str, Any]) -> None:
    record(tag, subject=f"official:{case.official_id}", unit_id=case.unit_id, data={"case": case.pk, **data})
