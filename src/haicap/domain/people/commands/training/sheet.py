"""Reading a file of classes or of attendance: rows as text, by headings in either language and any order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any, BinaryIO

from haicap.kernel import vi
from haicap.kernel.language import LANGUAGES, bi, speaking
from haicap.kernel.sheets import SheetUnreadable, cell_text, lines_of, refuse_bombs

CLASSES: Mapping[str, Any] = {
    "number": bi("Mã lớp", "Class code"),
    "topic": bi("Chuyên đề", "Topic"),
    "title": bi("Tên lớp", "Class name"),
    "days": bi("Các ngày học", "Days"),
    "seats": bi("Số chỗ", "Seats"),
    "place": bi("Địa điểm", "Place"),
    "link": bi("Đường dẫn", "Link"),
    "organiser": bi("Đơn vị tổ chức", "Organiser"),
    "trainer": bi("Giảng viên", "Trainer"),
}
ATTENDANCE: Mapping[str, Any] = {
    "number": bi("Mã lớp", "Class code"),
    "id_number": bi("Số định danh", "ID number"),
    "full_name": bi("Họ tên", "Full name"),
    "attended": bi("Các ngày có mặt", "Days attended"),
    "result": bi("Kết quả", "Result"),
}
KINDS: Mapping[str, Mapping[str, Any]] = {"classes": CLASSES, "attendance": ATTENDANCE}
OPTIONAL = frozenset({"place", "link", "organiser", "trainer", "result"})
ENDINGS = (".xlsx", ".csv")
MOST_BYTES, MOST_ROWS, LONGEST_CELL = 4 * 2**20, 8_000, 900


@dataclass(frozen=True)
class SheetRow:
    """One line of the file: its number there and the text of each field."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.cells.get(field, "")


@dataclass(frozen=True)
class Sheet:
    """The filled rows of a file, and what it is about: "classes" or "attendance"."""

    kind: str
    rows: Sequence[SheetRow]


def read_sheet(stream: BinaryIO, file: str, size: int) -> Sheet:
    """A file of classes or attendance, .xlsx or .csv. Raises SheetUnreadable with what to do."""
    file = PurePath(file).name[:80]
    ending = PurePath(file).suffix.lower()
    if ending not in ENDINGS:
        raise SheetUnreadable(file=file, why=bi("hãy lưu thành .xlsx hoặc .csv", "save it as .xlsx or .csv"))
    if size > MOST_BYTES:
        raise SheetUnreadable(file=file, why=bi("tệp lớn hơn 4 MB", "it is larger than 4 MB"))
    if ending == ".xlsx":
        refuse_bombs(stream, file)
    rows: list[SheetRow] = []
    kind = ""
    fields: list[str] = []
    for number, cells in lines_of(stream, file):
        texts = [cell_text(cell)[:LONGEST_CELL] for cell in cells]
        if not any(texts):
            continue
        if not kind:
            kind, fields = _headings(texts, file)
            continue
        rows.append(SheetRow(number, {field: text for field, text in zip(fields, texts, strict=False) if field}))
        if len(rows) > MOST_ROWS:
            raise SheetUnreadable(file=file, why=bi("nhiều hơn 8.000 dòng; hãy chia tệp", "over 8,000 rows; split it"))
    if not rows:
        raise SheetUnreadable(file=file, why=bi("không có dòng nào dưới dòng tiêu đề", "no row below the headings"))
    return Sheet(kind, rows)


def as_document(sheet: Sheet) -> str:
    """The rows as JSON, for the page that asks to confirm."""
    return json.dumps([sheet.kind, [[row.line, dict(row.cells)] for row in sheet.rows]], ensure_ascii=False)


def from_document(text: str) -> Sheet | None:
    """The sheet of `as_document`; what is anything else gives none."""
    try:
        kind, rows = json.loads(text)
        fields = KINDS[kind]
        found = [
            SheetRow(int(line), {name: cell_text(str(cells[name]))[:LONGEST_CELL] for name in fields if name in cells})
            for line, cells in rows
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return Sheet(kind, found[:MOST_ROWS]) if found else None


def days_in(text: str) -> list[date]:
    """The days of a cell, separated by commas, semicolons or lines. Raises ValueError with what to do."""
    return sorted({vi.parse_date(part.strip()) for part in re.split(r"[;,\n]", text) if part.strip()})


def _headings(texts: Sequence[str], file: str) -> tuple[str, list[str]]:
    folded = [vi.fold(text.split("(")[0]).strip(" *") for text in texts]
    names = {kind: _names(fields) for kind, fields in KINDS.items()}
    kind = max(names, key=lambda one: sum(text in names[one] for text in folded))
    fields = [names[kind].get(text, "") for text in folded]
    missing = [str(heading) for name, heading in KINDS[kind].items() if name not in fields and name not in OPTIONAL]
    if missing:
        why = bi("thiếu cột {names}; hãy dùng tệp mẫu", "columns {names} are missing; use the template")
        raise SheetUnreadable(file=file, why=str(why).format(names=", ".join(missing)))
    return kind, fields


def _names(fields: Mapping[str, Any]) -> dict[str, str]:
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            known |= {vi.fold(str(heading)): field for field, heading in fields.items()}
    return known
