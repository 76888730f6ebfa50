"""The shape of a resolution's file, as its JSON Schema says it, checked on the tree whose nodes know their lines.

`resolution.schema.json` is the one source: editors use it too. Of JSON Schema only the words that it uses are understood.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from haicap.domain.units.commands.resolutions.faults import Faults
from haicap.domain.units.commands.resolutions.tree import Node

SCHEMA_FILE = Path(__file__).parents[2] / "data" / "resolution.schema.json"
SCHEMA: Mapping[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))

_DEFINITIONS = "#/$defs/"
_SLIP = 0.6  # from this likeness on, an unknown key is taken for a known one that was misspelt
_MALFORMED = {"code": "code_malformed", "number": "number_malformed"}
_PATTERNS = {
    name: re.compile(definition["pattern"]) for name, definition in SCHEMA["$defs"].items() if "pattern" in definition
}


@dataclass(slots=True)
class Item:
    """A mapping of the file: what was right in it, and the line of each key that stands there."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def check(root: Node, faults: Faults) -> Item:
    """The file's content as far as it is well formed, with every fault of its shape noted by line."""
    return _Check(faults).mapping(root, SCHEMA, "", root.line) or Item(root.line)


class _Check:
    """One pass over the tree; each method gives the value, or None where its fault is noted."""

    def __init__(self, faults: Faults) -> None:
        self.note = faults.note

    def value(self, node: Node, schema: Mapping[str, Any], key: str, line: int) -> Any:
        """Whatever the schema asks for at `key`, whose own line is `line`."""
        name = ""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(_DEFINITIONS)
            schema = SCHEMA["$defs"][name]
        if node.kind == "nothing":
            return self.note(line, "value_missing", key=key)
        kind = schema.get("type", "string")
        if kind == "object":
            return self.mapping(node, schema, key, line)
        if kind == "array":
            return self.items(node, schema, key, line)
        if kind == "number":
            return self.number(node, schema)
        if kind == "boolean":
            return self.flag(node)
        return self.day(node) if schema.get("format") == "date" else self.text(node, schema, key, name)

    def mapping(self, node: Node, schema: Mapping[str, Any], key: str, line: int) -> Item | None:
        """Pairs: unknown keys are told with the nearest known one, missing ones at the line where the pairs begin."""
        known = schema["properties"]
        if node.kind != "map":
            return self.note(line, "not_a_mapping", key=key, known=", ".join(known))
        meant = {one: one if one in known else _nearest(one, known) for one in node.lines}
        made = Item(node.line, lines={meant[one]: line for one, line in node.lines.items()} | node.lines)
        for one, below in node.pairs.items():
            if one not in known:
                self.note(node.lines[one], "key_unknown", key=one, nearest=meant[one], known=", ".join(known))
                if meant[one] in node.lines or _likeness(one, meant[one]) < _SLIP:
                    continue  # else read on as if it were spelt right: one slip is one fault
            content = self.value(below, known[meant[one]], meant[one], node.lines[one])
            if content is not None:
                made.values[meant[one]] = content
        for one in schema.get("required", ()):
            if one not in meant.values():
                self.note(node.line, "key_missing", key=one)
        return made

    def items(self, node: Node, schema: Mapping[str, Any], key: str, line: int) -> list[Any] | None:
        """A list with at least as many items as the schema asks for."""
        if node.kind != "list":
            return self.note(line, "not_a_list", key=key)
        if len(node.items) < schema.get("minItems", 0):
            return self.note(line, "list_empty", key=key)
        made = [self.value(item, schema["items"], key, item.line) for item in node.items]
        return [one for one in made if one is not None]

    def text(self, node: Node, schema: Mapping[str, Any], key: str, name: str) -> str | None:
        """A text: one of a few words, of a form, or free, and never a number in disguise."""
        if node.kind in ("map", "list"):
            return self.note(node.line, "not_a_text", key=key)
        choices = [schema["const"]] if "const" in schema else schema.get("enum")
        if choices and node.text not in choices:
            known = ", ".join(choices)
            return self.note(
                node.line, "not_a_choice", value=node.text, key=key, nearest=_nearest(node.text, choices), known=known
            )
        if node.kind != "text":
            self.note(node.line, "quotes_needed", value=node.text)
            return node.text if name in _PATTERNS and _PATTERNS[name].fullmatch(node.text) else None
        if not node.text:
            return self.note(node.line, "value_missing", key=key)
        if len(node.text) > schema.get("maxLength", len(node.text)):
            return self.note(node.line, "text_too_long", most=schema["maxLength"])
        if name in _PATTERNS and not _PATTERNS[name].fullmatch(node.text):
            return self.note(node.line, _MALFORMED[name], value=node.text)
        return node.text

    def number(self, node: Node, schema: Mapping[str, Any]) -> float | None:
        """A number between the schema's bounds."""
        if node.kind != "number":
            return self.note(node.line, "not_a_number", value=node.text)
        number = float(node.text)
        low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema["maximum"]
        if number < low or number > high or (number == low and "exclusiveMinimum" in schema):
            above = ">" if "exclusiveMinimum" in schema else "≥"
            return self.note(node.line, "number_out_of_range", value=node.text, range=f"{above} {low}, ≤ {high:,}")
        return number

    def flag(self, node: Node) -> bool | None:
        """True or false, written so."""
        if node.kind != "flag" or node.text not in ("true", "false"):
            return self.note(node.line, "not_a_flag", value=node.text)
        return node.text == "true"

    def day(self, node: Node) -> date | None:
        """A day that exists, with or without quotes."""
        try:
            if node.kind not in ("date", "text") or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", node.text):
                raise ValueError(node.text)
            return date.fromisoformat(node.text)
        except ValueError:
            return self.note(node.line, "not_a_date", value=node.text)


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like `word`."""
    return max(known, key=lambda one: _likeness(word, one))


def _likeness(word: str, known: str) -> float:
    return difflib.SequenceMatcher(None, word.lower(), known).ratio()
