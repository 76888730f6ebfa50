"""A resolution's file as read: what it says, each thing with its line, and what is wrong with its writing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from json.encoder import encode_basestring
from typing import Any, TypeVar

from haicap.domain.units.commands.resolutions import shape, tree
from haicap.domain.units.commands.resolutions.faults import Fault, Faults
from haicap.domain.units.commands.resolutions.shape import Item

UNSURE = "C"
"""The level of certainty at which a file is applied only on express wish: one source only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Something the file says; what was missing or malformed is None, and its fault is noted already."""

    line: int
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)

    def at(self, key: str) -> int:
        """The line of `key`, or that of the entry where the key is not written."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, kw_only=True, slots=True)
class Named(Entry):
    """A unit, by its code and, to be sure, its name; `by`: the document that the change rests on."""

    code: str | None = None
    name: str | None = None
    by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow(Named):
    """What a new unit takes from an ended one."""

    share: str | None = None
    hamlets: tuple[str, ...] = ()
    residual: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Created(Named):
    """A new unit."""

    kind: str | None = None
    parent: str | None = None
    lat: float | None = None
    lon: float | None = None
    area_km2: float | None = None
    flows: tuple[Flow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed(Named):
    """A unit that goes on under its code with another name, or (`kind`) another kind and name."""

    kind: str | None = None
    new_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjusted(Entry):
    """Hamlets that go from one standing unit to another."""

    giver: Named | None = None
    taker: Named | None = None
    hamlets: tuple[str, ...] = ()
    by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Basis(Entry):
    """A document that changes rest on."""

    number: str | None = None
    body: str | None = None
    title: str | None = None
    adopted_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Head(Basis):
    """The resolution itself."""

    effective_on: date | None = None
    also: tuple[Basis, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Certainty(Entry):
    """How sure the file is, and by which source."""

    level: str | None = None
    source: str | None = None
    note: str = ""


@dataclass(frozen=True)
class ResolutionFile:
    """One file: its name, its text, what it says, and the faults of its writing (its content is judged apart)."""

    name: str
    text: str
    digest: str
    head: Head
    certainty: Certainty | None
    ended: tuple[Named, ...]
    created: tuple[Created, ...]
    renamed: tuple[Changed, ...]
    reclassified: tuple[Changed, ...]
    adjusted: tuple[Adjusted, ...]
    faults: tuple[Fault, ...]

    @property
    def is_unsure(self) -> bool:
        """True where only one source says it; then an administrator must confirm it."""
        return self.certainty is not None and self.certainty.level == UNSURE

    @property
    def number(self) -> str:
        """The resolution's number; empty where it could not be read."""
        return self.head.number or ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that a change may name with “by”: the resolution's own first."""
        return tuple(one.number for one in (self.head, *self.head.also) if one.number)

    def record(self) -> dict[str, Any]:
        """What the records keep of a file without faults: its head, its digest, its text."""
        head = self.head
        return {
            "number": self.number, "body": head.body, "title": head.title, "adopted_on": head.adopted_on,
            "effective_on": head.effective_on, "digest": self.digest, "source": self.text,
        }  # fmt: skip

    def codes(self) -> set[str]:
        """Every code that the file names."""
        found = {one.code for one in (*self.ended, *self.created, *self.renamed, *self.reclassified)}
        found |= {flow.code for one in self.created for flow in one.flows} | {one.parent for one in self.created}
        found |= {unit.code for one in self.adjusted for unit in (one.giver, one.taker) if unit}
        return {code for code in found if code}


def read(text: str, name: str) -> ResolutionFile:
    """The file `name` with the content `text`; never raises: what is wrong stands in `faults`, each by its line."""
    faults = Faults(name)
    root = tree.parse(text, faults)
    item = shape.check(root, faults) if root else Item(1)
    content = item.values
    head = content.get("resolution") or Item(item.line)
    certainty = content.get("certainty")
    return ResolutionFile(
        name=name,
        text=text,
        digest=_digest(content),
        head=_made(Head, head, also=tuple(_made(Basis, one) for one in head.values.get("also", ()))),
        certainty=_made(Certainty, certainty) if certainty else None,
        ended=tuple(_made(Named, one) for one in content.get("ended", ())),
        created=tuple(_created(one) for one in content.get("created", ())),
        renamed=tuple(_made(Changed, one) for one in content.get("renamed", ())),
        reclassified=tuple(_made(Changed, one) for one in content.get("reclassified", ())),
        adjusted=tuple(_adjusted(one) for one in content.get("boundary_adjusted", ())),
        faults=faults.in_order(),
    )


_E = TypeVar("_E", bound=Entry)


def _made(entry: type[_E], item: Item, **replaced: Any) -> _E:
    """`entry` with the values of `item`, lists as tuples."""
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in item.values.items()}
    return entry(line=item.line, lines=item.lines, **(values | replaced))


def _created(item: Item) -> Created:
    flows = tuple(_made(Flow, one) for one in item.values.get("from", ()))
    values = {key: value for key, value in item.values.items() if key != "from"}
    return Created(line=item.line, lines=item.lines, flows=flows, **values)


def _adjusted(item: Item) -> Adjusted:
    giver, taker = (item.values.get(key) for key in ("from", "to"))
    return Adjusted(
        line=item.line,
        lines=item.lines,
        giver=_made(Named, giver) if giver else None,
        taker=_made(Named, taker) if taker else None,
        hamlets=tuple(item.values.get("hamlets", ())),
        by=item.values.get("by"),
    )


def _digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of what the file says: comments, layout and the order of a list do not matter."""
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Item):
        return _canonical(value.values)
    if isinstance(value, dict):
        return "{" + ",".join(_pairs(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(sorted(map(_canonical, value))) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)


def _pairs(value: dict[str, Any]) -> Iterator[str]:
    for key in sorted(value):
        yield f'"{key}":{_canonical(value[key])}'
