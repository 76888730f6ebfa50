"""Text at the edge: one normal form, and nothing that a database or a page cannot hold."""

from __future__ import annotations

import re
import unicodedata

_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_storable(text: str) -> bool:
    """True for text that PostgreSQL and UTF-8 can hold: no NUL and no lone surrogate."""
    return "\x00" not in text and not _SURROGATES.search(text)


def clean(text: str) -> str:
    """`text` in NFC with control characters and lone surrogates removed and its ends trimmed."""
    return unicodedata.normalize("NFC", _CONTROLS.sub("", _SURROGATES.sub("", text))).strip()


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def spreadsheet_safe(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
