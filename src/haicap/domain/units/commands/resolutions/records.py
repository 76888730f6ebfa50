"""What is wrong with a resolution's file against the records of units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from haicap.domain.units import rules
from haicap.domain.units.commands.resolutions.faults import Faults
from haicap.domain.units.commands.resolutions.file import Changed, Created, Flow, Named, ResolutionFile
from haicap.domain.units.commands.resolutions.world import Standing, World
from haicap.domain.units.rules import TWO_LEVELS_FROM, UnitLevel
from haicap.kernel import vi
from haicap.kernel.language import bi, bi_format

_NAMES_SHOWN = 5
_HINT_CODE = bi("Đơn vị tên “{name}” có mã {codes}. Hãy sửa mã.", "“{name}” has the code {codes}. Correct the code.")
_HINT_UNKNOWN = bi(
    "Hãy đối chiếu mã và tên với danh mục (./haicap units list).",
    "Compare code and name with the list (./haicap units list).",
)
_HINT_NAME = bi("Hãy sửa tên, hoặc sửa mã.", "Correct the name, or the code.")


@dataclass
class Resolved:
    """The file's units as the records know them, each by its code in the file."""

    ended: dict[str, Standing] = field(default_factory=dict)
    changed: dict[str, Standing] = field(default_factory=dict)


def judge(file: ResolutionFile, world: World, faults: Faults) -> Resolved:
    """Note every fault against the records; gives the units that the file ends or changes, as far as they were found."""
    day = file.head.effective_on or file.head.adopted_on
    if day is None:
        return Resolved()
    return _Records(file, world, day, faults).judge()


class _Records:
    def __init__(self, file: ResolutionFile, world: World, day: date, faults: Faults) -> None:
        self.file, self.world, self.day, self.note = file, world, day, faults.note
        self.resolved = Resolved()
        self.created = {one.code: one for one in file.created if one.code}
        self.misread: set[str] = set()
        pairs = [unit for one in file.adjusted for unit in (one.giver, one.taker) if unit]
        self.freed = {one.code for one in (*file.ended, *file.renamed, *file.reclassified, *pairs)}

    def judge(self) -> Resolved:
        """All checks, each note by line."""
        listed = {one.code for one in self.file.ended}
        self._find(self.file.ended, self.resolved.ended)
        for change in (*self.file.renamed, *self.file.reclassified):
            self._change(change)
        for pair in self.file.adjusted:
            self._find([unit for unit in (pair.giver, pair.taker) if unit], self.resolved.changed)
        for one in self.file.created:
            self._code(one)
            self._parent(one)
            for flow in one.flows:
                self._flow(flow, one, listed)
        self._heirs()
        self._children()
        return self.resolved

    def _find(self, entries: tuple[Named, ...] | list[Named], found: dict[str, Standing]) -> None:
        for one in entries:
            unit = self._unit(one)
            if unit:
                found.setdefault(unit.code, unit)

    def _unit(self, one: Named) -> Standing | None:
        """The unit that `one` names, standing on the eve of the day and not ended by another; else the fault is noted."""
        if not one.code:
            return None
        generations = self.world.generations.get(one.code, [])
        unit = self.world.before(one.code, self.day)
        if unit and unit.valid_to is None:
            self._name(one, unit)
            return unit
        line, day = one.at("code"), vi.date_text(self.day)
        if not generations:
            self.note(line, "code_unknown", code=one.code, hint=self._codes_of(one.name))
        elif unit and unit.valid_to:
            facts = {"name": unit.name, "code": unit.code, "ended": vi.date_text(unit.valid_to)}
            self.note(line, "unit_ended_by_other", by=unit.ended_by or "—", **facts)
        elif generations[0].valid_from >= self.day:
            first = generations[0]
            self.note(line, "unit_not_yet_formed", name=first.name, code=one.code,
                      formed=vi.date_text(first.valid_from), day=day)  # fmt: skip
        else:
            last = next(row for row in reversed(generations) if row.valid_to and row.valid_to < self.day)
            ended = vi.date_text(last.valid_to) if last.valid_to else ""
            self.note(line, "unit_closed", name=last.name, code=one.code, ended=ended, by=last.ended_by or "—", day=day)
        self.misread.add(one.name or "")
        return None

    def _name(self, one: Named, unit: Standing) -> None:
        if one.name and one.name != unit.name and not vi.same_name(one.name, unit.name):
            others = [row.code for row in self.world.named(one.name) if row.stands_before(self.day)]
            hint = bi_format(_HINT_CODE, name=one.name, codes=", ".join(others)) if others else _HINT_NAME
            self.note(one.at("name"), "name_differs", code=unit.code, known=unit.name, name=one.name, hint=hint)

    def _codes_of(self, name: str | None) -> object:
        codes = [row.code for row in self.world.named(name) if row.stands_before(self.day)] if name else []
        return bi_format(_HINT_CODE, name=name, codes=", ".join(codes)) if codes else _HINT_UNKNOWN

    def _change(self, one: Changed) -> None:
        unit = self._unit(one)
        if unit is None:
            return
        self.resolved.changed.setdefault(unit.code, unit)
        if one.kind and one.kind == unit.kind:
            self.note(one.at("kind"), "same_kind", name=unit.name, code=unit.code, kind=unit.kind)
        if one.new_name == unit.name and "kind" not in one.lines:
            self.note(one.at("new_name"), "same_name", name=unit.name)
        word = rules.kind_word(unit.kind)
        if "kind" not in one.lines and one.new_name and not one.new_name.startswith(word + " "):
            self.note(one.at("new_name"), "name_not_of_kind", name=one.new_name, word=word)

    def _code(self, one: Created) -> None:
        """A new unit's code is free from the day on, or becomes free by this file."""
        if not one.code:
            return
        for unit in self.world.generations.get(one.code, ()):
            if unit.valid_from >= self.day:
                formed = vi.date_text(unit.valid_from)
                self.note(one.at("code"), "code_used_later", code=one.code, name=unit.name, formed=formed)
            elif unit.is_on(self.day) and one.code not in self.freed:
                self.note(one.at("code"), "code_in_use", code=one.code, name=unit.name)
            else:
                continue
            return

    def _parent(self, one: Created) -> None:
        """The parent stands from the day on, by this file or before it, and is of the level that the law of the day asks."""
        if not one.parent or not one.code or len(one.code) == 2:
            return
        level, above = rules.level_of_code(one.code), rules.level_of_code(one.parent)
        line, code = one.at("parent"), one.parent
        below_district = level == UnitLevel.COMMUNE and self.day < TWO_LEVELS_FROM
        if above != (UnitLevel.DISTRICT if below_district else UnitLevel.PROVINCE):
            self.note(line, "parent_of_wrong_level", code=code, child=one.code)
            return
        if code in self.created or code in self.resolved.changed:
            return
        unit = self.world.on(code, self.day)
        if unit is None:
            self.note(line, "parent_unknown", code=code, day=vi.date_text(self.day))
        elif code in self.resolved.ended:
            self.note(line, "parent_ends", code=code, name=unit.name, ended=vi.date_text(self.day))
        elif unit.valid_to and self.world.on(code, unit.valid_to) is None:
            self.note(line, "parent_ends", code=code, name=unit.name, ended=vi.date_text(unit.valid_to))

    def _flow(self, flow: Flow, one: Created, listed: set[str | None]) -> None:
        """A source ends by this file; an island district may become a commune, a district with communes may not."""
        unit = self.resolved.ended.get(flow.code or "")
        if unit:
            self._name(flow, unit)
            kids = self._communes(unit)
            if one.code and len(one.code) == 5 and kids:
                self.note(flow.at("code"), "district_had_communes", name=unit.name, code=unit.code)
        elif flow.code not in listed:
            known = self._unit(flow)
            if known:
                self.note(flow.at("code"), "flow_not_ended", name=known.name, code=known.code)

    def _communes(self, unit: Standing) -> list[Standing]:
        return [kid for kid in self.world.children.get(unit.code, ()) if kid.stands_before(self.day)]

    def _heirs(self) -> None:
        """What ends goes somewhere; only a district whose communes say where may end without more."""
        taken = {flow.code for one in self.file.created for flow in one.flows}
        half_read = {flow.name for one in self.file.created for flow in one.flows if not flow.code} | self.misread
        for one in self.file.ended:
            unit = self.resolved.ended.get(one.code or "")
            if unit is None or unit.code in taken or half_read & {one.name, unit.name}:
                continue
            if unit.level != UnitLevel.DISTRICT or not self._communes(unit):
                self.note(one.line, "ended_without_heir", name=unit.name, code=unit.code)

    def _children(self) -> None:
        """Nobody stands under a unit that ended, unless its code goes on."""
        half_read = {one.name for one in self.file.ended if not one.code} | self.misread
        for one in self.file.ended:
            unit = self.resolved.ended.get(one.code or "")
            if unit is None or unit.code in self.created:
                continue
            left = list(self._left(unit, half_read))
            if left:
                names = ", ".join(f"{kid.name} ({kid.code})" for kid in left[:_NAMES_SHOWN])
                names += ", …" if len(left) > _NAMES_SHOWN else ""
                facts = {"name": unit.name, "code": unit.code, "count": len(left), "names": names}
                self.note(one.line, "children_left", **facts)

    def _left(self, unit: Standing, half_read: set[str | None]) -> Iterator[Standing]:
        for kid in self._communes(unit):
            on_the_day = kid.valid_to is None or kid.valid_to > self.day
            if on_the_day and kid.code not in self.resolved.ended and kid.name not in half_read:
                yield kid
