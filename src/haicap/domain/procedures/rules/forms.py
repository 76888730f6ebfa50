"""Checking the answers of an electronic form against its fields: every fault at once, each with how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from haicap.domain.procedures.rules.kinds import FieldType
from haicap.domain.procedures.rules.shapes import Field
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.text import clean

LONGEST = {FieldType.TEXT: 500, FieldType.TEXTAREA: 5_000}
MOST_KEYS = 300
TODAY = "today"
_GROUPED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
_PLAIN = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,6})?")
_YES = {"true", "1", "on", "yes", "y", "co", "dung", "x"}
_NO = {"false", "0", "off", "no", "n", "khong", ""}


class Fault(ValueError):
    """What is wrong with one answer; its argument is a bilingual sentence."""


def check_form(
    fields: Iterable[Field], values: Mapping[str, Any], *, today: date | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """The clean answers (JSON values; dates in ISO) and every fault of `values`, in the order of `fields`.

    Unknown keys are refused. Dates may be typed as dd/mm/yyyy or ISO; numbers with Vietnamese groups (1.250.000).
    `today` (a day in Vietnam) is what a field's limit "today" means; without it that limit is not checked.
    """
    known = {field.name: field for field in fields}
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, field in known.items():
        try:
            answer = _answer(field, values.get(name), today)
        except Fault as fault:
            problems.append(Problem(name, _named(field, fault.args[0])))
            continue
        if answer is not None:
            answers[name] = answer
    return answers, problems + _strangers(known, values)


def _strangers(known: Mapping[str, Field], values: Mapping[str, Any]) -> list[Problem]:
    unknown = bi(
        "Tờ khai không có mục “{name}”. Hãy bỏ mục này hoặc kiểm tra lại tên.",
        "The form has no item “{name}”. Leave it out or check its name.",
    )
    strange = [str(key) for key in list(values)[:MOST_KEYS] if key not in known]
    return [Problem(clean(key)[:60], bi_format(unknown, name=clean(key)[:60])) for key in strange]


def _named(field: Field, sentence: Any) -> Any:
    return bi_format(bi("{label}: {fault}", "{label}: {fault}"), label=bi(field.label, field.label_en), fault=sentence)


def _answer(field: Field, raw: Any, today: date | None) -> Any:
    """The clean answer of one field, None for an empty one; raises Fault."""
    value = clean(raw) if isinstance(raw, str) else raw
    if isinstance(value, (dict, list)):
        raise Fault(bi("chỉ được một giá trị.", "give one value only."))
    if value is None or value == "":
        if field.required:
            raise Fault(_MISSING.get(FieldType(field.type), _MISSING_TEXT))
        return None
    return _READERS[FieldType(field.type)](field, value, today)


def _text(field: Field, value: Any, _today: date | None) -> str:
    if not isinstance(value, str):
        raise Fault(bi("hãy nhập bằng chữ.", "type it as text."))
    most = field.max_length or LONGEST[FieldType(field.type)]
    if len(value) > most:
        sentence = bi(
            "dài {n} ký tự, tối đa {most}. Hãy viết gọn lại.", "has {n} characters, at most {most}. Shorten it."
        )
        raise Fault(bi_format(sentence, n=len(value), most=most))
    return " ".join(value.split()) if field.type == FieldType.TEXT else value


def _date(field: Field, value: Any, today: date | None) -> str:
    try:
        day = value if type(value) is date else vi.parse_date(str(value))
    except ValueError:
        sentence = bi(
            "không phải là ngày. Hãy ghi ngày/tháng/năm, ví dụ 05/09/2025.",
            "is not a date. Write day/month/year, for example 05/09/2025.",
        )
        raise Fault(sentence) from None
    least, most = _edge(field.min, today), _edge(field.max, today)
    if least and day < least:
        raise Fault(bi_format(bi("phải từ ngày {day} trở đi.", "must be {day} or later."), day=vi.date_text(least)))
    if most and day > most:
        latest = bi("phải đến ngày {day} là muộn nhất.", "must be {day} at the latest.")
        raise Fault(bi_format(latest, day=vi.date_text(most)))
    return day.isoformat()


def _edge(limit: Any, today: date | None) -> date | None:
    """The day that a limit of the field means; None where there is none or today is not told."""
    if limit == TODAY:
        return today
    return date.fromisoformat(str(limit)) if limit else None


def _number(field: Field, value: Any, _today: date | None) -> int | float:
    number = _decimal(value)
    if field.integer and number != number.to_integral_value():
        raise Fault(bi("phải là số nguyên.", "must be a whole number."))
    if field.min is not None and number < Decimal(str(field.min)):
        raise Fault(bi_format(bi("ít nhất là {n}.", "must be at least {n}."), n=field.min))
    if field.max is not None and number > Decimal(str(field.max)):
        raise Fault(bi_format(bi("nhiều nhất là {n}.", "must be at most {n}."), n=field.max))
    return int(number) if number == number.to_integral_value() else float(number)


def _decimal(value: Any) -> Decimal:
    """A number typed by a person: 1.250.000 is grouped, 12,5 and 12.5 have a fraction."""
    wrong = Fault(bi("không phải là số. Hãy nhập bằng chữ số.", "is not a number. Type digits."))
    if isinstance(value, bool):
        raise wrong
    text = str(value).replace(" ", "")
    if isinstance(value, str) and _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    if not _PLAIN.fullmatch(text):
        raise wrong
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise wrong from None


def _choice(field: Field, value: Any, _today: date | None) -> str:
    """One of the choices, by its value; what a person typed (its label, accents apart) is understood too."""
    typed = str(value)
    for choice in field.choices:
        if typed == choice.value:
            return choice.value
    folded = vi.fold(typed)
    for choice in field.choices:
        if folded in (vi.fold(choice.label), vi.fold(choice.label_en or choice.label)):
            return choice.value
    labels = "; ".join(choice.shown for choice in field.choices[:12]) + ("; …" if len(field.choices) > 12 else "")
    raise Fault(bi_format(bi("hãy chọn một trong: {labels}", "choose one of: {labels}"), labels=labels))


def _id_number(_field: Field, value: Any, _today: date | None) -> str:
    text = str(value)
    if problem := vi.id_number_problem(text):
        raise Fault(problem)
    return re.sub(r"\D", "", text)


def _phone(_field: Field, value: Any, _today: date | None) -> str:
    text = str(value)
    if problem := vi.phone_problem(text):
        raise Fault(problem)
    return vi.normal_phone(text)


def _boolean(field: Field, value: Any, _today: date | None) -> bool:
    folded = "true" if value is True else "false" if value is False else vi.fold(str(value))
    if folded in _YES:
        return True
    if folded in _NO:
        if field.required:  # a declaration that must be made
            raise Fault(bi("cần xác nhận mục này.", "this must be confirmed."))
        return False
    raise Fault(bi("hãy trả lời có hoặc không.", "answer yes or no."))


_READERS: dict[FieldType, Callable[[Field, Any, date | None], Any]] = {
    FieldType.TEXT: _text,
    FieldType.TEXTAREA: _text,
    FieldType.DATE: _date,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.ID_NUMBER: _id_number,
    FieldType.PHONE: _phone,
    FieldType.BOOLEAN: _boolean,
}
_MISSING_TEXT = bi("chưa nhập. Hãy điền mục này.", "is missing. Fill it in.")
_MISSING = {
    FieldType.DATE: bi(
        "chưa nhập. Hãy ghi ngày/tháng/năm, ví dụ 05/09/2025.", "is missing. Write day/month/year, as 05/09/2025."
    ),
    FieldType.CHOICE: bi("chưa chọn. Hãy chọn một mục.", "is missing. Choose one."),
    FieldType.BOOLEAN: bi("cần xác nhận mục này.", "this must be confirmed."),
    FieldType.ID_NUMBER: bi("chưa nhập. Hãy nhập 12 chữ số.", "is missing. Type its 12 digits."),
}
