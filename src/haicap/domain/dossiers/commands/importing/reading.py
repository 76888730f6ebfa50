"""Rows out of a CSV file or a workbook, each with the line on which it stands. Never holds the whole CSV in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from haicap.domain.dossiers.commands.importing.mapping import Mapping, as_text
from haicap.domain.dossiers.errors import ColumnsMissing, SourceUnreadable
from haicap.kernel.sheets import SheetUnreadable, lines_of

Source = Path | str | Iterable[dict[str, Any]]


def rows_of(source: Source, mapping: Mapping) -> Iterator[tuple[int, dict[str, Any]]]:
    """Pairs (line, row) of a path or of rows already in memory; raises SourceUnreadable, ColumnsMissing."""
    if not isinstance(source, (str, Path)):
        yield from enumerate(source, start=1)
        return
    path = Path(source)
    header: list[str] | None = None
    for number, cells in _lines(path, mapping):
        if header is None:
            header = [as_text(cell) for cell in cells]
            if missing := [name for name in mapping.columns if name not in header]:
                raise ColumnsMissing(file=path.name, columns=", ".join(missing), found=", ".join(filter(None, header)))
        elif any(cell not in (None, "") for cell in cells):
            yield number, dict(zip(header, cells, strict=False))


def _lines(path: Path, mapping: Mapping) -> Iterator[tuple[int, list[Any]]]:
    try:
        with path.open("rb") as file:
            yield from lines_of(
                file, path.name, delimiter=mapping.delimiter, encoding=mapping.encoding, sheet=mapping.sheet
            )
    except (OSError, SheetUnreadable) as error:
        why = error.facts["why"] if isinstance(error, SheetUnreadable) else error
        raise SourceUnreadable(file=str(path), why=why) from None
