"""The resolver over the nation's files, built once; no database is needed to read addresses."""

from __future__ import annotations

from datetime import date

import pytest

from haicap.domain.units import rules
from haicap.domain.units.addresses import AliasRow, EdgeRow, Gazetteer, Resolver, UnitRow
from haicap.domain.units.tests.addresses.nation import AFTER, Nation, rows

NEW_DAY, FIRST_DAY = date(2025, 7, 1), date(2025, 1, 1)


@pytest.fixture(scope="session")
def nation() -> Nation:
    return Nation()


@pytest.fixture(scope="session")
def gazetteer(nation: Nation) -> Gazetteer:
    ids = {place: number for number, place in enumerate((*nation.old.values(), *nation.new.values()), 1)}
    units = [
        UnitRow(
            ids[one], one.code, one.name, one.kind, str(rules.level_of_code(one.code)),
            (ids[one.district] if one.district else ids[one.province]) if one.province else None,
            ids[one.province] if one.province else None,
            NEW_DAY if one.is_new else FIRST_DAY, None if one.is_new else NEW_DAY,
        )
        for one in ids
    ]  # fmt: skip
    lines = [*rows(AFTER / "lineage_provinces_2025-07-01.csv"), *rows(AFTER / "lineage_2025-07-01.csv")]
    edges = [
        EdgeRow(
            ids[nation.old[row["old_code"]]], ids[nation.new[row["new_code"]]], row.get("share", "whole"), "NQ", NEW_DAY
        )
        for row in lines
    ]
    return Gazetteer(units, edges, [AliasRow(ids[one.unit], one.alias, one.parent, one.kind) for one in nation.others])


@pytest.fixture(scope="session")
def resolver(gazetteer: Gazetteer) -> Resolver:
    return Resolver(gazetteer, NEW_DAY)


@pytest.fixture(scope="session")
def before(gazetteer: Gazetteer) -> Resolver:
    """The same on the last day of the old units."""
    return Resolver(gazetteer, date(2025, 6, 30))
