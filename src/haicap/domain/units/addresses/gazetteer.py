"""Every name that a unit has or had, by how it sounds and by where it lies; and who followed whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from haicap.domain.units import rules
from haicap.domain.units.addresses.folding import WORDS, edits, forms, letters_of
from haicap.domain.units.addresses.words import PROVINCES_BY_OTHER_NAMES, SURE_KINDS


class UnitRow(NamedTuple):
    """A unit as the table has it."""

    id: int
    code: str
    name: str
    kind: str
    level: str
    parent_id: int | None
    province_id: int | None
    valid_from: date
    valid_to: date | None


class EdgeRow(NamedTuple):
    """On a day the whole or a part of one unit went to another; a part may name its hamlets."""

    predecessor_id: int
    successor_id: int
    share: str
    resolution: str
    effective_on: date
    hamlets: tuple[str, ...] = ()
    residual: bool = False


class AliasRow(NamedTuple):
    """Another name of a unit, and the unit above it under that name."""

    unit_id: int
    alias: str
    alias_parent: str
    kind: str


class Name:
    """One name of one commune, as it is compared."""

    __slots__ = ("accented", "alias", "key", "kind", "unit")

    def __init__(self, unit: int, kind: str, key: str, accented: str, alias: str = "") -> None:
        self.unit, self.kind, self.key, self.accented, self.alias = unit, kind, key, accented, alias


class District:
    """One name of one former district: the places whose communes lie in it, and the provinces it was in.

    `provinces` are those it was in, `later` those its province went to. A district that ended before the records
    begin has a place of its own with a negative number, for the communes that are remembered under it.
    """

    __slots__ = ("accented", "former", "key", "kind", "later", "name", "places", "provinces")

    def __init__(self, name: str, kind: str, places: tuple[int, ...], *, former: bool = False) -> None:
        self.name, self.kind, self.places, self.former = name, kind, places, former
        self.key, self.accented = spelled(rules.short_name(name, kind))
        self.provinces: frozenset[int] = frozenset()
        self.later: frozenset[int] = frozenset()


Table = list[tuple[str, int, int, str]]
"""Names to compare with a misspelt one: glued together, its letters as bits, its length, the name as a key."""


def spelled(text: str) -> tuple[str, str]:
    """A name as keys: its words without accents, and with them; "Chiềng An" gives ("chieng an", "chiêng2 an")."""
    words = [forms(word) for word in WORDS.findall(text.lower())]
    return " ".join(plain for plain, _ in words), " ".join(accented for _, accented in words)


class Gazetteer:
    """The names and the lineage of all units, of every day. Build once, ask often; it never changes."""

    def __init__(self, units: Iterable[UnitRow], edges: Iterable[EdgeRow], aliases: Iterable[AliasRow]) -> None:
        self.units: dict[int, UnitRow] = {row.id: row for row in units}
        self.successions: dict[int, list[EdgeRow]] = defaultdict(list)
        self.origins: dict[int, list[EdgeRow]] = defaultdict(list)
        for edge in edges:
            self.successions[edge.predecessor_id].append(edge)
            self.origins[edge.successor_id].append(edge)
        self.communes: dict[str, list[Name]] = {}
        self.inside: dict[int, dict[str, list[Name]]] = defaultdict(dict)
        self.near: dict[int, dict[str, list[Name]]] = defaultdict(dict)
        self.districts: dict[str, list[District]] = {}
        self.provinces: dict[str, tuple[int, ...]] = {}
        self.initials: dict[str, tuple[int, ...]] = {}
        self.children: dict[int, list[int]] = defaultdict(list)
        self._tables: dict[int, Table] = {}
        self._by_code: dict[str, list[UnitRow]] = defaultdict(list)
        self._add_provinces()
        self._add_districts()
        self._add_communes()
        self._add_aliases(list(aliases))
        self._add_later_provinces()
        self._note_words()

    def _note_words(self) -> None:
        """What tells names from other words: their syllables, their first words, dashes and kinds inside them."""
        keys = (*self.communes, *self.districts, *self.provinces)
        self.vocabulary = {word for key in keys for word in key.split()}
        self.vocabulary |= {"xa", "phuong", "huyen", "quan", "tinh", "thanh", "pho", "thi", "tran"}
        self.dashed = {("thien", "hue"), ("tt", "hue"), ("t", "hue"), ("br", "vt")}
        for row in self.units.values():
            if "-" in row.name:
                before, after = (WORDS.findall(side.lower()) for side in row.name.split("-", 1))
                self.dashed.add((forms(before[-1])[0], forms(after[0])[0]))
        accented = [name.accented for names in self.communes.values() for name in names]
        accented += [one.accented for districts in self.districts.values() for one in districts]
        self.with_kind_inside = {one for one in accented if not SURE_KINDS.isdisjoint(one.split())}
        self.apart = {key.replace(" ", ""): key for key in keys}
        self.starts: dict[str, int] = {}
        for key in keys:
            words = key.split()
            if len(words) > self.starts.get(words[0], 0):
                self.starts[words[0]] = len(words)

    # What is in it

    def _add_provinces(self) -> None:
        named: dict[str, list[int]] = defaultdict(list)
        for row in self.units.values():
            if row.level == "tinh":
                self._by_code[row.code].append(row)
                named[spelled(rules.short_name(row.name, row.kind))[0]].append(row.id)
        for key, ids in named.items():
            self.provinces[key] = tuple(ids)
        initials: dict[str, list[int]] = defaultdict(list)
        for key, ids in named.items():
            initials["".join(word[0] for word in key.split())].extend(ids)
        self.initials = {key: tuple(ids) for key, ids in initials.items() if len(key) > 1}
        for other, names in PROVINCES_BY_OTHER_NAMES.items():
            meant = tuple(one for name in names for one in self.provinces.get(spelled(name)[0], ()))
            if meant:
                self.provinces.setdefault(spelled(other)[0], meant)

    def _add_districts(self) -> None:
        for row in self.units.values():
            if row.level == "huyen":
                district = District(row.name, row.kind, (row.id,))
                district.provinces = frozenset(self._provinces_of(row))
                self.districts.setdefault(district.key, []).append(district)
                self.inside[row.id] = {}

    def _add_communes(self) -> None:
        units, communes, inside = self.units, self.communes, self.inside
        for row in units.values():
            if row.level != "xa":
                continue
            key, accented = spelled(rules.short_name(row.name, row.kind))
            name = Name(row.id, row.kind, key, accented)
            communes.setdefault(key, []).append(name)
            if row.parent_id is not None and row.parent_id != row.province_id:
                inside[row.parent_id].setdefault(key, []).append(name)
                self.children[row.parent_id].append(row.id)
            for province in self._provinces_of(row):
                inside[province].setdefault(key, []).append(name)
            for edge in self.origins.get(row.id, ()):
                origin = units[edge.predecessor_id]
                district = origin.id if origin.level == "huyen" else origin.parent_id
                if district is not None and name not in self.near[district].setdefault(key, []):
                    self.near[district][key].append(name)

    def _provinces_of(self, row: UnitRow) -> list[int]:
        """The rows of the province, under its one code, that stood while the unit did."""
        province = self.units[row.province_id] if row.province_id is not None else row
        return [
            one.id
            for one in self._by_code[province.code]
            if (one.valid_to is None or row.valid_from < one.valid_to)
            and (row.valid_to is None or one.valid_from < row.valid_to)
        ]

    # Other names

    def _add_aliases(self, aliases: list[AliasRow]) -> None:
        whole = [row for row in aliases if self.units[row.unit_id].level == "huyen"]
        for row in whole:
            self._add_district_alias(row)
        for row in aliases:
            if self.units[row.unit_id].level == "xa":
                self._add_commune_alias(row)

    def _add_district_alias(self, row: AliasRow) -> None:
        unit = self.units[row.unit_id]
        kind, key, accented = alias_name(row.alias)
        for known in self.districts.get(key, ()):
            if unit.id in known.places:
                return
        district = District(row.alias, kind or unit.kind, (unit.id,), former=True)
        district.key, district.accented = key, accented
        district.provinces = frozenset(self._provinces_of(unit))
        self.districts.setdefault(key, []).append(district)

    def _add_commune_alias(self, row: AliasRow) -> None:
        unit = self.units[row.unit_id]
        kind, key, accented = alias_name(row.alias)
        name = Name(unit.id, kind or unit.kind, key, accented, row.alias)
        self.communes.setdefault(key, []).append(name)
        places = {place for one in self._districts_of_alias(row, unit) for place in one.places}
        for place in (*places, *self._provinces_of(unit)):
            self.inside[place].setdefault(key, []).append(name)

    def _districts_of_alias(self, row: AliasRow, unit: UnitRow) -> list[District]:
        """The district that the alias stood in; one that ended before the records is remembered as a place."""
        kind, key, _ = alias_name(row.alias_parent)
        provinces = frozenset(self._provinces_of(unit))
        here = [one for one in self.districts.get(key, ()) if one.provinces & provinces]
        same = [one for one in here if one.kind == kind] or here
        if same or not key:
            return same
        joined = key.replace(" ", "")
        folded = [one for one in self.districts.get(joined, ()) if one.provinces & provinces]
        places = (-len(self.inside) - 1, *(place for one in folded for place in one.places))
        district = District(row.alias_parent, kind, places, former=True)
        district.key, district.provinces = key, provinces
        self.inside[district.places[0]] = {}
        self.districts.setdefault(key, []).append(district)
        return [district]

    def _add_later_provinces(self) -> None:
        """Which provinces each went to, and came from: an old commune is also written with its new province."""
        self.joined: dict[int, frozenset[int]] = {}
        for rows in self._by_code.values():
            for row in rows:
                reached = {e.successor_id for e in self.successions.get(row.id, ())}
                reached |= {e.predecessor_id for e in self.origins.get(row.id, ())}
                reached |= {e.successor_id for one in list(reached) for e in self.successions.get(one, ())}
                self.joined[row.id] = frozenset(reached - {row.id})
        for districts in self.districts.values():
            for one in districts:
                one.later = frozenset(p for place in one.provinces for p in self.joined[place]) - one.provinces

    # Misspelt names

    def table(self, place: int) -> Table:
        """The names inside a place, to compare a misspelt one with; place 0 is the nation."""
        table = self._tables.get(place)
        if table is None:
            keys: Mapping[str, list[Name]] = self.inside.get(place, {}) if place else self.communes
            table = self._tables[place] = comparable(keys)
        return table


def glue(key: str) -> str:
    """A key without spaces and with i for y, as misspelt names are compared."""
    return key.replace(" ", "").replace("y", "i")


def comparable(keys: Iterable[str]) -> Table:
    """Names made ready to be compared with misspelt ones."""
    glued = [(glue(key), key) for key in keys]
    return [(one, letters_of(one), len(one), key) for one, key in glued]


def alias_name(text: str) -> tuple[str, str, str]:
    """The kind, the key and the accented key of another name; "xalangyen" and "Xã Làng Yên" alike."""
    for kind, word in _KIND_WORDS:
        if text.startswith(word + " "):
            return kind, *spelled(text[len(word) + 1 :])
    key, accented = spelled(text)
    for prefix, kind in _GLUED_KINDS:
        if key.startswith(prefix) and len(key) > len(prefix):
            rest = spelled(key[len(prefix) :])[0]
            return kind, rest, rest
    return "", key, accented


_KIND_WORDS = [(kind.value, rules.kind_word(kind)) for kind in rules.UnitKind if kind != rules.UnitKind.CITY]
_GLUED_KINDS = (
    ("phuong", "phuong"), ("thitran", "thi_tran"), ("xa", "xa"), ("huyen", "huyen"), ("quan", "quan"),
    ("thixa", "thi_xa"), ("thanhpho", "tp_thuoc_tinh"), ("district ", "quan"), ("tx", "thi_xa"), ("tp", "tp_thuoc_tinh"),
)  # fmt: skip


def nearest(table: Table, wanted: str, most: int) -> tuple[int, list[str]]:
    """The names of a table that are fewest edits away from a glued name, at most `most`; numbers must be the same."""
    bits, length, best = letters_of(wanted), len(wanted), most
    found: list[str] = []
    for glued, letters, size, key in table:
        if (letters ^ bits).bit_count() <= 2 * best and -best <= size - length <= best:
            distance = edits(wanted, glued, best)
            if distance <= best and _numbers(glued) == _numbers(wanted):
                if distance < best:
                    best, found = distance, []
                found.append(key)
    return best, found


def _numbers(text: str) -> str:
    return "".join([letter for letter in text if letter.isdecimal()])
