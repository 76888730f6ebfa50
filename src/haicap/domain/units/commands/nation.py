"""The files of the nation's units: read, checked row by row, joined into rows for the tables."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from haicap.domain.units import rules
from haicap.domain.units.rules import Edge, Share, UnitKind, UnitLevel, Validity
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

DATA = Path(__file__).parents[1] / "data"
OLD_UNITS, NEW_UNITS = "units_2025-06-30.csv", "units_2025-07-01.csv"
LINEAGE, PROVINCES = "lineage_2025-07-01.csv", "lineage_provinces_2025-07-01.csv"
FILES = (OLD_UNITS, NEW_UNITS, LINEAGE, PROVINCES)
COLUMNS = {
    OLD_UNITS: ("code", "name", "kind", "parent_code"),
    NEW_UNITS: ("code", "name", "kind", "parent_code", "lat", "lon", "area_km2"),
    LINEAGE: ("old_code", "new_code", "share"),
    PROVINCES: ("old_code", "new_code", "commune_resolution"),
}
PROVINCE_RESOLUTION = "202/2025/QH15"
OLD_STATE = Validity(rules.FIRST_KNOWN_DAY, rules.TWO_LEVELS_FROM)
NEW_STATE = Validity(rules.TWO_LEVELS_FROM)


class At(NamedTuple):
    """A place in the files; line 0 is the file as a whole."""

    file: str
    line: int


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
    valid_to: date | None
    lat: float | None
    lon: float | None
    area_km2: float | None
    search: str


class LineageRow(NamedTuple):
    """A row of `units_lineage`."""

    predecessor_id: int
    successor_id: int
    share: str
    resolution: str
    effective_on: date


@dataclass
class Nation:
    """What the files say: units, lineage, and what is wrong with them."""

    units: list[UnitRow] = field(default_factory=list)
    lineages: list[LineageRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, at: At, vi: str, en: str, **facts: object) -> None:
        """Note what is wrong in one line of a file."""
        self.problems.append(Problem(f"{at.file}:{at.line}", bi_format(bi(vi, en), **facts)))


def digest(directory: Path) -> str:
    """The SHA-256 of the files together; a file that is missing counts as empty."""
    total = hashlib.sha256()
    for name in FILES:
        path = directory / name
        total.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
    return total.hexdigest()


def read(directory: Path) -> Nation:
    """The nation as the files of `directory` tell it, with every fault noted by file and line."""
    nation = Nation()
    old = _read_units(nation, directory, OLD_UNITS, OLD_STATE)
    new = _read_units(nation, directory, NEW_UNITS, NEW_STATE)
    resolutions = _read_provinces(nation, directory, old, new)
    _read_lineage(nation, directory, old, new, resolutions)
    if not nation.problems:
        nation.problems.extend(_contradictions(nation))
    return nation


def _rows(nation: Nation, directory: Path, name: str) -> list[tuple[int, dict[str, str]]]:
    """The lines of one file with their numbers; a file or a column that is missing is a fault and yields no line."""
    try:
        with (directory / name).open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            header, rows = reader.fieldnames or [], [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        nation.fault(At(name, 0), "không tìm thấy tệp", "the file is missing")
        return []
    except (UnicodeDecodeError, csv.Error) as error:
        nation.fault(At(name, 0), "không đọc được tệp: {error}", "the file cannot be read: {error}", error=error)
        return []
    missing = [column for column in COLUMNS[name] if column not in header]
    if missing:
        nation.fault(At(name, 1), "thiếu cột {columns}", "lacks the columns {columns}", columns=", ".join(missing))
        return []
    whole = [(line, row) for line, row in rows if None not in row and None not in row.values()]
    for line in {line for line, _ in rows} - {line for line, _ in whole}:
        nation.fault(At(name, line), "số ô không đúng", "has the wrong number of cells")
    return whole


def _read_units(nation: Nation, directory: Path, name: str, state: Validity) -> dict[str, UnitRow]:
    """Add one state's units, parents before children whatever the order of the lines; gives them by code."""
    lines = _rows(nation, directory, name)
    found: dict[str, UnitRow] = {}
    for length in rules.LEVEL_OF_CODE_LENGTH:
        for number, row in lines:
            if len(row["code"]) == length:
                unit = _unit(nation, At(name, number), row, found, state)
                if unit:
                    found[unit.code] = unit
                    nation.units.append(unit)
    for number, row in lines:
        if rules.level_of_code(row["code"]) is None:
            nation.fault(At(name, number), "mã “{code}” không đúng", "“{code}” is no code", code=row["code"])
    return found


def _unit(
    nation: Nation, at: At, row: Mapping[str, str], known: Mapping[str, UnitRow], state: Validity
) -> UnitRow | None:
    """One unit of one line, or None with the fault noted."""
    code, name, kind, parent = row["code"], row["name"].strip(), row["kind"], known.get(row["parent_code"])
    if code in known:
        nation.fault(at, "mã {code} có hai lần", "the code {code} stands twice", code=code)
        return None
    level = rules.level_of_code(code)
    if level is None or kind not in UnitKind.values or rules.LEVEL_OF_KIND[UnitKind(kind)] != level:
        nation.fault(at, "loại “{kind}” không hợp mã", "the kind “{kind}” does not fit the code", kind=kind)
        return None
    if not name.startswith(rules.kind_word(kind) + " "):
        nation.fault(at, "tên “{name}” không hợp loại", "the name “{name}” does not fit the kind", name=name)
        return None
    if (parent is None) != (level == UnitLevel.PROVINCE):
        nation.fault(at, "đơn vị cấp trên “{code}” không đúng", "“{code}” is no parent", code=row["parent_code"])
        return None
    try:
        lat, lon, area = (float(row[key]) if row.get(key) else None for key in ("lat", "lon", "area_km2"))
    except ValueError:
        nation.fault(at, "tọa độ hoặc diện tích không phải số", "coordinates or area are no numbers")
        return None
    above = [parent] if parent else []
    if parent and parent.parent_id:
        above.append(known[_code_of(parent.parent_id, nation)])
    province = above[-1].id if above else None
    search = rules.search_text(name, *(one.name for one in above))
    number = len(nation.units) + 1
    return UnitRow(number, code, name, kind, level.value, parent.id if parent else None, province,
                   state.starts, state.ends, lat, lon, area, search)  # fmt: skip


def _code_of(number: int, nation: Nation) -> str:
    return nation.units[number - 1].code


def _read_provinces(
    nation: Nation, directory: Path, old: Mapping[str, UnitRow], new: Mapping[str, UnitRow]
) -> dict[int, str]:
    """Add the provinces' lineage; gives, by new province, the resolution on its communes."""
    resolutions: dict[int, str] = {}
    for line, row in _rows(nation, directory, PROVINCES):
        pair = _pair(nation, At(PROVINCES, line), row, old, new)
        if pair and {unit.level for unit in pair} != {UnitLevel.PROVINCE}:
            nation.fault(At(PROVINCES, line), "không phải cấp tỉnh", "is not of the province level")
        elif pair and not row["commune_resolution"]:
            nation.fault(At(PROVINCES, line), "thiếu nghị quyết", "lacks the resolution")
        elif pair:
            before, after = pair
            resolutions[after.id] = row["commune_resolution"]
            nation.lineages.append(
                LineageRow(before.id, after.id, Share.WHOLE.value, PROVINCE_RESOLUTION, NEW_STATE.starts)
            )
    return resolutions


def _read_lineage(
    nation: Nation,
    directory: Path,
    old: Mapping[str, UnitRow],
    new: Mapping[str, UnitRow],
    resolutions: Mapping[int, str],
) -> None:
    """Add the lineage of communes, each by the resolution of its new province."""
    for line, row in _rows(nation, directory, LINEAGE):
        pair = _pair(nation, At(LINEAGE, line), row, old, new)
        if pair is None:
            continue
        before, after = pair
        resolution = resolutions.get(after.province_id or 0)
        if row["share"] not in Share.values:
            nation.fault(At(LINEAGE, line), "phần “{share}” không đúng", "“{share}” is no share", share=row["share"])
        elif resolution is None:
            nation.fault(At(LINEAGE, line), "tỉnh mới không có nghị quyết", "the new province has no resolution")
        else:
            nation.lineages.append(LineageRow(before.id, after.id, row["share"], resolution, NEW_STATE.starts))


def _pair(
    nation: Nation,
    at: At,
    row: Mapping[str, str],
    old: Mapping[str, UnitRow],
    new: Mapping[str, UnitRow],
) -> tuple[UnitRow, UnitRow] | None:
    """The old and the new unit of one line, or None with the fault noted."""
    before, after = old.get(row["old_code"]), new.get(row["new_code"])
    if before is None:
        nation.fault(at, "không có mã cũ {code}", "there is no old code {code}", code=row["old_code"])
    if after is None:
        nation.fault(at, "không có mã mới {code}", "there is no new code {code}", code=row["new_code"])
    return (before, after) if before and after else None


def _contradictions(nation: Nation) -> Iterator[Problem]:
    """What no single line shows: land that vanishes, is given twice, or flows backwards."""
    validity = {unit.id: Validity(unit.valid_from, unit.valid_to) for unit in nation.units}
    edges = [
        Edge(line.predecessor_id, line.successor_id, Share(line.share), line.effective_on) for line in nation.lineages
    ]
    parents = {unit.parent_id for unit in nation.units}
    districts = [unit.id for unit in nation.units if unit.level == UnitLevel.DISTRICT and unit.id in parents]
    for flaw in rules.flaws(validity, edges, without_heir=districts):
        unit = nation.units[flaw.unit - 1]
        file = OLD_UNITS if unit.valid_to else NEW_UNITS
        yield Problem(f"{file} {unit.code}", bi_format("{name}: {what}", name=unit.name, what=flaw.what))
