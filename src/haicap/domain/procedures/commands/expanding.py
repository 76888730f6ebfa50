"""From an entry of a catalogue file to rows: sets, laws, sources, step plans and earlier periods put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from haicap.domain.procedures.commands.nodes import Node, Row
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

MOST_PERIODS = 20
_LEFT_OUT = {"earlier"}


@dataclass
class Shared:
    """The sections that entries refer to, and where faults are gathered."""

    sections: dict[str, dict[str, Any]]
    problems: list[Problem]

    def look_up(self, section: str, key: Any, where: str) -> Any:
        """The thing called `key`; None (and a problem) where there is none."""
        found = self.sections[section].get(key) if isinstance(key, str) else None
        if found is None:
            sentence = bi("không có “{key}” trong phần {section}.", "there is no “{key}” in the section {section}.")
            self.problems.append(Problem(where, bi_format(sentence, key=str(key)[:40], section=section)))
        return found


def rows_of(entry: Node, shared: Shared) -> Iterator[Row]:
    """One row for each earlier period of the entry, oldest first, and one for the entry itself."""
    whole = Node({**shared.sections["defaults"], **entry}, entry.where)
    earlier = whole.get("earlier") or []
    periods = earlier if isinstance(earlier, list) else [earlier]
    versions = []
    for period in periods[:MOST_PERIODS]:
        change = shared.look_up("periods", period, entry.where) if isinstance(period, str) else period
        if isinstance(change, dict):
            versions.append(Node({**whole, **change}, entry.where))
    for version in [*versions, whole]:
        yield _row(version, shared)


def _row(version: Node, shared: Shared) -> Row:
    row = Node({key: value for key, value in version.items() if key not in _LEFT_OUT}, version.where)
    _source(row, shared)
    row["papers"] = [item for paper in _items(row, "papers") for item in _papers(paper, shared)]
    row["fields"] = [item for field in _items(row, "fields") for item in _fields(field, shared)]
    row["fees"] = [_sourced(fee, shared) for fee in _items(row, "fees")]
    row["steps"] = _steps(row.get("steps"), row.where, shared)
    row["basis"] = _basis(row, shared)
    if isinstance(row.get("time_limit"), dict):
        row["time_limit"] = _sourced(row["time_limit"], shared)
    return Row(str(row.get("code", "")), row)


def _items(row: Node, key: str) -> list[Any]:
    value = row.get(key)
    return value if isinstance(value, list) else []


def _source(item: Node, shared: Shared) -> None:
    """Replace the key of a source by its title; a text that is no key stays as it is."""
    source = item.get("source")
    if isinstance(source, str):
        item["source"] = shared.sections["sources"].get(source, source)


def _sourced(item: Any, shared: Shared) -> Any:
    if not isinstance(item, Node):
        return item
    copy = Node(item, item.where)
    _source(copy, shared)
    return copy


def _papers(paper: Any, shared: Shared) -> list[Any]:
    if not isinstance(paper, Node) or "use" not in paper:
        return [_sourced(paper, shared)]
    found = shared.look_up("paper_sets", paper["use"], paper.where) or []
    return [_sourced(item, shared) for item in found]


def _fields(field: Any, shared: Shared) -> list[Any]:
    """A field, or the fields of a set: named, labelled and made optional as its use says."""
    if not isinstance(field, Node):
        return [field]
    if "use" not in field:
        return [_with_choices(field, shared)]
    prefix, optional = str(field.get("prefix", "")), field.get("required") is False
    made = []
    for item in shared.look_up("field_sets", field["use"], field.where) or []:
        copy = Node(_with_choices(item, shared), field.where)
        if prefix:
            copy["name"] = f"{prefix}_{copy.get('name', '')}"
            copy["label"] = f"{field.get('label', prefix)}: {copy.get('label', '')}"
            copy["label_en"] = f"{field.get('label_en', prefix)}: {copy.get('label_en', '')}"
        if optional:
            copy["required"] = False
        made.append(copy)
    return made


def _with_choices(field: Any, shared: Shared) -> Any:
    if not isinstance(field, Node):
        return field
    copy = Node({key: value for key, value in field.items() if key != "choice_set"}, field.where)
    named = field.get("choice_set")
    choices = shared.look_up("choice_sets", named, field.where) if named else copy.get("choices")
    if choices:
        copy["choices"] = [
            Node({"value": choice, "label": choice, "label_en": choice}, field.where)
            if isinstance(choice, str)
            else choice
            for choice in choices
        ]
    return copy


def _steps(steps: Any, where: str, shared: Shared) -> list[Any]:
    """The steps themselves, or those of a plan with its department put in."""
    department = ""
    if isinstance(steps, dict):
        department, steps = str(steps.get("department", "")), steps.get("plan")
    if isinstance(steps, str):
        steps = shared.look_up("step_plans", steps, where)
    made = []
    for step in steps if isinstance(steps, list) else []:
        copy = Node(step, step.where or where) if isinstance(step, Node) else step
        if isinstance(copy, Node):
            copy["share"] = _number(copy.get("share"))
            if copy.get("agency") == "DEPARTMENT":
                copy["agency"] = department
        made.append(copy)
    return made


def _number(value: Any) -> Any:
    """A number that the reader left as text ("0.25")."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _basis(row: Node, shared: Shared) -> list[Any]:
    """The laws of the row; one that began only after the period had ended is left out."""
    ended = row.get("valid_to")
    laws = []
    for item in _items(row, "basis"):
        law = shared.look_up("laws", item, row.where) if isinstance(item, str) else item
        begun = law.get("from") if isinstance(law, Node) else None
        if law is None or (isinstance(begun, date) and isinstance(ended, date) and begun >= ended):
            continue
        kept = {key: value for key, value in law.items() if key != "from"} if isinstance(law, Node) else law
        laws.append(_sourced(Node(kept, law.where), shared) if isinstance(law, Node) else law)
    return laws


def competence_of(entry: Node, shared: Shared) -> Iterator[Row]:
    """One row for each procedure that the entry names, with all dated rows of who decides it."""
    for key in entry.keys() - {"procedures", "rows"}:
        sentence = bi("khóa “{key}” không có trong mẫu.", "“{key}” is not a key of the template.")
        shared.problems.append(Problem(entry.where, bi_format(sentence, key=str(key)[:40])))
    codes = entry.get("procedures")
    if not isinstance(codes, list) or not codes:
        sentence = bi("cần danh sách mã thủ tục “procedures”.", "needs a list of codes “procedures”.")
        shared.problems.append(Problem(entry.where, sentence))
        return
    rows = entry.get("rows")
    made = [_mandate(row, shared) for row in rows] if isinstance(rows, list) else rows
    for code in codes:
        yield Row(str(code), Node({"rows": made}, entry.where))


def _mandate(row: Any, shared: Shared) -> Any:
    copy = _sourced(row, shared)
    if isinstance(copy, Node) and isinstance(copy.get("basis"), list):
        copy["basis"] = [_cited(item, shared, copy.where) for item in copy["basis"]]
    return copy


def _cited(item: Any, shared: Shared, where: str) -> Any:
    """A law by its key, alone or with the article: `luat-ho-tich`, `{law: luat-ho-tich, article: Điều 7}`."""
    if isinstance(item, str):
        item = Node({"law": item}, where)
    if not isinstance(item, Node) or "law" not in item:
        return item
    law = shared.look_up("laws", item["law"], item.where) or {}
    named = {key: law[key] for key in ("number", "name", "name_en") if key in law}
    return Node({**named, **{key: value for key, value in item.items() if key != "law"}}, item.where)
