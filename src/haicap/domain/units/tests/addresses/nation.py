"""The nation's two states and their lineage, read straight from the files: what the right answers are worked out from.

Nothing here uses the resolver's own reading of names; the two must not share a mistake.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

BASE = Path(__file__).parents[2] / "data"
AFTER = Path(__file__).parents[1] / "data"
KIND_WORDS = {
    "tinh": "Tỉnh", "thanh_pho": "Thành phố", "huyen": "Huyện", "quan": "Quận", "thi_xa": "Thị xã",
    "tp_thuoc_tinh": "Thành phố", "xa": "Xã", "phuong": "Phường", "thi_tran": "Thị trấn", "dac_khu": "Đặc khu",
}  # fmt: skip
TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"


@cache
def bare_letters(text: str) -> str:
    """Lower case, no accents, no signs, one space between words."""
    spread = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    kept = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else "" if c == "'" else " " for c in kept).split())


def same_accents(text: str) -> str:
    """Lower case with accents, the tone taken out of the vowels and put behind each word; y and i alike where they are."""
    words = []
    for word in text.lower().replace("-", " ").replace("'", "").split():
        spread = unicodedata.normalize("NFD", word)
        tone = "".join(c for c in spread if c in TONE_MARKS)
        letters = unicodedata.normalize("NFC", "".join(c for c in spread if c not in TONE_MARKS))
        if letters.endswith("y") and ((len(letters) > 1 and letters[-2] not in "aâeêioôơuư") or letters == "quy"):
            letters = letters[:-1] + "i"
        words.append(letters + tone)
    return " ".join(words)


@dataclass(frozen=True)
class Place:
    """A unit of one state with those above it."""

    code: str
    name: str
    kind: str
    district: Place | None
    province: Place | None
    is_new: bool

    @cached_property
    def bare(self) -> str:
        return self.name[len(KIND_WORDS[self.kind]) + 1 :]

    @cached_property
    def plain(self) -> str:
        return bare_letters(self.bare)

    @cached_property
    def glued(self) -> str:
        return self.plain.replace(" ", "")

    @cached_property
    def accented(self) -> str:
        return same_accents(self.bare)


@dataclass(frozen=True)
class OtherName:
    """A line of the file of other names: the old unit it leads to."""

    unit: Place
    alias: str
    parent: str
    kind: str


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Nation:
    """Both states, by name, with who followed whom."""

    def __init__(self) -> None:
        self.old = self._state(rows(BASE / "units_2025-06-30.csv"), is_new=False)
        self.new = self._state(rows(AFTER / "units_2025-07-01.csv"), is_new=True)
        self.heirs: dict[str, set[str]] = defaultdict(set)
        self.origins: dict[str, set[str]] = defaultdict(set)
        for row in rows(AFTER / "lineage_2025-07-01.csv"):
            self.heirs[row["old_code"]].add(row["new_code"])
            self.origins[row["new_code"]].add(row["old_code"])
        self.old_communes = [one for one in self.old.values() if len(one.code) == 5]
        self.new_communes = [one for one in self.new.values() if len(one.code) == 5]
        self.districts = [one for one in self.old.values() if len(one.code) == 3]
        self.in_district: dict[str, list[Place]] = defaultdict(list)
        self.by_plain: dict[str, list[Place]] = defaultdict(list)
        self.in_province: dict[str, list[Place]] = defaultdict(list)
        for one in (*self.old_communes, *self.new_communes):
            self.by_plain[one.plain].append(one)
            self.in_province[one.province.plain].append(one)
            if one.district:
                self.in_district[one.district.code].append(one)
        self.others = [
            OtherName(self.old[row["code"]], row["alias"], row["alias_parent"], row["type"])
            for row in rows(BASE / "aliases.csv")
            if row["code"] in self.old
        ]
        self.new_province = {
            row["old_code"]: self.new[row["new_code"]] for row in rows(AFTER / "lineage_provinces_2025-07-01.csv")
        }

    @staticmethod
    def _state(lines: list[dict[str, str]], *, is_new: bool) -> dict[str, Place]:
        found: dict[str, Place] = {}
        for row in sorted(lines, key=lambda row: len(row["code"])):
            above = found.get(row["parent_code"])
            district = above if above and len(above.code) == 3 else None
            province = above.province if district else above
            found[row["code"]] = Place(row["code"], row["name"], row["kind"], district, province, is_new)
        return found

    def heirs_of(self, place: Place) -> frozenset[str]:
        """The codes of 1 July 2025 that hold the land of a commune, or of a district through its communes."""
        if place.is_new:
            return frozenset({place.code})
        if len(place.code) == 3:
            below = {heir for one in self.in_district[place.code] for heir in self.heirs[one.code]}
            return frozenset(below | self.heirs.get(place.code, set()))
        return frozenset(self.heirs[place.code])
