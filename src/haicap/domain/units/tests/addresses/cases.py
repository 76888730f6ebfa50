"""Addresses as people write them, each with every unit that its text fits: made by rules of their own, always the same.

A case is built from a unit, written in one style, then spoiled as papers and keyboards spoil it. What fits is worked out
from what the text still says: without accents two names may fall together, without a district namesakes do.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from haicap.domain.units.tests.addresses.nation import KIND_WORDS, Nation, OtherName, Place, bare_letters

SHORT_KINDS = {
    "xa": ("X.", "X. ", "x ", "xã "), "phuong": ("P.", "P. ", "P ", "F.", "p."), "thi_tran": ("TT.", "TT ", "tt. ", "T.T "),
    "dac_khu": ("ĐK. ", "Đặc khu "), "huyen": ("H.", "H. ", "h. "), "quan": ("Q.", "Q. ", "Q "),
    "thi_xa": ("TX.", "TX ", "Tx. "), "tp_thuoc_tinh": ("TP.", "TP ", "Tp. ", "T.P "),
    "tinh": ("T. ", "tỉnh ", ""), "thanh_pho": ("TP.", "TP ", "Tp. "),
}  # fmt: skip
SHORT_PROVINCES = {
    "Hồ Chí Minh": ("TP.HCM", "TPHCM", "HCM", "TP HCM", "Tp. HCM", "TP.Hồ Chí Minh", "Sài Gòn"),
    "Hà Nội": ("HN", "TP.HN", "TP Hà Nội", "Hanoi"), "Bà Rịa - Vũng Tàu": ("BR-VT", "BRVT", "Bà Rịa-Vũng Tàu", "BR VT"),
    "Đà Nẵng": ("ĐN", "TP. Đà Nẵng", "TPĐN"), "Huế": ("TT-Huế", "Thừa Thiên Huế", "Tỉnh Thừa Thiên - Huế", "TT Huế"),
    "Cần Thơ": ("TP Cần Thơ", "TPCT"), "Hải Phòng": ("TP. Hải Phòng", "HP"), "Đắk Lắk": ("Đăk Lăk", "Đắc Lắc"),
    "Bắc Kạn": ("Bắc Cạn",),
}  # fmt: skip
STREETS = (
    "123 Nguyễn Trãi", "Số 5 ngõ 12 phố Hàng Bông", "thôn 3", "Thôn Đoài", "bản Tam", "Tổ 7", "Tổ dân phố số 4",
    "123 đường Hà Nội", "thôn Sơn La", "KP5", "khu phố 3", "ấp 4", "Ấp Bình An", "12/5A Lê Lợi", "Số nhà 45",
    "xóm Mới", "đội 6", "phố Huế", "ngách 3/12",
    "hẻm 48 đường số 7", "kiệt 12 Trần Phú", "Căn hộ A12, chung cư Hoàng Anh", "Lô B2 khu công nghiệp", "ngõ 5 phố Hàng Bông",
    "thôn Tân Lập", "buôn Đôn", "làng Vũ Đại", "khóm 2", "Quốc lộ 1A", "45 Lý Thường Kiệt", "km 12",
    "Tòa nhà Bitexco, số 2 Hải Triều",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One address and the codes of every unit that it fits on 1 July 2025; none where it must not be answered."""

    style: str
    text: str
    fits: frozenset[str]


@dataclass(frozen=True)
class Written:
    """What an address says: a commune, with or without the words for kinds, the district, the province, accents."""

    commune: Place
    district: Place | None = None
    province: Place | None = None
    kinds: bool = True
    accents: bool = True
    below: str = ""

    def parts(self) -> list[str]:
        units = [one for one in (self.commune, self.district, self.province) if one]
        names = [one.name if self.kinds or one.bare[0].isdigit() else one.bare for one in units]
        return [*([self.below] if self.below else []), *names]


def fits(nation: Nation, said: Written) -> frozenset[str]:
    """The units of 1 July 2025 for every commune that the words fit."""

    def same(one: Place | None, other: Place, *, kind: bool) -> bool:
        if one is None or (kind and one.kind != other.kind):
            return False
        return one.accented == other.accented if said.accents else one.plain == other.plain

    kind = said.kinds or said.commune.bare[0].isdigit()
    found = [
        one
        for one in nation.by_plain[said.commune.plain]
        if same(one, said.commune, kind=kind)
        and (said.district is None or same(one.district, said.district, kind=said.kinds))
        and (said.province is None or one.province.plain == said.province.plain)
    ]
    if not kind and said.district is None:
        found += [
            one
            for one in nation.districts
            if same(one, said.commune, kind=False)
            and (said.province is None or one.province.plain == said.province.plain)
        ]
    return frozenset().union(*(nation.heirs_of(one) for one in found))


# What spoils an address


def without_accents(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in spread if not unicodedata.combining(c))


OTHER_TONES = [("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"), ("òe", "oè"), ("óe", "oé"), ("ỏe", "oẻ"),
               ("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ")]  # fmt: skip
I_FOR_Y = {"y": "i", "ý": "í", "ỳ": "ì", "ỷ": "ỉ", "ỹ": "ĩ", "ỵ": "ị"}


def other_tones(text: str) -> str:
    """The newer placement of tones (Hoà, Thuỷ), and i for y where many write so (Mĩ, Lí, Quí)."""
    for old, new in OTHER_TONES:
        text = re.sub(rf"{old}\b", new, text)
    return re.sub(r"\b(Qu|[LMKHTSV])([yýỳỷỹỵ])\b", lambda m: m[1] + I_FOR_Y[m[2]], text)


TELEX_MARKS = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
TELEX_LETTERS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd",
                 "Ă": "Aw", "Â": "Aa", "Ê": "Ee", "Ô": "Oo", "Ơ": "Ow", "Ư": "Uw", "Đ": "DD"}  # fmt: skip
VNI_MARKS = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
VNI_LETTERS = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9",
               "Ă": "A8", "Â": "A6", "Ê": "E6", "Ô": "O6", "Ơ": "O7", "Ư": "U7", "Đ": "D9"}  # fmt: skip


def keyed(text: str, marks: dict[str, str], letters: dict[str, str]) -> str:
    """The keys that write `text`, left as they were pressed, the tone at the end of each word."""
    words = []
    for word in text.split(" "):
        tone, out = "", ""
        for c in unicodedata.normalize("NFC", word):
            spread = unicodedata.normalize("NFD", c)
            tone = "".join(marks[m] for m in spread if m in marks) or tone
            letter = unicodedata.normalize("NFC", "".join(m for m in spread if m not in marks))
            out += letters.get(letter, letter)
        end = re.search(r"[^\w]*$", out).start()
        words.append(out[:end] + tone + out[end:])
    return " ".join(words)


def misspelt(name: str, edits: int, chance: random.Random) -> str:
    """`name` with so many letters dropped, doubled, swapped with the next or taken for a neighbour on the keyboard."""
    letters = list(name)
    places = [n for n, c in enumerate(letters) if c.isalpha()]
    for place in sorted(chance.sample(places[1:] or places, min(edits, len(places[1:]) or 1)), reverse=True):
        kind = chance.choice("dsrx")
        if kind == "d" and len(letters) > 3:
            del letters[place]
        elif kind == "s" and place + 1 < len(letters) and letters[place + 1].isalpha():
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif kind == "r":
            letters[place] = chance.choice("abcdeghiklmnopqrstuvxy")
        else:
            letters.insert(place, letters[place])
    return "".join(letters)


def steps_between(one: str, other: str) -> int:
    """Edits between two names: letters changed, added, dropped, or swapped with the next; 4 stands for many."""
    if abs(len(one) - len(other)) > 3 or len(set(one) ^ set(other)) > 6:
        return 4
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one):
        row = [i + 1]
        for j, b in enumerate(other):
            cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a != b))
            if i and j and a == other[j - 1] and one[i - 1] == b:
                cost = min(cost, rows[i - 1][j - 1] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


class Maker:
    """Makes cases style by style, each style from its own seed."""

    def __init__(self, nation: Nation, seed: int, each: int) -> None:
        self.nation, self.seed, self.each = nation, seed, each

    def all(self) -> Iterator[Case]:
        """Every style's cases, then every homonym's."""
        for style, make in STYLES.items():
            self.chance = random.Random(f"{self.seed} {style}")
            made = 0
            while made < self.each:
                case = make(self)
                if case:
                    made += 1
                    yield Case(style, *case)
        yield from self.homonyms()

    def homonyms(self) -> Iterator[Case]:
        """Every name that several communes have, of each state: with its province only, and alone."""
        for namesakes in self.nation.by_plain.values():
            if len(namesakes) > 1:
                for province in {one.province.plain: one for one in namesakes}.values():
                    said = Written(province, None, province.province)
                    yield Case("homonym in a province", ", ".join(said.parts()), fits(self.nation, said))
                said = Written(namesakes[0])
                yield Case("homonym alone", said.parts()[0], fits(self.nation, said))

    # Pieces

    def old(self) -> Written:
        one = self.chance.choice(self.nation.old_communes)
        return Written(one, one.district, one.province, below=self.below(0.5))

    def new(self) -> Written:
        one = self.chance.choice(self.nation.new_communes)
        return Written(one, None, one.province, below=self.below(0.5))

    def below(self, often: float) -> str:
        return self.chance.choice(STREETS) if self.chance.random() < often else ""

    def told(self, said: Written, text: str | None = None) -> tuple[str, frozenset[str]]:
        return (", ".join(said.parts()) if text is None else text), fits(self.nation, said)

    def abbreviated(self, said: Written) -> list[str]:
        out = [said.below] if said.below else []
        for one in (said.commune, said.district, said.province):
            if one is None:
                continue
            if one.bare in SHORT_PROVINCES and len(one.code) == 2 and self.chance.random() < 0.7:
                out.append(self.chance.choice(SHORT_PROVINCES[one.bare]))
                continue
            number = one.bare.isdigit() and len(one.bare) == 1 and self.chance.random() < 0.3
            out.append(self.chance.choice(SHORT_KINDS[one.kind]) + ("0" if number else "") + one.bare)
        return out

    def spoiled_name(self, said: Written, edits: int, *, plain: bool) -> str | None:
        """The commune's name misspelt so that it is still nearer to it than to any other that could be meant."""
        name = said.commune.bare
        if sum(c.isalpha() for c in name) < (4 if edits == 1 else 8) or any(c.isdigit() for c in name):
            return None
        wrong = misspelt(without_accents(name) if plain else name, edits, self.chance)
        glued = bare_letters(wrong).replace(" ", "")
        if not glued or not 0 < steps_between(glued, said.commune.glued) <= edits:
            return None
        pool = (
            self.nation.in_district[said.district.code]
            if said.district
            else self.nation.in_province[said.province.plain]
        )
        own = steps_between(glued, said.commune.glued)
        for one in pool:
            if one.plain != said.commune.plain and steps_between(glued, one.glued) <= own:
                return None
        if any(one.plain == bare_letters(wrong) for one in pool):
            return None
        return wrong


Made = tuple[str, frozenset[str]] | None
STYLES: dict[str, Callable[[Maker], Made]] = {}


def style(name: str) -> Callable[[Callable[[Maker], Made]], Callable[[Maker], Made]]:
    def add(make: Callable[[Maker], Made]) -> Callable[[Maker], Made]:
        STYLES[name] = make
        return make

    return add


@style("old, in full")
def _(m: Maker) -> Made:
    return m.told(m.old())


@style("old, no accents")
def _(m: Maker) -> Made:
    said = replace(m.old(), accents=False)
    return m.told(said, without_accents(", ".join(said.parts())))


@style("old, upper case")
def _(m: Maker) -> Made:
    said = m.old()
    return m.told(said, ", ".join(said.parts()).upper())


@style("old, lower case")
def _(m: Maker) -> Made:
    said = m.old()
    return m.told(said, ", ".join(said.parts()).lower())


@style("old, abbreviated")
def _(m: Maker) -> Made:
    said = m.old()
    return m.told(said, ", ".join(m.abbreviated(said)))


@style("old, abbreviated, no accents")
def _(m: Maker) -> Made:
    said = replace(m.old(), accents=False)
    return m.told(said, without_accents(", ".join(m.abbreviated(said))))


@style("old, no commas")
def _(m: Maker) -> Made:
    said = m.old()
    return m.told(said, " ".join(said.parts()))


@style("old, no commas, no accents")
def _(m: Maker) -> Made:
    said = replace(m.old(), accents=False)
    return m.told(said, without_accents(" ".join(said.parts())))


@style("old, abbreviated, no commas")
def _(m: Maker) -> Made:
    said = m.old()
    return m.told(said, " ".join(m.abbreviated(said)))


@style("old, other separators")
def _(m: Maker) -> Made:
    said = m.old()
    between = m.chance.choice([" - ", "; ", " | ", " / ", "\n", " thuộc ", " – ", ",", " , ", ". ", ",, "])
    text = between.join(said.parts())
    if m.chance.random() < 0.2:
        text = f"{said.commune.name} ({said.district.name}, {said.province.name})"
    return m.told(said, text)


@style("old, reordered")
def _(m: Maker) -> Made:
    said = replace(m.old(), below=m.below(0.3))
    parts = said.parts()
    order = parts[::-1] if m.chance.random() < 0.6 else m.chance.sample(parts, len(parts))
    return m.told(said, m.chance.choice([", ", " - "]).join(order))


@style("old, without the district")
def _(m: Maker) -> Made:
    return m.told(replace(m.old(), district=None))


@style("old, without the province")
def _(m: Maker) -> Made:
    return m.told(replace(m.old(), province=None))


@style("old, the commune alone")
def _(m: Maker) -> Made:
    return m.told(replace(m.old(), district=None, province=None))


@style("old, without kinds")
def _(m: Maker) -> Made:
    said = m.old()
    if said.below and said.below[0].islower():
        said = replace(said, below="")
    return m.told(replace(said, kinds=False))


@style("old, without kinds and accents")
def _(m: Maker) -> Made:
    said = replace(m.old(), kinds=False, accents=False, below="")
    return m.told(said, without_accents(", ".join(said.parts())))


@style("old, without kinds and commas")
def _(m: Maker) -> Made:
    said = replace(m.old(), kinds=False, below="")
    return m.told(said, " ".join(said.parts()))


@style("old, without kinds and district")
def _(m: Maker) -> Made:
    return m.told(replace(m.old(), kinds=False, district=None, below=""))


@style("old, only the commune's kind")
def _(m: Maker) -> Made:
    said = m.old()
    if said.district.bare[0].isdigit():
        return None
    text = f"{said.commune.name}, {said.district.bare}, {said.province.bare}"
    return text, fits(m.nation, said) | _other_kinds_of_district(m, said)


def _other_kinds_of_district(m: Maker, said: Written) -> frozenset[str]:
    """Where a town and a rural district have one name, its kind left out, both may be meant."""
    found: set[str] = set()
    for one in m.nation.districts:
        if one.accented == said.district.accented and one.province == said.province:
            found |= fits(m.nation, replace(said, district=one))
    return frozenset(found)


@style("old, tones and y as others write")
def _(m: Maker) -> Made:
    said = m.old()
    return m.told(said, other_tones(", ".join(said.parts())))


@style("old, decomposed")
def _(m: Maker) -> Made:
    said = m.old()
    return m.told(said, unicodedata.normalize("NFD", ", ".join(said.parts())))


@style("old, glued to the kind")
def _(m: Maker) -> Made:
    said = m.old()
    return m.told(said, ", ".join(re.sub(r"^(Xã|Phường|Huyện|Quận|Tỉnh) (?=\D)", r"\1", part) for part in said.parts()))


@style("old, telex left")
def _(m: Maker) -> Made:
    said = replace(m.old(), below="")
    return m.told(said, keyed(", ".join(said.parts()), TELEX_MARKS, TELEX_LETTERS))


@style("old, vni left")
def _(m: Maker) -> Made:
    said = replace(m.old(), below="")
    return m.told(said, keyed(", ".join(said.parts()), VNI_MARKS, VNI_LETTERS))


@style("old, nation and post code behind")
def _(m: Maker) -> Made:
    said = m.old()
    tail = m.chance.choice(
        [", Việt Nam", ", VN", " - Việt Nam", ", Vietnam", ", 360000", " 36000, Việt Nam", ", Viet Nam."]
    )
    return m.told(said, ", ".join(said.parts()) + tail)


@style("old, with the new province")
def _(m: Maker) -> Made:
    said = m.old()
    later = m.nation.new_province[said.province.code]
    text = ", ".join([*said.parts()[:-1], later.name])
    own = next((one for one in m.nation.new_province if m.nation.old[one].plain == later.plain), None)
    found = fits(m.nation, replace(said, province=m.nation.old[own])) if own else frozenset()
    joined = [code for code, one in m.nation.new_province.items() if one is later]
    meant = [fits(m.nation, replace(said, province=m.nation.old[code])) for code in joined]
    return text, found or frozenset().union(*meant)


@style("old, one letter wrong")
def _(m: Maker) -> Made:
    said = m.old()
    wrong = m.spoiled_name(said, 1, plain=False)
    text = f"{said.below}, {KIND_WORDS[said.commune.kind]} {wrong}, {said.district.name}, {said.province.name}"
    return (text.removeprefix(", "), _all_so_called(m, said)) if wrong else None


@style("old, two letters wrong, no accents")
def _(m: Maker) -> Made:
    said = replace(m.old(), accents=False)
    wrong = m.spoiled_name(said, 2, plain=True)
    text = f"{KIND_WORDS[said.commune.kind]} {wrong}, {said.district.name}, {said.province.name}"
    return (without_accents(text), _all_so_called(m, said)) if wrong else None


@style("old, one letter wrong, no commas")
def _(m: Maker) -> Made:
    said = m.old()
    wrong = m.spoiled_name(said, 1, plain=False)
    text = f"{KIND_WORDS[said.commune.kind]} {wrong} {said.district.name} {said.province.name}"
    return (text, _all_so_called(m, said)) if wrong else None


@style("old, one letter wrong, without kinds")
def _(m: Maker) -> Made:
    said = replace(m.old(), kinds=False)
    wrong = m.spoiled_name(said, 1, plain=False)
    text = f"{wrong}, {said.district.bare}, {said.province.bare}"
    return (text, _all_so_called(m, said)) if wrong and not said.district.bare[0].isdigit() else None


def _all_so_called(m: Maker, said: Written) -> frozenset[str]:
    """A misspelt name whose accents no longer tell means every namesake of the kind in the district."""
    return fits(m.nation, said)


@style("old, the district misspelt")
def _(m: Maker) -> Made:
    said = m.old()
    if len(said.district.plain) < 5 or any(c.isdigit() for c in said.district.bare):
        return None
    wrong = misspelt(said.district.bare, 1, m.chance)
    if any(
        one is not said.district and steps_between(bare_letters(wrong), one.plain) < 3
        for one in m.nation.districts
        if one.province == said.province
    ):
        return None
    text = f"{said.commune.name}, {KIND_WORDS[said.district.kind]} {wrong}, {said.province.name}"
    return text, fits(m.nation, said)


@style("old, the province misspelt")
def _(m: Maker) -> Made:
    said = m.old()
    wrong = misspelt(said.province.bare, 1, m.chance)
    provinces = [one for one in (*m.nation.old.values(), *m.nation.new.values()) if len(one.code) == 2]
    if any(one.plain != said.province.plain and steps_between(bare_letters(wrong), one.plain) < 3 for one in provinces):
        return None
    return f"{said.commune.name}, {said.district.name}, {wrong}", fits(m.nation, said)


@style("former name")
def _(m: Maker) -> Made:
    other: OtherName = m.chance.choice(m.nation.others)
    if len(other.unit.code) != 5 or "folded" in other.kind:
        return None
    unit = other.unit
    return f"{other.alias}, {other.parent}, {unit.province.name}", _former(m, other)


@style("former name, no accents, abbreviated")
def _(m: Maker) -> Made:
    other: OtherName = m.chance.choice(m.nation.others)
    if len(other.unit.code) != 5 or "folded" in other.kind:
        return None
    text = f"{other.alias}, {other.parent}, {other.unit.province.bare}"
    for word, short in (("Xã ", "X. "), ("Phường ", "P."), ("Huyện ", "H. "), ("Thành phố ", "TP ")):
        text = text.replace(word, short)
    same = [
        one for one in m.nation.others
        if bare_letters(one.alias) == bare_letters(other.alias) and bare_letters(one.parent) == bare_letters(other.parent)
        and len(one.unit.code) == 5 and one.unit.province == other.unit.province and "folded" not in one.kind
    ]  # fmt: skip
    return without_accents(text), frozenset().union(*(_former(m, one) for one in same))


def _former(m: Maker, other: OtherName) -> frozenset[str]:
    return m.nation.heirs_of(other.unit)


@style("new, in full")
def _(m: Maker) -> Made:
    return m.told(m.new())


@style("new, no accents")
def _(m: Maker) -> Made:
    said = replace(m.new(), accents=False)
    return m.told(said, without_accents(", ".join(said.parts())))


@style("new, abbreviated")
def _(m: Maker) -> Made:
    said = m.new()
    return m.told(said, ", ".join(m.abbreviated(said)))


@style("new, no commas, upper case")
def _(m: Maker) -> Made:
    said = m.new()
    return m.told(said, " ".join(said.parts()).upper())


@style("new, reversed")
def _(m: Maker) -> Made:
    said = replace(m.new(), below="")
    return m.told(said, ", ".join(said.parts()[::-1]))


@style("new, without the province")
def _(m: Maker) -> Made:
    return m.told(replace(m.new(), province=None))


@style("new, without kinds")
def _(m: Maker) -> Made:
    return m.told(replace(m.new(), kinds=False, below=""))


@style("new, one letter wrong")
def _(m: Maker) -> Made:
    said = m.new()
    wrong = m.spoiled_name(said, 1, plain=False)
    text = f"{KIND_WORDS[said.commune.kind]} {wrong}, {said.province.name}"
    return (text, fits(m.nation, said)) if wrong else None


@style("everything at once")
def _(m: Maker) -> Made:
    said = m.old() if m.chance.random() < 0.7 else m.new()
    plain = m.chance.random() < 0.5
    said = replace(said, accents=not plain)
    if said.district and m.chance.random() < 0.2:
        said = replace(said, district=None)
    elif said.district and m.chance.random() < 0.2:
        said = replace(said, province=None)
    parts = m.abbreviated(said) if m.chance.random() < 0.5 else said.parts()
    text = m.chance.choice([", ", " ", "; ", " - ", ","]).join(parts)
    if not plain:
        text = m.chance.choice([str, other_tones, str])(text)
    text = m.chance.choice([str, str.upper, str.lower, lambda t: unicodedata.normalize("NFD", t)])(text)
    return m.told(said, without_accents(text) if plain else text)


NOWHERE = ("Xã Zim Bap", "Phường Kwaxo", "Thị trấn Ubrefi", "Xã Qwerty", "Phường Xyloph", "Xã Bkrtt Mno")


@style("no such commune")
def _(m: Maker) -> Made:
    said = m.old()
    parts = [m.chance.choice(NOWHERE), said.district.name, said.province.name]
    heirs = m.nation.heirs_of(said.district)
    return None if len(heirs) == 1 else (", ".join(parts), frozenset())


@style("commune of another district")
def _(m: Maker) -> Made:
    said, other = m.old(), m.chance.choice(m.nation.districts)
    near = m.nation.in_district[other.code]
    pool = [steps_between(said.commune.glued, one.glued) for one in near]
    origins = {o for one in near for h in m.nation.heirs[one.code] for o in [m.nation.new[h].glued]}
    if not pool or min(pool) < 3 or said.commune.glued in origins or len(m.nation.heirs_of(other)) == 1:
        return None
    if min((steps_between(said.commune.glued, o) for o in origins), default=9) < 3:
        return None
    if any(bare_letters(one.alias).replace(" ", "").endswith(said.commune.glued) for one in m.nation.others):
        return None
    return f"{said.commune.name}, {other.name}, {other.province.name}", frozenset()
