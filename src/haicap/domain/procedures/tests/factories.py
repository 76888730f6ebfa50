"""Versions and rows for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from haicap.domain.procedures.rules import Fee, Field, Graded, Step, Version
from haicap.kernel.workdays import LimitKind, TimeLimit

STEPS = (
    Step("receive", "Tiếp nhận", "center", "counter", 0.1),
    Step("examine", "Thẩm tra", "office", "case_officer", 0.5),
    Step("sign", "Ký", "committee", "chair", 0.3),
    Step("return", "Trả", "center", "counter", 0.1),
)


def a_version(**facts: Any) -> Version:
    """A version with what the test names."""
    plain: dict[str, Any] = {
        "id": 1, "procedure_id": 1, "code": "1.001193", "number": 1, "name": "Đăng ký khai sinh",
        "name_en": "Birth registration", "area": "ho-tich", "area_name": "Hộ tịch", "area_name_en": "Civil status",
        "level": "xa", "valid_from": date(2025, 7, 1), "valid_to": None,
        "time_limit": TimeLimit(LimitKind.WORKING_DAYS, 3), "verification": None, "time_grade": Graded("A"),
        "grade": Graded("A"), "receivable": True, "not_receivable_note": "", "not_receivable_note_en": "",
        "boundary_free": True, "online": "full", "applicants": ("person",), "papers": (), "fields": (), "fees": (),
        "steps": STEPS, "basis": (), "result": "Giấy", "result_en": "", "decision_number": "", "decision_on": None,
    }  # fmt: skip
    return Version(**(plain | facts))


def true_copy_fee() -> Fee:
    """The fee of a certified copy."""
    return Fee(
        "true_copy", "Chứng thực", 2000, rule="true_copy", pages_field="pages", copies_field="copies", from_page=3,
        then=1000, cap=200_000,
    )  # fmt: skip


def a_row(**facts: Any) -> dict[str, Any]:
    """A sound row of a catalogue file, its sets put in."""
    steps = [{"key": s.key, "name": s.name, "agency": s.agency, "role": s.role, "share": s.share} for s in STEPS]
    row: dict[str, Any] = {
        "code": "9.900001", "name": "Thủ tục thử", "name_en": "Trial", "area": "ho-tich", "level": "xa",
        "valid_from": date(2025, 7, 1), "time_limit": {"kind": "working_days", "amount": 3}, "fees": [],
        "result": {"name": "Giấy"}, "papers": [], "fields": [], "steps": steps, "basis": [],
    }  # fmt: skip
    return row | facts


def a_field(**facts: Any) -> Field:
    """A text field that must be filled."""
    return Field(**({"name": "x", "label": "Mục", "label_en": "Item", "required": True} | facts))
