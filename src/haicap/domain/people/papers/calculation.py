"""The calculation of one case of streamlining as a paper."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import haicap
from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.models import StreamliningCase
from haicap.domain.people.streamlining_rules import UNCERTAIN, Calculation, CaseState, Scheme
from haicap.kernel import clock
from haicap.kernel.language import speaking
from haicap.kernel.papers import render
from haicap.kernel.vi import date_text, legal_date, money_text, money_words

TEMPLATE: Final = Path(__file__).resolve().parent / "calculation.typ"


def calculation_pdf(case: StreamliningCase, made: Calculation, made_at: datetime) -> bytes:
    """The paper of a case, in Vietnamese: the facts, each figure with its rule and article, what is not verified."""
    with speaking("vi"):
        who = case.official
        data = {
            "title": "Bảng tính chế độ nghỉ theo sắp xếp tổ chức bộ máy",
            "form": f"Lập bằng HaiCap {haicap.__version__}",
            "foot": f"Hồ sơ số {case.pk}",
            "synthetic": who.synthetic,
            "head": {
                "parent": "", "agency": f"Ủy ban nhân dân {case.unit.shown_name[:1].lower()}{case.unit.shown_name[1:]}",
                "number": "…", "place": "…", "date": legal_date(clock.local(made_at).date()),
            },
            "facts": _facts(case),
            "rows": [
                {"what": line.what, "how": line.how, "basis": line.basis, "sure": line.certainty,
                 "amount": money_text(line.amount)}
                for line in made.lines
            ],
            "problems": [str(one.message) for one in made.problems],
            "total": money_text(made.total), "words": money_words(made.total) if made.total else "",
            "version": made.version,
            "state": str(CaseState(case.state).label),
            "notes": [f"{what} ({source})" for _, what, source in UNCERTAIN],
        }  # fmt: skip
    return render(TEMPLATE, data, made_at=made_at)


def _facts(case: StreamliningCase) -> list[list[str]]:
    who = case.official
    pay, insured = case.salary or who.salary, case.insured_from or who.insured_from
    decision = f"{case.decision_number} ngày {date_text(case.decision_date)}" if case.decision_date else ""
    revoked = (
        [["Quyết định thu hồi", f"{case.revoked_number} ngày {date_text(case.revoked_date)}"]]
        if case.revoked_date
        else []
    )
    return [
        ["Họ và tên", who.full_name], ["Ngày sinh", date_text(who.born_on) if who.born_on else ""],
        ["Giới tính", {True: "Nữ", False: "Nam", None: ""}[who.female]], ["Loại", str(StaffKind(case.staff_kind).label)],
        ["Đơn vị", case.unit.shown_name], ["Chế độ", str(Scheme(case.scheme).label)],
        ["Ngày nghỉ", date_text(case.leave_on)], ["Ngày quyết định sắp xếp", date_text(case.reorganised_on)],
        ["Đóng bảo hiểm xã hội từ", date_text(insured) if insured else ""],
        ["Tiền lương tháng hiện hưởng", money_text(pay) if pay else ""], ["Quyết định", decision],
        *revoked,
    ]  # fmt: skip
