"""Which communes a name may mean in a place: first as it is written, then as it may have been misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from haicap.domain.units.addresses.folding import edits
from haicap.domain.units.addresses.gazetteer import District, Gazetteer, Name, comparable, glue, nearest
from haicap.domain.units.addresses.parts import Found, Span
from haicap.domain.units.addresses.reading import Reader
from haicap.domain.units.addresses.words import COMMUNE, DISTRICT, PROVINCE

_ONE_EDIT_FROM, _TWO_EDITS_FROM = 3, 7
"""Letters that a name must have to be recognised with one or two edits."""


_VOWELS = frozenset("aeiouy")


class Place(NamedTuple):
    """Where an address says that the commune lies: former districts, else provinces, else nowhere in particular.

    `later` are districts written with the province that theirs went to.
    """

    districts: tuple[District, ...]
    later: tuple[District, ...]
    provinces: tuple[int, ...]

    @property
    def all_districts(self) -> tuple[District, ...]:
        """The districts in the province, else those whose province went to it."""
        return self.districts or self.later


@dataclass(frozen=True, slots=True)
class Hits:
    """The names that fit. `loose`: old names in a new place or the other way round; `edits`: how misspelt."""

    names: tuple[Name, ...] = ()
    loose: bool = False
    edits: int = 0
    other_kind: bool = False


NOTHING = Hits()
NATION = Place((), (), ())


def edits_allowed(letters: int) -> int:
    """How many edits a name of so many letters may be away and still be recognised."""
    return (letters >= _ONE_EDIT_FROM) + (letters >= _TWO_EDITS_FROM)


class Matcher:
    """Looks names up in the gazetteer by place."""

    def __init__(self, gazetteer: Gazetteer, reader: Reader) -> None:
        self.gazetteer, self.reader = gazetteer, reader
        self._district_names = comparable(gazetteer.districts)
        self._province_names = comparable(gazetteer.provinces)
        self._district_tables: dict[tuple[int, ...], list[tuple[str, int, int, str]]] = {}

    def place(self, province: Span | None, district: Span | None) -> Place | None:
        """What a province and a district together say; None where there is no such district in the province."""
        if district is None:
            return Place((), (), province.p) if province else NATION
        if province is None:
            return Place(_of_kind(district.d, district), (), ())
        wanted = frozenset(province.p)
        here = _of_kind([one for one in district.d if one.provinces & wanted], district)
        later = _of_kind([one for one in district.d if one.later & wanted], district)
        return Place(here, later, province.p) if here or later else None

    # As it is written

    def hits(self, place: Place, span: Span) -> Hits:
        """The communes called as `span` that lie in `place`: in its own state first, then old in new and new in old."""
        if place.districts or place.later:
            found: list[Name] = []
            for districts, loose in ((place.districts, False), (place.later, True)):
                found = found or self._inside([one for district in districts for one in district.places], span)
                if any(not name.alias for name in found):
                    return self._chosen(found, span, loose=loose)
            both = [one for district in (*place.districts, *place.later) for one in district.places]
            near = [name for one in both for name in self.gazetteer.near[one].get(span.key, ())]
            return self._chosen([*found, *near], span, loose=not found) if found or near else NOTHING
        if not place.provinces:
            return self._chosen(_preferred(self.gazetteer.communes.get(span.key, []), span), span, loose=False)
        found = self._inside(place.provinces, span)
        if any(not name.alias for name in found):
            return self._chosen(found, span, loose=False)
        joined = [name for name in self._joined(place.provinces, span) if not (found and name.alias)]
        return self._chosen([*found, *joined], span, loose=not found) if found or joined else NOTHING

    def _inside(self, places: Iterable[int], span: Span) -> list[Name]:
        inside, key = self.gazetteer.inside, span.key
        return _preferred([name for one in places for name in inside[one].get(key, ())], span)

    def _joined(self, provinces: Iterable[int], span: Span) -> list[Name]:
        """Old communes written with their new province, and new ones with the old."""
        gazetteer = self.gazetteer
        found = [
            name
            for province in provinces
            for other in gazetteer.joined[province]
            for name in gazetteer.inside[other].get(span.key, ())
            if self._came_from(name.unit, province, other)
        ]
        return _preferred(found, span)

    def _came_from(self, unit: int, province: int, other: int) -> bool:
        """A new commune under its old province's name must have land of it; an old one is always in the new."""
        units, edges = self.gazetteer.units, self.gazetteer.origins.get(unit)
        if units[other].valid_from <= units[province].valid_from or not edges:
            return True
        return any(units[edge.predecessor_id].province_id == province for edge in edges)

    def _chosen(self, names: list[Name], span: Span, *, loose: bool) -> Hits:
        """Of names that sound alike those that are written alike: the same accents, the same kind."""
        kinds = span.kind.kinds if span.kind else None
        other_kind = False
        if len(names) > 1:
            alike = names if span.plain else _written_alike(names, span.accented)
            if kinds:
                same = [name for name in names if name.kind in kinds]
                both = [name for name in alike if name.kind in kinds]
                if both:
                    alike = both
                elif same and alike[0].accented == span.accented:
                    alike = [*alike, *same]
                elif same:
                    alike = same if span.plain else _written_alike(same, span.accented)
            names = alike
        if kinds:
            other_kind = all(name.kind not in kinds for name in names)
        unique = {name.unit: name for name in reversed(names)}
        return Hits(tuple(unique.values()), loose, 0, other_kind)

    # As it may have been misspelt

    def near_hits(self, place: Place, span: Span) -> Hits:
        """The communes in `place` whose names are nearest to a misspelt one, all that are equally near.

        A name that communes elsewhere have is taken for a misspelt one only where a single letter is wrong.
        """
        glued = glue(span.key)
        districts = place.all_districts
        most = 1 if span.c or not (districts or place.provinces) else 2
        best = min(most, edits_allowed(len(glued) + 1))
        found: list[Name] = []
        for one in [p for district in districts for p in district.places] or place.provinces or (0,):
            distance, keys = nearest(self.gazetteer.table(one), glued, best)
            if keys and distance < best:
                best, found = distance, []
            names = self.gazetteer.inside[one] if one else self.gazetteer.communes
            found += [name for key in keys for name in names[key]]
        found = [name for name in found if edits_allowed(max(len(glued), len(glue(name.key)))) >= best]
        found = _preferred(found, span)
        if len({name.key for name in found}) > 1:
            found = _spelt_alike(found, span.key.replace(" ", ""))
        if not found:
            return NOTHING
        kinds = span.kind.kinds if span.kind else frozenset[str]()
        found = [name for name in found if name.kind in kinds] or found
        if len(found) > 1 and not span.plain:
            found = _written_nearly_alike(found, span)
        unique = {name.unit: name for name in reversed(found)}
        other_kind = bool(kinds) and not any(name.kind in kinds for name in found)
        return Hits(tuple(unique.values()), not place.districts and bool(place.later), best, other_kind)

    def respelt(self, found: Found, level: int, within: tuple[int, ...] = ()) -> list[tuple[Found, int]]:
        """The provinces or districts (inside provinces, where given) that a misspelt span may mean, with the edits."""
        glued = glue(found.span.key)
        most = edits_allowed(len(glued) + (level == PROVINCE))
        table = self._province_names if level == PROVINCE else self._districts_within(within)
        distance, keys = nearest(table, glued, most)
        kind = found.span.kind
        if kind is not None and not kind.levels & level:
            return []
        spans = [self.reader.span([(word, word) for word in key.split()], True, kind) for key in keys]
        return [
            (found._replace(span=span), max(distance, 1)) for span in spans if (span.p if level == PROVINCE else span.d)
        ]

    def _districts_within(self, provinces: tuple[int, ...]) -> list[tuple[str, int, int, str]]:
        if not provinces:
            return self._district_names
        table = self._district_tables.get(provinces)
        if table is None:
            wanted = frozenset(provinces)
            keys = [
                key
                for key, districts in self.gazetteer.districts.items()
                if any(wanted & (one.provinces | one.later) for one in districts)
            ]
            table = self._district_tables[provinces] = comparable(keys)
        return table


def _of_kind(districts: Sequence[District], span: Span) -> tuple[District, ...]:
    """The districts of the kind that is written, all where there is none of it."""
    kind = span.kind
    return tuple([one for one in districts if kind and one.kind in kind.kinds] or districts)


def _preferred(names: list[Name], span: Span) -> list[Name]:
    """Names that units have, before other names; another name of the kind that is written before names of other kinds."""
    own = [name for name in names if not name.alias]
    if not own or len(own) == len(names):
        return names
    kind = span.kind
    if kind and not any(name.kind in kind.kinds for name in own):
        return [name for name in names if name.alias and name.kind in kind.kinds] or own
    return own


def _spelt_alike(names: list[Name], glued: str) -> list[Name]:
    """The names nearest to those letters where i and y are not the same."""
    distances = [edits(name.key.replace(" ", ""), glued, 4) for name in names]
    least = min(distances)
    return [name for name, distance in zip(names, distances, strict=True) if distance == least]


def _written_nearly_alike(names: list[Name], span: Span) -> list[Name]:
    """Of names equally near to a misspelt one those whose accents fit best.

    Where the slip took the vowel with its accent, as in "Đcng", names that differ in that accent alone are all kept.
    """
    spelt = list(zip(span.key.split(), span.accented.split(), strict=True))

    def apart(name: Name) -> int:
        words = list(zip(name.key.split(), name.accented.split(), strict=True))
        if len(words) != len(spelt):
            return edits(name.accented, span.accented, 12)
        return sum(
            2 * (mine[1] != theirs[1]) if mine[0] == theirs[0] else edits(mine[1], theirs[1], 12)
            for mine, theirs in zip(words, spelt, strict=True)
        )

    distances = [apart(name) for name in names]
    least = min(distances)
    lost = any(_VOWELS.isdisjoint(word) and not word.isdecimal() for word, _ in spelt)
    return [name for name, distance in zip(names, distances, strict=True) if distance <= least + lost]


def _written_alike(names: list[Name], accented: str) -> list[Name]:
    """The names whose accents are nearest to those written."""
    exact = [name for name in names if name.accented == accented]
    if exact:
        return exact
    distances = [edits(name.accented, accented, 12) for name in names]
    least = min(distances)
    return [name for name, distance in zip(names, distances, strict=True) if distance == least]


def may_be(found: Found, level: int) -> bool:
    """True when the span names something at that level."""
    span = found.span
    return bool(span.p) if level == PROVINCE else bool(span.d) if level == DISTRICT else span.c


def may_mean(found: Found, level: int) -> bool:
    """True when the span, misspelt, could name something at that level."""
    kind = found.span.kind
    if kind is not None:
        return bool(kind.levels & level)
    return found.whole and (level != COMMUNE or not found.span.p)
