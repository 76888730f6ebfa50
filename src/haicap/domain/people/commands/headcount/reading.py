"""Tables that a staff office hands in: their columns, their rows as text, and what is wrong in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any, BinaryIO

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from haicap.domain.people.commands.rosters.judging import Fault
from haicap.domain.people.commands.rosters.reading import Row
from haicap.domain.people.rules import LONGEST_NUMBER
from haicap.kernel import vi
from haicap.kernel.language import LANGUAGES, bi, speaking
from haicap.kernel.sheets import SheetUnreadable, cell_text, lines_of, refuse_bombs
from haicap.kernel.text import clean

MOST_BYTES, MOST_ROWS, LONGEST_CELL = 4 * 2**20, 3000, 300
FARTHEST = 5  # years ahead that a decision may take effect
NO_DECISION = bi("Ghi số quyết định, không quá 60 ký tự.", "Give the decision's number, 60 characters at most.")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, how to fill it, a value as an example, whether it may be empty, what to choose from."""

    heading: Any
    hint: Any
    example: str = ""
    optional: bool = False
    choices: Sequence[tuple[str, Any]] = ()

    @property
    def guide(self) -> str:
        """How to fill it, with the words to choose from."""
        return " ".join((str(self.hint), "; ".join(str(label) for _, label in self.choices))).strip()


Columns = Mapping[str, Column]


@dataclass
class Faults:
    """Every fault found so far, told by line and column."""

    columns: Columns
    found: list[Fault] = field(default_factory=list)

    def add(self, row: Row, name: str, message: Any) -> None:
        """One thing wrong in one cell of one row."""
        heading = self.columns[name].heading if name in self.columns else ""
        self.found.append(Fault(row.line, heading, message))

    def day(self, row: Row, name: str, today: date, *, needed: bool = True) -> date | None:
        """The date of a cell; a fault and None where it is none."""
        text = row[name]
        if not text and not needed:
            return None
        day = day_in(text)
        if day is None or not 1945 <= day.year <= today.year + FARTHEST:
            self.add(
                row, name, bi("Ghi ngày/tháng/năm, ví dụ 30/06/2025.", "Give day/month/year, for example 30/06/2025.")
            )
            return None
        return day

    def number(self, row: Row, name: str, most: int) -> int | None:
        """The whole number of a cell, dots and spaces between its digits allowed; a fault and None where it is none."""
        digits = row[name].replace(".", "").replace(" ", "").replace("\u00a0", "")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 15 or int(digits) > most:
            text = bi("Ghi một số nguyên từ 0 đến {most}.", "Give a whole number from 0 to {most}.")
            self.add(row, name, str(text).format(most=most))
            return None
        return int(digits)

    def choice(self, row: Row, name: str, choices: Any, *, needed: bool = True) -> str:
        """The value whose word (in either language) or code stands in a cell; a fault and "" where none does."""
        if not row[name] and not needed:
            return ""
        known = words_of(choices)
        value = known.get(vi.fold(row[name]))
        if value is None:
            text = bi("Chọn một trong: {names}.", "Choose one of: {names}.")
            self.add(row, name, str(text).format(names="; ".join(str(label) for _, label in choices)))
        return value or ""

    def decision(self, row: Row, name: str = "decision_number", *, needed: bool = True) -> str:
        """The number of a decision."""
        if (needed and not row[name]) or len(row[name]) > LONGEST_NUMBER:
            self.add(
                row,
                name,
                bi("Ghi số quyết định, không quá 60 ký tự.", "Give the decision's number, 60 characters at most."),
            )
        return row[name]

    def of(self, row: Row) -> bool:
        """True where something is wrong with the row."""
        return any(fault.line == row.line for fault in self.found)


def day_in(text: str) -> date | None:
    """The date that a text tells; None where it tells none."""
    try:
        return vi.parse_date(text)
    except ValueError:
        return None


def words_of(choices: Collection[tuple[str, Any]]) -> dict[str, str]:
    """The value of each word, folded, in both languages, and of each code."""
    known = {vi.fold(value): value for value, _ in choices}
    for language in LANGUAGES:
        with speaking(language):
            known |= {vi.fold(str(label)): value for value, label in choices}
    return known


def read_table(stream: BinaryIO, file: str, size: int, columns: Columns) -> list[Row]:
    """The filled rows of an .xlsx, .csv or .yaml file with these headings (or field names) in any order, either language.

    Raises SheetUnreadable with what to do.
    """
    file = PurePath(file).name[:80]
    ending = PurePath(file).suffix.lower()
    if ending not in (".xlsx", ".csv", ".yaml", ".yml"):
        why = bi("hãy lưu thành .xlsx, .csv (UTF-8) hoặc .yaml", "save it as .xlsx, .csv (UTF-8) or .yaml")
        raise SheetUnreadable(file=file, why=why)
    if size > MOST_BYTES:
        raise SheetUnreadable(file=file, why=bi("tệp lớn hơn 4 MB", "it is larger than 4 MB"))
    if ending == ".xlsx":
        refuse_bombs(stream, file)
    rows = _of_document(stream, file, columns) if ending in (".yaml", ".yml") else _of_sheet(stream, file, columns)
    if len(rows) > MOST_ROWS:
        raise SheetUnreadable(file=file, why=bi("nhiều hơn 3.000 dòng; hãy chia tệp", "over 3,000 rows; split it"))
    if not rows:
        why = bi("không có dòng nào dưới dòng tiêu đề", "it has no row below the headings")
        raise SheetUnreadable(file=file, why=why)
    return rows


def _of_sheet(stream: BinaryIO, file: str, columns: Columns) -> list[Row]:
    rows: list[Row] = []
    fields: list[str] | None = None
    for number, cells in lines_of(stream, file):
        texts = [cell_text(cell)[:LONGEST_CELL] for cell in cells]
        if not any(texts):
            continue
        if fields is None:
            fields = _headings(texts, file, columns)
            continue
        rows.append(Row(number, {name: text for name, text in zip(fields, texts, strict=False) if name}))
        if len(rows) > MOST_ROWS:
            break
    return rows


def _of_document(stream: BinaryIO, file: str, columns: Columns) -> list[Row]:
    """A list of mappings; a row's line is its place in the list."""
    why = bi("hãy ghi một danh sách, mỗi mục một dòng với các trường {names}",
             "write a list, each item a row with the fields {names}")  # fmt: skip
    try:
        document = yaml.safe_load(stream.read())
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SheetUnreadable(file=file, why=" ".join(str(error).split())[:200]) from None
    if not isinstance(document, list) or not all(isinstance(one, dict) for one in document):
        raise SheetUnreadable(file=file, why=str(why).format(names=", ".join(columns)))
    return [
        Row(place, {name: cell_text(one[name])[:LONGEST_CELL] for name in columns if one.get(name) is not None})
        for place, one in enumerate(document, start=1)
    ]


def _headings(texts: Sequence[str], file: str, columns: Columns) -> list[str]:
    known = {name: name for name in columns}
    for language in LANGUAGES:
        with speaking(language):
            known |= {vi.fold(str(column.heading)): name for name, column in columns.items()}
    fields = [known.get(vi.fold(text.split("(")[0]).strip(" *"), "") for text in texts]
    missing = [str(column.heading) for name, column in columns.items() if name not in fields and not column.optional]
    if missing:
        why = bi("thiếu cột {names}; hãy dùng tệp mẫu", "columns {names} are missing; use the template")
        raise SheetUnreadable(file=file, why=str(why).format(names=", ".join(missing)))
    return fields


def as_document(rows: Sequence[Row]) -> str:
    """The rows as JSON, for the page that asks to confirm."""
    return json.dumps([[row.line, dict(row.cells)] for row in rows], ensure_ascii=False, separators=(",", ":"))


def from_document(text: str, columns: Columns) -> list[Row]:
    """The rows of `as_document`, trusted as little as a file; what is anything else gives none."""
    try:
        rows = [
            Row(int(line), {name: clean(str(cells[name]))[:LONGEST_CELL] for name in columns if name in cells})
            for line, cells in json.loads(text)
        ]
    except (ValueError, TypeError, RecursionError):
        return []
    return rows[:MOST_ROWS]


def template(columns: Columns, form: str) -> bytes:
    """The file to fill in: the headings with one example; as a workbook with a sheet that explains each column."""
    heads = [str(column.heading) for column in columns.values()]
    examples = [column.example for column in columns.values()]
    if form == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([heads, examples])
        return (BYTE_ORDER_MARK + text.getvalue()).encode()
    book = Workbook()
    sheet = book.active
    sheet.append(heads)
    sheet.append(examples)
    guide = book.create_sheet(str(bi("Hướng dẫn", "Guide")))
    for column in columns.values():
        guide.append([str(column.heading), column.guide])
    for place in range(1, len(heads) + 1):
        letter = sheet.cell(1, place).column_letter
        sheet.column_dimensions[letter].width = 24
        sheet.cell(1, place).font = Font(bold=True)
        for line in range(2, 200):
            sheet.cell(line, place).number_format = "@"
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 32, 90
    for (cell,) in guide.iter_rows(min_col=2, max_col=2):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
