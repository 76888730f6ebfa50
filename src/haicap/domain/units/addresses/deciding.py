"""Deciding: the answer to an address, quickly where it is written as most people write, with care where it is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from haicap.domain.units.addresses.answers import Answer
from haicap.domain.units.addresses.choosing import Choice, Reading
from haicap.domain.units.addresses.gazetteer import Gazetteer
from haicap.domain.units.addresses.matching import NOTHING, Matcher
from haicap.domain.units.addresses.parts import Part, Span
from haicap.domain.units.addresses.reading import Reader
from haicap.domain.units.addresses.reasons import hamlet_named
from haicap.domain.units.addresses.telling import Teller


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
        read, known = self.reader.part, self.reader.parts[plain]
        province = district = None
        for place in range(len(texts) - 1, -1, -1):
            part = known.get(texts[place]) or read(texts[place], plain)
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
            if not span.c or (district is None and self._may_matter(texts[:place], plain)):
                return None
            return self._of(province, district, span)
        return None

    def _may_matter(self, texts: list[str], plain: bool) -> bool:
        return any(self.reader.part(text, plain).may_matter for text in texts)

    def _of(self, province: Span, district: Span | None, commune: Span) -> Answer | None:
        mark = (province, district, commune)
        if mark in self._known:
            return self._known[mark]
        if len(self._known) >= 100_000:
            self._known.clear()
        place = self.matcher.place(province, district)
        hits = self.matcher.hits(place, commune) if place else NOTHING
        answer = None
        if place and hits.names and not any(self.teller.names_hamlets(name.unit) for name in hits.names):
            reading = Reading(0, province, district, commune, place, hits, 0, ())
            answer = self.teller.communes([reading], ())
        self._known[mark] = answer
        return answer

    # Everything else

    def _decide(self, parts: list[Part]) -> Answer:
        choice = Choice(self.matcher, parts)
        best = choice.best()
        if best and best[0].commune is not None:
            return self.teller.communes(best, choice.left_of(best[0]))
        if best:
            return self.teller.places(best, bare=choice.is_bare(best[0]))
        return self.teller.unknown()
