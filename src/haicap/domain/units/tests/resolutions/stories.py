"""Stories of reorganisation for property tests: a tiny nation, and a sequence of valid resolutions drawn by hypothesis.

Two generations as the nation had them: changes under districts in early 2025, the end of the districts on 1 July 2025, and
changes under provinces after it. Codes are reused whenever a draw says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from haicap.domain.units import rules
from haicap.domain.units.commands.resolutions.planning import Plan, above
from haicap.domain.units.commands.resolutions.world import Standing, World, world_of

FIRST = rules.FIRST_KNOWN_DAY
JULY = rules.TWO_LEVELS_FROM
WORDS = {
    "xa": "Xã",
    "phuong": "Phường",
    "tinh": "Tỉnh",
    "thanh_pho": "Thành phố",
    "huyen": "Huyện",
    "thi_xa": "Thị xã",
    "dac_khu": "Đặc khu",
}


def base() -> list[Standing]:
    """Two provinces; in each a district of three communes and one of two; an island district without communes."""
    numbers = count(1)
    made: list[Standing] = []

    def stand(code: str, name: str, kind: str, parent: Standing | None, province: Standing | None) -> Standing:
        level = rules.level_of_code(code)
        assert level is not None
        made.append(
            Standing(next(numbers), code, name, kind, level.value, parent and parent.code,
                     province.code if province else code, province and province.id, FIRST, None, None, None, None, "")
        )  # fmt: skip
        return made[-1]

    communes = count(1)
    for letter, code in (("Đông", "11"), ("Tây", "22")):
        province = stand(code, f"Tỉnh {letter}", "tinh", None, None)
        for number, size in ((1, 3), (2, 2)):
            district = stand(f"{code}{number}", f"Huyện {letter} {number}", "huyen", province, province)
            for _ in range(size):
                commune = next(communes)
                stand(f"{commune:05d}", f"Xã {letter} {commune}", "xa", district, province)
    stand("229", "Huyện Đảo", "huyen", province, province)
    return made


@dataclass
class Story:
    """The rows so far and the day; each method writes the lists of one resolution's file."""

    draw: Callable[[Any], Any]
    rows: list[Standing] = field(default_factory=base, repr=False)
    day: date = FIRST
    told: int = 0
    fresh: Iterator[int] = field(default_factory=lambda: count(900))
    fresh_province: Iterator[int] = field(default_factory=lambda: count(31))

    def standing(self, level: str) -> list[Standing]:
        """The units of one level that stand, by code."""
        return sorted((row for row in self.rows if row.valid_to is None and row.level == level), key=lambda r: r.code)

    def world(self) -> World:
        """All rows as the judge sees them."""
        return world_of(self.rows)

    def next_file(self) -> str:
        """The text of the next resolution: on the eve of July whatever there is, on 1 July the end of the districts."""
        gap = self.draw(st.integers(30, 90))
        later = self.day + timedelta(days=gap)
        if self.day < JULY <= later:
            self.day = JULY
            return self._file(self._july())
        self.day = later
        kinds = [self._merge, self._divide, self._rename, self._reclassify, self._adjust]
        if self.day > JULY:
            kinds += [self._merge_provinces, self._city]
        else:
            kinds += [self._rename_district]
        return self._file(self.draw(st.sampled_from(kinds))())

    def _file(self, lists: str) -> str:
        self.told += 1
        return (
            f"format: haicap-resolution/1\nresolution:\n  number: {self.told}/NQ-THU\n  body: Quốc hội\n"
            f"  title: Lần {self.told}\n  adopted_on: {self.day}\n  effective_on: {self.day}\n{lists}"
        )

    def _code(self, freed: list[Standing]) -> str:
        """A code that was freed by the same file, one that was freed long ago, or a fresh one."""
        taken = {row.code for row in self.rows if row.valid_to is None}
        old = sorted({row.code for row in self.rows if len(row.code) == len(freed[0].code)} - taken)
        choices = [row.code for row in freed] + old[:2]
        if self.draw(st.booleans()):
            return str(self.draw(st.sampled_from(choices)))
        if len(freed[0].code) == 2:
            return str(next(self.fresh_province))
        return f"{next(self.fresh):05d}"

    def _parent(self, row: Standing) -> str:
        return str(row.parent_code if self.day < JULY else row.province_code)

    def _siblings(self, most: int) -> list[Standing]:
        communes = self.standing("xa")
        first = self.draw(st.sampled_from(communes))
        near = [row for row in communes if self._parent(row) == self._parent(first)]
        start = near.index(first)
        return near[start : start + self.draw(st.integers(1, most))]

    def _merge(self) -> str:
        group = self._siblings(3)
        code = self._code(group)
        flows = "".join(f"      - {_unit(row, 'share: whole')}\n" for row in group)
        return _ended(group) + "created:\n" + _created(code, f"Xã Gộp {self.told}", "xa", self._parent(group[0]), flows)

    def _divide(self) -> str:
        """Some communes end and are divided among two or three; one part may be named, one be the rest."""
        group = self._siblings(2)
        parts = self.draw(st.integers(2, 3))
        rest = self.draw(st.integers(-1, parts - 1))
        text, codes = "created:\n", [self._code(group)]
        codes += [f"{next(self.fresh):05d}" for _ in range(parts - 1)]
        for part, code in enumerate(codes):
            more = ", residual: true" if part == rest else f", hamlets: [Bản {part}]" if rest >= 0 else ""
            flows = "".join(f"      - {_unit(row, f'share: part{more}')}\n" for row in group)
            text += _created(code, f"Xã Chia {self.told} {part}", "xa", self._parent(group[0]), flows)
        return _ended(group) + text

    def _rename(self) -> str:
        row = self.draw(st.sampled_from(self.standing("xa")))
        word = WORDS[row.kind]
        return f"renamed:\n  - {_unit(row, f'new_name: {word} Tên {self.told}')}\n"

    def _rename_district(self) -> str:
        row = self.draw(st.sampled_from(self.standing("huyen")))
        return f"renamed:\n  - {_unit(row, f'new_name: {WORDS[row.kind]} Tên {self.told}')}\n"

    def _reclassify(self) -> str:
        row = self.draw(st.sampled_from(self.standing("xa")))
        kind = "phuong" if row.kind == "xa" else "xa"
        return f"reclassified:\n  - {_unit(row, f'kind: {kind}, new_name: {WORDS[kind]} Loại {self.told}')}\n"

    def _adjust(self) -> str:
        group = self._siblings(3)
        if len(group) < 2:
            return self._rename()
        pairs = [(group[0], group[1]), *([(group[1], group[2])] if len(group) > 2 else [])]
        lines = "".join(
            f"  - {{from: {_unit(giver)}, to: {_unit(taker)}, hamlets: [Bản {n}]}}\n"
            for n, (giver, taker) in enumerate(pairs)
        )
        return "boundary_adjusted:\n" + lines

    def _july(self) -> str:
        """Districts end, the island one becomes a commune, each commune is formed anew below its province."""
        districts, communes = self.standing("huyen"), self.standing("xa")
        text = _ended([*districts, *communes]) + "created:\n"
        for row in communes:
            text += _created(
                row.code, row.name, row.kind, str(row.province_code), f"      - {_unit(row, 'share: whole')}\n"
            )
        for row in districts:
            if not any(kid.parent_code == row.code for kid in communes):
                flows = f"      - {_unit(row, 'share: whole')}\n"
                code = f"{next(self.fresh):05d}"
                text += _created(code, f"Đặc khu {row.code}", "dac_khu", str(row.province_code), flows)
        return text

    def _merge_provinces(self) -> str:
        """All provinces become one; every commune is formed anew below it."""
        provinces, communes = self.standing("tinh"), self.standing("xa")
        code = self._code(provinces)
        flows = "".join(f"      - {_unit(row, 'share: whole')}\n" for row in provinces)
        text = _ended([*provinces, *communes]) + "created:\n"
        text += _created(code, f"Tỉnh Gộp {self.told}", "tinh", "", flows)
        for row in communes:
            text += _created(row.code, row.name, row.kind, code, f"      - {_unit(row, 'share: whole')}\n")
        return text

    def _city(self) -> str:
        """A province changes its kind only; its communes' rows stay."""
        row = self.draw(st.sampled_from(self.standing("tinh")))
        kind = "thanh_pho" if row.kind == "tinh" else "tinh"
        return f"reclassified:\n  - {_unit(row, f'kind: {kind}, new_name: {WORDS[kind]} Loại {self.told}')}\n"

    def follow(self, plan: Plan) -> None:
        """Do to the rows what the plan says: the model that the database is compared with."""
        known, number = self.world(), max(row.id for row in self.rows)
        ended = {row.id for row in plan.ends}
        self.rows = [row._replace(valid_to=plan.day) if row.id in ended else row for row in self.rows]
        ids = {one.code: number + place for place, one in enumerate(plan.forms, 1)}
        for one in plan.forms:
            over = above(one, plan, known)
            province = over[-1] if over else None
            standing = known.on(province, plan.day) if province else None
            province_id = ids.get(province or "", standing.id if standing else None)
            self.rows.append(
                Standing(ids[one.code], one.code, one.name, one.kind, one.level.value, one.parent, province or one.code,
                         province_id, plan.day, None, one.lat, one.lon, one.area_km2, "")
            )  # fmt: skip


def _unit(row: Standing, more: str = "") -> str:
    return f'{{code: "{row.code}", name: {row.name}' + (f", {more}" if more else "") + "}"


def _ended(rows: list[Standing]) -> str:
    return "ended:\n" + "".join(f"  - {_unit(row)}\n" for row in rows)


def _created(code: str, name: str, kind: str, parent: str, flows: str) -> str:
    above_ = f'    parent: "{parent}"\n' if parent else ""
    return f'  - code: "{code}"\n    name: {name}\n    kind: {kind}\n{above_}    from:\n{flows}'
