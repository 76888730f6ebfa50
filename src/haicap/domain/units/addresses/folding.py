"""Words as they are compared: without accents, and with accents whose place does not matter.

"Hòa" and "Hoà", "Quý" and "Quí", composed or decomposed, give the same two forms: "hoa" and "hoa2", "qui" and "qui5".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

from haicap.domain.units.addresses.words import BELOW

_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_I_OR_Y = re.compile(r"(?:[^aeiouy]|qu)y$")
_SIGNS = str.maketrans({"’": "'", "`": "'", "ʼ": "'", "´": "'", "‘": "'", "ð": "đ"})
WORDS = re.compile(r"[^\W\d_]+(?:['’`ʼ´‘][^\W\d_]+)*|\d+")
_TELEX = re.compile(r"aa|ee|oo|dd|w|[aeiouy].*[sfrxj]")
_TELEX_TONES = {"f": "\u0300", "r": "\u0309", "x": "\u0303", "s": "\u0301", "j": "\u0323"}
_TELEX_LETTERS = (("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("uow", "ươ"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"),
                  ("w", "ư"))  # fmt: skip
_VNI_WORD = re.compile(r"\b[a-z]+[1-9][a-z1-9]*\b")
_VNI_MARKS = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323", "6": "\u0302", "7": "\u031b",
              "8": "\u0306"}  # fmt: skip
_TONE_MARKS = frozenset(_TONES)


@lru_cache(maxsize=65_536)
def forms(word: str) -> tuple[str, str]:
    """A lower-case word without accents, and with its letters' marks and its tone as a digit at the end.

    Apostrophes fall away; y after a consonant or "qu" at the end is i; "đăc" is "đăk"; numbers lose leading zeros.
    """
    if word.isdecimal():
        number = str(int(word))
        return number, number
    if word.isascii():
        plain = accented = word.replace("'", "").replace("`", "")
    else:
        plain, accented = _decomposed(word.translate(_SIGNS).replace("'", ""))
    if plain.endswith("y") and _I_OR_Y.search(plain):
        tone = len(accented) - 1 if accented[-1:].isdecimal() else len(accented)
        plain, accented = plain[:-1] + "i", accented[: tone - 1] + "i" + accented[tone:]
    elif plain == "dac":
        plain, accented = "dak", accented.replace("c", "k")
    return plain, accented


def _decomposed(word: str) -> tuple[str, str]:
    plain, accented, tone = [], [], ""
    for mark in unicodedata.normalize("NFD", word):
        if mark in _TONES:
            tone = _TONES[mark]
            continue
        accented.append(mark)
        if not unicodedata.combining(mark):
            plain.append("d" if mark == "đ" else mark)
    return "".join(plain), unicodedata.normalize("NFC", "".join(accented)) + tone


def telex(word: str) -> str:
    """What the keys of `word` mean on the Telex keyboard: "chieengf" is "chiềng"; the word itself where nothing is."""
    if not _TELEX.search(word):
        return word
    tone = ""
    for place in range(len(word) - 1, 0, -1):
        if word[place] in _TELEX_TONES and any(letter in "aeiouyw" for letter in word[:place]):
            tone, word = _TELEX_TONES[word[place]], word[:place] + word[place + 1 :]
            break
    for keys, letter in _TELEX_LETTERS:
        word = word.replace(keys, letter)
    return _with_tone(word, tone)


def _with_tone(word: str, tone: str) -> str:
    if not tone:
        return word
    for place in range(len(word) - 1, -1, -1):
        if unicodedata.normalize("NFD", word[place])[0] in "aeiouy":
            return unicodedata.normalize("NFC", word[: place + 1] + tone + word[place + 1 :])
    return word


def without_vni(text: str, known: Container[str]) -> str:
    """`text` with words that were typed on the VNI keyboard written out, where that gives a `known` syllable.

    "chie6ng2 d9en" is "chiềng đen"; "p4", "q10" and other words that no known syllable comes from stay.
    """
    if not text.isascii():
        return text
    return _VNI_WORD.sub(lambda found: _from_vni(found[0], known), text)


def _from_vni(word: str, known: Container[str]) -> str:
    letters: list[str] = []
    for key in word:
        if key == "9" and "d" in letters:
            letters[letters.index("d")] = "đ"
        elif key in _VNI_MARKS:
            mark = _VNI_MARKS[key]
            place = next((n for n in range(len(letters) - 1, -1, -1) if letters[n][0] in "aeiouy"), None)
            if place is None:
                return word
            letters[place] += mark
        elif key.isdecimal():
            return word
        else:
            letters.append(key)
    spelled = unicodedata.normalize("NFC", "".join(letters))
    plain = forms(spelled)[0]
    return (
        spelled
        if plain in known and len(letters) > 1 and not (len(letters) == 2 and len(word) == 3 and plain in BELOW)
        else word
    )


def edits(one: str, other: str, most: int) -> int:
    """How many letters to change, add, drop or swap with the next to make `other` of `one`; `most` + 1 when more."""
    start, shorter = 0, min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    longer, shorter = max(len(one), len(other)), min(len(one), len(other))
    if not shorter or longer == 1:
        return min(longer, most + 1)
    if longer == 2 and shorter == 2 and one[0] == other[1] and one[1] == other[0]:
        return 1
    if most < 2 or longer - shorter > most:
        return most + 1
    return _edits(one, other, most)


def _edits(one: str, other: str, most: int) -> int:
    """The same by the table of all beginnings, given up where a row has nothing small enough left."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        left = i
        for j, against in enumerate(other, 1):
            cost = before[j - 1] + (letter != against)
            above = before[j] + 1
            cost = min(cost, above)
            left += 1
            cost = min(cost, left)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against and last[j - 2] < cost:
                cost = last[j - 2] + 1
            row.append(cost)
            left = cost
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def letters_of(word: str) -> int:
    """The letters of a word as bits: words k edits apart differ in at most 2k of them."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits
