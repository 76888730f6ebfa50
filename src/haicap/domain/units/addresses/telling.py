"""Answers from readings: the units of the day behind the names that fit, how likely each, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from haicap.domain.units.addresses.answers import Answer, Candidate, Status
from haicap.domain.units.addresses.folding import WORDS, forms
from haicap.domain.units.addresses.gazetteer import District, EdgeRow, Gazetteer, Name, spelled
from haicap.domain.units.addresses.lineage import Standing
from haicap.domain.units.addresses.reasons import NOTES, Reason, note, why

if TYPE_CHECKING:
    from haicap.domain.units.addresses.choosing import Reading
    from haicap.domain.units.addresses.parts import Part

_CERTAIN_EDITS = 3
"""So many edits in all may be mended and the answer still be called certain."""
_AN_EDIT, _A_LOOSE_PLACE, _ANOTHER_KIND = 0.06, 0.05, 0.02


class Source(NamedTuple):
    """What the address names, and the units of the day that hold its land."""

    unit: int
    name: Name | None
    district: District | None
    holders: tuple[int, ...]


class Teller:
    """Makes answers for one day."""

    def __init__(self, gazetteer: Gazetteer, day: date) -> None:
        self.gazetteer, self.standing = gazetteer, Standing(gazetteer, day)
        self._known: dict[int, Answer] = {}

    def communes(self, readings: Sequence[Reading], left: Iterable[Part]) -> Answer:
        """The answer of readings that name a commune; `left` are the parts that may name its hamlet."""
        first = readings[0]
        name = first.hits.names[0]
        if len(readings) == 1 and self._is_plain(first) and not self.names_hamlets(name.unit):
            return self._told_before(name)
        return self._communes(readings, first, left)

    @staticmethod
    def _is_plain(reading: Reading) -> bool:
        """True when the address names one commune as it was called, with its kind, where it lay."""
        hits, commune = reading.hits, reading.commune
        if commune is None or commune.kind is None or len(hits.names) > 1 or hits.names[0].alias:
            return False
        return not (reading.edits or reading.unexplained or reading.ignored or hits.loose or hits.other_kind)

    def _told_before(self, name: Name) -> Answer:
        """The answer for a commune that is named as it was called where it lay: the same however it is written."""
        answer = self._known.get(name.unit)
        if answer is None:
            source = Source(name.unit, name, None, self.standing.holders(name.unit))
            status = Status.EXACT if len(source.holders) == 1 else Status.AMBIGUOUS
            answer = self._answer([source], status, 1.0, told=self._note_on([source], source.holders))
            answer = self._known[name.unit] = answer if source.holders else self.unknown()
        return answer

    def names_hamlets(self, unit: int) -> bool:
        """True for a divided unit whose lineage says which hamlets went where; then the whole address matters."""
        return any(edge.hamlets for edge in self.gazetteer.successions.get(unit, ()))

    def _communes(self, readings: Sequence[Reading], first: Reading, left: Iterable[Part]) -> Answer:
        sources = self._sources(readings)
        if len(sources) == 1 and len(sources[0].holders) > 1:
            decided = self.by_hamlet(sources[0].unit, " , ".join(part.text for part in left), sources[0].holders)
            if decided:
                return self._answer([sources[0]], Status.EXACT, 1.0, only=decided[0], hamlet=decided[1])
        units = {holder for source in sources for holder in source.holders}
        if not units:
            return self.unknown()
        certain = len(units) == 1 and not first.unexplained and first.edits <= _CERTAIN_EDITS
        if not (first.place.all_districts or first.place.provinces):
            certain = certain and first.edits == 0 and not first.ignored
        confidence = 1.0 - _AN_EDIT * first.edits - _A_LOOSE_PLACE * first.hits.loose
        confidence -= _ANOTHER_KIND * first.hits.other_kind + 0.4 * bool(first.unexplained)
        written = first.commune.key if first.commune and first.hits.edits else ""
        told = note(NOTES["contradicts"]) if first.unexplained else self._note_on(sources, units)
        status = Status.EXACT if certain else Status.AMBIGUOUS
        return self._answer(sources, status, confidence, written=written, told=told)

    def places(self, readings: Sequence[Reading], *, bare: bool) -> Answer:
        """The answer of readings that name no commune: a former district's heirs, or a province that stands alone."""
        first = readings[0]
        districts = [district for reading in readings for district in reading.place.all_districts]
        if districts:
            sources = [self._district_source(one) for one in dict.fromkeys(districts)]
            units = {holder for source in sources for holder in source.holders}
            if not units or (first.unexplained and len(units) > 1):
                return self.unknown(NOTES["no_commune"])
            status = Status.EXACT if len(units) == 1 and len(sources) == 1 else Status.AMBIGUOUS
            confidence = 1.0 - _AN_EDIT * first.edits - 0.2 * bool(first.unexplained)
            return self._answer(sources, status, confidence, told=note(NOTES["district"]) if len(units) > 1 else "")
        if first.unexplained or not bare:
            return self.unknown(NOTES["no_commune"])
        held = {holder for one in first.place.provinces for holder in self.standing.holders(one)}
        sources = [Source(one, None, None, self.standing.holders(one)) for one in first.place.provinces]
        status = Status.EXACT if len(held) == 1 and first.edits <= 1 else Status.AMBIGUOUS
        return self._answer(sources, status, 1.0 - _AN_EDIT * first.edits, told=note(NOTES["province"]))

    def unknown(self, template: tuple[str, str] = NOTES["unknown"]) -> Answer:
        """Nothing certain can be said."""
        return Answer(Status.UNKNOWN, (), note(template))

    # What stands behind the names

    def _sources(self, readings: Sequence[Reading]) -> list[Source]:
        found: dict[int, Source] = {}
        for reading in readings:
            for name in reading.hits.names:
                found.setdefault(name.unit, Source(name.unit, name, None, self.standing.holders(name.unit)))
            for district in self._meant_as_district(reading):
                source = self._district_source(district)
                found.setdefault(source.unit, source)
        return list(found.values())

    def _meant_as_district(self, reading: Reading) -> list[District]:
        """Former districts that a name without its kind may mean as well, where the address names no district."""
        span = reading.commune
        if span is None or span.kind is not None or reading.district is not None or not span.d or reading.hits.edits:
            return []
        wanted = frozenset(reading.place.provinces)
        return [
            one
            for one in span.d
            if not one.former
            and (span.plain or one.accented == span.accented)
            and (not wanted or one.provinces & wanted)
        ]

    def _district_source(self, district: District) -> Source:
        remembered = [place for place in district.places if place < 0] or district.places
        holders: dict[int, None] = {}
        for place in remembered:
            below = [name.unit for names in self.gazetteer.inside[place].values() for name in names]
            for unit in below if place < 0 else [place]:
                holders.update(dict.fromkeys(self.standing.holders(unit)))
        return Source(district.places[-1] if district.places[-1] > 0 else 0, None, district, tuple(holders))

    def by_hamlet(self, unit: int, text: str, holders: Collection[int]) -> tuple[int, str] | None:
        """The one holder whose part of `unit` names a hamlet that stands in `text`, and the hamlet; None otherwise."""
        edges = [edge for edge in self.gazetteer.successions.get(unit, ()) if edge.hamlets]
        if not edges:
            return None
        words = f" {' '.join(forms(word)[0] for word in WORDS.findall(text.lower()))} "
        named = {
            (edge.successor_id, hamlet)
            for edge in edges
            for hamlet in edge.hamlets
            if f" {spelled(hamlet)[0]} " in words
        }
        longest = max((len(hamlet) for _, hamlet in named), default=0)
        found = {one for one in named if len(one[1]) == longest}
        heirs = {heir for edge, _ in found for heir in self.standing.holders(edge)} & set(holders)
        return (heirs.pop(), found.pop()[1]) if len(heirs) == 1 else None

    # The answer

    def _note_on(self, sources: Sequence[Source], units: Collection[int]) -> object:
        if len(units) == 1:
            return ""
        if any(source.district for source in sources):
            return note(NOTES["level"])
        return note(NOTES["divided" if len(sources) == 1 else "homonyms"])

    def _answer(
        self,
        sources: Sequence[Source],
        status: Status,
        confidence: float,
        *,
        only: int | None = None,
        hamlet: str = "",
        written: str = "",
        told: object = "",
    ) -> Answer:
        shares: dict[int, float] = defaultdict(float)
        behind: dict[int, list[Source]] = defaultdict(list)
        counted = [source for source in sources if source.holders]
        for source in counted:
            for holder in source.holders if only is None else (only,):
                shares[holder] += 1 / len(counted) / (len(source.holders) if only is None else 1)
                behind[holder].append(source)
        candidates = [
            self._candidate(unit, max(0.01, min(1.0, share * confidence)), behind[unit], hamlet, written)
            for unit, share in shares.items()
        ]
        candidates.sort(key=lambda one: (-one.score, one.code))
        return Answer(status, tuple(candidates), told)

    def _candidate(self, unit: int, score: float, sources: Sequence[Source], hamlet: str, written: str) -> Candidate:
        row, province = self.gazetteer.units[unit], self.standing.province_of(unit)
        source = min(sources, key=lambda one: len(one.holders))
        reason = Reason(
            self.gazetteer, unit, source.unit, source.district.name if source.district else "",
            source.name.alias if source.name else "", hamlet, written, len(source.holders), self._edge(source, unit),
        )  # fmt: skip
        return Candidate(unit, row.code, row.name, row.kind, province.name, province.code, round(score, 3), why(reason))

    def _edge(self, source: Source, unit: int) -> EdgeRow | None:
        """By which step the land came to `unit`, or left for it."""
        steps = self.gazetteer.successions.get(source.unit, ())
        direct = [edge for edge in steps if edge.successor_id == unit]
        return direct[0] if direct else next(iter(steps), None)
