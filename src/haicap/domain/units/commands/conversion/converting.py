"""A table of addresses in, the same table with five columns more out, and a report of each row without one answer.

The one way in which addresses are converted in bulk, for the command line and for the public page. One batch of rows is
in memory at a time. What the table held stays as it was written: to each line its answer is appended, and only a line
that cannot be appended to as it stands (an open quotation mark, cells missing) is written anew with the same cells.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

from haicap.domain.units.addresses import Answer
from haicap.domain.units.commands.conversion.reading import BOM, Row, Table
from haicap.domain.units.errors import TableUnreadable, TargetExists, TargetUnusable, TooManyRows
from haicap.domain.units.queries import addresses
from haicap.domain.units.queries.questions import LONGEST_ADDRESS
from haicap.kernel.language import bi
from haicap.kernel.text import spreadsheet_safe

ADDED: Final = ("status", "new_code", "new_name", "province_code", "candidates")
REPORTED: Final = ("row", "address", "status", "candidates", "why")
BATCH: Final = 500
_ADDRESS_SHOWN: Final = 300

_EMPTY: Final = bi("ô địa chỉ trống", "the cell is empty")
_TOO_LONG: Final = bi("dài quá {most} ký tự", "longer than {most} characters")
_NO_CELL: Final = bi("dòng không có ô địa chỉ: thiếu cột", "the row has no cell for the address: columns are missing")
_SURPLUS: Final = bi(
    "dòng có {n} ô, tiêu đề có {header}: địa chỉ có dấu phẩy phải đặt trong dấu nháy kép",
    "the row has {n} cells, the headings {header}: an address with commas must stand in quotation marks",
)


@dataclass
class Tally:
    """How far a conversion is, or what came of it. `seconds` since it began."""

    rows: int = 0
    exact: int = 0
    ambiguous: int = 0
    unknown: int = 0
    bytes_read: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """The tally as the command line tells it."""
        return asdict(self) | {"seconds": round(self.seconds, 2), "per_second": round(self.per_second)}


class Stopped(Exception):
    """Whoever watches the progress asked for an end; nothing was written."""


Watch = Callable[[Tally], bool]
"""Called after each batch; False asks for an end."""


def convert(
    source: Path, target: Path, report: Path, *, column: str | None = None, on: date | None = None,
    overwrite: bool = False, most_rows: int = 0, watch: Watch = lambda _: True,
) -> Tally:  # fmt: skip
    """Write `target` and `report` from the table in `source`, as of the day `on`; gives what came of the rows.

    Both appear under their names when all is done, or not at all. Raises what `Table.open` raises, TargetExists,
    TargetUnusable, TooManyRows where `most_rows` is given, Stopped, and what resolving raises for the day.
    """
    _refuse_targets(source, target, report, overwrite=overwrite)
    with Table.open(source, column) as table, _beside(target, report) as (out, told):
        return _Conversion(table, out, told, on, most_rows).run(watch)


class _Conversion:
    """One run over one table."""

    def __init__(self, table: Table, out: TextIO, told: TextIO, on: date | None, most_rows: int) -> None:
        self.table, self.out, self.on, self.most_rows = table, out, on, most_rows
        self.told = csv.writer(told)
        self.tally = Tally()
        self.width = len(table.header)
        self.began = time.perf_counter()
        told.write("\ufeff")
        self.told.writerow(REPORTED)

    def run(self, watch: Watch) -> Tally:
        table = self.table
        head = BOM.decode() if table.marked else ""
        self.out.write(head + table.preface)
        self.out.write(self._line(table.raw_header, table.header, ADDED, table.end))
        while batch := list(islice(table.records, BATCH)):
            self._convert(batch)
            self.tally.bytes_read = table.bytes_read
            self.tally.seconds = time.perf_counter() - self.began
            if not watch(self.tally):
                raise Stopped
        self.tally.seconds = time.perf_counter() - self.began
        return self.tally

    def _convert(self, batch: list[Row]) -> None:
        at, width = self.table.address_at, self.width
        asked = [_asked(row, at, width) for row in batch]
        answers = iter(addresses.resolve_many([text for text, why in asked if not why], self.on))
        lines = []
        for row, (text, why) in zip(batch, asked, strict=True):
            if not row.cells:  # an empty line stays one
                lines.append(row.raw + row.end)
                continue
            answer = None if why else next(answers)
            lines.append(self._answered(row, text, why, answer))
        self.out.write("".join(lines))
        if self.most_rows and self.tally.rows > self.most_rows:
            raise TooManyRows(most=f"{self.most_rows:,}".replace(",", "."), field="file")

    def _answered(self, row: Row, text: str, why: Any, answer: Answer | None) -> str:
        tally = self.tally
        tally.rows += 1
        if answer is not None and (one := answer.unit) is not None:
            tally.exact += 1
            added = (answer.status.value, one.code, one.name, one.province_code, one.code)
            return self._line(row.raw, row.cells, added, row.end)
        status = answer.status.value if answer else "unknown"
        codes = ";".join(answer.codes) if answer else ""
        if status == "ambiguous":
            tally.ambiguous += 1
        else:
            tally.unknown += 1
        shown = spreadsheet_safe(" ".join(text[:_ADDRESS_SHOWN].split()))
        self.told.writerow((row.number, shown, status, codes, _reason(answer) if answer else str(why)))
        return self._line(row.raw, row.cells, (status, "", "", "", codes), row.end)

    def _line(self, raw: str, cells: list[str], added: Sequence[str], end: str) -> str:
        """The row's text with the added cells behind it, so that it reads as `cells` and `added`."""
        mark, end = self.table.delimiter, end or self.table.end
        whole = len(cells) == self.width
        if whole and '"' not in raw and not self.table.lone:
            return raw + mark + mark.join([_cell(text, mark) for text in added]) + end
        if whole and next(csv.reader([raw + mark + "x"], delimiter=mark), None) == [*cells, "x"]:
            return raw + mark + mark.join([_cell(text, mark) for text in added]) + end
        text = io.StringIO()
        csv.writer(text, delimiter=mark, lineterminator=end).writerow([*self._fitted(cells), *added])
        return text.getvalue()

    def _fitted(self, cells: list[str]) -> list[str]:
        """As many cells as headings: missing ones empty; surplus ones, most likely an address with commas, in its cell."""
        surplus = len(cells) - self.width
        if surplus <= 0:
            return cells + [""] * -surplus
        at = self.table.address_at
        return [*cells[:at], self.table.delimiter.join(cells[at : at + surplus + 1]), *cells[at + surplus + 1 :]]


def _asked(row: Row, at: int, width: int) -> tuple[str, Any]:
    """The address of a row, and why it cannot be asked for (then it is not)."""
    cells = row.cells
    if not cells:
        return "", _EMPTY
    if len(cells) > width:
        return row.raw, _SURPLUS.format(n=len(cells), header=width)
    if len(cells) <= at:
        return row.raw, _NO_CELL
    text = cells[at]
    if not text.strip():
        return "", _EMPTY
    return text, _TOO_LONG.format(most=LONGEST_ADDRESS) if len(text) > LONGEST_ADDRESS else ""


def _reason(answer: Answer) -> str:
    """Why there is not one answer: the note, then each candidate with its reason."""
    parts = [str(answer.note)] if answer.note else []
    parts += [f"{one.code} {one.name}, {one.province}: {one.why}" for one in answer.candidates]
    return " | ".join(parts)


def _cell(text: str, delimiter: str) -> str:
    return f'"{text}"' if delimiter in text else text


def _refuse_targets(source: Path, target: Path, report: Path, *, overwrite: bool) -> None:
    """Raise where a result has no place: TargetExists, TargetUnusable."""
    if source.is_dir() or not source.exists():
        why = bi("đó là thư mục", "it is a directory") if source.is_dir() else bi("không có tệp này", "no such file")
        raise TableUnreadable(file=source.name, why=why, field="file")
    places = [source.resolve(), target.resolve(), report.resolve()]
    if len(set(places)) < len(places):
        why = bi("tệp vào, tệp ra và báo cáo phải là ba tệp khác nhau", "input, output and report must be three files")
        raise TargetUnusable(file=target.name, why=why)
    for path in (target, report):
        if path.exists() and not path.is_file():
            raise TargetUnusable(file=path.name, why=bi("đó không phải là tệp thường", "it is not a regular file"))
        if path.exists() and not overwrite:
            raise TargetExists(file=path.name)


@contextlib.contextmanager
def _beside(*targets: Path) -> Iterator[tuple[TextIO, ...]]:
    """Files under temporary names, renamed to `targets` in peace, removed otherwise."""
    parts = [path.with_name(f".{path.name}.{secrets.token_hex(4)}.part") for path in targets]
    with contextlib.ExitStack() as stack:
        for part in parts:
            stack.callback(part.unlink, missing_ok=True)
        try:
            files = [stack.enter_context(part.open("x", encoding="utf-8", newline="")) for part in parts]
            yield tuple(files)
            for file in files:
                file.flush()
                os.fsync(file.fileno())
            for part, target in reversed(list(zip(parts, targets, strict=True))):  # the result itself comes last
                part.replace(target)
        except OSError as error:
            raise TargetUnusable(file=targets[0].name, why=error.strerror or error) from None
