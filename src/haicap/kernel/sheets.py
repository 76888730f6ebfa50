"""Tables that people hand in: the lines of a CSV file or of a workbook's sheet, each with its number."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, BinaryIO, Final

from python_calamine import CalamineError, CalamineWorkbook

from haicap.kernel.errors import Invalid
from haicap.kernel.language import bi
from haicap.kernel.text import clean

WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
DELIMITERS: Final = (",", ";", "\t", "|")
MOST_CHARACTERS_A_CELL: Final = 2**20
MOST_UNPACKED_BYTES: Final = 64 * 2**20
MOST_LINES, MOST_COLUMNS = 20_000, 200
_CELL = re.compile(rb"""\br=["']([A-Z]{0,4})([0-9]{1,9})["']""")


class SheetUnreadable(Invalid):
    """The file is no table that can be read."""

    code = "sheet.unreadable"
    template = bi("Không đọc được tệp {file}: {why}", "The file {file} cannot be read: {why}")


def lines_of(
    stream: BinaryIO, name: str, *, delimiter: str = "", encoding: str = "utf-8-sig", sheet: str = ""
) -> Iterator[tuple[int, list[Any]]]:
    """Pairs (line from 1, cells) of a seekable stream; `name` says by its ending whether it is a workbook or CSV.

    A CSV file's delimiter is the most frequent one of its first line unless told, and it is never held as a whole.
    A workbook's cells come typed; of it the first sheet, or `sheet`. Raises SheetUnreadable.
    """
    if PurePath(name).suffix.lower() in WORKBOOKS:
        return _workbook(stream, name, sheet)
    return _csv(stream, name, delimiter, encoding)


def cell_text(value: Any) -> str:
    """A cell as text: numbers without a fraction as their digits."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    return clean(value if isinstance(value, str) else str(value))


def refuse_bombs(stream: BinaryIO, name: str) -> None:
    """Raise SheetUnreadable for an .xlsx file from a stranger that unpacks, or spreads its cells, beyond measure.

    A reader holds the rectangle between a sheet's first and last cell: two cells far apart would fill the memory.
    """
    too_large = bi("bảng quá lớn", "its table is too large")
    try:
        with zipfile.ZipFile(stream) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise SheetUnreadable(file=name, why=too_large)
            for part in archive.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    for column, line in _CELL.findall(archive.read(part)):
                        if int(line) > MOST_LINES or _column(column) > MOST_COLUMNS:
                            raise SheetUnreadable(file=name, why=too_large)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise SheetUnreadable(file=name, why=bi("không phải tệp .xlsx", "it is no .xlsx file")) from error
    stream.seek(0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _csv(stream: BinaryIO, name: str, delimiter: str, encoding: str) -> Iterator[tuple[int, list[Any]]]:
    csv.field_size_limit(MOST_CHARACTERS_A_CELL)
    try:
        file = io.TextIOWrapper(stream, encoding=encoding, newline="")
        first = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter or max(DELIMITERS, key=first.count))
        while (cells := next(reader, None)) is not None:
            yield reader.line_num, cells
    except (OSError, UnicodeError, LookupError, csv.Error) as error:
        raise SheetUnreadable(file=name, why=error) from None


def _workbook(stream: BinaryIO, name: str, sheet: str) -> Iterator[tuple[int, list[Any]]]:
    try:
        book = CalamineWorkbook.from_filelike(stream)
        if sheet and sheet not in book.sheet_names:
            why = bi("không có trang tính “{name}”", "it has no sheet “{name}”").format(name=sheet)
            raise SheetUnreadable(file=name, why=why)
        rows = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)
    except (OSError, CalamineError) as error:
        raise SheetUnreadable(file=name, why=error) from None
    yield from enumerate(rows, start=1)
