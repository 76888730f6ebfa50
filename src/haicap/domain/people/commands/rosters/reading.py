"""The rows of an uploaded roster, as text: what its cells mean is judged later, also again when it is confirmed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO

from haicap.kernel import vi
from haicap.kernel.language import LANGUAGES, bi, speaking
from haicap.kernel.sheets import SheetUnreadable, cell_text, lines_of, refuse_bombs

# Field: its heading in the template, and what the guide sheet says of it.
COLUMNS: Mapping[str, Any] = {
    "full_name": bi("Họ tên", "Full name"),
    "name": bi("Tên đăng nhập", "Sign-in name"),
    "agency": bi("Cơ quan", "Agency"),
    "role": bi("Vai trò", "Role"),
    "decision_number": bi("Số quyết định", "Decision number"),
    "decision_date": bi("Ngày quyết định", "Decision date"),
    "valid_from": bi("Từ ngày", "From"),
    "last_day": bi("Đến ngày", "To"),
    "staff_kind": bi("Loại cán bộ", "Kind of staff"),
    "body": bi("Tổ chức", "Body"),
    "post": bi("Vị trí", "Post"),
    "born_on": bi("Ngày sinh", "Birthday"),
    "id_number": bi("Số định danh", "ID number"),
}
STAFF = ("staff_kind", "body", "post", "born_on", "id_number")
"""What makes the staff record and the assignment beside the access; a file without these columns makes access alone."""
OPTIONAL = frozenset({"name", "last_day", *STAFF})
ENDINGS = (".xlsx", ".csv")
MOST_BYTES = 2 * 2**20
MOST_ROWS = 300
LONGEST_CELL = 200
_ALIASES = {
    "ho va ten": "full_name",
    "chuc vu": "role",
    "don vi": "agency",
    "den het ngay": "last_day",
}


@dataclass(frozen=True)
class Row:
    """One line of the file: its number there and the text of each field."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.cells.get(field, "")


def read_rows(stream: BinaryIO, file: str, size: int) -> list[Row]:
    """The filled rows of an .xlsx or .csv file with the template's headings, in any order and in either language.

    Raises SheetUnreadable with what to do.
    """
    file = PurePath(file).name[:80]
    ending = PurePath(file).suffix.lower()
    if ending not in ENDINGS:
        raise SheetUnreadable(
            file=file, why=bi("hãy lưu thành .xlsx hoặc .csv (UTF-8)", "save it as .xlsx or .csv (UTF-8)")
        )
    if size > MOST_BYTES:
        raise SheetUnreadable(file=file, why=bi("tệp lớn hơn 2 MB", "it is larger than 2 MB"))
    if ending == ".xlsx":
        refuse_bombs(stream, file)
    rows: list[Row] = []
    fields: list[str] | None = None
    for number, cells in lines_of(stream, file):
        texts = [cell_text(cell)[:LONGEST_CELL] for cell in cells]
        if not any(texts):
            continue
        if fields is None:
            fields = _headings(texts, file)
            continue
        rows.append(Row(number, {field: text for field, text in zip(fields, texts, strict=False) if field}))
        if len(rows) > MOST_ROWS:
            raise SheetUnreadable(file=file, why=bi("nhiều hơn 300 dòng; hãy chia tệp", "over 300 rows; split it"))
    if not rows:
        raise SheetUnreadable(
            file=file, why=bi("không có dòng nào dưới dòng tiêu đề", "it has no row below the headings")
        )
    return rows


def as_document(rows: Sequence[Row]) -> str:
    """The rows as JSON, for the page that asks to confirm."""
    return json.dumps([[row.line, dict(row.cells)] for row in rows], ensure_ascii=False, separators=(",", ":"))


def from_document(text: str) -> list[Row]:
    """The rows of `as_document`; what is anything else gives none."""
    try:
        rows = [
            Row(int(line), {field: cell_text(str(cells[field]))[:LONGEST_CELL] for field in COLUMNS if field in cells})
            for line, cells in json.loads(text)
        ]
    except (ValueError, TypeError):
        return []
    return rows[:MOST_ROWS]


def _headings(texts: Sequence[str], file: str) -> list[str]:
    known = dict(_ALIASES)
    for language in LANGUAGES:
        with speaking(language):
            known |= {vi.fold(str(heading)): field for field, heading in COLUMNS.items()}
    fields = [known.get(vi.fold(text.split("(")[0]).strip(" *"), "") for text in texts]
    if "role" not in fields and "post" in fields and not {"staff_kind", "body"}.intersection(fields):
        fields[fields.index("post")] = "role"  # an older heading of the role
    missing = [str(heading) for field, heading in COLUMNS.items() if field not in fields and field not in OPTIONAL]
    if missing:
        why = bi("thiếu cột {names}; hãy dùng tệp mẫu", "columns {names} are missing; use the template")
        raise SheetUnreadable(file=file, why=str(why).format(names=", ".join(missing)))
    return fields
