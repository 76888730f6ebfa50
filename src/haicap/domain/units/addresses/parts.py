"""What an address is read into: its parts, and the names found in each."""

from __future__ import annotations

from typing import NamedTuple

from haicap.domain.units.addresses.gazetteer import District
from haicap.domain.units.addresses.words import Kind


class Span:
    """One name somewhere in an address: what it may name at each level. Equal spans are one object."""

    __slots__ = ("accented", "c", "d", "key", "kind", "p", "plain")

    def __init__(self, key: str, accented: str, plain: bool, kind: Kind | None) -> None:
        self.key, self.accented, self.plain, self.kind = key, accented, plain, kind
        self.p: tuple[int, ...] = ()
        self.d: tuple[District, ...] = ()
        self.c = False

    @property
    def known(self) -> bool:
        """True when some unit is called so."""
        return self.c or bool(self.p or self.d)


class Found(NamedTuple):
    """A span at its place: words `start` to `end` of a part; `whole` part; `numbered` right after a house number."""

    start: int
    end: int
    span: Span
    whole: bool
    numbered: bool


class Part:
    """One part of an address between separators, read: the names found, and what may be a misspelt one (`open`).

    `may_matter` is True when it names a district, or anything with the word for its kind.
    """

    __slots__ = ("below", "found", "may_matter", "open", "text", "whole", "words")

    def __init__(self, text: str, words: list[tuple[str, str]]) -> None:
        self.text, self.words = text, words
        self.found: list[Found] = []
        self.open: list[Found] = []
        self.whole: Span | None = None
        self.below = False
        self.may_matter = False
