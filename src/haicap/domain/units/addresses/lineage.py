"""Who holds on a day what once was a unit, and what a unit of that day was before; remembered for the one day."""

from __future__ import annotations

from datetime import date

from haicap.domain.units.addresses.gazetteer import Gazetteer, UnitRow


class Standing:
    """The units of one day: whatever unit is asked for, those of the day that hold its land."""

    def __init__(self, gazetteer: Gazetteer, day: date) -> None:
        self.gazetteer, self.day = gazetteer, day
        self._held: dict[int, tuple[int, ...]] = {}
        self._provinces = {
            row.code: row.id for row in gazetteer.units.values() if row.level == "tinh" and self.stands(row)
        }

    def stands(self, row: UnitRow) -> bool:
        """True when the unit stands on the day."""
        return row.valid_from <= self.day and (row.valid_to is None or self.day < row.valid_to)

    def holders(self, unit: int) -> tuple[int, ...]:
        """The units of the day that hold the land of `unit`, in the order of their codes."""
        found = self._held.get(unit)
        if found is None:
            rows = [self.gazetteer.units[one] for one in self._reached(unit)]
            found = self._held[unit] = tuple(row.id for row in sorted(rows, key=lambda row: row.code))
        return found

    def _reached(self, unit: int) -> set[int]:
        """By lineage forwards for what has ended, backwards for what is not yet formed."""
        row = self.gazetteer.units[unit]
        if self.stands(row):
            return {unit}
        if row.valid_from > self.day:
            before = {edge.predecessor_id for edge in self.gazetteer.origins.get(unit, ())}
            return {one for origin in before for one in self._reached(origin)}
        after = {e.successor_id for e in self.gazetteer.successions.get(unit, ()) if e.effective_on <= self.day}
        after.update(self.gazetteer.children.get(unit, ()))
        return {one for heir in after for one in self._reached(heir)}

    def province_of(self, unit: int) -> UnitRow:
        """The province of the day that a unit of the day lies in; a province lies in itself."""
        units = self.gazetteer.units
        row = units[unit]
        above = units[row.province_id] if row.province_id is not None else row
        return units[self._provinces.get(above.code, above.id)]
