"""Plausible people of Sơn La, all made up: names by people, numbers that no living person can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from haicap.flows.demonstration.figures import PEOPLES, SEED

FAMILIES = {
    "Thái": "Lò Quàng Cà Lường Tòng Hoàng Vì Cầm Bạc Đèo Lèo Mè Lù Điêu Tao",
    "Kinh": "Nguyễn Trần Lê Phạm Vũ Hoàng Đỗ Bùi Đặng Ngô Dương Phan",
    "Mông": "Giàng Sồng Mùa Vàng Thào Hờ Lầu Tráng Vừ Hạng Phàng Sùng",
    "Mường": "Đinh Hà Bùi Quách Xa Sa Cầm Lường",
    "Xinh Mun": "Vì Lò Hoàng Cụt",
    "Dao": "Bàn Triệu Đặng Phùng Lý Chảo",
    "Khơ Mú": "Moong Lò Quàng Cút Hoa",
    "Lào": "Lò Vì Lường Hoàng",
}
MEN = {
    "Thái": "Ín Pâng Phanh Sơ Ổn Ọi Pản Hặc Chung Dũng Thắng Hùng Tuấn Cường Minh Toàn Xuân Biên Hải Nghĩa",
    "Mông": "Dơ Tủa Páo Chu Lử Nếnh Dia Chống Súa Của Lềnh Dê Vàng Tồng Khua Sênh",
    "": "An Bình Cường Dũng Đức Giang Hải Hiếu Hòa Hùng Khánh Kiên Long Mạnh Nam Phong Quân Sơn Thành Tiến Trung Tùng Việt",
}
WOMEN = {
    "Thái": "Thoan Tâm Inh Hương Xuân Pâng Bun Ơn Phương Thu Yêu Hoan Nga Diện Lả Hiêng Bịnh Tươi Thiêm",
    "Mông": "Mai Dia Chư Sua Dợ Mỷ Sông Pà Dính Lia Nu Xìa Cha Công",
    "": "Anh Chi Dung Giang Hà Hạnh Hằng Hoa Hồng Huệ Lan Linh Mai Minh Ngọc Nhung Phương Thảo Thu Trang Vân Yến",
}
MIDDLE_MEN = {"Mông": ("A", "A", "A", "Bả"), "Thái": ("Văn", "Văn", "Văn", "Minh")}
MIDDLE_WOMEN = {"Mông": ("Thị", "Thị", "")}
USUAL_MEN = ("Văn", "Văn", "Đức", "Minh", "Quang", "Ngọc", "Xuân")
USUAL_WOMEN = ("Thị", "Thị", "Thị", "Thu", "Minh", "Ngọc")

PLACE = "014"  # Sơn La, as a place of birth registration
# Personal numbers are given in order; no place registers 900,000 births in a year, so none of these is anybody's.
FIRST_FREE = 900_000
# Well-formed beginnings that no operator has been given (030, 031; 095 since S-Fone ended): nobody answers there.
PHONES = ("030", "031", "095")


def draw(*parts: object) -> Random:
    """The dice for one thing of the demonstration: the same parts throw the same numbers, on every machine."""
    return Random(":".join(map(str, (SEED, *parts))))  # noqa: S311 - made-up people, no secrets


_PEOPLES, _SHARES = tuple(PEOPLES), tuple(PEOPLES.values())


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person."""

    name: str
    female: bool
    people: str
    born_on: date
    id_number: str
    phone: str


def person(rng: Random, *, on: date, female: bool | None = None, age: tuple[int, int] = (18, 78)) -> Person:
    """Somebody of an age (in years, on a day) between two limits; `rng` decides all of it."""
    people = rng.choices(_PEOPLES, _SHARES)[0]
    woman = rng.random() < 0.5 if female is None else female
    born = date.fromordinal(on.toordinal() - rng.randint(age[0] * 366, age[1] * 365))
    return Person(
        name=name_of(rng, people, female=woman), female=woman, people=people, born_on=born,
        id_number=id_number(rng, born, female=woman), phone=phone(rng),
    )  # fmt: skip


def name_of(rng: Random, people: str, *, female: bool, family: str = "") -> str:
    """A full name as people of this stock bear it."""
    middles = (MIDDLE_WOMEN.get(people, USUAL_WOMEN)) if female else MIDDLE_MEN.get(people, USUAL_MEN)
    given = WOMEN if female else MEN
    parts = (
        family or rng.choice(_split(FAMILIES[people])),
        rng.choice(middles),
        rng.choice(_split(given.get(people) or given[""])),
    )
    return " ".join(part for part in parts if part)


def id_number(rng: Random, born_on: date, *, female: bool) -> str:
    """A sound personal number that is nobody's (see FIRST_FREE)."""
    century = (born_on.year // 100 - 19) * 2 + female
    return f"{PLACE}{century}{born_on.year % 100:02d}{rng.randrange(FIRST_FREE, 1_000_000)}"


def phone(rng: Random) -> str:
    """A well-formed mobile number that is nobody's (see PHONES)."""
    return f"{rng.choice(PHONES)}{rng.randrange(10_000_000):07d}"


_words: dict[str, list[str]] = {}


def _split(words: str) -> list[str]:
    found = _words.get(words)
    if found is None:
        found = _words[words] = words.split()
    return found
