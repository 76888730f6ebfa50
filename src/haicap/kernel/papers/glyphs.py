"""Which characters the paper's fonts can draw, read from the fonts themselves.

PDF/A forbids text that no embedded glyph stands for, and the typesetter refuses to write such a file. One emoji in a
citizen's note must not cost anybody a receipt, so text is fitted to the fonts before it is typeset.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).resolve().parent / "fonts"
UNDRAWABLE: Final = "\ufffd"
_LIKENESSES: Final = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "–",
        "\u2015": "—",
        "\u2190": "<-",
        "\u2192": "->",
        "\u2028": "\n",
        "\u2029": "\n",
        "\r": "\n",
        "\t": " ",
    }
)


@cache
def covered() -> frozenset[int]:
    """The code points that every style of the paper's fonts can draw."""
    tables = [_characters(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*tables)


def drawable(text: str) -> str:
    """Takes any text; gives the text that the fonts can draw, in NFC, with line breaks as `\\n`.

    A character without a glyph becomes its compatibility form when that has one (`Ａ` gives `A`), a space when it is
    one, and U+FFFD otherwise, once per run. Invisible ones (controls, direction overrides, joiners, lone surrogates)
    go: on a paper they could only deceive.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_LIKENESSES))
    known = covered()
    if all(ord(character) in known or character == "\n" for character in text):
        return text
    return "".join(_fitted(text, known))


def _fitted(text: str, known: frozenset[int]) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if character == "\n" or ord(character) in known:
            pieces.append(character)
            continue
        category = unicodedata.category(character)
        if category in {"Cc", "Cf", "Cs", "Mn", "Me"}:
            continue
        likeness = unicodedata.normalize("NFKC", character)
        if category == "Zs":
            pieces.append(" ")
        elif likeness != character and all(ord(part) in known for part in likeness):
            pieces.append(likeness)
        elif pieces[-1:] != [UNDRAWABLE]:
            pieces.append(UNDRAWABLE)
    return pieces


def _characters(font: bytes) -> frozenset[int]:
    """The keys of a TrueType font's character table (OpenType specification, `cmap`, format 4)."""
    (count,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * index) for index in range(count))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    for index in range(subtables):
        (offset,) = struct.unpack_from(">I", font, cmap + 8 + 8 * index)
        start = cmap + offset
        (layout,) = struct.unpack_from(">H", font, start)
        if layout == 4:
            return _segments(font, start)
    raise ValueError("The font has no character table of format 4.")


def _segments(font: bytes, start: int) -> frozenset[int]:
    (double,) = struct.unpack_from(">H", font, start + 6)
    shape = f">{double // 2}H"
    ends = struct.unpack_from(shape, font, start + 14)
    starts = struct.unpack_from(shape, font, start + 16 + double)
    found: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        found.update(range(first, last + 1))
    return frozenset(found - {0, 0xFFFF})
