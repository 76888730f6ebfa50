"""What is said about an address: the unit that is certain, or every unit that fits, or that it is unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How certain an answer is."""

    EXACT = "exact"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that the address may lie in. `score` runs from 0 to 1; `why` is a sentence in the caller's language."""

    unit_id: int
    code: str
    name: str
    kind: str
    province: str
    province_code: str
    score: float
    why: Any = field(compare=False)

    def as_json(self) -> dict[str, Any]:
        """The candidate as the command line and the API tell it."""
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "province": self.province,
            "province_code": self.province_code,
            "score": self.score,
            "why": str(self.why),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One candidate where it is certain, every unit that fits where several do, none where nothing is known.

    An ambiguous answer may have a single candidate: the address contradicts itself and this is what it fits best.
    `note` is a sentence in the caller's language, or empty.
    """

    status: Status
    candidates: tuple[Candidate, ...] = ()
    note: Any = field(default="", compare=False)

    @property
    def unit(self) -> Candidate | None:
        """The one unit of a certain answer."""
        return self.candidates[0] if self.status is Status.EXACT else None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the candidates."""
        return tuple(one.code for one in self.candidates)

    def as_json(self) -> dict[str, Any]:
        """The answer as the command line and the API tell it."""
        return {
            "status": self.status.value,
            "candidates": [one.as_json() for one in self.candidates],
            "note": str(self.note),
        }
