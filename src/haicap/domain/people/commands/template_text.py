"""The text of a template: read as YAML without its traps, and the line on which each of its parts stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from haicap.domain.people.organisation_errors import TemplateUnreadable
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

DEEPEST, MOST_ALIASES = 12, 500


@dataclass(frozen=True)
class Fault(Problem):
    """A problem of a template with its line; 0 where the part is nowhere."""

    line: int = 0

    @classmethod
    def of(cls, problem: Problem, known: Mapping[str, int]) -> Fault:
        """`problem` on the line of its field, or of the nearest part around it that is written."""
        where = problem.field
        while where not in known and "." in where:
            where = where.rpartition(".")[0]
        return cls(problem.field, problem.message, known.get(where, 0))


def tree_of(text: str, file: str) -> Any:
    """What `text` says. Lists may be written once and named again (`&`, `*`); merging (`<<`) and deep nesting may not.

    Raises TemplateUnreadable with the line: a small file must not grow into a large one.
    """
    try:
        _refuse_traps(text, file)
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(file, mark.line + 1 if mark else 1, error.problem or "") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(file, 1, " ".join(str(error).split())[:120]) from error


def lines_of(text: str) -> dict[str, int]:
    """The line of each part of a readable template, by the path that faults are told with (`commune[office].name`)."""
    found: dict[str, int] = {}
    for key, level, value in _pairs(yaml.compose(text, Loader=yaml.CSafeLoader)):
        found[key] = level
        if key == "levels":
            for name, line, rows in _pairs(value):
                found[name] = line
                _note(found, name, rows)
    return found


def named(row: Any, place: object) -> str:
    """How faults name a row: its key, or its place where it has none."""
    key = row.get("key")
    return key[:60] if isinstance(key, str) and key else str(place)


def _note(found: dict[str, int], where: str, rows: Any) -> None:
    """The lines of a list of bodies or posts; of two with the same key the later one, which is the faulty one."""
    if not isinstance(rows, yaml.SequenceNode):
        return
    for place, row in enumerate(rows.value):
        pairs = list(_pairs(row))
        key = next((value.value for name, _, value in pairs if name == "key" and isinstance(value.value, str)), "")
        here = f"{where}[{key[:60] or place}]"
        found[here] = row.start_mark.line + 1
        for name, line, value in pairs:
            found[f"{here}.{name}"] = line
            if name == "posts":
                _note(found, f"{here}.posts", value)
            elif name == "variants":
                found.update((f"{here}.variants.{kind}", at) for kind, at, _ in _pairs(value))


def _pairs(node: Any) -> Iterator[tuple[str, int, Any]]:
    """Key, line and value of each pair of a mapping; nothing for another node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key.value, str):
                yield key.value, key.start_mark.line + 1, value


def _refuse_traps(text: str, file: str) -> None:
    depth = aliases = 0
    loader = yaml.CSafeLoader(text)
    while loader.check_event():
        event: Any = loader.get_event()
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        merges = isinstance(event, yaml.ScalarEvent) and event.value == "<<"
        if depth > DEEPEST or aliases > MOST_ALIASES or merges:
            raise _unreadable(file, event.start_mark.line + 1, "<<" if merges else "…")


def _unreadable(file: str, line: int, what: str) -> TemplateUnreadable:
    why = bi(
        "dòng {line} không đúng dạng YAML; xem lại thụt dòng, dấu hai chấm, ngoặc ở đó ({what})",
        "line {line} is no proper YAML; look at the indent, colons and brackets there ({what})",
    )
    return TemplateUnreadable(file=file, why=bi_format(why, line=line, what=what))
