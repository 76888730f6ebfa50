"""The counter's form: what was posted becomes a Receipt, and a version's fields become inputs. Pure; no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from haicap.domain.dossiers.commands import Receipt
from haicap.domain.procedures.rules import Channel, FieldType, Version
from haicap.domain.procedures.rules import Field as FormField
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

APPLICANT = ("id_number", "name", "phone", "email", "address")
PROXY = ("name", "id_number", "phone", "paper")
OTHER = "khac"  # files that belong to no paper of the list
LONG_CHOICE = 7  # from so many choices on a list is typed into
SHORT_TEXT = 20
_CARD_PARTS = 6


def receipt_from_post(post: QueryDict, version: Version, *, unit: str) -> Receipt:
    """What the counter's form says, as a Receipt at the counter of `unit`. Judges nothing and loses nothing.

    Names: `applicant.*`, `proxy.*`, `form.*` for fields of the version; `originals:`, `copies:`, `reused:` with a
    paper's code; `file:<paper>_id` (SHA-256 of a stored file) with `file:<paper>_name` in the same order; `channel`,
    `quantity`, `priority`, `return_method`, `note`. Fields that the version does not have are left out.
    """
    return Receipt(
        procedure=version.code,
        unit=unit,
        applicant=with_card({key: text(post, f"applicant.{key}") for key in APPLICANT}),
        proxy={key: text(post, f"proxy.{key}") for key in PROXY},
        form={known.name: text(post, f"form.{known.name}") for known in version.fields},
        checklist=[_brought(post, paper.code) for paper in version.papers],
        attachments=_files(post, version),
        channel=text(post, "channel") or Channel.DIRECT.value,
        return_method=text(post, "return_method") or "counter",
        quantity=_quantity(text(post, "quantity")),
        priority=bool(post.get("priority")),
        note=text(post, "note"),
    )


def text(post: QueryDict, name: str) -> str:
    """The value of `name` as it was typed; empty where there is none."""
    value = post.get(name, "")
    return value if isinstance(value, str) else ""


def with_card(applicant: Mapping[str, str]) -> dict[str, str]:
    """The applicant, with name and address from an identity card whose QR code was scanned into the number's box."""
    read = read_card(applicant["id_number"])
    if read is None:
        return dict(applicant)
    return {key: read.get(key) or value for key, value in applicant.items()}


def read_card(scanned: str) -> dict[str, str] | None:
    """Number, name and address in the QR code of an identity card ("number|old number|name|birth|sex|address|issued");
    None for anything else."""
    parts = [part.strip() for part in scanned.split("|")]
    if len(parts) < _CARD_PARTS or vi.id_number_problem(parts[0]) is not None:
        return None
    return {"id_number": parts[0], "name": vi.tidy_name(parts[2]), "address": parts[5]}


def _brought(post: QueryDict, code: str) -> dict[str, Any]:
    return {
        "paper": code,
        "originals": _count(text(post, f"originals:{code}")),
        "copies": _count(text(post, f"copies:{code}")),
        "reused": bool(post.get(f"reused:{code}")),
    }


def _count(typed: str) -> int | str:
    """A number of copies; what is no number stays as typed, for the judge to name it."""
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) < 6 else typed or 0


def _quantity(typed: str) -> int:
    typed = typed.strip() or "1"
    return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


def _files(post: QueryDict, version: Version) -> list[dict[str, str]]:
    files = []
    for code in (*(paper.code for paper in version.papers), OTHER):
        names = list(post.getlist(f"file:{code}_name"))
        for place, digest in enumerate(post.getlist(f"file:{code}_id")):
            name = names[place] if place < len(names) else ""
            files.append({"file": str(digest), "name": str(name), "paper": "" if code == OTHER else code})
    return files


@dataclass(frozen=True)
class Input:
    """One control of the page: `kind` is text, textarea, date, select or check."""

    name: str
    label: Any
    kind: str = "text"
    value: str = ""
    hint: Any = ""
    error: Any = ""
    required: bool = False
    options: tuple[tuple[str, Any], ...] = ()
    blank: Any = ""  # the choice that says nothing yet
    search: bool = False
    width: str = ""
    attrs: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""  # instead of the name where several forms of a page have an input of this name

    @property
    def id(self) -> str:
        """Its id: problems link there."""
        return f"id_{self.key or self.name}"


_LOOKS: Mapping[str, dict[str, Any]] = {
    FieldType.TEXTAREA.value: {"kind": "textarea"},
    FieldType.DATE.value: {"kind": "date", "width": "short"},
    FieldType.NUMBER.value: {"width": "short", "attrs": {"inputmode": "decimal", "autocomplete": "off"}},
    FieldType.CHOICE.value: {"kind": "select", "width": "medium"},
    FieldType.ID_NUMBER.value: {"width": "short", "attrs": {"inputmode": "numeric", "autocomplete": "off"}},
    FieldType.PHONE.value: {"width": "short", "attrs": {"inputmode": "tel", "autocomplete": "off"}},
    FieldType.BOOLEAN.value: {"kind": "check"},
    FieldType.TEXT.value: {"attrs": {"autocomplete": "off"}},
}


def inputs_of(version: Version, values: Mapping[str, Any], errors: Mapping[str, Any]) -> list[Input]:
    """The controls of the procedure's own form, in its order, with what was typed and what is wrong with it."""
    return [_input(known, values.get(known.name), errors.get(f"form.{known.name}", "")) for known in version.fields]


def _input(known: FormField, value: Any, error: Any) -> Input:
    looks = dict(_LOOKS[known.type])
    attrs = dict(looks.pop("attrs", {}))
    if known.max_length:
        attrs["maxlength"] = known.max_length
        if known.max_length <= SHORT_TEXT:
            looks["width"] = "short"
    return Input(
        name=f"form.{known.name}", label=known.shown, value="" if value is None else str(value),
        hint=known.shown_hint, error=_without_label(str(error), known.shown), required=known.required,
        options=tuple((choice.value, choice.shown) for choice in known.choices),
        blank=bi("Chọn", "Choose"), search=len(known.choices) >= LONG_CHOICE, attrs=attrs, **looks,
    )  # fmt: skip


def _without_label(message: str, label: str) -> str:
    """The message beside its field: the label stands there already."""
    rest = message.removeprefix(f"{label}: ") if label else message
    return rest[:1].upper() + rest[1:]


def defaults_of(version: Version) -> dict[str, str]:
    """What stands in an untouched form."""
    return {known.name: str(known.default) for known in version.fields if known.default is not None}


LABELS: Mapping[str, Any] = {
    "applicant.id_number": bi("Số định danh người nộp", "Applicant's ID number"),
    "applicant.name": bi("Họ và tên người nộp", "Applicant's name"),
    "applicant.phone": bi("Điện thoại", "Phone"),
    "applicant.email": bi("Thư điện tử", "E-mail"),
    "applicant.address": bi("Nơi ở", "Address"),
    "quantity": bi("Số bộ hồ sơ", "Sets"),
    "channel": bi("Hình thức nộp", "Channel"),
    "return_method": bi("Cách nhận kết quả", "How the result is taken"),
    "reason": bi("Lý do từ chối", "Reason for declining"),
}
_NUMBERED = re.compile(r"(checklist|attachments)\.([0-9]+)\.(\w+)")


def problems_on_page(problems: Iterable[Problem], receipt: Receipt) -> list[Problem]:
    """The problems of a receipt with the names of the page's inputs instead of places in lists, and with labels."""
    return [_on_page(problem, receipt) for problem in problems]


def _on_page(problem: Problem, receipt: Receipt) -> Problem:
    name = problem.field
    if place := _NUMBERED.fullmatch(name):
        rows = receipt.checklist if place[1] == "checklist" else receipt.attachments
        row = rows[int(place[2])] if int(place[2]) < len(rows) else {}
        code = row.get("paper") or OTHER
        name = f"file:{code}" if place[1] == "attachments" else f"{place[3]}:{code}"
    elif name.startswith("checklist."):
        name = "originals:" + name.removeprefix("checklist.")
    elif name == "attachments":
        name = f"file:{OTHER}"
    label = LABELS.get(name)
    message = bi_format(bi("{label}: {text}", "{label}: {text}"), label=label, text=problem.message) if label else None
    return Problem(name, message or problem.message)


def errors_by_input(problems: Iterable[Problem]) -> dict[str, Any]:
    """The first message for each input, without the label that stands beside it."""
    errors: dict[str, Any] = {}
    for problem in problems:
        errors.setdefault(problem.field, _without_label(str(problem.message), str(LABELS.get(problem.field, ""))))
    return errors
