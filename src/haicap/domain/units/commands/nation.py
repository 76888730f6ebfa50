"""The base of the records: the nation's units of 30 June 2025, read and checked row by row.

Everything after that day comes by resolution (`commands.resolutions`).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from haicap.domain.units import rules
from haicap.domain.units.rules import UnitKind, UnitLevel
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

DATA = Path(__file__).parents[1] / "data"
UNITS = "units_2025-06-30.csv"
COLUMNS = ("code", "name", "kind", "parent_code")


class UnitRow(NamedTuple):
    """A row of `units_unit`; ids count from 1 in the order of reading."""

    id: int
    code: str
    name: str
    kind: str
    level: str
    parent_id: int | None
    province_id: int | None
    valid_from: date
    search: str


@dataclass
class Nation:
    """What the file says: units, and what is wrong with them."""

    units: list[UnitRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, line: int, vi: str, en: str, **facts: object) -> None:
        """Note what is wrong in one line of the file; line 0 is the file as a whole."""
        self.problems.append(Problem(f"{UNITS}:{line}", bi_format(bi(vi, en), **facts)))


def digest(directory: Path) -> str:
    """The SHA-256 of the file; one that is missing counts as empty."""
    path = directory / UNITS
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()


def read(directory: Path) -> Nation:
    """The units as the file of `directory` tells them, parents before children, with every fault noted by its line."""
    nation = Nation()
    lines = _rows(nation, directory)
    found: dict[str, UnitRow] = {}
    for length in rules.LEVEL_OF_CODE_LENGTH:
        for number, row in lines:
            if len(row["code"]) == length:
                unit = _unit(nation, number, row, found)
                if unit:
                    found[unit.code] = unit
                    nation.units.append(unit)
    for number, row in lines:
        if rules.level_of_code(row["code"]) is None:
            nation.fault(number, "mã “{code}” không đúng", "“{code}” is no code", code=row["code"])
    return nation


def _rows(nation: Nation, directory: Path) -> list[tuple[int, dict[str, str]]]:
    """The lines of the file with their numbers; a file or a column that is missing is a fault and yields no line."""
    try:
        with (directory / UNITS).open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            header, rows = reader.fieldnames or [], [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        nation.fault(0, "không tìm thấy tệp", "the file is missing")
        return []
    except (UnicodeDecodeError, csv.Error) as error:
        nation.fault(0, "không đọc được tệp: {error}", "the file cannot be read: {error}", error=error)
        return []
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        nation.fault(1, "thiếu cột {columns}", "lacks the columns {columns}", columns=", ".join(missing))
        return []
    whole = [(line, row) for line, row in rows if None not in row and None not in row.values()]
    for line in {line for line, _ in rows} - {line for line, _ in whole}:
        nation.fault(line, "số ô không đúng", "has the wrong number of cells")
    return whole


def _unit(nation: Nation, line: int, row: Mapping[str, str], known: Mapping[str, UnitRow]) -> UnitRow | None:
    """One unit of one line, or None with the fault noted."""
    code, name, kind, parent = row["code"], row["name"].strip(), row["kind"], known.get(row["parent_code"])
    if code in known:
        nation.fault(line, "mã {code} có hai lần", "the code {code} stands twice", code=code)
        return None
    level = rules.level_of_code(code)
    if level is None or kind not in UnitKind.values or rules.LEVEL_OF_KIND[UnitKind(kind)] != level:
        nation.fault(line, "loại “{kind}” không hợp mã", "the kind “{kind}” does not fit the code", kind=kind)
        return None
    if not name.startswith(rules.kind_word(kind) + " "):
        nation.fault(line, "tên “{name}” không hợp loại", "the name “{name}” does not fit the kind", name=name)
        return None
    if (parent is None) != (level == UnitLevel.PROVINCE):
        nation.fault(line, "đơn vị cấp trên “{code}” không đúng", "“{code}” is no parent", code=row["parent_code"])
        return None
    above = [parent] if parent else []
    if parent and parent.parent_id:
        above.append(nation.units[parent.parent_id - 1])
    province = above[-1].id if above else None
    search = rules.search_text(name, *(one.name for one in above))
    return UnitRow(len(nation.units) + 1, code, name, kind, level.value, parent.id if parent else None, province,
                   rules.FIRST_KNOWN_DAY, search)  # fmt: skip
