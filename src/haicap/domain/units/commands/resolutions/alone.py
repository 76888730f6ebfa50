"""What is wrong with a resolution's file by itself, whatever the records say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from haicap.domain.units import rules
from haicap.domain.units.commands.resolutions.faults import Faults
from haicap.domain.units.commands.resolutions.file import Adjusted, Changed, Created, Entry, Flow, Named, ResolutionFile
from haicap.domain.units.rules import FIRST_KNOWN_DAY, LEVEL_OF_KIND, TWO_LEVELS_FROM, Share, UnitKind, UnitLevel
from haicap.kernel import vi

KINDS_OF_TWO_LEVELS = frozenset(
    (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE)
)
"""The kinds that exist from 1 July 2025 on (Law 72/2025/QH15, Article 1)."""


def judge(file: ResolutionFile, faults: Faults) -> None:
    """Note every fault that shows without the records."""
    _Alone(file, faults).judge()


class _Alone:
    def __init__(self, file: ResolutionFile, faults: Faults) -> None:
        self.file = file
        self.note = faults.note

    def judge(self) -> None:
        """All checks, each note by line."""
        file = self.file
        if not any((file.ended, file.created, file.renamed, file.reclassified, file.adjusted)) and not file.faults:
            self.note(file.head.line, "changes_nothing")
        self._days()
        self._bases()
        self._codes()
        for one in file.created:
            self._created(one)
        for change in file.reclassified:
            self._kind_and_name(change, change.code, change.kind, change.new_name, "new_name")
        self._outflows()
        self._adjustments()

    def _days(self) -> None:
        head = self.file.head
        if not head.effective_on:
            return
        effective = vi.date_text(head.effective_on)
        if head.adopted_on and head.effective_on < head.adopted_on:
            adopted = vi.date_text(head.adopted_on)
            self.note(head.at("effective_on"), "in_force_before_adoption", effective=effective, adopted=adopted)
        if head.effective_on <= FIRST_KNOWN_DAY:
            first = vi.date_text(FIRST_KNOWN_DAY)
            self.note(head.at("effective_on"), "before_records", effective=effective, first=first)
        for basis in head.also:
            if basis.adopted_on and basis.adopted_on > head.effective_on:
                adopted = vi.date_text(basis.adopted_on)
                facts = {"number": basis.number, "adopted": adopted, "effective": effective}
                self.note(basis.at("adopted_on"), "basis_too_late", **facts)

    def _bases(self) -> None:
        known = self.file.numbers
        for number, times in Counter(known).items():
            if times > 1:
                again = [basis for basis in self.file.head.also if basis.number == number]
                self.note(again[-1].at("number"), "basis_twice", number=number)
        file = self.file
        changes: list[Named | Adjusted] = [
            *file.ended,
            *file.created,
            *file.renamed,
            *file.reclassified,
            *file.adjusted,
        ]
        for one in changes:
            if one.by and one.by not in known:
                self.note(one.at("by"), "basis_unknown", number=one.by, known=", ".join(known))

    def _codes(self) -> None:
        """One unit stands once in a list, and in one list; only an ended code may be created again."""
        file, seen = self.file, {}
        lists = {"ended": file.ended, "created": file.created, "renamed": file.renamed,
                 "reclassified": file.reclassified}  # fmt: skip
        for name, entries in lists.items():
            seen[name] = dict(self._once(name, entries))
        for name in ("renamed", "reclassified"):
            for code, line in seen[name].items():
                if code in seen["ended"]:
                    self.note(line, "ended_and_changed", code=code, list=name, first=seen["ended"][code])
                elif code in seen["created"]:
                    self.note(seen["created"][code], "created_and_changed", code=code, list=name, first=line)
                elif name == "reclassified" and code in seen["renamed"]:
                    self.note(seen["renamed"][code], "changed_twice", code=code)
        for one in file.adjusted:
            for unit in (one.giver, one.taker):
                if unit and unit.code in seen["ended"]:
                    first = seen["ended"][unit.code]
                    self.note(
                        unit.at("code"), "ended_and_changed", code=unit.code, list="boundary_adjusted", first=first
                    )
                elif unit and unit.code in seen["created"]:
                    first, line = unit.at("code"), seen["created"][unit.code]
                    self.note(line, "created_and_changed", code=unit.code, list="boundary_adjusted", first=first)

    def _once(self, name: str, entries: Iterable[Entry]) -> Iterator[tuple[str, int]]:
        seen: dict[str, int] = {}
        for one in entries:
            code, line = getattr(one, "code", None), one.at("code")
            if code and code in seen:
                self.note(line, "unit_twice", code=code, list=name, first=seen[code])
            elif code:
                seen[code] = line
                yield code, line

    def _created(self, one: Created) -> None:
        self._kind_and_name(one, one.code, one.kind, one.name, "name")
        level = rules.level_of_code(one.code) if one.code else None
        if level == UnitLevel.PROVINCE and one.parent:
            self.note(one.at("parent"), "parent_of_province")
        elif level and level != UnitLevel.PROVINCE and "parent" not in one.lines:
            self.note(one.line, "parent_missing", code=one.code)
        seen: dict[str, int] = {}
        for flow in one.flows:
            if flow.code and flow.code in seen:
                self.note(flow.at("code"), "flow_twice", code=flow.code, first=seen[flow.code])
            elif flow.code:
                seen[flow.code] = flow.at("code")
                self._flow(flow, one)

    def _flow(self, flow: Flow, one: Created) -> None:
        for key, written in (("hamlets", flow.hamlets), ("residual", flow.residual)):
            if flow.share == Share.WHOLE and written:
                self.note(flow.at(key), "whole_with_hamlets", key=key)
        levels = rules.level_of_code(flow.code or ""), rules.level_of_code(one.code or "")
        if all(levels) and levels[0] != levels[1] and levels != (UnitLevel.DISTRICT, UnitLevel.COMMUNE):
            self.note(flow.at("code"), "levels_differ", giver=flow.code, taker=one.code)

    def _kind_and_name(
        self, one: Created | Changed, code: str | None, kind: str | None, name: str | None, key: str
    ) -> None:
        if not kind:
            return
        if code and LEVEL_OF_KIND[UnitKind(kind)] != rules.level_of_code(code):
            self.note(one.at("kind"), "kind_not_of_level", kind=kind, code=code)
            return
        day = self.file.head.effective_on
        if day and day >= TWO_LEVELS_FROM and kind not in KINDS_OF_TWO_LEVELS:
            self.note(one.at("kind"), "kind_of_old_law", kind=kind)
        if name and not fits_kind(name, kind):
            self.note(one.at(key), "name_not_of_kind", name=name, word=rules.kind_word(kind))

    def _outflows(self) -> None:
        """What of one unit goes where: wholly to one, or in parts to several, each hamlet and the rest once."""
        of: dict[str, list[Flow]] = defaultdict(list)
        for one in self.file.created:
            for code, flow in {flow.code: flow for flow in reversed(one.flows)}.items():
                if code:
                    of[code].append(flow)
        named = _half_read(self.file)
        for code, flows in of.items():
            wholes = [flow for flow in flows if flow.share == Share.WHOLE]
            if wholes and len(flows) > 1:
                other = next(flow for flow in reversed(flows) if flow is not wholes[0])
                self.note(other.line, "whole_and_part", code=code, first=wholes[0].line)
            elif len(flows) == 1 and flows[0].share == Share.PART and not named & _names(flows):
                self.note(flows[0].at("share"), "part_alone", code=code)
            rests = [flow for flow in flows if flow.residual]
            if len(rests) > 1:
                self.note(rests[1].at("residual"), "residual_twice", code=code, first=rests[0].at("residual"))
            self._hamlets(code, flows)

    def _hamlets(self, code: str, flows: Iterable[Flow]) -> None:
        seen: dict[str, int] = {}
        for flow in flows:
            for hamlet in flow.hamlets:
                if hamlet in seen:
                    self.note(flow.at("hamlets"), "hamlet_twice", hamlet=hamlet, code=code, first=seen[hamlet])
                seen.setdefault(hamlet, flow.at("hamlets"))

    def _adjustments(self) -> None:
        pairs: dict[tuple[str, str], int] = {}
        hamlets: dict[tuple[str, str], int] = {}
        for one in self.file.adjusted:
            giver, taker = (unit.code if unit else None for unit in (one.giver, one.taker))
            if not giver or not taker:
                continue
            if giver == taker:
                self.note(one.line, "adjusted_to_itself", code=giver)
            elif len(giver) != len(taker):
                self.note(one.line, "levels_differ", giver=giver, taker=taker)
            elif (giver, taker) in pairs:
                self.note(one.line, "adjusted_twice", giver=giver, taker=taker, first=pairs[giver, taker])
            pairs.setdefault((giver, taker), one.line)
            for hamlet in one.hamlets:
                if (giver, hamlet) in hamlets:
                    first = hamlets[giver, hamlet]
                    self.note(one.at("hamlets"), "hamlet_twice", hamlet=hamlet, code=giver, first=first)
                hamlets.setdefault((giver, hamlet), one.at("hamlets"))


def fits_kind(name: str, kind: str) -> bool:
    """True for a name that begins with its kind's word and has a name of its own after it."""
    word = rules.kind_word(kind)
    return name.startswith(word + " ") and bool(name[len(word) :].strip())


def _names(flows: Iterable[Flow]) -> set[str]:
    return {flow.name for flow in flows if flow.name}


def _half_read(file: ResolutionFile) -> set[str]:
    """Names of sources whose code could not be read: what follows from that fault is not told as another."""
    return {flow.name for one in file.created for flow in one.flows if flow.name and not flow.code}
