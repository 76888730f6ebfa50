"""The text of a resolution's file as a tree whose every node knows its line: YAML, without its traps.

Only what a lawyer needs is read: mappings, lists and single values. Anchors, tags, tabs and keys that stand twice are
faults; size and depth are bounded, so no small file can grow into a large one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from haicap.domain.units.commands.resolutions.faults import Faults
from haicap.kernel.text import clean, is_storable

Kind = Literal["map", "list", "text", "number", "flag", "date", "nothing"]
MOST_CHARACTERS = 4_000_000
DEEPEST = 8

_TAB = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)
_NUMBER = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_FLAGS = frozenset(["true", "false", "yes", "no", "on", "off"])
_NOTHING = frozenset(("", "~", "null"))


@dataclass(slots=True)
class Node:
    """A value of the file: what it is, its content, the line it begins on, and for a mapping the lines of its keys."""

    kind: Kind
    line: int
    text: str = ""
    items: list[Node] = field(default_factory=list)
    pairs: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


class _Stop(Exception):
    """The rest of the file cannot be read; the fault is noted."""


def parse(text: str, faults: Faults) -> Node | None:
    """The tree of `text`, with every fault of its writing noted; None where nothing can be read."""
    if len(text) > MOST_CHARACTERS:
        faults.note(1, "too_large", most=f"{MOST_CHARACTERS:,}")
        return None
    if not is_storable(text):
        faults.note(1, "not_text")
        return None
    text = unicodedata.normalize("NFC", text)
    for found in _TAB.finditer(text):
        faults.note(text.count("\n", 0, found.end()) + 1, "tab")
    try:
        return _Tree(_TAB.sub(lambda found: found[0].replace("\t", "  "), text), faults).whole()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.note(mark.line + 1 if mark else 1, "not_yaml", what=error.problem or error.context or "")
    except yaml.YAMLError as error:
        faults.note(1, "not_yaml", what=" ".join(str(error).split())[:120])
    except _Stop:
        pass
    return None


class _Tree:
    """Puts the parser's events together; a stack instead of recursion, so that depth is only a number."""

    def __init__(self, text: str, faults: Faults) -> None:
        self.events = self._events(yaml.CSafeLoader(text))
        self.faults = faults
        self.tidy = clean if "\\" in text else str.strip  # only an escape can bring in what the text had not

    @staticmethod
    def _events(parser: Any) -> Iterator[Any]:
        while parser.check_event():
            yield parser.get_event()

    def whole(self) -> Node | None:
        """The first document; a second one is a fault."""
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self.faults.note(event.start_mark.line + 1 if event.start_mark else 1, "second_document")
                raise _Stop
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1)
        if root is None or root.kind == "nothing":
            self.faults.note(1, "nothing_written")
            return None
        return root

    def _node(self, event: Any, depth: int) -> Node | None:
        """The node that begins with `event`; None for what was refused."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None:
            return _scalar(event, line, self.tidy)
        if isinstance(event, yaml.AliasEvent):
            self.faults.note(line, "alias", name=event.anchor)
            return None
        if event.anchor:
            self.faults.note(line, "alias", name=event.anchor)
        if event.tag:
            self.faults.note(line, "tag", name=event.tag)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, line, self.tidy)
        if depth > DEEPEST:
            self.faults.note(line, "too_deep", most=DEEPEST)
            raise _Stop
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(line, depth)
        return self._mapping(line, depth)

    def _list(self, line: int, depth: int) -> Node:
        made = Node("list", line)
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            item = self._node(event, depth + 1)
            if item is not None:
                made.items.append(item)
        return made

    def _mapping(self, line: int, depth: int) -> Node:
        made = Node("map", line)
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_line = event.start_mark.line + 1
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if key is None or key.kind in ("map", "list", "nothing"):
                self.faults.note(key_line, "key_is_no_word")
            elif key.text in made.lines:
                self.faults.note(key_line, "key_twice", key=key.text, first=made.lines[key.text])
            else:
                made.lines[key.text] = key_line
                if value is not None:
                    made.pairs[key.text] = value
        return made


def _scalar(event: Any, line: int, tidy: Callable[[str], str]) -> Node:
    """A single value; without quotes it may be a number, a date, a yes or no, or nothing, as other YAML readers see it."""
    text = event.value
    if event.style:
        return Node("text", line, tidy(text))
    if text.lower() in _NOTHING:
        return Node("nothing", line)
    if text[0] in "+-.0123456789":
        if _NUMBER.fullmatch(text):
            return Node("number", line, text)
        if _DATE.fullmatch(text):
            return Node("date", line, text)
    elif text.lower() in _FLAGS:
        return Node("flag", line, text)
    return Node("text", line, tidy(text))
