"""Who looked at an entry, newest first; row-level security shows it to whoever sees the entry."""

from __future__ import annotations

from haicap.kernel.readings.models import Reading

PAGE = 50


def of_entry(entry_id: int, *, before: int | None = None, limit: int = PAGE) -> tuple[list[Reading], int | None]:
    """One page of looks, behind the row `before` where that is given, and the number to go on behind. One statement."""
    found = Reading.objects.filter(entry_id=entry_id)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: limit + 1])
    return rows[:limit], rows[limit - 1].pk if len(rows) > limit else None
