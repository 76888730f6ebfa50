"""The words of addresses that are no names: kinds of unit, what stands below a commune, abbreviations of provinces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

PROVINCE, DISTRICT, COMMUNE = 4, 2, 1
"""Levels as bits: a word or a name may stand for several."""


class Kind(NamedTuple):
    """A word for a kind: the levels it may stand for, and the kinds of unit that it names."""

    levels: int
    kinds: frozenset[str]
    written: str = ""


def _kind(levels: int, *kinds: str, written: str = "") -> Kind:
    return Kind(levels, frozenset(kinds), written)


# How a kind is written: its words without accents, and `written` with them where the word is in full.
KINDS: Mapping[tuple[str, ...], Kind] = {
    ("xa",): _kind(COMMUNE, "xa", written="xa4"),
    ("x",): _kind(COMMUNE, "xa"),
    ("phuong",): _kind(COMMUNE, "phuong", written="phương2"),
    ("p",): _kind(COMMUNE, "phuong"),
    ("f",): _kind(COMMUNE, "phuong"),
    ("ph",): _kind(COMMUNE, "phuong"),
    ("thi", "tran"): _kind(COMMUNE, "thi_tran", written="thi6 trân5"),
    ("tt",): _kind(COMMUNE, "thi_tran"),
    ("t", "t"): _kind(COMMUNE, "thi_tran"),
    ("dak", "khu"): _kind(COMMUNE, "dac_khu", written="đăk6 khu"),
    ("dk",): _kind(COMMUNE, "dac_khu"),
    ("huyen",): _kind(DISTRICT, "huyen", written="huyên6"),
    ("h",): _kind(DISTRICT, "huyen"),
    ("quan",): _kind(DISTRICT, "quan", written="quân6"),
    ("q",): _kind(DISTRICT, "quan"),
    ("thi", "xa"): _kind(DISTRICT, "thi_xa", written="thi6 xa4"),
    ("tx",): _kind(DISTRICT, "thi_xa"),
    ("t", "x"): _kind(DISTRICT, "thi_xa"),
    ("thanh", "pho"): _kind(PROVINCE | DISTRICT, "thanh_pho", "tp_thuoc_tinh", written="thanh2 phô5"),
    ("tp",): _kind(PROVINCE | DISTRICT, "thanh_pho", "tp_thuoc_tinh"),
    ("t", "p"): _kind(PROVINCE | DISTRICT, "thanh_pho", "tp_thuoc_tinh"),
    ("tinh",): _kind(PROVINCE, "tinh", written="tinh3"),
    ("t",): _kind(PROVINCE, "tinh"),
    ("ward",): _kind(COMMUNE, "phuong"),
    ("commune",): _kind(COMMUNE, "xa"),
    ("township",): _kind(COMMUNE, "thi_tran"),
    ("district",): _kind(DISTRICT, "quan", "huyen"),
    ("dist",): _kind(DISTRICT, "quan", "huyen"),
    ("town",): _kind(DISTRICT | COMMUNE, "thi_xa", "thi_tran"),
    ("city",): _kind(PROVINCE | DISTRICT, "thanh_pho", "tp_thuoc_tinh"),
    ("province",): _kind(PROVINCE, "tinh"),
}
SURE_KINDS = frozenset({"xa4", "phương2", "huyên6", "quân6", "tinh3"})
"""Words for kinds that, written with their accents, are hardly ever inside a name."""
AFTER_THE_NAME = frozenset({"ward", "commune", "township", "district", "town", "city", "province"})
"""English words, which stand after the name: "Ben Thanh Ward"; they are read before it too: "Ward 4"."""

# What comes after these, in the same part of the address, is below a commune or a street, never a unit.
BELOW = frozenset({
    "thon", "xom", "ban", "ap", "lang", "buon", "bon", "plei", "pley", "to", "khu", "kp", "khom", "duong", "pho",
    "ngo", "ngach", "hem", "kiet", "so", "sn", "doi", "ql", "tl", "tdp", "dp", "khoi", "hl", "dt", "lo", "km", "cho",
    "cau", "truong", "toa", "nha", "tang", "can", "block", "cum", "phum", "soc", "st", "street", "road", "rd", "cu",
    "day", "kcn", "kdt", "cc", "kv", "phan", "doan", "xd", "ktt", "kdc", "tieu",
})  # fmt: skip
# Of these, the ones that are written with accents which a name's first word must not be taken for.
BELOW_WRITTEN = frozenset({
    "thôn", "xom5", "ban3", "âp5", "lang2", "buôn", "tô3", "khu", "khom5", "đương2", "phô5", "ngo4", "ngach5", "hem3",
    "kiêt6", "sô5", "đôi6", "khôi5", "lô6", "lô", "chơ6", "câu2", "trương2", "toa2", "nha2", "tâng2", "căn", "cum6",
    "phum", "soc5", "cư", "day4", "phân", "đoan6", "tiêu3",
})  # fmt: skip
HAMLETS = frozenset({
    "thon", "xom", "ban", "ap", "lang", "buon", "bon", "plei", "pley", "to", "khu", "kp", "khom", "tdp", "dp", "khoi",
    "cum", "phum", "soc", "kv", "doan", "xd",
})  # fmt: skip
"""Of these, the ones that a number completes: after "thôn 5" a name may be a unit's, after "ngõ 5" it is a street's."""
ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12",
}  # fmt: skip
NATION = ("viet nam", "vietnam", "vn", "cong hoa xa hoi chu nghia viet nam", "chxhcn viet nam")

# Provinces by other names, in the spelling of 2025: former names, provinces that were divided long ago, abbreviations.
# A name that stood for several provinces stands for each of them; the district or commune decides.
PROVINCES_BY_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "Sài Gòn": ("Hồ Chí Minh",), "SG": ("Hồ Chí Minh",), "TPHCM": ("Hồ Chí Minh",), "HCMC": ("Hồ Chí Minh",),
    "HCM City": ("Hồ Chí Minh",), "Sài Gòn Gia Định": ("Hồ Chí Minh",), "HCM": ("Hồ Chí Minh",),
    "Thủ đô Hà Nội": ("Hà Nội",), "TPHN": ("Hà Nội",), "HN": ("Hà Nội",),
    "Thừa Thiên Huế": ("Huế",), "Thừa Thiên": ("Huế",), "TT Huế": ("Huế",), "TTH": ("Huế",), "TTHuế": ("Huế",),
    "T T Huế": ("Huế",),
    "BRVT": ("Bà Rịa - Vũng Tàu",), "BR VT": ("Bà Rịa - Vũng Tàu",), "B R V T": ("Bà Rịa - Vũng Tàu",),
    "VT": ("Bà Rịa - Vũng Tàu",), "Vũng Tàu Côn Đảo": ("Bà Rịa - Vũng Tàu",),
    "ĐN": ("Đà Nẵng", "Đồng Nai"), "TPĐN": ("Đà Nẵng",), "TPCT": ("Cần Thơ",), "TPHP": ("Hải Phòng",),
    "Đắc Lắc": ("Đắk Lắk",), "Đắc Nông": ("Đắk Nông",), "Bắc Cạn": ("Bắc Kạn",), "Gia Lai Kon Tum": ("Gia Lai", "Kon Tum"),
    "Thanh Hoá": ("Thanh Hóa",), "Daklak": ("Đắk Lắk",), "Daknong": ("Đắk Nông",), "Kontum": ("Kon Tum",),
    "Hà Tây": ("Hà Nội", "Hòa Bình"), "Hà Đông": ("Hà Nội",), "Hà Sơn Bình": ("Hà Nội", "Hòa Bình"),
    "Hà Bắc": ("Bắc Ninh", "Bắc Giang"), "Hải Hưng": ("Hải Dương", "Hưng Yên"),
    "Nam Hà": ("Nam Định", "Hà Nam"), "Hà Nam Ninh": ("Hà Nam", "Nam Định", "Ninh Bình"),
    "Vĩnh Phú": ("Vĩnh Phúc", "Phú Thọ"), "Bắc Thái": ("Thái Nguyên", "Bắc Kạn"),
    "Hà Tuyên": ("Hà Giang", "Tuyên Quang"), "Hoàng Liên Sơn": ("Lào Cai", "Yên Bái"),
    "Cao Lạng": ("Cao Bằng", "Lạng Sơn"), "Nghệ Tĩnh": ("Nghệ An", "Hà Tĩnh"),
    "Bình Trị Thiên": ("Quảng Bình", "Quảng Trị", "Huế"), "Quảng Nam Đà Nẵng": ("Quảng Nam", "Đà Nẵng"),
    "Nghĩa Bình": ("Quảng Ngãi", "Bình Định"), "Phú Khánh": ("Phú Yên", "Khánh Hòa"),
    "Thuận Hải": ("Ninh Thuận", "Bình Thuận"), "Sông Bé": ("Bình Dương", "Bình Phước"),
    "Cửu Long": ("Vĩnh Long", "Trà Vinh"), "Minh Hải": ("Cà Mau", "Bạc Liêu"),
}  # fmt: skip
