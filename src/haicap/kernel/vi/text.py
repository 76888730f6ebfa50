"""Vietnamese words: folded for search, in alphabetical order, and the names of people."""

from __future__ import annotations

import re
import unicodedata

_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # ngang huyền hỏi ngã sắc nặng, in dictionary order
_VOWELS = "aăâeêioôơuưy"
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Space and signs before digits before letters, in the order of the Unicode collation (CLDR root).
_ORDER = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789" + _LETTERS

# A sort key is four fields: letters, tones, case, the text itself. Every mark of the keys is larger than these two.
_NAME_PART = "!"
_FIELD = '"'
_FIRST = 0x23

_WORD_STARTS = re.compile(r"(^|[\s'’.-])(\w)")


def _table() -> dict[str, tuple[str, str, str]]:
    """Every Vietnamese character with its mark as a letter, its tone and its case."""
    marks: dict[str, tuple[str, str, str]] = {}
    for place, letter in enumerate(_ORDER):
        for tone, accent in enumerate(_TONES if letter in _VOWELS else _TONES[:1]):
            small = unicodedata.normalize("NFC", letter + accent)
            marks[small.upper()] = (chr(_FIRST + place), str(tone), "1")
            marks[small] = (chr(_FIRST + place), str(tone), "0")
    return marks


def _bare(character: str) -> str:
    plain = "".join(mark for mark in unicodedata.normalize("NFD", character) if not unicodedata.combining(mark))
    return plain.replace("đ", "d").replace("Đ", "d").lower()


_MARKS = _table()
_FOLDED = str.maketrans({character: _bare(character) for character in _MARKS if not character.isascii()})


def fold(text: str) -> str:
    """`text` without accents, in lower case, with single spaces: the form in which names are searched.

    "Đặng  Thị Ửng" and its decomposed form both give "dang thi ung"; òa and oà fall together. Signs stay.
    Folding twice changes nothing; marks that stand alone are dropped.
    """
    if not text.isascii():
        text = text.translate(_FOLDED)
        while not text.isascii():  # decomposed or foreign letters; some yield new ones when they change case
            folded = _fold_any(text)
            if folded == text:
                break
            text = folded
    return " ".join(text.lower().split())


def _fold_any(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in spread if unicodedata.category(mark)[0] != "M").translate(_FOLDED)


def sort_key(text: str) -> str:
    """A key that puts texts in Vietnamese alphabetical order under plain comparison, in Python and in a "C" column.

    Letters first (a ă â b c d đ e ê …, a space before every letter), then tones (ngang huyền hỏi ngã sắc nặng), then
    lower before upper case, as ICU does for `vi`. Other scripts follow by code point. Two texts have one key only when
    they are the same text in NFC.
    """
    normal = unicodedata.normalize("NFC", text)
    letters, tones, cases = [], [], []
    for character in normal:
        letter, tone, case = _MARKS.get(character) or _foreign(character)
        letters.append(letter)
        tones.append(tone)
        cases.append(case)
    levels = ("".join(letters), "".join(tones).rstrip("0"), "".join(cases).rstrip("0"))
    return _FIELD.join((*levels, normal))


def _foreign(character: str) -> tuple[str, str, str]:
    """Letter, tone and case of what is not Vietnamese: by its bare letter where it has one, else by code point."""
    if character.isspace():
        return _MARKS[" "]
    if unicodedata.category(character)[0] in "MC":
        return "", "9", ""
    base = unicodedata.normalize("NFD", character)[0]
    if base in _MARKS:
        return _MARKS[base][0], "9", _MARKS[base][2]
    return character, "0", "0"


def name_sort_key(full_name: str) -> str:
    """A key for lists of people: by given name (the last word), then by family and middle names."""
    family, _, given = tidy_name(full_name).rpartition(" ")
    return sort_key(given) + _NAME_PART + sort_key(family)


def tidy_name(text: str) -> str:
    """A person's name in NFC with single spaces; a name all in capitals or all in small letters gets capitals.

    "NGUYỄN  VĂN AN " gives "Nguyễn Văn An", "h'hen niê" gives "H'Hen Niê"; "Trần thị Bé" stays as it was typed.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if name == name.upper() or name == name.lower():
        name = _WORD_STARTS.sub(lambda start: start[1] + start[2].upper(), name.lower())
    return unicodedata.normalize("NFC", name)


def same_name(a: str, b: str) -> bool:
    """True where two names are the same word by word, whatever the case, the spaces and the seat of a tone mark.

    "HOÀ" and "Hòa" are the same; "Hà" and "Hạ", "Lý" and "Lí" are not.
    """
    return _spelling(a) == _spelling(b)


def _spelling(name: str) -> list[tuple[str, str]]:
    return [_syllable(word) for word in unicodedata.normalize("NFD", name.lower().replace("’", "'")).split()]


def _syllable(word: str) -> tuple[str, str]:
    """The letters of a decomposed syllable without its tone, and the tone."""
    tone = "".join(mark for mark in word if mark in _TONES[1:])
    return unicodedata.normalize("NFC", "".join(mark for mark in word if mark not in _TONES[1:])), tone
