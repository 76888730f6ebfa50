"""Finding the names in one part of an address, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from haicap.domain.units.addresses.parts import Found, Part
from haicap.domain.units.addresses.words import (
    AFTER_THE_NAME,
    BELOW,
    BELOW_WRITTEN,
    COMMUNE,
    DISTRICT,
    HAMLETS,
    KINDS,
    PROVINCE,
    ROMAN,
    SURE_KINDS,
    Kind,
)

if TYPE_CHECKING:
    from haicap.domain.units.addresses.reading import Reader

_OPEN_AT_MOST = 6
_SURE_PAIRS = frozenset({("thanh", "pho"), ("thi", "xa"), ("thi", "tran")})


class Scan:
    """Finds the names in one part, from left to right, the longest at each place."""

    def __init__(self, reader: Reader, part: Part, plain: bool) -> None:
        self.reader, self.part, self.plain = reader, part, plain
        self.words = part.words
        self.starts = reader.gazetteer.starts
        self.below = False
        self.numbered = False
        self.hamlet = False
        self.covered = 0
        self.skipped = 0
        self.stops = [
            place
            for place, (word, accented) in enumerate(self.words)
            if accented in SURE_KINDS
            or (place + 1 < len(self.words) and (word, self.words[place + 1][0]) in _SURE_PAIRS)
        ]

    def run(self) -> None:
        """Note every name of the part in it."""
        place, count = 0, len(self.words)
        while place < count:
            place = self._marked(place) or self._bare(place)
        part = self.part
        named = any(found.whole or found.span.kind for found in part.found)
        if not (named or part.below or count > _OPEN_AT_MOST or self.words[0][0].isdecimal()):
            part.open.append(Found(0, count, self.reader.span(self.words, self.plain, None), True, False))

    def _kind(self, place: int) -> tuple[Kind, int] | None:
        """The word for a kind at a place, and how many words it is; written with other accents it is another word."""
        words = self.words
        word = words[place][0]
        if place + 1 < len(words):
            kind = KINDS.get((word, words[place + 1][0]))
            if kind and self._is_written(place, 2, kind):
                return kind, 2
        kind = KINDS.get((word,))
        return (kind, 1) if kind and self._is_written(place, 1, kind) else None

    def _is_written(self, place: int, count: int, kind: Kind, *, strict: bool = False) -> bool:
        """True where the kind's accents are right or left out; at the start of a part, unless `strict`, also others."""
        if not kind.written:
            return True
        written = " ".join([word for _, word in self.words[place : place + count]])
        if written == kind.written or (place == 0 and not strict):
            return True
        bare = " ".join([word for word, _ in self.words[place : place + count]])
        return written == bare and (self.plain or place == 0 or count > 1)

    def _marked(self, place: int) -> int:
        """Note the name after a word for its kind; gives where to go on, 0 where there is none."""
        found = self._kind(place)
        if found is None or (place < self.covered and self.words[place][1] not in SURE_KINDS):
            return 0
        kind, length = found
        after = place + length
        if self.words[place][0] in AFTER_THE_NAME and self._names_the_last(place, kind):
            return after
        end = self._longest(after, kind)
        if end and (self._is_written(place, length, kind, strict=True) or not self._bare_end(place)):
            self._note(place, after, end, kind)
            self._note_shorter(place, after, end, kind)
            if self.words[place][1] not in SURE_KINDS and self._bare_end(place) >= end:
                self._note(place, place, self._bare_end(place), None)
            if self._goes_on(after, end):
                self._open(place, after, kind)
            return end
        full = kind.written != "" and (not self.plain or place == 0 or length > 1)
        if place > 0 and not full and length == 1 and len(self.words[place][0]) < 2:
            return 0
        if self._bare_end(place) > after:
            if self.words[place][1] not in SURE_KINDS:
                self._open(place, after, kind)
                return 0
            if self._has_kind_inside(place, self._bare_end(place) - place):
                return 0
        end = self._open_end(after)
        number = end == after or self.words[after][0].isdecimal() or self._begins_a_name(after)
        if not number and (full or kind.levels != PROVINCE):
            if place == 0 and self.words[0][1] not in SURE_KINDS and len(self.words) <= _OPEN_AT_MOST:
                self.part.open.append(
                    Found(0, len(self.words), self.reader.span(self.words, self.plain, None), True, False)
                )
            if not self._is_written(place, length, kind, strict=True):
                return 0
            self._note(place, after, end, kind)
            return end
        return 0

    def _note_shorter(self, place: int, start: int, end: int, kind: Kind | None) -> None:
        """Among words without separators a name may be shorter than the longest: "Tân Thành" in "Tân Thành Bình Tân"."""
        if end == len(self.words) or end in self.stops:
            return
        levels = kind.levels if kind else PROVINCE | DISTRICT | COMMUNE
        for stop in range(end - 1, start + 1, -1):
            if self.reader.levels(" ".join([word for word, _ in self.words[start:stop]])) & levels:
                self._note(place, start, stop, kind)

    def _goes_on(self, start: int, end: int) -> bool:
        """True when after a name words follow that are neither a number, a kind nor a place that may follow it."""
        words = self.words
        if end == len(words) or words[end][0].isdecimal() or words[end - 1][0].isdecimal():
            return False
        after = self._bare_end(end) if end - start > 1 else 0
        above = after and self.reader.levels(" ".join([word for word, _ in words[end:after]])) & (PROVINCE | DISTRICT)
        return not above and not self._begins_a_kind(end)

    def _open(self, place: int, after: int, kind: Kind) -> None:
        """The marked name may go on, misspelt: note all up to the next word for a kind beside it."""
        end = self._open_end(after)
        if end == after:
            return
        span = self.reader.span(self.words[after:end], self.plain, kind)
        self.part.open.append(Found(place, end, span, place == 0 and end == len(self.words), False))

    def _names_the_last(self, place: int, kind: Kind) -> bool:
        """An English kind after a name that was noted as bare: note it as marked."""
        found = self.part.found
        if not found or found[-1].end != place or found[-1].span.kind is not None:
            return False
        last = found.pop()
        self._note(last.start, last.start, place, kind, stop=place + 1)
        return True

    def _longest(self, start: int, kind: Kind) -> int:
        """Where the longest name of that kind's levels ends that starts here; 0 for none."""
        words, reader = self.words, self.reader
        if start >= len(words):
            return 0
        longest = min(self.starts.get(words[start][0], 1), len(words) - start)
        stop = self._stop(start) - start
        for length in range(longest, 0, -1):
            if length > stop and not self._has_kind_inside(start, length):
                continue
            key = " ".join([word for word, _ in words[start : start + length]])
            levels = reader.levels(key) & kind.levels
            if levels:
                return start + length
            if kind.levels & DISTRICT and length > 1 and key.replace(" ", "") in reader.gazetteer.districts:
                return start + length
            if kind.levels & PROVINCE and length == 1 and key in reader.gazetteer.initials:
                return start + length
        ends = start + 1 == len(words) or self._begins_a_kind(start + 1)
        if ends and "phuong" in kind.kinds and words[start][1] in ROMAN:
            number = ROMAN[words[start][0]]
            words[start] = (number, number)
            return start + 1
        return 0

    def _open_end(self, start: int) -> int:
        """Where a name that nobody has would end: at the next word for a kind, or with the part."""
        end = start
        stop = min(len(self.words), start + _OPEN_AT_MOST)
        while end < stop and (end == start or not self._begins_a_kind(end)):
            end += 1
        return end

    def _begins_a_name(self, place: int) -> bool:
        """True at a word for a kind that a name of that kind follows."""
        found = self._kind(place)
        return found is not None and self._longest(place + found[1], found[0]) > 0

    def _begins_a_kind(self, place: int) -> bool:
        found = self._kind(place)
        if found is None:
            return False
        kind, length = found
        if place + length == len(self.words):
            return False
        return length > 1 or kind.written != "" or self._longest(place + length, kind) > 0

    def _stop(self, start: int) -> int:
        """Where a name that starts here must end: before the next words that can only be a kind."""
        for stop in self.stops:
            if stop > start:
                return stop
        return len(self.words)

    def _has_kind_inside(self, start: int, length: int) -> bool:
        """True where these very words are a name with a word for a kind in it, as "Tân Xã" and "Phường Đúc" are."""
        key = " ".join([word for _, word in self.words[start : start + length]])
        return key in self.reader.gazetteer.with_kind_inside

    def _bare_end(self, place: int) -> int:
        """Where the longest name ends that starts here with no kind before it; 0 for none, and for a mere number."""
        words = self.words
        first = words[place][0]
        longest = min(self.starts.get(first, 0), len(words) - place)
        stop = self._stop(place) - place
        for length in range(longest, 0, -1):
            if length > stop and not self._has_kind_inside(place, length):
                continue
            key = " ".join([word for word, _ in words[place : place + length]])
            if (length > 1 or not first.isdecimal()) and self.reader.levels(key):
                return place + length
        return 0

    def _bare(self, place: int) -> int:
        """Note a name that stands without its kind, unless something below a commune is called so."""
        plain, accented = self.words[place]
        end = self._bare_end(place)
        whole = place == 0 and end == len(self.words)
        if end and self.below and not whole:
            self.below = self.numbered = self.hamlet = False
            self.skipped = end
        if place < self.skipped:
            return place + 1
        if end > self.covered:
            self.covered = end
            self._note(place, place, end, None)
            self._note_shorter(place, place, end, None)
        elif not end and place == 0 and len(self.words) == 1 and plain in self.reader.gazetteer.initials:
            self._note(0, 0, 1, None)
        elif place == 0 and len(self.words) <= 4 and not end:
            joined = "".join([word for word, _ in self.words])
            if joined in self.reader.gazetteer.provinces or joined in self.reader.gazetteer.initials:
                self._note(0, 0, len(self.words), None)
                return len(self.words)
        if plain.isdecimal():
            self.numbered = not self.hamlet
            self.below = False
        elif place < self.covered:
            pass
        elif plain in BELOW and (accented == plain or accented in BELOW_WRITTEN):
            self.below, self.hamlet, self.numbered = True, plain in HAMLETS, False
            self.part.below |= place == 0
        else:
            self.below = self.hamlet = self.numbered = False
        return place + 1

    def _note(self, place: int, start: int, end: int, kind: Kind | None, stop: int = 0) -> None:
        words = self.words[start:end]
        marked = self.words[place:start]
        plain = self.plain or (
            bool(marked) and kind is not None and kind.written != ""
            and all(word == accented for word, accented in marked) and " ".join(w for w, _ in marked) != kind.written
        )  # fmt: skip
        stop = stop or end
        span = self.reader.span(words, plain, kind)
        self.part.found.append(Found(place, stop, span, place == 0 and stop == len(self.words), self.numbered))
        self.below = self.numbered = self.hamlet = False
        self.covered = max(self.covered, end)
