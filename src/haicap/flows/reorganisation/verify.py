"""Checking a certificate: the file against itself, then against what the database says today."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from haicap.flows.reorganisation.certificate import SCHEMA, Document, make_certificate, root_of
from haicap.flows.reorganisation.errors import CertificateUnreadable
from haicap.flows.reorganisation.resolutions import find_resolution
from haicap.kernel.language import bi

LARGEST_FILE: Final = 64 * 2**20
FIGURES: Final = ("count", "open", "sum", "by")
_PARTS = ("resolution", "effective_at", "as_of", "holdings", "units", "before", "after", "totals")


@dataclass(frozen=True)
class Difference:
    """One place at which the file and the database say different things."""

    where: str
    holding: str
    what: str
    stated: Any
    found: Any

    def as_json(self) -> Document:
        """As the command line prints it."""
        return vars(self)

    def sentence(self) -> str:
        """The difference in one line, in the caller's language."""
        names = {
            "count": bi("số lượng", "count"), "open": bi("số đang giải quyết", "number under way"),
            "sum": bi("mã băm", "hash"), "by": bi("căn cứ", "basis"),
        }  # fmt: skip
        place = f"{self.where} / {self.holding}" if self.holding else self.where
        text = bi(
            "{place}: {what} ghi {stated}, tính lại được {found}",
            "{place}: {what} is stated as {stated}, computed as {found}",
        )
        return str(
            text.format(
                place=place, what=names.get(self.what, self.what), stated=_short(self.stated), found=_short(self.found)
            )
        )


@dataclass(frozen=True)
class Verdict:
    """What became of a check."""

    root: str
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """True where the file says what the database says."""
        return not self.differences

    def as_json(self) -> Document:
        """As the command line prints it."""
        answer: Document = {"ok": self.ok, "root": self.root}
        if self.differences:
            answer["first"] = self.differences[0].as_json()
            answer["differences"] = [one.as_json() for one in self.differences]
        return answer


def read_certificate(path: Path) -> Document:
    """The document in a file; raises CertificateUnreadable for anything that is no certificate of this schema."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CertificateUnreadable(file=path.name, why=bi("quá lớn", "too large"))
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CertificateUnreadable(file=path.name, why=type(error).__name__) from error
    content = document.get("content") if isinstance(document, dict) else None
    if not isinstance(content, dict) or document.get("schema") != SCHEMA or not isinstance(document.get("root"), str):
        raise CertificateUnreadable(file=path.name, why=bi(f"cần {SCHEMA}", f"it must be {SCHEMA}"))
    if not all(part in content for part in _PARTS):
        raise CertificateUnreadable(file=path.name, why=bi("thiếu phần", "parts are missing"))
    return dict(document)


def verify_document(document: Document) -> Verdict:
    """Compute a certificate again, for the moment that it states, and compare every figure.

    The file itself comes first: where its root does not belong to its content, somebody has changed it. Raises what
    `find_resolution` and `make_certificate` raise, CertificateUnreadable for a moment that is none.
    """
    content = document["content"]
    own = root_of(content)
    if own != document["root"]:
        return Verdict(own, (Difference("root", "", "root", document["root"], own),))
    try:
        as_of = datetime.fromisoformat(content["as_of"])
        number = str(content["resolution"]["number"])
        if as_of.tzinfo is None:
            raise ValueError(content["as_of"])
    except (KeyError, TypeError, ValueError) as error:
        raise CertificateUnreadable(file=SCHEMA, why="resolution, as_of") from error
    # A holding that came with a later version is not in an older certificate, and takes nothing from its truth.
    only = {str(one.get("code")) for one in content["holdings"] if isinstance(one, dict)}
    now = make_certificate(find_resolution(number), as_of=as_of, only=only)
    return Verdict(now.root, tuple(_differences(content, now.content)))


def _differences(stated: Document, found: Document) -> Iterator[Difference]:
    for part in ("resolution", "effective_at", "as_of", "holdings"):
        if stated[part] != found[part]:
            yield Difference(part, "", part, stated[part], found[part])
    for part in ("units", "before", "after", "totals"):
        yield from _of_rows(part, _keyed(part, stated[part]), _keyed(part, found[part]))


def _keyed(part: str, rows: Any) -> dict[tuple[str, str], Document]:
    """Rows by what they are about: (unit, or heir with the ended unit; holding)."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CertificateUnreadable(file=SCHEMA, why=part)
    return {(_place(part, row), str(row.get("holding", ""))): row for row in rows}


def _place(part: str, row: Document) -> str:
    if part == "totals":
        return part
    unit, origin = str(row.get("unit", "")), row.get("from")
    return f"{origin} → {unit}" if origin else unit


def _of_rows(
    part: str, stated: Mapping[tuple[str, str], Document], found: Mapping[tuple[str, str], Document]
) -> Iterator[Difference]:
    for place, holding in dict.fromkeys([*stated, *found]):
        before, after = stated.get((place, holding)), found.get((place, holding))
        if before is None or after is None:
            yield Difference(place, holding, part, before and "…", after and "…")
            continue
        for name in dict.fromkeys([*FIGURES, *before, *after]):
            if before.get(name) != after.get(name):
                yield Difference(place, holding, name, before.get(name), after.get(name))


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:16]}…"
