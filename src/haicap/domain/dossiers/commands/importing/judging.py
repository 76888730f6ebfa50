"""Judging one row: refused is what could not be stored truthfully; what looks odd is stored as it was, and told."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping as Dict
from datetime import date, datetime, time
from typing import Any

from haicap.domain.dossiers import queries, rules
from haicap.domain.dossiers.commands.importing.directory import Directory
from haicap.domain.dossiers.commands.importing.history import (
    OPENS,
    Case,
    HistoryFault,
    moves_of,
    replay,
)
from haicap.domain.dossiers.commands.importing.mapping import Mapping, as_text, at_opening
from haicap.domain.dossiers.commands.importing.shapes import Candidate, Fault, Past
from haicap.domain.dossiers.commands.intake import NAME_MAX, TEXT_MAX, new_secret
from haicap.domain.dossiers.queries import UnitRow
from haicap.domain.dossiers.rules import State
from haicap.domain.people.queries import AgencyRow
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Channel, Version, check_form, fee_for
from haicap.kernel import clock, vi
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.errors import DomainError
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

# {agency id}-{yyMMdd}-{number}: the number begins anew every day (Circular 03/2025/TT-VPCP)
OLD_CODE = re.compile(r"[0-9A-Za-z.]{1,40}-(\d{6})-(\d{4,6})")
ID_MAX, PHONE_MAX, KEY_MAX, QUANTITY_MAX, FEE_MAX = 20, 20, 120, 999, 10**12
ENDS = (State.WITHDRAWN, State.STOPPED, State.DECLINED)


class RowRefused(Exception):
    """A row that cannot be stored truthfully, with every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(len(faults))
        self.faults = faults


class Judge:
    """Judges the rows of one import; keeps what it has learned of units, versions and heirs."""

    def __init__(self, actor: Actor, mapping: Mapping) -> None:
        self.actor = actor
        self.mapping = mapping
        self.own = frozenset(actor.unit_ids)
        self.directory = Directory(actor)
        self.now = clock.now()

    def key_of(self, row: Dict[str, Any]) -> str:
        """What a row is known by for good: "<system>:<old code>"; empty where it has none."""
        old = as_text(row.get("key") or row.get("code") or "")
        return f"{self.mapping.system}:{old}"[:KEY_MAX] if old else ""

    def judge(self, line: int, row: Dict[str, Any], unread: list[tuple[str, Any]]) -> tuple[Candidate, list[Fault]]:
        """The row as it will be written, and what was odd about it; raises RowRefused with every fault."""
        return _Row(self, line, row, unread).judged()


class _Row:
    """One row under judgement."""

    def __init__(self, judge: Judge, line: int, row: Dict[str, Any], unread: list[tuple[str, Any]]) -> None:
        self.judge, self.line, self.row = judge, line, row
        self.key = judge.key_of(row)
        self.faults = [self.fault(field, sentence) for field, sentence in unread]
        self.odd: list[Fault] = []

    def fault(self, field: str, sentence: Any) -> Fault:
        return Fault(self.line, self.key, field, sentence)

    def refuse(self, field: str, sentence: Any) -> None:
        self.faults.append(self.fault(field, sentence))

    def warn(self, field: str, sentence: Any) -> None:
        self.odd.append(self.fault(field, sentence))

    def judged(self) -> tuple[Candidate, list[Fault]]:
        if not self.key:
            self.refuse("code", bi("Dòng này không có mã hồ sơ cũ.", "This row has no old code."))
        received_at = self._received_at()
        applicant = self._applicant()
        if received_at is None:
            raise RowRefused(self.faults)
        unit, version = self._unit(received_at.date()), self._version(received_at.date())
        if unit is None or version is None:
            raise RowRefused(self.faults)
        agencies = self._agencies(unit, version)
        moves = self._moves(unit, version, received_at) if agencies else []
        channel = self._choice("channel", Channel.values, "direct")
        return_method = self._choice("return_method", rules.ReturnMethod.values, "counter")
        if self.faults or not moves or agencies is None:
            raise RowRefused(self.faults)
        facts = applicant | self._facts(version, channel, received_at, moves)
        facts |= {"channel": channel, "return_method": return_method}
        return self._candidate(unit, version, *agencies, moves, facts), self.odd

    def _candidate(self, unit: UnitRow, version: Version, center: AgencyRow, competent: AgencyRow,
                   moves: list[Past], facts: dict[str, Any]) -> Candidate:  # fmt: skip
        period = f"{facts['received_at']:%y%m%d}"
        code, number = self._old_code(period)
        whole = json.dumps(self.row, sort_keys=True, ensure_ascii=False, default=str)
        return Candidate(
            line=self.line, key=self.key, code=code, number=number, prefix=f"{center.identifier}-{period}-",
            unit_id=competent.unit_id, book_unit_id=unit.id, period=period, version=version, center=center,
            competent=competent, title=f"{facts['applicant_name']} · {version.name}", moves=moves, facts=facts,
            digest=hashlib.sha256(whole.encode()).hexdigest(),
        )  # fmt: skip

    def _old_code(self, period: str) -> tuple[str, int]:
        code = as_text(self.row.get("code") or "")
        found = OLD_CODE.fullmatch(code)
        if found and found[1] == period and int(found[2]) > 0:
            return code, int(found[2])
        return "", 0

    def _received_at(self) -> datetime | None:
        value = self.row.get("received_at")
        if value is None:
            if not any(fault.field == "received_at" for fault in self.faults):
                self.refuse("received_at", bi("Thiếu thời điểm tiếp nhận.", "The moment of receipt is missing."))
            return None
        moment = at_opening(value, OPENS)
        if moment > self.judge.now:
            self.refuse(
                "received_at", bi("Thời điểm tiếp nhận ở tương lai.", "The moment of receipt is still to come.")
            )
            return None
        return moment

    def _unit(self, day: date) -> UnitRow | None:
        try:
            unit = self.judge.directory.unit_on(as_text(self.row.get("unit") or ""), day)
        except DomainError as error:
            self.refuse("unit", error.sentence())
            return None
        if unit.id not in self.judge.own:
            self.refuse("unit", bi(f"{unit.name} ({unit.code}) không thuộc phạm vi của tài khoản nhập.",
                                   f"{unit.name} ({unit.code}) is not within the importing account's units."))  # fmt: skip
            return None
        return unit

    def _version(self, day: date) -> Version | None:
        try:
            version = procedures.published_on(as_text(self.row.get("procedure") or ""), day)
        except DomainError as error:
            self.refuse("procedure", error.sentence())
            return None
        return version

    def _agencies(self, unit: UnitRow, version: Version) -> tuple[AgencyRow, AgencyRow] | None:
        try:
            return self.judge.directory.agencies_for(unit, version)
        except DomainError as error:
            self.refuse("unit", error.sentence())
            return None

    def _moves(self, unit: UnitRow, version: Version, received_at: datetime) -> list[Past]:
        """The dossier's history; [] with a fault where it cannot have happened."""
        directory, due_at = self.judge.directory, self.row.get("due_at")
        due_at = at_opening(due_at, time(17, 0)) if due_at else queries.due_of(version, unit, received_at)
        try:
            case = Case(
                steps=version.steps, calendar=calendar_for(unit.province_code), received_at=received_at, due_at=due_at,
                agency=lambda kind: directory.agency(kind, unit.id, unit.province_id).id,
                heir=lambda kind: directory.todays(kind, unit).id, hands_over="moves" in self.row,
            )  # fmt: skip
            moves = replay(case, moves_of(self.row, received_at))
        except HistoryFault as error:
            self.refuse(error.field, error.sentence)
            return []
        except DomainError as error:
            self.refuse("unit", error.sentence())
            return []
        if due_at and due_at < received_at:
            self.warn("due_at", bi("Hạn trả đứng trước lúc nhận.", "The deadline lies before the receipt."))
        if moves[-1].at > self.judge.now:
            self.refuse("moves", bi("Lịch sử có thời điểm ở tương lai.", "The history has a moment still to come."))
        return self._within_the_law(moves)

    def _within_the_law(self, moves: list[Past]) -> list[Past]:
        for name, most in (("request_supplement", rules.SUPPLEMENT_ROUNDS_ALLOWED),
                           ("extend_deadline", rules.EXTENSIONS_ALLOWED)):  # fmt: skip
            if sum(move.name == name for move in moves) > most:
                self.refuse("moves", bi(f"“{name}” nhiều hơn {most} lần, pháp luật không cho phép.",
                                        f"“{name}” more than {most} times, which the law does not allow."))  # fmt: skip
        return moves

    def _applicant(self) -> dict[str, Any]:
        row = self.row
        name = vi.tidy_name(as_text(row.get("applicant_name") or ""))
        if not name:
            self.refuse("applicant_name", bi("Thiếu họ và tên người nộp.", "The applicant's name is missing."))
        elif len(name) > NAME_MAX:
            self.refuse(
                "applicant_name",
                bi(f"Họ và tên dài quá {NAME_MAX} ký tự.", f"The name has over {NAME_MAX} characters."),
            )
        id_number = self._short("applicant_id_number", ID_MAX)
        if id_number and (wrong := vi.id_number_problem(id_number)):
            self.warn("applicant_id_number", wrong)
        phone = self._short("applicant_phone", PHONE_MAX)
        if phone and (wrong := vi.phone_problem(phone)):
            self.warn("applicant_phone", wrong)
        elif phone:
            phone = vi.normal_phone(phone)
        proxy = {part: self._short(f"proxy_{part}", TEXT_MAX) for part in ("name", "id_number", "phone", "paper")}
        return {
            "applicant_name": name, "applicant_folded": vi.fold(name), "applicant_id_number": id_number,
            "applicant_phone": phone, "applicant_email": self._short("applicant_email", TEXT_MAX),
            "applicant_address": self._short("applicant_address", TEXT_MAX), "proxy": proxy if proxy["name"] else {},
        }  # fmt: skip

    def _short(self, field: str, most: int) -> str:
        """A text of the row; cut, with a warning, where it is longer than the column holds."""
        value = self.row.get(field)
        if not value:
            return ""
        text = as_text(value)
        if len(text) > most:
            self.warn(field, bi(f"Dài quá {most} ký tự, phần sau không được giữ.",
                                f"Over {most} characters; the rest is not kept."))  # fmt: skip
        return text[:most]

    def _choice(self, field: str, known: list[str], usual: str) -> str:
        value = self.row.get(field) or usual
        if value not in known:
            self.refuse(field, bi(f"“{as_text(value)[:40]}” không phải một trong: {', '.join(known)}.",
                                  f"“{as_text(value)[:40]}” is not one of: {', '.join(known)}."))  # fmt: skip
        return str(value)

    def _facts(self, version: Version, channel: str, received_at: datetime, moves: list[Past]) -> dict[str, Any]:
        form = self._form(version, received_at.date())
        decisions = [
            move for move in moves if move.to_state in (*rules.TO_RETURN, *ENDS) and move.from_state != move.to_state
        ]
        returned = [move.at for move in moves if move.to_state == State.RETURNED]
        names = [move.name for move in moves]
        quantity = self._amount("quantity", 1, QUANTITY_MAX) or 1
        fee = self._amount("fee", 0, FEE_MAX)
        return {
            "received_at": received_at, "decided_at": decisions[0].at if decisions else None,
            "returned_at": returned[0] if returned else None, "outcome": decisions[0].to_state if decisions else "",
            "result_number": str(decisions[0].data.get("result_number", ""))[:TEXT_MAX] if decisions else "",
            "supplement_rounds": names.count("request_supplement"), "extensions": names.count("extend_deadline"),
            "form": form, "quantity": quantity, "priority": bool(self.row.get("priority")),
            "fee": fee_for(version, channel, form, quantity) if fee is None else fee,
            "secret": clean(self.row.get("secret") or "")[:40] or new_secret(),
            "synthetic": bool(self.row.get("synthetic")),
        }  # fmt: skip

    def _amount(self, field: str, least: int, most: int) -> int | None:
        value = self.row.get(field)
        if value is None:
            return None
        if not least <= value <= most:
            self.warn(field, bi(f"{value} không nằm trong khoảng {least}–{most}, không được giữ.",
                                f"{value} is not between {least} and {most}; it is not kept."))  # fmt: skip
            return None
        return int(value)

    def _form(self, version: Version, day: date) -> dict[str, Any]:
        """The answers: clean ones as the form wants them, odd ones as they were."""
        given = self.row.get("form")
        if not given:
            return {}
        answers, problems = check_form(version.fields, given, today=day)
        for problem in problems:
            if problem.field in given:
                answers[problem.field] = as_text(given[problem.field])
                self.warn(f"form.{problem.field}", problem.message)
        return answers
