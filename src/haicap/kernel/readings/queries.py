"""Who looked at an entry, newest first; row-level security shows it to whoever sees the entry. Of a record of another kind it
shows what the room that has such records says."""

from __future__ import annotations

from django.db.models import QuerySet

from haicap.kernel.readings.models import Reading

PAGE = 50


def of_entry(entry_id: int, *, before: int | None = None, limit: int = PAGE) -> tuple[list[Reading], int | None]:
    """One page of looks, behind the row `before` where that is given, and the number to go on behind. One statement."""
    return _page(Reading.objects.filter(entry_id=entry_id), before, limit)


def of_subject(subject: str, *, before: int | None = None, limit: int = PAGE) -> tuple[list[Reading], int | None]:
    """The same of a record that is no entry's. One statement."""
    return _page(Reading.objects.filter(subject=subject).exclude(subject=""), before, limit)


def _page(found: QuerySet[Reading], before: int | None, limit: int) -> tuple[list[Reading], int | None]:
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: limit + 1])
    return rows[:limit], rows[limit - 1].pk if len(rows) > limit else None
