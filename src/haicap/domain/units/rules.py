"""What the law says about units: kinds, levels, names, validity, and who follows whom. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from haicap.kernel import vi
from haicap.kernel.language import active, bi

FIRST_KNOWN_DAY = date(2025, 1, 1)
"""The first day that the records answer for."""
TWO_LEVELS_FROM = date(2025, 7, 1)
"""The day from which provinces and communes alone govern (Resolutions 202/2025/QH15 and 203/2025/QH15)."""


class UnitLevel(TextChoices):
    """Levels of government. The district level ended on 1 July 2025 (Resolution 203/2025/QH15)."""

    PROVINCE = "tinh", bi("Cấp tỉnh", "Province level")
    DISTRICT = "huyen", bi("Cấp huyện", "District level")
    COMMUNE = "xa", bi("Cấp xã", "Commune level")


class UnitKind(TextChoices):
    """Kinds of unit, before and after 1 July 2025."""

    PROVINCE = "tinh", bi("Tỉnh", "Province")
    CITY = "thanh_pho", bi("Thành phố", "City")
    DISTRICT = "huyen", bi("Huyện", "District")
    URBAN_DISTRICT = "quan", bi("Quận", "Urban district")
    TOWN = "thi_xa", bi("Thị xã", "Town")
    PROVINCIAL_CITY = "tp_thuoc_tinh", bi("Thành phố thuộc tỉnh", "Provincial city")
    COMMUNE = "xa", bi("Xã", "Commune")
    WARD = "phuong", bi("Phường", "Ward")
    TOWNSHIP = "thi_tran", bi("Thị trấn", "Township")
    SPECIAL_ZONE = "dac_khu", bi("Đặc khu", "Special zone")


class Share(TextChoices):
    """How much of an old unit went to a new one."""

    WHOLE = "whole", bi("Toàn bộ", "Whole")
    PART = "part", bi("Một phần", "Part")


class UnitChange(TextChoices):
    """How a unit came to be, told from its predecessors."""

    KEPT = "kept", bi("Giữ nguyên", "Kept as it was")
    RENAMED = "renamed", bi("Đổi tên", "Renamed")
    RECLASSIFIED = "reclassified", bi("Đổi loại", "Changed in kind")
    MERGED = "merged", bi("Sáp nhập", "Merged")
    SPLIT_OFF = "split_off", bi("Tách ra", "Split off")


LEVEL_OF_KIND: Mapping[UnitKind, UnitLevel] = {
    UnitKind.PROVINCE: UnitLevel.PROVINCE,
    UnitKind.CITY: UnitLevel.PROVINCE,
    UnitKind.DISTRICT: UnitLevel.DISTRICT,
    UnitKind.URBAN_DISTRICT: UnitLevel.DISTRICT,
    UnitKind.TOWN: UnitLevel.DISTRICT,
    UnitKind.PROVINCIAL_CITY: UnitLevel.DISTRICT,
    UnitKind.COMMUNE: UnitLevel.COMMUNE,
    UnitKind.WARD: UnitLevel.COMMUNE,
    UnitKind.TOWNSHIP: UnitLevel.COMMUNE,
    UnitKind.SPECIAL_ZONE: UnitLevel.COMMUNE,
}
LEVEL_OF_CODE_LENGTH: Mapping[int, UnitLevel] = {2: UnitLevel.PROVINCE, 3: UnitLevel.DISTRICT, 5: UnitLevel.COMMUNE}
"""Codes have 2, 3 or 5 digits by level (Decision 19/2025/QĐ-TTg)."""

_KIND_WORD: Mapping[UnitKind, tuple[str, str]] = {
    UnitKind.PROVINCE: ("Tỉnh", "province"),
    UnitKind.CITY: ("Thành phố", "city"),
    UnitKind.DISTRICT: ("Huyện", "district"),
    UnitKind.URBAN_DISTRICT: ("Quận", "district"),
    UnitKind.TOWN: ("Thị xã", "town"),
    UnitKind.PROVINCIAL_CITY: ("Thành phố", "city"),
    UnitKind.COMMUNE: ("Xã", "commune"),
    UnitKind.WARD: ("Phường", "ward"),
    UnitKind.TOWNSHIP: ("Thị trấn", "township"),
    UnitKind.SPECIAL_ZONE: ("Đặc khu", "special zone"),
}
_CODE = re.compile(r"[0-9]{2}|[0-9]{3}|[0-9]{5}")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_ABBREVIATIONS = {"tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "dk": "dac khu"}


def level_of_code(code: str) -> UnitLevel | None:
    """The level that an official code belongs to, or None for text that is no code."""
    return LEVEL_OF_CODE_LENGTH[len(code)] if _CODE.fullmatch(code) else None


def kind_word(kind: str) -> str:
    """The word that stands before the name: "Xã", "Phường", "Thành phố"."""
    return _KIND_WORD[UnitKind(kind)][0]


def short_name(name: str, kind: str) -> str:
    """The name without its kind: "Chiềng An" of "Phường Chiềng An"; "1" of "Phường 1"."""
    return name.removeprefix(kind_word(kind)).strip()


def english_name(name: str, kind: str) -> str:
    """The name as English papers write it: "Chiềng An ward", "Ward 1"."""
    word, short = _KIND_WORD[UnitKind(kind)][1], short_name(name, kind)
    return f"{word.capitalize()} {short}" if short.isdigit() else f"{short} {word}"


def shown_name(name: str, kind: str) -> str:
    """The unit's name in the caller's language."""
    return english_name(name, kind) if active() == "en" else name


def in_sentence(name: str) -> str:
    """The name inside a sentence: "xã Chiềng An", but "Phường 1" and "Thành phố Hồ Chí Minh".

    The kind is in lower case, save before a number and in the city's name (Decree 30/2020/NĐ-CP, appendix II). The
    decree's third exception, units named after persons and events, is not told by a name alone and not made.
    """
    keeps = name[-1:].isdigit() or name == "Thành phố Hồ Chí Minh"
    return name if keeps else name[:1].lower() + name[1:]


def then_and_now(then: str, now: str, *, part: bool = False) -> str:
    """A name of a day gone by with today's, where they differ: "Xã Chiềng Đen (nay là Phường Chiềng An)".

    `part`: the unit was divided, and `now` is the one heir that answers. Names come in the caller's language.
    """
    if not now or now == then:
        return then
    if active() == "en":
        return f"{then} ({'divided, now ' if part else 'now '}{now})"
    return f"{then} ({'đã chia tách, nay thuộc ' if part else 'nay là '}{now})"


def committee_name(name: str, kind: str) -> str:
    """The body that governs the unit, in the caller's language: "Ủy ban nhân dân xã Chiềng Khoong"."""
    if active() == "en":
        return f"People's Committee of {english_name(name, kind)}"
    return f"Ủy ban nhân dân {in_sentence(name)}"


def search_key(text: str) -> str:
    """`text` as it is searched: no accents, no signs, lower case, i for y, one space between words, TP. written out."""
    words = _NOT_WORD.sub(" ", vi.fold(text)).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words).replace("y", "i")


def search_text(own: str, *above: str) -> str:
    """What a unit is found by, each word after a space: its own name, a bar, the names of the units above it.

    "Xã Mường La", "Huyện Mường La" and "Tỉnh Sơn La" give " xa muong la | huien muong la tinh son la".
    """
    return f" {search_key(own)} |" + "".join(f" {search_key(name)}" for name in above)


@dataclass(frozen=True)
class Validity:
    """From `starts` up to, not including, `ends`; no end means that it still stands."""

    starts: date
    ends: date | None = None

    def __contains__(self, day: date) -> bool:
        """True when the unit stands on `day`."""
        return self.starts <= day and (self.ends is None or day < self.ends)

    def overlaps(self, other: Validity) -> bool:
        """True when one day lies in both."""
        return (other.ends is None or self.starts < other.ends) and (self.ends is None or other.starts < self.ends)


@dataclass(frozen=True)
class Edge:
    """On the day `on`, the whole or a part of `predecessor` went to `successor` (keys of units)."""

    predecessor: int
    successor: int
    share: Share
    on: date


def heirs(unit: int, edges: Iterable[Edge], day: date) -> dict[int, Share]:
    """Who holds on `day` what once was `unit`: itself when nothing happened yet, one heir wholly, several in part.

    Divided land that was reunited later has one heir again, and that one holds the whole.
    """
    following = defaultdict(set)
    for edge in edges:
        if edge.on <= day:
            following[edge.predecessor].add(edge.successor)
    leaves = {one for one in _reached(unit, following) | {unit} if one not in following}
    share = Share.WHOLE if len(leaves) == 1 else Share.PART
    return dict.fromkeys(sorted(leaves), share)


def predecessors(units: Collection[int], edges: Iterable[Edge], day: date) -> frozenset[int]:
    """Every earlier unit of which, by `day`, the whole or a part has come to one of `units`; not these themselves."""
    before = defaultdict(set)
    for edge in edges:
        if edge.on <= day:
            before[edge.successor].add(edge.predecessor)
    found: set[int] = set()
    for unit in units:
        found |= _reached(unit, before)
    return frozenset(found - set(units))


def _reached(start: int, steps: Mapping[int, set[int]]) -> set[int]:
    """All that is reached from `start` in one step or more."""
    found: set[int] = set()
    waiting = [start]
    while waiting:
        fresh = steps.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def change(name: str, kind: str, origins: Collection[tuple[str, str, str]]) -> UnitChange | None:
    """How the unit came to be from its `origins` (name, kind, share of each predecessor); None when none is known."""
    if not origins:
        return None
    if len(origins) > 1:
        return UnitChange.MERGED
    ((old_name, old_kind, share),) = origins
    if share == Share.PART:
        return UnitChange.SPLIT_OFF
    if short_name(old_name, old_kind) != short_name(name, kind):
        return UnitChange.RENAMED
    return UnitChange.KEPT if old_kind == kind else UnitChange.RECLASSIFIED


@dataclass(frozen=True)
class Flaw:
    """One contradiction in a history: which unit (its key) and what is wrong with it (bilingual)."""

    unit: int
    what: str


def flaws(units: Mapping[int, Validity], edges: Collection[Edge], without_heir: Collection[int] = ()) -> Iterator[Flaw]:
    """What contradicts itself in a history: nobody's land may vanish, be given twice, or flow backwards in time.

    `without_heir` names the units that may end without a successor: districts, whose work went to both other levels.
    """
    outgoing, incoming = defaultdict(list), defaultdict(list)
    for edge in edges:
        outgoing[edge.predecessor].append(edge)
        incoming[edge.successor].append(edge)
        yield from _flaws_of_edge(edge, units)
    exempt = frozenset(without_heir)
    for unit, validity in units.items():
        if validity.ends is not None and unit not in exempt and not outgoing[unit]:
            yield Flaw(unit, bi("đã kết thúc mà không có đơn vị kế tiếp", "ended without a successor"))
        if validity.starts > FIRST_KNOWN_DAY and not incoming[unit]:
            yield Flaw(unit, bi("được thành lập mà không có đơn vị trước đó", "was formed from no earlier unit"))
        yield from _flaws_of_shares(unit, outgoing[unit])


def _flaws_of_edge(edge: Edge, units: Mapping[int, Validity]) -> Iterator[Flaw]:
    before, after = units.get(edge.predecessor), units.get(edge.successor)
    if before is None or before.ends != edge.on:
        yield Flaw(edge.predecessor, bi("không kết thúc vào ngày chuyển giao", "does not end on the day of the change"))
    if after is None or after.starts != edge.on:
        yield Flaw(edge.successor, bi("không bắt đầu vào ngày chuyển giao", "does not begin on the day of the change"))


def _flaws_of_shares(unit: int, edges: Collection[Edge]) -> Iterator[Flaw]:
    if len({edge.successor for edge in edges}) != len(edges):
        yield Flaw(unit, bi("được ghi hai lần cho cùng một đơn vị kế tiếp", "names the same successor twice"))
    whole = sum(edge.share == Share.WHOLE for edge in edges)
    if whole and len(edges) > 1:
        yield Flaw(unit, bi("vừa chuyển toàn bộ vừa bị chia", "went whole to one unit and yet to another"))
    if not whole and len(edges) == 1:
        yield Flaw(unit, bi("chỉ một phần có đơn vị kế tiếp", "has a successor for one part only"))


@dataclass(frozen=True)
class Claim:
    """One heir's claim on a divided unit: who it is, and what the resolution says of its part."""

    unit: int
    code: str
    name: str
    kind: str
    residual: bool = False


def default_heir(code: str, name: str, kind: str, claims: Collection[Claim]) -> int:
    """Which heir of a divided unit (its `code`, `name`, `kind`) answers for what no hamlet, address or person decides.

    The one that the resolution says takes the rest, else the one that kept the code, else the name, else the first by
    code: always the same one, so that nothing is in nobody's hands. Raises ValueError without claims.
    """
    if not claims:
        raise ValueError("a divided unit has heirs")
    own = short_name(name, kind)
    order = sorted(
        claims, key=lambda one: (not one.residual, one.code != code, short_name(one.name, one.kind) != own, one.code)
    )
    return order[0].unit
