"""Checks of a catalogue file. Of a single value: None, or a bilingual sentence that says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.text import is_storable

Check = Callable[[Any], Any]
_SNAKE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Key:
    """What one key of a mapping may hold."""

    check: Check
    required: bool = False


def text(most: int) -> Check:
    """A text of at most `most` characters."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            return bi("phải là chữ; hãy đặt trong dấu nháy.", "must be a text; put it in quotes.")
        if not is_storable(value):
            return bi("có ký tự không lưu được.", "has a character that cannot be stored.")
        if len(value) > most:
            return bi_format(bi("dài quá {most} ký tự.", "has more than {most} characters."), most=most)
        return None

    return check


def filled(most: int) -> Check:
    """A text that is not empty."""
    inner = text(most)

    def check(value: Any) -> Any:
        return inner(value) or (None if value.strip() else bi("không được để trống.", "must not be empty."))

    return check


def one_of(values: Iterable[str]) -> Check:
    """One of the values."""
    known = [str(value) for value in values]

    def check(value: Any) -> Any:
        if isinstance(value, str) and value in known:
            return None
        sentence = bi("“{value}” không hợp lệ; hãy ghi một trong: {known}.", "“{value}” is not one of: {known}.")
        return bi_format(sentence, value=str(value)[:40], known=", ".join(known))

    return check


def integer(least: int, most: int) -> Check:
    """A whole number within limits."""

    def check(value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return None
        sentence = bi("phải là số nguyên từ {least} đến {most}.", "must be a whole number from {least} to {most}.")
        return bi_format(sentence, least=least, most=most)

    return check


def amount(value: Any) -> Any:
    """A positive number of quarters."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 1000 and value * 4 % 1 == 0:
        return None
    return bi("phải là số lớn hơn 0, theo bước 0,25.", "must be a number above 0, in steps of 0.25.")


def share(value: Any) -> Any:
    """A part of the whole, 0 to 1."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return None
    return bi("phải là số từ 0 đến 1.", "must be a number from 0 to 1.")


def boolean(value: Any) -> Any:
    """True or false."""
    return None if isinstance(value, bool) else bi("phải là true hoặc false.", "must be true or false.")


def day(value: Any) -> Any:
    """A day."""
    return None if type(value) is date else bi("phải là ngày, dạng 2025-07-01.", "must be a day such as 2025-07-01.")


def snake(value: Any) -> Any:
    """A name of a field in English: lower case, with _."""
    if isinstance(value, str) and _SNAKE.fullmatch(value):
        return None
    return bi("phải là tên tiếng Anh viết thường, ví dụ child_name.", "must be a lower-case name such as child_name.")


def anything(_value: Any) -> Any:
    """Anything; checked elsewhere."""
    return None


def limit(value: Any) -> Any:
    """The least or greatest value of a field: a number, a day, or "today"."""
    if value == "today" or type(value) is date or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return None
    if isinstance(value, str):
        try:
            date.fromisoformat(value)
        except ValueError:
            pass
        else:
            return None
    return bi("phải là số, ngày hoặc today.", "must be a number, a day or today.")


def texts(most: int) -> Check:
    """A list of texts."""
    inner = filled(most)

    def check(value: Any) -> Any:
        if isinstance(value, list) and not any(inner(item) for item in value):
            return None
        return bi("phải là danh sách các cụm từ.", "must be a list of words.")

    return check


def some_of(values: Iterable[str]) -> Check:
    """A list of one or more of the values."""
    known = [str(value) for value in values]

    def check(value: Any) -> Any:
        if isinstance(value, list) and value and all(item in known for item in value):
            return None
        return bi_format(bi("phải là danh sách trong: {known}.", "must be a list of: {known}."), known=", ".join(known))

    return check


def mapping(path: str, value: Any, spec: Mapping[str, Key]) -> Iterator[Problem]:
    """Every fault of a mapping: keys that `spec` does not know, keys that are missing, values that do not hold."""
    if not isinstance(value, Mapping):
        yield Problem(path, bi("phải là các cặp khóa và giá trị.", "must be pairs of key and value."))
        return
    prefix = f"{path}." if path else ""
    for key in value:
        if key not in spec:
            sentence = bi(
                "khóa “{key}” không có trong mẫu; hãy bỏ hoặc đặt dấu nháy quanh đoạn chữ có dấu phẩy.",
                "“{key}” is not a key of the template; leave it out, or quote a text that has a comma.",
            )
            yield Problem(f"{prefix}{key}"[:120], bi_format(sentence, key=str(key)[:40]))
    for key, rule in spec.items():
        given = value.get(key)
        if given is None:
            if rule.required:
                yield Problem(f"{prefix}{key}", bi_format(bi("thiếu “{key}”.", "“{key}” is missing."), key=key))
        elif sentence := rule.check(given):
            yield Problem(f"{prefix}{key}", sentence)
