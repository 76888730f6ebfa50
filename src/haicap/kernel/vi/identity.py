"""What identifies a person on paper: the 12-digit personal number and the telephone number."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from haicap.kernel.language import bi

_MOBILE = re.compile(r"0[35789]\d{8}", re.ASCII)
_FIXED = re.compile(r"02\d{9}", re.ASCII)
_SEPARATORS = re.compile(r"[\s.()/-]")
# Decree 137/2015/NĐ-CP art. 13: 0 and 1 for men and women born in the 20th century, 2 and 3 in the 21st, and so on.
_FIRST_CENTURY = 1900
_LAST_CENTURY_DIGIT = 3


class IdNumber(NamedTuple):
    """What a personal number says: where birth was registered (province or country), the year, and the sex."""

    place: str
    year: int
    female: bool


def read_id_number(text: str) -> IdNumber:
    """The facts inside a sound 12-digit number (spaces allowed); ValueError with a bilingual sentence otherwise."""
    if problem := id_number_problem(text):
        raise ValueError(problem)
    digits = _SEPARATORS.sub("", text)
    century = int(digits[3])
    return IdNumber(digits[:3], _FIRST_CENTURY + century // 2 * 100 + int(digits[4:6]), century % 2 == 1)


def id_number_problem(text: str) -> Any | None:
    """None for a sound personal number, else a bilingual sentence that says what to do.

    Twelve digits: the place of birth registration (3; "000" does not exist), sex and century (1), year of birth (2),
    six of its own.
    """
    digits = _SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        return bi(
            "Số định danh chỉ gồm chữ số. Hãy nhập đủ 12 chữ số.", "A personal number has digits only. Type all 12."
        )
    if len(digits) == 9:
        return bi(
            "Đây là số chứng minh nhân dân cũ (9 số), đã hết giá trị. "
            "Hãy nhập số định danh 12 chữ số trên thẻ căn cước.",
            "This is an old 9-digit card number, no longer valid. Type the 12-digit number on the identity card.",
        )
    if len(digits) != 12:
        return bi(
            "Số định danh có đúng 12 chữ số. Hãy kiểm tra lại.", "A personal number has exactly 12 digits. Check it."
        )
    if digits.startswith("000") or int(digits[3]) > _LAST_CENTURY_DIGIT:
        return bi(
            "Số định danh không đúng cấu trúc (3 số đầu là mã nơi đăng ký khai sinh, số thứ tư từ 0 đến 3). "
            "Hãy đối chiếu với thẻ căn cước.",
            "This personal number is not well formed (3 digits for the place, the fourth from 0 to 3). "
            "Compare it with the identity card.",
        )
    return None


def normal_phone(text: str) -> str:
    """The number as it is dialled at home: "+84 912 345 678" gives "0912345678". Does not judge it."""
    digits = _SEPARATORS.sub("", text)
    for prefix in ("+84", "0084"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    if digits.startswith("84") and len(digits) in {11, 12}:
        return "0" + digits.removeprefix("84")
    return digits


def phone_problem(text: str) -> Any | None:
    """None for a Vietnamese mobile (10 digits) or fixed number (11 digits), else a bilingual sentence."""
    number = normal_phone(text)
    if _MOBILE.fullmatch(number) or _FIXED.fullmatch(number):
        return None
    return bi(
        "Số điện thoại chưa đúng. Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09; "
        "số cố định có 11 chữ số, bắt đầu bằng 02.",
        "This telephone number is wrong. A mobile number has 10 digits and begins with 03, 05, 07, 08 or 09; "
        "a fixed one has 11 and begins with 02.",
    )


def masked_number(text: str) -> str:
    """A personal or telephone number of which the last three digits can be read; "" for none."""
    return "•" * (len(text) - 3) + text[-3:] if len(text) > 3 else "•" * len(text)
