"""What a room keeps that belongs to units, as the rooms above tell it: `Holding`, and who has registered one.

A reorganisation touches units alone. Whoever must know what it means for the rest (the dry run, undoing, the
certificate of conservation) asks every registered holding, so a new room is counted without a change here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Count:
    """How many things a unit holds, and how many of them are still under way."""

    total: int = 0
    open: int = 0

    def __add__(self, other: Count) -> Count:
        """Both together."""
        return Count(self.total + other.total, self.open + other.open)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a unit holds.

    `key` names it once within its holding; `digest` is the SHA-256 (32 bytes) of its immutable facts, so it can be
    computed again at any later time; `open`: it was under way at the moment asked; `ref`: the row by which its room
    finds it again.
    """

    unit_id: int
    key: str
    digest: bytes
    open: bool
    ref: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The one unit that answers for a thing, and why: own, whole, taken, proposed, default, appointed."""

    unit_id: int
    basis: str


class Holding(Protocol):
    """What one room keeps of units. `unit_ids` are rows of units; moments are aware."""

    @property
    def code(self) -> str:
        """A word that stays: it stands in certificates ("dossiers")."""
        ...

    @property
    def label(self) -> Any:
        """What people call it, in two languages."""
        ...

    def count(self, unit_ids: Collection[int], at: datetime, *, using: str = "default") -> Mapping[int, Count]:
        """How many things each unit held at the moment `at`; units that held none may be missing.

        One grouped statement over an index, on the connection `using`: cheap enough for a dry run.
        """
        ...

    def items(self, unit_ids: Collection[int], at: datetime) -> Iterator[Item]:
        """Every thing that the units held at the moment `at`, once, streamed. Runs inside the caller's transaction."""
        ...

    def heirs(self, items: Sequence[Item], at: datetime) -> Mapping[str, Settled]:
        """For things of divided units, by key, the one unit that answers for each at the moment `at`.

        Called with some hundred items at a time; every key gets exactly one of its unit's heirs.
        """
        ...


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is responsible, and how to reach them; `phone` and `address` are empty where nobody has entered them."""

    name: str
    address: str
    phone: str

    @property
    def dial(self) -> str:
        """What a telephone dials."""
        return dialled(self.phone)


def dialled(phone: str) -> str:
    """The first number that an office gives, without spaces and extension: "0212 3852 022 máy lẻ 3" gives 02123852022."""
    first = re.match(r"\+?[0-9 .()-]*", phone)
    return re.sub(r"[^+0-9]", "", first.group()) if first else ""


_registered: dict[str, Holding] = {}
_contacts: list[Callable[[int], Contact | None]] = []


def register_holding(holding: Holding) -> None:
    """Let `holding` be counted from now on; a room calls it when Django starts. The same code again replaces it."""
    _registered[holding.code] = holding


def holdings() -> tuple[Holding, ...]:
    """Every registered holding, by code."""
    return tuple(_registered[code] for code in sorted(_registered))


def register_contacts(committee: Callable[[int], Contact | None]) -> None:
    """Let units' pages ask `committee` for the contact of a unit's people's committee, by the unit's id."""
    _contacts[:] = [committee]


def committee_contact(unit_id: int) -> Contact | None:
    """How to reach a unit's people's committee; None where nobody has told."""
    return _contacts[0](unit_id) if _contacts else None
