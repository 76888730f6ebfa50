"""Deciding: of all ways to read an address, those that explain most of it; what they say together is the answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from haicap.domain.units.addresses.answers import Answer
from haicap.domain.units.addresses.gazetteer import Gazetteer
from haicap.domain.units.addresses.matching import NATION, NOTHING, Hits, Matcher, Place, may_be, may_mean
from haicap.domain.units.addresses.reading import Found, Part, Reader, Span
from haicap.domain.units.addresses.reasons import hamlet_named
from haicap.domain.units.addresses.telling import Teller
from haicap.domain.units.addresses.words import COMMUNE, DISTRICT, PROVINCE

_MARKED, _WHOLE, _BARE, _WORD = 3.0, 2.0, 1.0, 0.15
_UNEXPLAINED, _IGNORED, _LOOSE, _EDIT, _OTHER_KIND, _LAST, _ORDER = 4.0, 0.5, 1.0, 0.7, 0.4, 0.5, 0.3
_COMMUNE, _FORMER, _LEFT_OVER = 0.05, 0.3, 1.0
_EQUAL = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an address, with what it explains less what it leaves."""

    score: float
    province: Span | None
    district: Span | None
    commune: Span | None
    place: Place
    hits: Hits
    edits: int
    unexplained: tuple[Span, ...]


class Resolver:
    """Answers for the units of one day. Keeps what it worked out; one gazetteer serves resolvers of many days."""

    def __init__(self, gazetteer: Gazetteer, day: date, reader: Reader | None = None) -> None:
        self.gazetteer, self.reader = gazetteer, reader or Reader(gazetteer)
        self.matcher = Matcher(gazetteer, self.reader)
        self.teller = Teller(gazetteer, day)
        self._known: dict[tuple[Span | None, Span | None, Span | None], Answer | None] = {}

    def resolve(self, text: str) -> Answer:
        """The unit, or every unit that fits, or that it is unknown."""
        texts, plain = self.reader.split(text)
        answer = self._orderly(texts, plain)
        if answer is not None:
            return answer
        parts = [part for one in texts if (part := self.reader.part(one, plain)).words]
        return self._decide(parts)

    def resolve_many(self, texts: Iterable[str]) -> Iterator[Answer]:
        """Answers in the order of the addresses."""
        return map(self.resolve, texts)

    def propose(self, unit: int, text: str, heirs: Collection[int]) -> tuple[int, Any] | None:
        """Which of the `heirs` of a divided unit an address points to, and why; None where nothing decides.

        By a hamlet that the unit's lineage names, else by the address naming, for certain, one of the heirs.
        """
        decided = self.teller.by_hamlet(unit, text, heirs)
        if decided:
            return decided[0], hamlet_named(*decided, self.gazetteer)
        answer = self.resolve(text)
        if answer.unit is None or answer.unit.unit_id not in heirs:
            return None
        return answer.unit.unit_id, answer.unit.why

    # What most people write

    def _orderly(self, texts: list[str], plain: bool) -> Answer | None:
        """The answer to (…, commune, [district,] province), each in a part of its own; None for all else."""
        read = self.reader.part
        province = district = None
        for place in range(len(texts) - 1, -1, -1):
            part = read(texts[place], plain)
            if not part.words:
                continue
            span = part.whole
            if span is None:
                return None
            if province is None:
                if not span.p or (span.kind is not None and (span.d or span.c)):
                    return None
                province = span
                continue
            if span.kind is None:
                return None
            if span.d:
                if district is not None or span.p or span.c:
                    return None
                district = span
                continue
            if not span.c or (district is None and self._has_district(texts[:place], plain)):
                return None
            return self._of(province, district, span)
        return None

    def _has_district(self, texts: list[str], plain: bool) -> bool:
        return any(self.reader.part(text, plain).has_district for text in texts)

    def _of(self, province: Span, district: Span | None, commune: Span) -> Answer | None:
        mark = (province, district, commune)
        if mark in self._known:
            return self._known[mark]
        if len(self._known) >= 100_000:
            self._known.clear()
        place = self.matcher.place(province, district)
        hits = self.matcher.hits(place, commune) if place else NOTHING
        answer = None
        if place and hits.names:
            reading = Reading(0, province, district, commune, place, hits, 0, ())
            answer = self.teller.communes([reading], ())
        self._known[mark] = answer
        return answer

    # Everything else

    def _decide(self, parts: list[Part]) -> Answer:
        choice = _Choice(self.matcher, parts)
        best = choice.best()
        if best and best[0].commune is not None:
            return self.teller.communes(best, choice.left_of(best[0]))
        if best:
            return self.teller.places(best, bare=choice.is_bare(best[0]))
        return self.teller.unknown()


class _Choice:
    """All ways to read the parts of one address."""

    def __init__(self, matcher: Matcher, parts: list[Part]) -> None:
        self.matcher, self.parts = matcher, parts
        self.items: list[tuple[int, Found]] = [(no, found) for no, part in enumerate(parts) for found in part.found]
        self.open: list[tuple[int, Found]] = [(no, found) for no, part in enumerate(parts) for found in part.open]
        self.must = [item for item in self.items if self._must(item)]
        self._places: dict[tuple[Span | None, Span | None], Place | None] = {}

    def _must(self, item: tuple[int, Found]) -> bool:
        no, found = item
        return found.span.kind is not None or (found.whole and bool(found.span.p) and not found.span.c)

    def best(self) -> list[Reading]:
        """The readings that explain most, all that do so equally; none where nothing fits."""
        exact = self._readings(self._options(PROVINCE), self._options(DISTRICT), self._options(COMMUNE), near=False)
        best = _best(exact)
        if best and best[0].commune is not None and not best[0].unexplained and not self._goes_on(best[0]):
            return best
        near = self._readings(*self._near_options(), near=True)
        return _best(near or exact)

    def _goes_on(self, reading: Reading) -> bool:
        """True when what is left may be a misspelt name that matters: a marked one, or one where a level is missing."""
        bare = reading.commune is not None and reading.commune.kind is None
        last = len(self.parts) - 1
        return any(found.span.kind is not None or bare or (no == last and no > 0) for no, found in self.open)

    # What may be what

    def _options(self, level: int) -> list[tuple[int, Found, int]]:
        return [
            (no, found, 0)
            for no, found in self.items
            if may_be(found, level) and not (level == COMMUNE and found.numbered and found.span.kind is None)
        ]

    def _near_options(self) -> tuple[list[tuple[int, Found, int]], ...]:
        """The options with what misspelt names may mean."""
        unsure = [*self.items, *self.open]
        provinces, districts = self._options(PROVINCE), self._options(DISTRICT)
        for no, found in unsure:
            if may_mean(found, PROVINCE) and not found.span.p:
                provinces += [(no, one, wrong) for one, wrong in self.matcher.respelt(found, PROVINCE)]
        within = tuple(sorted({one for _, found, _ in provinces for one in found.span.p}))
        for no, found in unsure:
            if may_mean(found, DISTRICT) and (not found.span.d or provinces):
                districts += [
                    (no, one, wrong)
                    for one, wrong in self.matcher.respelt(found, DISTRICT, within)
                    if one.span is not found.span
                ]
        communes = [
            (no, found, 0)
            for no, found in unsure
            if (may_be(found, COMMUNE) and (found.span.kind is not None or not found.numbered))
            or may_mean(found, COMMUNE)
        ]
        return provinces, districts, communes

    # Readings

    def _readings(
        self,
        provinces: list[tuple[int, Found, int]],
        districts: list[tuple[int, Found, int]],
        communes: list[tuple[int, Found, int]],
        *,
        near: bool,
    ) -> list[Reading]:
        readings = []
        for province in (*provinces, None):
            for district in (*districts, None):
                if province and district and _overlap(province, district):
                    continue
                place = self._place(province, district)
                if place is None:
                    continue
                chosen = [one for one in (province, district) if one]
                if chosen:
                    readings.append(self._reading(province, district, None, place, NOTHING))
                for commune in communes:
                    if any(_overlap(commune, one) for one in chosen):
                        continue
                    hits = self._hits(place, commune[1], near=near)
                    if hits.names:
                        readings.append(self._reading(province, district, commune, place, hits))
        return readings

    def _place(self, province: tuple[int, Found, int] | None, district: tuple[int, Found, int] | None) -> Place | None:
        mark = (province and province[1].span, district and district[1].span)
        if mark not in self._places:
            self._places[mark] = self.matcher.place(*mark)
        return self._places[mark]

    def _hits(self, place: Place, found: Found, *, near: bool) -> Hits:
        hits = self.matcher.hits(place, found.span) if found.span.c else NOTHING
        if near and not hits.names and (place is not NATION or found.span.kind is not None):
            return self.matcher.near_hits(place, found.span)
        return hits

    def _reading(
        self,
        province: tuple[int, Found, int] | None,
        district: tuple[int, Found, int] | None,
        commune: tuple[int, Found, int] | None,
        place: Place,
        hits: Hits,
    ) -> Reading:
        chosen = [one for one in (commune, district, province) if one]
        wrong = hits.edits + sum(one[2] for one in chosen)
        score = sum(_weight(one[1]) for one in chosen) - _EDIT * wrong
        loose = hits.loose or (district is not None and not place.districts)
        score -= _LOOSE * loose + _OTHER_KIND * hits.other_kind
        score += _COMMUNE * bool(commune) - _FORMER * any(name.alias for name in hits.names)
        if province and province[0] == len(self.parts) - 1:
            score += _LAST
        if commune and any(
            no == commune[0] and one.start == commune[1].start and one.end > commune[1].end for no, one in self.open
        ):
            score -= _LEFT_OVER
        spots = [(no, found.start) for no, found, _ in chosen]
        if len(spots) > 1:
            score += _ORDER * (spots == sorted(spots)) + 0.2 * (spots == sorted(spots, reverse=True))
            score -= 0.02 * (max(spots)[0] - min(spots)[0])
        left = [(no, found) for no, found in self.items if not any(_overlap((no, found, 0), one) for one in chosen)]
        unexplained = tuple(found.span for no, found in left if self._must((no, found)))
        score -= _UNEXPLAINED * len(unexplained)
        score -= _IGNORED * sum(1 for _, found in left if found.whole and found.span.kind is None and found.span.d)
        spans = [one and one[1].span for one in (province, district, commune)]
        return Reading(score, *spans, place, hits, wrong, unexplained)  # type: ignore[misc]

    # What is left

    def left_of(self, reading: Reading) -> tuple[Part, ...]:
        """The parts that the reading did not use: street and hamlet."""
        used = {id(one) for one in (reading.province, reading.district, reading.commune) if one}
        return tuple(
            part for part in self.parts if not any(id(found.span) in used for found in part.found if found.whole)
        )

    def is_bare(self, reading: Reading) -> bool:
        """True when the address says nothing but what the reading explains."""
        return not self.left_of(reading)


def _overlap(one: tuple[int, Found, int], other: tuple[int, Found, int]) -> bool:
    return one[0] == other[0] and one[1].start < other[1].end and other[1].start < one[1].end


def _weight(found: Found) -> float:
    base = _MARKED if found.span.kind is not None else _WHOLE if found.whole else _BARE
    return base + _WORD * (found.end - found.start)


def _best(readings: list[Reading]) -> list[Reading]:
    if not readings:
        return []
    most = max(reading.score for reading in readings)
    return [reading for reading in readings if reading.score >= most - _EQUAL]
