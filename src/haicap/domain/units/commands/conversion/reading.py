"""A table of addresses read row by row from CSV as people make it. Holds one row at a time, never the file.

UTF-8 with or without a mark, lines ended by CRLF or LF, columns parted by comma, semicolon or tab (told from the line
of headings, or by Excel's `sep=` line), cells in quotation marks that may hold line ends. Everything else is refused by
a sentence that says what to do: guessing an encoding would put wrong letters into names.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Self

from haicap.domain.units.errors import (
    ColumnMissing,
    ColumnTwice,
    TableBroken,
    TableEmpty,
    TableNotCsv,
    TableNotUtf8,
    TableUnreadable,
)
from haicap.kernel import vi
from haicap.kernel.language import bi
from haicap.kernel.text import clean

COLUMN: Final = "address"
GUESSED: Final = (COLUMN, "dia chi", "diachi")
"""What the column of addresses is called where nobody says it; accents, case and `_` do not matter."""
DELIMITERS: Final = ("\t", ";", ",")
LONGEST_LINE: Final = 2**20
LONGEST_CELL: Final = 2**17
BOM: Final = b"\xef\xbb\xbf"
_HEAD: Final = 65_536
_SEP_LINE: Final = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_NAMES_SHOWN: Final = 20

_MAGIC: Final = (
    (b"PK\x03\x04", bi("tệp Excel hoặc tệp nén", "an Excel workbook or an archive")),
    (b"\xd0\xcf\x11\xe0", bi("tệp Excel kiểu cũ", "an old Excel workbook")),
    (b"%PDF-", bi("tệp PDF", "a PDF file")),
    (b"\x1f\x8b", bi("tệp nén", "an archive")),
    (b"\xff\xfe", bi("văn bản UTF-16 (Excel gọi là “Unicode Text”)", "UTF-16 text (Excel calls it “Unicode Text”)")),
    (b"\xfe\xff", bi("văn bản UTF-16", "UTF-16 text")),
)


class Row(NamedTuple):
    """One row below the headings: `number` as a spreadsheet counts, `raw` its text without the line's end."""

    number: int
    raw: str
    cells: list[str]
    end: str


@dataclass
class Table:
    """An open table: its headings, which of them holds the addresses, and how it is written."""

    file: BinaryIO
    marked: bool
    preface: str  # Excel's line `sep=;`, which is no row
    raw_header: str
    end: str
    header: list[str]
    delimiter: str
    lone: bool  # one column only: a line is a cell, whatever stands in it
    address_at: int
    lines: _Lines
    records: Iterator[Row]

    @classmethod
    def open(cls, path: Path, column: str | None = None) -> Self:
        """The table in `path`; `column` None looks for a column called like an address.

        Raises TableUnreadable, TableEmpty, TableNotCsv, TableNotUtf8, TableBroken, ColumnMissing, ColumnTwice.
        """
        try:
            file = path.open("rb")
        except OSError as error:
            raise TableUnreadable(file=path.name, why=error.strerror or error) from None
        try:
            return cls._begin(file, column)
        except BaseException:
            file.close()
            raise

    @classmethod
    def _begin(cls, file: BinaryIO, column: str | None) -> Self:
        marked = _look(file)
        lines = _Lines(file)
        first = lines.next()
        preface = ""
        if match := _SEP_LINE.fullmatch(first):
            preface, first = first, lines.next()
        if not first.strip():
            raise TableEmpty(field="file")
        delimiter = match[1] if match else _delimiter_of(first)
        lines.push_back(first)
        records = _records(lines, delimiter or ",", lone=not delimiter)
        head = next(records)
        at = find_column(head.cells, column)
        return cls(file, marked, preface, head.raw, head.end or "\n", head.cells, delimiter or ",", not delimiter, at,
                   lines, records)  # fmt: skip

    @property
    def bytes_read(self) -> int:
        """How far the reading has come."""
        return self.lines.bytes_read

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


class _Lines:
    """Lines of a binary file as text, with their ends; raises TableNotUtf8 and TableBroken by their number."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.number = 0
        self.bytes_read = 0
        self.waiting = ""

    def next(self) -> str:
        """The next line; empty at the file's end."""
        if self.waiting:
            line, self.waiting = self.waiting, ""
            return line
        raw = self.file.readline(LONGEST_LINE)
        self.number += 1
        self.bytes_read += len(raw)
        if len(raw) == LONGEST_LINE:
            raise TableBroken(line=self.number, why=bi("dòng dài bất thường", "the line is too long"), field="file")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise TableNotUtf8(line=self.number, field="file") from None

    def push_back(self, line: str) -> None:
        """Give `line` again next time."""
        self.waiting = line

    def __iter__(self) -> Iterator[str]:
        return iter(self.next, "")


def find_column(header: list[str], wanted: str | None) -> int:
    """The place of the column of addresses. Raises ColumnMissing with the names that there are, ColumnTwice."""
    names = [_key(name) for name in header]
    for name in (_key(wanted),) if wanted else GUESSED:
        if (times := names.count(name)) > 1:
            raise ColumnTwice(column=header[names.index(name)].strip(), field="column")
        if times:
            return names.index(name)
    shown = [clean(name)[:60] or "…" for name in header[:_NAMES_SHOWN]]
    found = ", ".join(f"“{name}”" for name in shown) + (" …" if len(header) > _NAMES_SHOWN else "")
    raise ColumnMissing(column=wanted or COLUMN, found=found, field="column")


def _key(name: str) -> str:
    return " ".join(vi.fold(clean(name)).replace("_", " ").split())


def _look(file: BinaryIO) -> bool:
    """True behind a UTF-8 mark; raises TableEmpty and TableNotCsv by the first bytes."""
    head = file.read(_HEAD)
    if not head:
        raise TableEmpty(field="file")
    for magic, found in _MAGIC:
        if head.startswith(magic):
            raise TableNotCsv(found=found, field="file")
    if b"\x00" in head:
        raise TableNotCsv(found=bi("văn bản UTF-16 hoặc dữ liệu nhị phân", "UTF-16 text or binary data"), field="file")
    marked = head.startswith(BOM)
    file.seek(len(BOM) if marked else 0)
    return marked


def _delimiter_of(line: str) -> str:
    """What parts the columns of the line of headings; empty where it names one column only."""
    bare = _QUOTED.sub("", line)
    best = max(DELIMITERS, key=bare.count)
    return best if best in bare else ""


def _records(lines: _Lines, delimiter: str, *, lone: bool) -> Iterator[Row]:
    """Rows with their text as it came; the headings are row 1. Lines without anything in them are given too."""
    taken: list[str] = []

    def fed() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(fed(), delimiter=delimiter)
    number, starts = 0, 1
    while True:
        try:
            cells = next(reader, None)
            if len(taken) > 1:  # a mark that was forgotten swallows the next rows: over several lines it must be exact
                next(csv.reader(taken, delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise TableBroken(line=starts, why=_why(error), field="file") from None
        if cells is None:
            return
        number += 1
        text = "".join(taken)
        starts += len(taken)
        taken.clear()
        raw = text.removesuffix("\n").removesuffix("\r")
        yield Row(number, raw, [raw] if lone and len(cells) > 1 else cells, text[len(raw) :])


def _why(error: csv.Error) -> Any:
    if "new-line" in str(error):
        return bi("có dấu xuống dòng kiểu máy Mac cũ", "it has line ends of old Macs")
    return bi("dấu nháy kép mở ra mà không đóng", "a quotation mark opens and never closes")
