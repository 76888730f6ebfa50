"""Reading units: by code and day, inside one another, through lineage; by an address as people write it."""

from haicap.domain.units.queries.inheritance import inherited_by, units_of_code
from haicap.domain.units.queries.searching import Found, find, search
from haicap.domain.units.queries.shares import DecidedBy, Share, Shares, shares_of
from haicap.domain.units.queries.units import (
    CodeHistory,
    Generation,
    Heir,
    communes_of,
    day_from,
    heirs_by_unit,
    heirs_of,
    known_day,
    lineage_of,
    page_of_units,
    predecessor_ids,
    province_of,
    unit_on,
    units_on,
)

__all__ = [
    "CodeHistory",
    "DecidedBy",
    "Found",
    "Generation",
    "Heir",
    "Share",
    "Shares",
    "communes_of",
    "day_from",
    "find",
    "heirs_by_unit",
    "heirs_of",
    "inherited_by",
    "known_day",
    "lineage_of",
    "page_of_units",
    "predecessor_ids",
    "province_of",
    "search",
    "shares_of",
    "unit_on",
    "units_of_code",
    "units_on",
]
