"""The procedures as kinds of work that a post may lend: see `people.ports`."""

from __future__ import annotations

from haicap.domain.people.ports import WorkKind
from haicap.domain.procedures.queries.catalogue import areas, listed_today


def kinds_of_work() -> list[WorkKind]:
    """Every procedure of today, by field and name. One statement, and those of `listed_today`."""
    places = {area.code: place for place, area in enumerate(areas())}
    found = [WorkKind(one.code, one.shown_name, one.area, one.shown_area) for one in listed_today()]
    return sorted(found, key=lambda kind: (places.get(kind.field, len(places)), kind.name, kind.code))
