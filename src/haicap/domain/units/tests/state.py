"""The nation's state and lineage of 1 July 2025, read from its CSV files: an independent account for the tests."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from haicap.domain.units import rules

HERE = Path(__file__).parent / "data"
CARRIED = Path(__file__).parents[1] / "data"
NEW_DAY, FIRST_DAY = date(2025, 7, 1), date(2025, 1, 1)

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """The lines of one CSV file."""
    folder = HERE if (HERE / name).exists() else CARRIED
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _above(row: Row, state: dict[str, Row]) -> list[Row]:
    found = []
    while row["parent_code"]:
        row = state[row["parent_code"]]
        found.append(row)
    return found


def units() -> set[tuple[object, ...]]:
    """Both states: code, name, kind, level, parent's and province's code, from, to, lat, lon, area, search."""
    made: set[tuple[object, ...]] = set()
    for name, starts, ends in (("units_2025-06-30.csv", FIRST_DAY, NEW_DAY), ("units_2025-07-01.csv", NEW_DAY, None)):
        state = {row["code"]: row for row in rows(name)}
        for row in state.values():
            above = _above(row, state)
            numbers = [float(row[key]) if row.get(key) else None for key in ("lat", "lon", "area_km2")]
            search = rules.search_text(row["name"], *(one["name"] for one in above))
            level = {2: "tinh", 3: "huyen", 5: "xa"}[len(row["code"])]
            parent, province = (above[0]["code"], above[-1]["code"]) if above else (None, None)
            made.add((row["code"], row["name"], row["kind"], level, parent, province, starts, ends, *numbers, search))
    return made


def lineages() -> set[tuple[object, ...]]:
    """The lineage of 1 July 2025: old code, new code, share, resolution."""
    new = {row["code"]: row for row in rows("units_2025-07-01.csv")}
    joined = rows("lineage_provinces_2025-07-01.csv")
    by = {row["new_code"]: row["commune_resolution"] for row in joined}
    made: set[tuple[object, ...]] = {(row["old_code"], row["new_code"], "whole", "202/2025/QH15") for row in joined}
    for row in rows("lineage_2025-07-01.csv"):
        number = by[new[row["new_code"]]["parent_code"]]
        made.add((row["old_code"], row["new_code"], row["share"], number))
    return made
