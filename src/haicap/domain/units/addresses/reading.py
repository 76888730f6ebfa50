"""Reading an address: cut into parts, each read once and remembered; each name with what it may mean at each level."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from haicap.domain.units.addresses.folding import WORDS, edits, forms, telex, without_vni
from haicap.domain.units.addresses.gazetteer import Gazetteer
from haicap.domain.units.addresses.parts import Found, Part, Span
from haicap.domain.units.addresses.scanning import Scan
from haicap.domain.units.addresses.words import (
    AFTER_THE_NAME,
    COMMUNE,
    DISTRICT,
    KINDS,
    NATION,
    PROVINCE,
    Kind,
)

_LOWER = "a-zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_GLUED = re.compile(f"(?<=[{_LOWER}{_LOWER.upper()}][{_LOWER}])([{_LOWER.upper()}])")
_GLUED_KIND = re.compile(
    "(phường|phuong|huyện|huyen|quận|quan|tỉnh|tinh|thịxã|thixa|thịtrấn|thitran|thànhphố|thanhpho|xã|xa)(.{2,})"
)
_TWO_WORDS = {"thịxã": "thị xã", "thixa": "thi xa", "thịtrấn": "thị trấn", "thitran": "thi tran",
              "thànhphố": "thành phố", "thanhpho": "thanh pho"}  # fmt: skip
_SEPARATORS = re.compile(r"[,;|/\n\r\t()\[\]{}<>:•·…_\"“”]+")
_WITHIN = re.compile(r"(?<!thân )\bthuộc\b", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—]+\s|(?<=\w{3})[-–—](?=\w{3})")
_WRITTEN = {
    count: [(spelt, "".join(spelt), kind) for spelt, kind in KINDS.items() if kind.written and len(spelt) == count]
    for count in (1, 2)
}
"""The words for kinds in full, by how many they are."""
_POSTAL = re.compile(r"\s*\d{5,6}\s*")
_CACHED_AT_MOST = 100_000
_GLUED_AT_MOST = 8


class Reader:
    """Reads addresses into parts; remembers the parts it read last."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._spans: dict[tuple[str, str, bool, Kind | None], Span] = {}
        self.parts: tuple[dict[str, Part], dict[str, Part]] = ({}, {})
        self._names = (gazetteer.provinces, gazetteer.districts, gazetteer.communes)

    def split(self, text: str) -> tuple[list[str], bool]:
        """The parts of an address as they are written, composed, and whether it is written without accents."""
        plain = text.isascii()
        if not plain:
            if not unicodedata.is_normalized("NFC", text):
                text = unicodedata.normalize("NFC", text)
            if "huộc" in text or "HUỘC" in text:
                text = _WITHIN.sub(",", text)
        parts = _SEPARATORS.split(text)
        if "-" in text or "–" in text or "—" in text:
            parts = [piece for part in parts for piece in self._undashed(part)]
        return parts, plain

    def _undashed(self, part: str) -> Iterator[str]:
        """The pieces between dashes, except where a dash belongs to a name: "Bà Rịa - Vũng Tàu"."""
        start = 0
        for dash in _DASH.finditer(part):
            before = WORDS.findall(self._lower(part[start : dash.start()]))
            after = WORDS.findall(self._lower(part[dash.end() :]))
            if before and after:
                (last, _), *_ = self._typed(before[-1], part.isascii())
                (first, _), *_ = self._typed(after[0], part.isascii())
                if any(edits(last, one, 1) + edits(first, other, 1) < 2 for one, other in self.gazetteer.dashed):
                    continue
            yield part[start : dash.start()]
            start = dash.end()
        yield part[start:]

    def part(self, text: str, plain: bool) -> Part:
        """One part as it was read now or before."""
        cache = self.parts[plain]
        part = cache.get(text)
        if part is None:
            if len(cache) >= _CACHED_AT_MOST:
                cache.clear()
            part = cache[text] = self._read(text, plain)
        return part

    # One part

    def _read(self, text: str, plain: bool) -> Part:
        text = self._lower(text)
        words = [forms(word) for word in WORDS.findall(text)]
        vocabulary = self.gazetteer.vocabulary
        if not all(word in vocabulary or word.isdecimal() for word, _ in words):
            words = [form for word in WORDS.findall(text) for form in self._typed(word, plain)]
        while words and words[-1][0] in ("vn", "vietnam") and (len(words) != 2 or words[-1][0] != "vn"):
            words.pop()
        if len(words) > 1 and words[-2][0] == "viet" and words[-1][0] == "nam":
            del words[-2:]
        part = Part(text, words)
        if not words or _POSTAL.fullmatch(text) or " ".join(word for word, _ in words) in NATION:
            part.words = []
            return part
        whole = self._whole(words, plain)
        if whole is None:
            words = part.words = self._mended(words)
            whole = self._whole(words, plain)
        if whole:
            part.found.append(Found(0, len(words), whole, whole=True, numbered=False))
        else:
            Scan(self, part, plain).run()
        for found in part.found:
            if found.whole and part.whole is None:
                part.whole = found.span
            part.may_matter |= bool(found.span.d) or found.span.kind is not None
        return part

    def _lower(self, text: str) -> str:
        """In lower case, with a space where a capital was glued on, and what the VNI keyboard left written out."""
        if not text.islower():
            text = _GLUED.sub(r" \1", text).lower()
        return without_vni(text, self.gazetteer.vocabulary) if text.isascii() else text

    def _whole(self, words: list[tuple[str, str]], plain: bool) -> Span | None:
        """The span of a part that is nothing but a kind, rightly written, and a name; None for all else."""
        kind = KINDS.get((words[0][0], words[1][0])) if len(words) > 2 else None
        count = 2
        if kind is None:
            kind, count = KINDS.get((words[0][0],)), 1
        if kind is None or len(words) == count or words[0][0] in AFTER_THE_NAME:
            return None
        if kind.written and not plain and " ".join([word for _, word in words[:count]]) != kind.written:
            return None
        if not self.levels(" ".join([word for word, _ in words[count:]])) & kind.levels:
            return None
        if words[0][0] == words[0][1] and self.levels(" ".join([word for word, _ in words])):
            return None
        marked = plain or (all(word == accented for word, accented in words[:count]) and kind.written != "")
        return self.span(words[count:], marked, kind)

    def _mended(self, words: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The words with a kind spelt right that one letter spoils, or apart where all were glued together."""
        keys = [word for word, _ in words]
        kind = KINDS.get(tuple(keys[:1]))
        if self.levels(" ".join(keys)) or (kind and self.levels(" ".join(keys[1:])) & kind.levels):
            return words
        together = self._unglued("".join(keys)) if len(words) <= _GLUED_AT_MOST else None
        if together:
            return together
        strange = [word not in self.gazetteer.vocabulary and not word.isdecimal() for word, _ in words]
        for place in range(len(words) - 1):
            numbered = place == 0 and words[1][0].isdecimal()
            for count in (2, 1):
                unsure = strange[place] or (numbered if count == 1 else strange[place + 1] or place == 0)
                meant = self._misspelt_kind(words, place, count, sure=strange[place] or place == 0) if unsure else None
                if meant:
                    spelt = zip(meant[0], meant[1].written.split(), strict=True)
                    return [*words[:place], *spelt, *words[place + count :]]
        return words

    def _misspelt_kind(
        self, words: list[tuple[str, str]], place: int, count: int, *, sure: bool
    ) -> tuple[tuple[str, ...], Kind] | None:
        """The words of the kind that some words are one letter away from, where a name of its levels follows."""
        after = place + count
        glued = "".join([word for word, _ in words[place:after]])
        last = words[after - 1][0]
        if after >= len(words) or len(glued) < 3 or (count == 2 and not sure and last != "ph" and (last,) in KINDS):
            return None
        for spelt, whole, kind in _WRITTEN[count]:
            if -1 <= len(whole) - len(glued) <= 1 and edits(glued, whole, 1) == 1:
                names = (" ".join([word for word, _ in words[after:end]]) for end in range(after + 6, after, -1))
                if any(self.levels(name) & kind.levels for name in names):
                    return spelt, kind
        return None

    def _unglued(self, glued: str) -> list[tuple[str, str]] | None:
        """The words of a kind and a name, or of a name, that were written without any space between them."""
        apart = self.gazetteer.apart
        whole: tuple[tuple[str, ...], str, Kind | None] = ((), "", None)
        for spelt, word, kind in (whole, *_WRITTEN[1], *_WRITTEN[2]):
            if not glued.startswith(word):
                continue
            key = apart.get(glued[len(word) :])
            if key and (" " in key if kind is None else self.levels(key) & kind.levels):
                return [(one, one) for one in (*spelt, *key.split())]
        return None

    def _typed(self, word: str, plain: bool) -> list[tuple[str, str]]:
        """A word that no name has: with its kind cut off, or from the Telex keyboard, where that gives one."""
        vocabulary, form = self.gazetteer.vocabulary, forms(word)
        if form[0] in vocabulary or form[0].isdecimal():
            return [form]
        if plain:
            meant = forms(telex(form[0]))
            if meant[0] in vocabulary:
                return [meant]
        cut = _GLUED_KIND.fullmatch(word)
        if cut and forms(cut[2])[0] in vocabulary:
            return [forms(one) for one in (*_TWO_WORDS.get(cut[1], cut[1]).split(), cut[2])]
        return [form]

    def levels(self, key: str) -> int:
        """The levels at which some unit has this name."""
        provinces, districts, communes = self._names
        return (key in provinces and PROVINCE) | (key in districts and DISTRICT) | (key in communes and COMMUNE)

    def span(self, words: list[tuple[str, str]], plain: bool, kind: Kind | None) -> Span:
        """The span of these words; the same object for the same words."""
        key, accented = " ".join([word for word, _ in words]), " ".join([word for _, word in words])
        plain = plain and key == accented
        mark = (key, accented, plain, kind)
        span = self._spans.get(mark)
        if span is None:
            if len(self._spans) >= _CACHED_AT_MOST:
                self._spans.clear()
            span = self._spans[mark] = self._meant(Span(key, accented, plain, kind))
        return span

    def _meant(self, span: Span) -> Span:
        """Fill in what the span may name."""
        key, kind, gazetteer = span.key, span.kind, self.gazetteer
        levels = kind.levels if kind else PROVINCE | DISTRICT | COMMUNE
        span.c = bool(levels & COMMUNE) and key in gazetteer.communes
        if levels & DISTRICT:
            districts = gazetteer.districts.get(key) or gazetteer.districts.get(key.replace(" ", "")) or []
            exact = [one for one in districts if one.accented == span.accented]
            span.d = tuple(exact if exact and not span.plain else districts)
        if levels & PROVINCE:
            span.p = gazetteer.provinces.get(key) or gazetteer.initials.get(key.replace(" ", ""), ())
        if kind and span.p and span.d and "tp_thuoc_tinh" in kind.kinds:
            cities = any(gazetteer.units[one].kind == "thanh_pho" for one in span.p)
            towns = [one for one in span.d if one.kind == "tp_thuoc_tinh"]
            if cities != bool(towns):
                span.p, span.d = (span.p, ()) if cities else ((), tuple(towns))
        return span
