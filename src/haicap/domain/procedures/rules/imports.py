"""What one row of a catalogue may say: every fault at once, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from haicap.domain.people.rules import AgencyKind, Role
from haicap.domain.procedures.rules import checks
from haicap.domain.procedures.rules.checks import Key
from haicap.domain.procedures.rules.kinds import (
    CODE,
    ApplicantKind,
    Certainty,
    Channel,
    Database,
    FeePer,
    FeeRule,
    FieldType,
    Level,
    OnlineLevel,
)
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.workdays import LimitKind

MOST_ITEMS = 120
_GRADE = {"certainty": Key(checks.one_of(Certainty)), "source": Key(checks.text(300))}
_NOTE = {"note": Key(checks.text(1000)), "note_en": Key(checks.text(1000))}
_NAME = {"name": Key(checks.filled(1000), required=True), "name_en": Key(checks.text(1000))}
_LABEL = {"label": Key(checks.filled(250), required=True), "label_en": Key(checks.text(250))}

_TERM = {"kind": Key(checks.one_of(LimitKind), required=True), "amount": Key(checks.anything)}
TERM = {**_TERM, "verification": Key(checks.anything), **_GRADE, **_NOTE}
FEE = {
    **_NAME,
    **_GRADE,
    "code": Key(checks.snake, required=True),
    "amount": Key(checks.integer(0, 10**12), required=True),
    "per": Key(checks.one_of(FeePer)),
    "channel": Key(checks.one_of(["any", *Channel])),
    "rule": Key(checks.one_of(FeeRule)),
    "quantity_field": Key(checks.snake),
    "pages_field": Key(checks.snake),
    "copies_field": Key(checks.snake),
    "exempt_field": Key(checks.snake),
    "from_page": Key(checks.integer(1, 1000)),
    "then": Key(checks.integer(0, 10**9)),
    "cap": Key(checks.integer(0, 10**12)),
    "exempt": Key(checks.text(500)),
    "exempt_en": Key(checks.text(500)),
    "province_decides": Key(checks.boolean),
}
PAPER = {
    **_NAME,
    **_GRADE,
    "code": Key(checks.filled(60), required=True),
    "originals": Key(checks.integer(0, 20)),
    "copies": Key(checks.integer(0, 20)),
    "required": Key(checks.boolean),
    "show_only": Key(checks.boolean),
    "e_form": Key(checks.boolean),
    "skipped_if": Key(checks.one_of(Database)),
}
FIELD = {
    **_LABEL,
    "name": Key(checks.snake, required=True),
    "type": Key(checks.one_of(FieldType), required=True),
    "required": Key(checks.boolean),
    "choices": Key(checks.anything),
    "max_length": Key(checks.integer(1, 10_000)),
    "hint": Key(checks.text(250)),
    "hint_en": Key(checks.text(250)),
    "min": Key(checks.limit),
    "max": Key(checks.limit),
    "integer": Key(checks.boolean),
    "default": Key(checks.anything),
}
CHOICE = {**_LABEL, "value": Key(checks.filled(60), required=True)}
STEP = {
    **_NAME,
    "key": Key(checks.snake, required=True),
    "agency": Key(checks.one_of(AgencyKind), required=True),
    "role": Key(checks.one_of(Role), required=True),
    "share": Key(checks.share, required=True),
}
LAW = {**_NAME, **_GRADE, "number": Key(checks.filled(120), required=True)}
LISTS = {"fees": FEE, "papers": PAPER, "fields": FIELD, "steps": STEP, "basis": LAW}
TOP = {
    "code": Key(checks.filled(40), required=True),
    "name": Key(checks.filled(500), required=True),
    "name_en": Key(checks.text(500)),
    "area": Key(checks.filled(40), required=True),
    "level": Key(checks.one_of(Level), required=True),
    "keywords": Key(checks.texts(120)),
    "valid_from": Key(checks.day, required=True),
    "valid_to": Key(checks.day),
    "boundary_free": Key(checks.boolean),
    "online": Key(checks.one_of(OnlineLevel)),
    "applicants": Key(checks.some_of(ApplicantKind)),
    "time_limit": Key(checks.anything),
    "time_limit_note": Key(checks.text(1000)),
    "time_limit_note_en": Key(checks.text(1000)),
    "receivable": Key(checks.boolean),
    "not_receivable_note": Key(checks.text(1000)),
    "not_receivable_note_en": Key(checks.text(1000)),
    "result": Key(checks.anything, required=True),
    "decision_number": Key(checks.text(60)),
    "decision_on": Key(checks.day),
    "certainty_steps": Key(checks.one_of(Certainty)),
    "certainty_form": Key(checks.one_of(Certainty)),
    **_GRADE,
    **_NOTE,
    **{name: Key(checks.anything) for name in LISTS},
}


def problems_of(raw: Mapping[str, Any]) -> list[Problem]:
    """Every fault of one row (one version, its sets and laws put in); `field` is the path: "papers[2].code"."""
    found = list(checks.mapping("", raw, TOP))
    for name, spec in LISTS.items():
        found += _list(name, raw.get(name), spec)
    found += _term("time_limit", raw.get("time_limit"), TERM)
    found += checks.mapping("result", raw.get("result", {}), _NAME) if "result" in raw else []
    if not found:  # what follows reads the row as sound in itself
        found += [*_whole(raw), *_steps(raw), *_fields(raw), *_fees(raw), *_twice(raw)]
    return found


def _problem(path: str, vi: str, en: str, **facts: Any) -> Problem:
    return Problem(path, bi_format(bi(vi, en), **facts))


def _list(path: str, value: Any, spec: Mapping[str, Key]) -> Iterator[Problem]:
    if value is None:
        return
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        yield _problem(path, "phải là danh sách, tối đa {n} mục.", "must be a list of at most {n} items.", n=MOST_ITEMS)
        return
    for place, item in enumerate(value):
        yield from checks.mapping(f"{path}[{place}]", item, spec)
        if spec is FIELD and isinstance(item, Mapping):
            yield from _list(f"{path}[{place}].choices", item.get("choices"), CHOICE)


def _term(path: str, value: Any, spec: Mapping[str, Key]) -> Iterator[Problem]:
    if value is None:
        return
    yield from checks.mapping(path, value, spec)
    if not isinstance(value, Mapping):
        return
    if value.get("kind") != LimitKind.SAME_DAY and (sentence := checks.amount(value.get("amount"))):
        yield Problem(f"{path}.amount", sentence)
    if value.get("kind") in (LimitKind.CALENDAR_DAYS, LimitKind.MONTHS) and isinstance(value.get("amount"), float):
        yield _problem(f"{path}.amount", "phải là số nguyên.", "must be a whole number.")
    if value.get("verification") is not None:
        yield from _term(f"{path}.verification", value["verification"], _TERM)


def _whole(raw: Mapping[str, Any]) -> Iterator[Problem]:
    if not CODE.fullmatch(raw["code"]):
        yield _problem("code", "mã có dạng 1.001193, đặt trong dấu nháy.", "a code looks like 1.001193, in quotes.")
    if raw.get("valid_to") and raw["valid_to"] <= raw["valid_from"]:
        yield _problem("valid_to", "phải sau ngày bắt đầu.", "must lie after the first day.")
    if raw.get("receivable") and raw.get("time_limit") is None:
        yield _problem(
            "receivable", "chưa có thời hạn thì chưa tiếp nhận được.", "without a time limit nothing can be received."
        )
    if raw.get("certainty", Certainty.K) != Certainty.K and not raw.get("source"):
        yield _problem("source", "mức tin cậy này cần ghi nguồn.", "this certainty needs its source.")


def _steps(raw: Mapping[str, Any]) -> Iterator[Problem]:
    steps = raw.get("steps") or []
    if len(steps) < 3 or steps[0]["role"] != Role.COUNTER or steps[-1]["role"] != Role.COUNTER:
        yield _problem(
            "steps",
            "cần ít nhất ba bước: bước đầu và bước cuối tại quầy (counter).",
            "needs at least three steps, the first and the last at the counter.",
        )
        return
    if abs(sum(step["share"] for step in steps) - 1) > 0.001:
        yield _problem("steps", "tổng các tỷ lệ share phải bằng 1.", "the shares must add up to 1.")
    inner = [step for step in steps if step["role"] != Role.COUNTER]
    if not inner:
        yield _problem("steps", "thiếu bước giải quyết.", "no step decides.")
    elif (raw["level"] == Level.PROVINCE) != inner[-1]["agency"].startswith("so-"):
        yield _problem(
            "steps",
            "thủ tục cấp tỉnh do sở quyết định, thủ tục cấp xã do cơ quan của xã quyết định.",
            "a department decides what is the province's, an agency of the commune what is the commune's.",
        )


def _fields(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for place, field in enumerate(raw.get("fields") or []):
        path = f"fields[{place}]"
        if (field["type"] == FieldType.CHOICE) != bool(field.get("choices")):
            yield _problem(
                f"{path}.choices",
                "chỉ mục kiểu choice có và phải có các lựa chọn.",
                "a choice, and only it, needs choices.",
            )
        values = [choice["value"] for choice in field.get("choices") or []]
        if len(set(values)) != len(values):
            yield _problem(f"{path}.choices", "có hai lựa chọn cùng giá trị.", "two choices have one value.")
        yield from _limits(path, field)


def _limits(path: str, field: Mapping[str, Any]) -> Iterator[Problem]:
    """The least and the greatest value fit the type of the field, and each other."""
    kind, least, most = field["type"], field.get("min"), field.get("max")
    for key, limit in (("min", least), ("max", most)):
        is_number = isinstance(limit, (int, float))
        fits = (kind == FieldType.NUMBER and is_number) or (kind == FieldType.DATE and not is_number)
        if limit is not None and not fits:
            yield _problem(
                f"{path}.{key}",
                "mục số có giới hạn là số, mục ngày có giới hạn là ngày.",
                "a number is limited by numbers, a date by days.",
            )
            return
    if kind == FieldType.NUMBER and least is not None and most is not None and least > most:
        yield _problem(f"{path}.min", "lớn hơn max.", "is larger than max.")


def _fees(raw: Mapping[str, Any]) -> Iterator[Problem]:
    types = {field["name"]: field["type"] for field in raw.get("fields") or []}
    wanted = {"exempt_field": FieldType.BOOLEAN}
    for place, fee in enumerate(raw.get("fees") or []):
        for key in ("quantity_field", "pages_field", "copies_field", "exempt_field"):
            kind = wanted.get(key, FieldType.NUMBER)
            if fee.get(key) and types.get(fee[key]) != kind:
                yield _problem(
                    f"fees[{place}].{key}",
                    "tờ khai không có mục “{name}” kiểu {kind}.",
                    "the form has no item “{name}” of type {kind}.",
                    name=fee[key], kind=kind.value,
                )  # fmt: skip


def _twice(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for name, key in (("papers", "code"), ("fields", "name"), ("steps", "key"), ("basis", "number")):
        seen: set[str] = set()
        for place, item in enumerate(raw.get(name) or []):
            if item[key] in seen:
                yield _problem(
                    f"{name}[{place}].{key}",
                    "“{value}” đã có ở trên.",
                    "“{value}” stands above already.",
                    value=item[key],
                )
            seen.add(item[key])
