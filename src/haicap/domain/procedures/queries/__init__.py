"""Reading the catalogue: versions by code and day, the search, and who decides a procedure at a place on a day."""

from haicap.domain.procedures.queries.catalogue import (
    CHECK_SECONDS,
    MOST_LISTED,
    Found,
    Listed,
    all_on,
    areas,
    forget,
    listed_today,
    published_on,
    search,
    version_by_id,
    version_on,
    versions_by_id,
    versions_of,
    why_not_receivable,
)

__all__ = [
    "CHECK_SECONDS",
    "MOST_LISTED",
    "Found",
    "Listed",
    "all_on",
    "areas",
    "forget",
    "listed_today",
    "published_on",
    "search",
    "version_by_id",
    "version_on",
    "versions_by_id",
    "versions_of",
    "why_not_receivable",
]
