"""Rows out of a CSV file or a workbook, each with the line on which it stands. Never holds the whole CSV in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from haicap.domain.dossiers.commands.importing.mapping import Mapping, as_text
from haicap.domain.dossiers.errors import ColumnsMissing, SourceUnreadable
from haicap.kernel.language import bi

Source = Path | str | Iterable[dict[str, Any]]
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
DELIMITERS = (",", ";", "\t", "|")
MOST_CHARACTERS_A_CELL = 2**20


def rows_of(source: Source, mapping: Mapping) -> Iterator[tuple[int, dict[str, Any]]]:
    """Pairs (line, row) of a path or of rows already in memory; raises SourceUnreadable, ColumnsMissing."""
    if not isinstance(source, (str, Path)):
        yield from enumerate(source, start=1)
        return
    path = Path(source)
    lines = _workbook(path, mapping) if path.suffix.lower() in WORKBOOKS else _csv(path, mapping)
    header: list[str] | None = None
    for number, cells in lines:
        if header is None:
            header = [as_text(cell) for cell in cells]
            if missing := [name for name in mapping.columns if name not in header]:
                raise ColumnsMissing(file=path.name, columns=", ".join(missing), found=", ".join(filter(None, header)))
        elif any(cell not in (None, "") for cell in cells):
            yield number, dict(zip(header, cells, strict=False))


def _csv(path: Path, mapping: Mapping) -> Iterator[tuple[int, list[Any]]]:
    csv.field_size_limit(MOST_CHARACTERS_A_CELL)
    try:
        with path.open(encoding=mapping.encoding, newline="") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=mapping.delimiter or max(DELIMITERS, key=first.count))
            while (cells := next(reader, None)) is not None:
                yield reader.line_num, cells
    except (OSError, UnicodeError, LookupError, csv.Error) as error:
        raise SourceUnreadable(file=str(path), why=error) from None


def _workbook(path: Path, mapping: Mapping) -> Iterator[tuple[int, list[Any]]]:
    try:
        book = CalamineWorkbook.from_path(path)
        if mapping.sheet and mapping.sheet not in book.sheet_names:
            why = bi("không có trang tính “{name}”", "it has no sheet “{name}”").format(name=mapping.sheet)
            raise SourceUnreadable(file=str(path), why=why)
        sheet = book.get_sheet_by_name(mapping.sheet or book.sheet_names[0])
        rows = sheet.to_python(skip_empty_area=False)
    except (OSError, CalamineError) as error:
        raise SourceUnreadable(file=str(path), why=error) from None
    yield from enumerate(rows, start=1)
