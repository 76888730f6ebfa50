"""What was read from a catalogue file, with where it stood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from haicap.kernel.errors import Problem

_PART = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


class Node(dict[str, Any]):
    """A mapping of the file that knows where it stood: "10-ho-tich.yaml:12" or "papers!7"."""

    def __init__(self, values: Any = (), where: str = "") -> None:
        super().__init__(values)
        self.where = where


@dataclass
class Row:
    """One procedure in one period (or all rows of its competence), its sets, laws and sources put in."""

    code: str
    data: Node

    @property
    def where(self) -> str:
        """Where the procedure stands in the file."""
        return self.data.where

    def place_of(self, path: str) -> str:
        """Where the innermost mapping on `path` ("papers[2].code") stands."""
        where = self.where
        here: Any = self.data
        for name, index in _PART.findall(path):
            try:
                here = here[int(index)] if index else here[name]
            except (KeyError, IndexError, TypeError):
                break
            where = here.where if isinstance(here, Node) and here.where else where
        return where


@dataclass
class Catalogue:
    """A whole file: areas by code, rows in the file's order, who decides (one row a procedure, its `rows` inside),
    and what was wrong before any row could be read."""

    areas: dict[str, Node] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    competence: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
