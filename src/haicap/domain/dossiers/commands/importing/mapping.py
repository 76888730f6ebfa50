"""The mapping file: which column of the old system is which field here, and what its words mean."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from haicap.domain.dossiers.errors import MappingUnreadable
from haicap.domain.dossiers.rules import NATIONAL, ReturnMethod, State
from haicap.domain.procedures.rules import Channel
from haicap.kernel import vi
from haicap.kernel.clock import ZONE
from haicap.kernel.language import bi
from haicap.kernel.text import clean

TEXTS = (
    "key", "code", "unit", "procedure", "channel", "state", "outcome", "applicant_name", "applicant_id_number",
    "applicant_phone", "applicant_email", "applicant_address", "proxy_name", "proxy_id_number", "proxy_phone",
    "proxy_paper", "return_method", "result_number", "note", "supplement_note", "officer", "secret",
)  # fmt: skip
MOMENTS = (
    "received_at", "due_at", "forwarded_at", "supplement_requested_at", "resumed_at", "submitted_at", "decided_at",
    "returned_at",
)  # fmt: skip
WHOLE_NUMBERS = ("quantity", "fee")
FIELDS = frozenset((*TEXTS, *MOMENTS, *WHOLE_NUMBERS, "priority"))
FORM = "form."
DATES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
UNIT_DIGITS, ID_DIGITS = 5, 12
SECTIONS = {"system", "columns", "constants", "values", "dates", "delimiter", "encoding", "sheet"}


def _words_of(kinds: Any) -> dict[str, str]:
    """Values, and their Vietnamese and English labels, all folded."""
    words: dict[str, str] = {}
    for kind in kinds:
        words |= {vi.fold(kind.value): kind.value, vi.fold(str(kind.label)): kind.value}
    return words


WORDS = {
    # the national list of states (synchronisation numbers), beside HaiCap's own names
    "state": {str(number): str(state) for state, number in NATIONAL.items() if number in {2, 4, 5, 7, 8, 3, 10}}
    | {"4": State.PROCESSING.value, "9": State.RESOLVED.value} | _words_of(State),
    "channel": {"1": "direct", "2": "online", "3": "postal"} | _words_of(Channel),
    "return_method": _words_of(ReturnMethod),
    "outcome": {"resolved": "resolved", "refused": "refused"},
}  # fmt: skip


@dataclass(frozen=True)
class Mapping:
    """How rows of an old system are read. Without `columns` the rows already bear HaiCap's names."""

    system: str
    columns: Dict[str, str] = field(default_factory=dict)  # theirs → ours
    constants: Dict[str, Any] = field(default_factory=dict)
    values: Dict[str, Dict[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = DATES
    delimiter: str = ""
    encoding: str = "utf-8-sig"
    sheet: str = ""

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """For each field the meaning of each folded word: the file's own before the usual ones."""
        own = {name: {vi.fold(str(old)): str(new) for old, new in table.items()} for name, table in self.values.items()}
        return {name: WORDS.get(name, {}) | own.get(name, {}) for name in {*WORDS, *own}}

    def translate(self, raw: Dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
        """HaiCap's fields of a raw row, typed, and what cannot be read: pairs (field, sentence)."""
        row: dict[str, Any] = dict(self.constants)
        form: dict[str, Any] = {}
        problems: list[tuple[str, Any]] = []
        for theirs, ours in self.columns.items():
            value = raw.get(theirs)
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if ours.startswith(FORM):
                form[ours.removeprefix(FORM)] = value if isinstance(value, (bool, date)) else as_text(value)
                continue
            try:
                row[ours] = self._typed(ours, value)
            except ValueError as error:
                problems.append((ours, error.args[0]))
        if form:
            row["form"] = {**row.get("form", {}), **form}
        return row, problems

    def _typed(self, ours: str, value: Any) -> Any:
        if ours in MOMENTS:
            return self._moment(value)
        if ours in WHOLE_NUMBERS:
            return _whole(value)
        text = as_text(value)
        if ours == "unit" and text.isdigit():
            text = text.zfill(UNIT_DIGITS)  # a spreadsheet drops the zeros in front
        elif ours == "applicant_id_number" and not isinstance(value, str) and len(text) == ID_DIGITS - 1:
            text = text.zfill(ID_DIGITS)
        if ours == "priority":
            return vi.fold(text) in {"1", "x", "true", "co", "yes", "khan", "uu tien"}
        return self.words[ours].get(vi.fold(text), text) if ours in self.words else text

    def _moment(self, value: Any) -> datetime | date:
        """A moment with its time zone; a day where no time was written."""
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=ZONE)
        if isinstance(value, date):
            return value
        text = as_text(value)
        try:
            found = datetime.fromisoformat(text)
            bare = len(text) == len("2025-01-01")
        except ValueError:
            found, bare = self._by_format(text)
        if bare:
            return found.date()
        return found if found.tzinfo else found.replace(tzinfo=ZONE)

    def _by_format(self, text: str) -> tuple[datetime, bool]:
        for pattern in self.dates:
            try:
                return datetime.strptime(text, pattern), "%H" not in pattern  # noqa: DTZ007 - the zone is added
            except ValueError:
                continue
        raise ValueError(bi(f"“{text[:40]}” không phải là ngày giờ đọc được; hãy thêm định dạng vào mục dates.",
                            f"“{text[:40]}” is no date that can be read; add its format under dates."))  # fmt: skip


def as_text(value: Any) -> str:
    """A cell as text: numbers without a fraction as their digits."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean(value if isinstance(value, str) else str(value))


def _whole(value: Any) -> int:
    text = as_text(value).replace(".", "").replace(",", "").replace(" ", "").removesuffix("đ")
    if not text.isdigit():
        raise ValueError(bi("Mục này phải là số nguyên không âm.", "This must be a whole number, not negative."))
    return int(text)


def at_opening(value: datetime | date, hour: time) -> datetime:
    """The moment of a value that may be a day only: then at `hour`."""
    return value if isinstance(value, datetime) else datetime.combine(value, hour, ZONE)


def read_mapping(path: Path | str) -> Mapping:
    """The mapping that a YAML file describes; raises MappingUnreadable with what is wrong."""
    try:
        document = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MappingUnreadable(file=str(path), why=" ".join(str(error).split())) from None
    if not isinstance(document, dict) or not isinstance(document.get("system"), str):
        raise MappingUnreadable(file=str(path), why=bi("thiếu mục system: tên hệ thống cũ", "system: is missing"))
    if unknown := sorted(str(name) for name in document if name not in SECTIONS):
        why = bi("không có mục {names}", "there is no section {names}").format(names=", ".join(unknown))
        raise MappingUnreadable(file=str(path), why=why)
    columns = {str(theirs): str(ours) for theirs, ours in (document.get("columns") or {}).items()}
    constants = document.get("constants") or {}
    for ours in (*columns.values(), *constants):
        if ours not in FIELDS and not ours.startswith(FORM):
            why = bi("HaiCap không có trường “{name}”", "HaiCap has no field “{name}”").format(name=ours)
            raise MappingUnreadable(file=str(path), why=why)
    return Mapping(
        system=clean(document["system"]), columns=columns, constants=constants, values=document.get("values") or {},
        dates=(*(document.get("dates") or ()), *DATES), delimiter=str(document.get("delimiter") or ""),
        encoding=str(document.get("encoding") or "utf-8-sig"), sheet=str(document.get("sheet") or ""),
    )  # fmt: skip
