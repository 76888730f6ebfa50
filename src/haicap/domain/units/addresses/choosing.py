"""Choosing: of all ways to read an address, those that explain most of it.

A way to read is a commune, a district and a province among the names found. Each name that it uses counts by how sure it
is that it is a unit's name at all; each name that it must leave out counts against it. The ways are tried from the best
that they could be downwards, so that most are never looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from haicap.domain.units.addresses.matching import NOTHING, Hits, Matcher, Place, may_be, may_mean
from haicap.domain.units.addresses.parts import Found, Part, Span
from haicap.domain.units.addresses.words import COMMUNE, DISTRICT, PROVINCE

# What a name counts: with the word for its kind, alone in its part, or somewhere among other words; and each word of it.
_MARKED, _WHOLE, _BARE, _WORD = 3.0, 2.0, 1.0, 0.15
# What counts against a way to read: a name left out that must be a unit's, one that may be; and what must be mended.
_UNEXPLAINED, _IGNORED, _LOOSE, _EDIT, _OTHER_KIND, _FORMER, _LEFT_OVER = 4.0, 0.5, 1.0, 0.7, 0.4, 0.3, 1.6
# What speaks for it: the province at the end, the order from small to large or back, a commune at all; parts apart count.
_LAST, _ORDER, _BACKWARDS, _COMMUNE, _APART = 0.5, 0.3, 0.2, 0.05, 0.02
_EQUAL = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an address, with what it explains less what it leaves.

    `unexplained` are units' names that it leaves out; `ignored` is True when a part after the commune means nothing to it.
    """

    score: float
    province: Span | None
    district: Span | None
    commune: Span | None
    place: Place
    hits: Hits
    edits: int
    unexplained: tuple[Span, ...]
    ignored: bool = False


class _Piece:
    """A name at its place in the whole address; `mask` has a bit for each of its words, `wrong` counts its edits."""

    __slots__ = ("found", "mask", "no", "span", "start", "weight", "wrong")

    def __init__(self, no: int, found: Found, first: int, wrong: int = 0) -> None:
        self.no, self.found, self.span, self.wrong = no, found, found.span, wrong
        self.start = first + found.start
        words = found.end - found.start
        self.mask = ((1 << words) - 1) << self.start
        base = _MARKED if found.span.kind is not None else _WHOLE if found.whole else _BARE
        self.weight = base + _WORD * words - _EDIT * wrong

    def respelt(self, found: Found, wrong: int) -> _Piece:
        """The same words read as another name."""
        return _Piece(self.no, found, self.start - self.found.start, wrong)


_Plan = tuple[float, int, "_Piece | None", "_Piece | None", "_Piece | None"]


class Choice:
    """All ways to read the parts of one address."""

    def __init__(self, matcher: Matcher, parts: list[Part]) -> None:
        self.matcher, self.parts = matcher, parts
        self.items: list[_Piece] = []
        self.open: list[_Piece] = []
        first = 0
        for no, part in enumerate(parts):
            self.items += [_Piece(no, found, first) for found in part.found]
            self.open += [_Piece(no, found, first) for found in part.open]
            first += len(part.words)
        ends = (0, len(parts) - 1)
        self.must = [one for one in self.items if _must(one, at_an_end=one.no in ends)]
        self.ignored = [one.mask for one in self.items if one.found.whole and one.span.kind is None and one.span.d]
        self._places: dict[tuple[Span | None, Span | None], Place | None] = {}

    def best(self) -> list[Reading]:
        """The readings that explain most, all that do so equally; none where nothing fits."""
        provinces, districts = self._options(PROVINCE), self._options(DISTRICT)
        best = self._readings(provinces, districts, self._options(COMMUNE), near=False)
        if best and best[0].commune is not None and not best[0].unexplained and not self._goes_on(best[0]):
            return best
        return self._readings(*self._near_options(provinces, districts), near=True) or best

    def _goes_on(self, reading: Reading) -> bool:
        """True when what is left may be a misspelt name that matters: a marked one, or one where a level is missing."""
        bare = reading.commune is not None and reading.commune.kind is None
        last = len(self.parts) - 1
        if any(one.span.kind is not None or bare or (one.no == last and last > 0) for one in self.open):
            return True
        used = (reading.province, reading.district, reading.commune)
        return bare and any(one.found.whole and one.span not in used for one in self.items)

    # What may be what

    def _options(self, level: int) -> list[_Piece]:
        found = [one for one in self.items if may_be(one.found, level)]
        return [one for one in found if level != COMMUNE or one.span.kind is not None or not one.found.numbered]

    def _near_options(
        self, provinces: list[_Piece], districts: list[_Piece]
    ) -> tuple[list[_Piece], list[_Piece], list[_Piece]]:
        """The options with what misspelt names may mean."""
        unsure = [*self.items, *self.open]
        respelt = self.matcher.respelt
        provinces, districts = list(provinces), list(districts)
        for one in unsure:
            if may_mean(one.found, PROVINCE) and not one.span.p:
                provinces += [one.respelt(found, wrong) for found, wrong in respelt(one.found, PROVINCE)]
        within = tuple(sorted({unit for one in provinces for unit in one.span.p}))
        for one in unsure:
            if may_mean(one.found, DISTRICT) and not self._fits(one, provinces):
                districts += [one.respelt(found, wrong) for found, wrong in respelt(one.found, DISTRICT, within)]
        known = self._options(COMMUNE)
        communes = known + [one for one in unsure if may_mean(one.found, COMMUNE) and one not in known]
        return provinces, districts, communes

    def _fits(self, district: _Piece, provinces: Sequence[_Piece]) -> bool:
        """True when the district, as it is spelt, lies in one of the provinces, or none is written."""
        if not district.span.d or not provinces:
            return bool(district.span.d)
        return any(self._place(one, district) for one in provinces if not one.mask & district.mask)

    # Readings

    def _readings(
        self, provinces: list[_Piece], districts: list[_Piece], communes: list[_Piece], *, near: bool
    ) -> list[Reading]:
        """The best readings; a plan is followed only while it could still be as good as the best so far."""
        found: list[Reading] = []
        most = -1e9
        for plan in self._plans(provinces, districts, communes):
            if plan[0] < most - _EQUAL:
                break
            reading = self._follow(plan, near=near)
            if reading:
                found.append(reading)
                most = max(most, reading.score)
        return [reading for reading in found if reading.score >= most - _EQUAL]

    def _plans(
        self, provinces: Sequence[_Piece], districts: Sequence[_Piece], communes: Sequence[_Piece]
    ) -> list[_Plan]:
        """Every way to put a province, a district and a commune together, with the best that it could be worth."""
        last = len(self.parts) - 1
        plans: list[_Plan] = []
        for province in (*provinces, None):
            for district in (*districts, None):
                above = (province.mask if province else 0) | (district.mask if district else 0)
                if province and district and province.mask & district.mask:
                    continue
                base = (province.weight + _LAST * (province.no == last)) if province else 0.0
                base += district.weight if district else 0.0
                for commune in (*communes, None):
                    if commune is None:
                        if above:
                            plans.append(self._plan(base, above, province, district, None))
                    elif not commune.mask & above:
                        worth = base + commune.weight + _COMMUNE - _LEFT_OVER * self._left_over(commune)
                        plans.append(self._plan(worth, above | commune.mask, province, district, commune))
        plans.sort(key=lambda plan: -plan[0])
        return plans

    def _plan(
        self, worth: float, mask: int, province: _Piece | None, district: _Piece | None, commune: _Piece | None
    ) -> _Plan:
        spots = [one for one in (commune, district, province) if one]
        if len(spots) > 1:
            starts = [one.start for one in spots]
            if all(a < b for a, b in pairwise(starts)):
                worth += _ORDER
            elif all(a > b for a, b in pairwise(starts)):
                worth += _BACKWARDS
            numbers = [one.no for one in spots]
            worth -= _APART * (max(numbers) - min(numbers))
        unexplained = 0
        for one in self.must:
            if not one.mask & mask:
                unexplained += 1
        for other in self.ignored:
            if not other & mask:
                worth -= _IGNORED
        return worth - _UNEXPLAINED * unexplained, unexplained, province, district, commune

    def _left_over(self, commune: _Piece) -> bool:
        """True when words that nothing is called follow the commune's name."""
        return any(
            one.start == commune.start and one.mask > commune.mask and one.span.kind is not None for one in self.open
        )

    def _follow(self, plan: _Plan, *, near: bool) -> Reading | None:
        """The reading of a plan, or None where no unit fits it."""
        worth, unexplained, province, district, commune = plan
        place = self._place(province, district)
        if place is None:
            return None
        hits = NOTHING
        if commune:
            hits = self.matcher.hits(place, commune.span) if commune.span.c else NOTHING
            anywhere = not (place.provinces or place.all_districts)
            if near and not hits.names and not unexplained and (not anywhere or commune.span.kind is not None):
                hits = self.matcher.near_hits(place, commune.span)
            if not hits.names:
                return None
            worth -= _OTHER_KIND * hits.other_kind + _FORMER * any(name.alias for name in hits.names)
        chosen = [one for one in (province, district, commune) if one]
        loose = hits.loose or (district is not None and not place.districts)
        mask = sum(one.mask for one in chosen)
        left = tuple(one.span for one in self.must if not one.mask & mask)
        wrong = hits.edits + sum(one.wrong for one in chosen)
        worth -= _EDIT * hits.edits + _LOOSE * loose
        ignored = commune is not None and any(one.no > commune.no and not one.mask & mask for one in self.open)
        return Reading(worth, _span(province), _span(district), _span(commune), place, hits, wrong, left, ignored)

    def _place(self, province: _Piece | None, district: _Piece | None) -> Place | None:
        mark = (_span(province), _span(district))
        if mark not in self._places:
            self._places[mark] = self.matcher.place(*mark)
        return self._places[mark]

    # What is left

    def left_of(self, reading: Reading) -> tuple[Part, ...]:
        """The parts that the reading did not use: street and hamlet."""
        used = [one for one in (reading.province, reading.district, reading.commune) if one]
        return tuple(part for part in self.parts if not _uses(part.found, used))

    def is_bare(self, reading: Reading) -> bool:
        """True when the address says nothing but what the reading explains."""
        return not self.left_of(reading)


def _span(piece: _Piece | None) -> Span | None:
    return piece.span if piece else None


def _must(piece: _Piece, *, at_an_end: bool) -> bool:
    """True for a name that must be a unit's: one with the word for its kind, or a province's in a part of its own."""
    span = piece.span
    return span.kind is not None or (piece.found.whole and bool(span.p) and (at_an_end or not span.c))


def _uses(found: Iterable[Found], spans: Sequence[Span]) -> bool:
    return any(one.whole and any(one.span is span for span in spans) for one in found)
