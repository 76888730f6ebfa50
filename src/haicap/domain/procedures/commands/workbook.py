"""The catalogue as a workbook: the sheets an office fills in, read into the same rows as YAML; and its template."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from python_calamine import CalamineError, CalamineWorkbook

from haicap.domain.procedures.commands.expanding import Shared, rows_of
from haicap.domain.procedures.commands.nodes import Catalogue, Node
from haicap.domain.procedures.commands.reading import LARGEST, SECTIONS, read_yaml_sections
from haicap.domain.procedures.errors import FileUnreadable
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

# Sheet: its columns. Behind each name what it holds: text, list (parts with ;), int, number, flag, day, choices.
SHEETS: dict[str, dict[str, str]] = {
    "areas": {"code": "text", "name": "text", "name_en": "text", "position": "int"},
    "procedures": {
        "code": "text", "name": "text", "name_en": "text", "area": "text", "level": "text", "valid_from": "day",
        "valid_to": "day", "limit_kind": "text", "limit_amount": "number", "verification_kind": "text",
        "verification_amount": "number", "limit_certainty": "text", "limit_note": "text", "receivable": "flag",
        "not_receivable_note": "text", "boundary_free": "flag", "online": "text", "applicants": "list",
        "keywords": "list", "result": "text", "result_en": "text", "step_plan": "text", "department": "text",
        "decision_number": "text", "decision_on": "day", "certainty": "text", "source": "text", "note": "text",
    },
    "papers": {
        "procedure": "text", "code": "text", "name": "text", "name_en": "text", "originals": "int", "copies": "int",
        "required": "flag", "show_only": "flag", "e_form": "flag", "skipped_if": "text", "certainty": "text",
        "source": "text",
    },
    "fields": {
        "procedure": "text", "name": "text", "label": "text", "label_en": "text", "type": "text", "required": "flag",
        "choices": "choices", "max_length": "int", "hint": "text", "hint_en": "text", "min": "limit", "max": "limit",
        "integer": "flag",
    },
    "fees": {
        "procedure": "text", "code": "text", "name": "text", "name_en": "text", "amount": "int", "per": "text",
        "channel": "text", "rule": "text", "quantity_field": "text", "pages_field": "text", "copies_field": "text",
        "from_page": "int", "then": "int", "cap": "int", "exempt": "text", "exempt_en": "text",
        "exempt_field": "text", "province_decides": "flag", "certainty": "text", "source": "text",
    },
    "steps": {
        "procedure": "text", "key": "text", "name": "text", "name_en": "text", "agency": "text", "role": "text",
        "share": "number",
    },
    "basis": {"procedure": "text", "number": "text", "name": "text", "name_en": "text", "certainty": "text",
              "source": "text"},
}  # fmt: skip
CHILDREN = ("papers", "fields", "fees", "steps", "basis")
_YES, _NO = {"x", "co", "true", "yes", "1"}, {"khong", "false", "no", "0"}
EXAMPLE: dict[str, list[dict[str, Any]]] = {
    "areas": [{"code": "chung-thuc", "name": "Chứng thực", "name_en": "Certification", "position": 2}],
    "procedures": [{
        "code": "1.000000", "name": "Ví dụ: thay bằng tên thủ tục", "name_en": "Example", "area": "chung-thuc",
        "level": "xa", "valid_from": date(2027, 1, 1), "limit_kind": "working_days", "limit_amount": 3,
        "limit_certainty": "K", "boundary_free": "x", "online": "full", "applicants": "person; organisation",
        "keywords": "ví dụ", "result": "Giấy xác nhận", "step_plan": "civil", "certainty": "K",
    }],
    "papers": [{"procedure": "1.000000", "code": "to-khai", "name": "Tờ khai", "name_en": "Declaration",
                "originals": 1, "required": "x", "e_form": "x", "certainty": "K"}],
    "fields": [{"procedure": "1.000000", "name": "purpose", "label": "Mục đích", "label_en": "Purpose",
                "type": "choice", "required": "x", "choices": "study=Học tập|Study; work=Làm việc|Work"}],
    "fees": [{"procedure": "1.000000", "code": "fee", "name": "Lệ phí", "name_en": "Fee", "amount": 10000,
              "certainty": "K"}],
}  # fmt: skip


def write_template(path: Path | str) -> None:
    """Write the workbook that an office fills in: every sheet with its columns and one example."""
    book = Workbook()
    book.remove(book.active)
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in EXAMPLE.get(name, []):
            sheet.append([row.get(column) for column in columns])
        for place, (column, kind) in enumerate(columns.items(), start=1):
            letter = sheet.cell(1, place).column_letter
            sheet.column_dimensions[letter].width = max(14, len(column) + 2)
            for line in range(2, 500):
                if kind in {"text", "list", "choices"}:
                    sheet.cell(line, place).number_format = "@"  # a code stays a text and keeps its zeros
        sheet.freeze_panes = "B2"
    book.save(Path(path))


def read_workbook(path: Path) -> Catalogue:
    """The catalogue of a workbook; raises FileUnreadable where it is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise FileUnreadable(file=path.name, reason=bi("tệp quá lớn.", "it is too large."))
        book = CalamineWorkbook.from_path(path)
        tables = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names if name in SHEETS}
    except (OSError, CalamineError, ValueError) as error:
        raise FileUnreadable(file=path.name, reason=f"{type(error).__name__}.") from error
    if "procedures" not in tables:
        raise FileUnreadable(file=path.name, reason=bi("thiếu trang “procedures”.", "it has no sheet “procedures”."))
    catalogue = Catalogue()
    sheets = {name: list(_lines(name, table, catalogue)) for name, table in tables.items()}
    catalogue.areas = {str(area.get("code")): area for area in sheets.get("areas", [])}
    shared = Shared({name: {} for name in SECTIONS} | read_yaml_sections("step_plans"), catalogue.problems)
    children = _children(sheets)
    for line in sheets["procedures"]:
        catalogue.rows += rows_of(_entry(line, children), shared)
    _tell_orphans(children, {str(line.get("code")) for line in sheets["procedures"]}, catalogue)
    return catalogue


def _lines(name: str, table: list[list[Any]], catalogue: Catalogue) -> Iterator[Node]:
    """The filled lines of a sheet as mappings of its columns."""
    columns = [str(cell).strip() for cell in table[0]] if table else []
    for column in columns:
        if column and column not in SHEETS[name]:
            sentence = bi("cột “{column}” không có trong mẫu.", "the column “{column}” is not in the template.")
            catalogue.problems.append(Problem(f"{name}!1", bi_format(sentence, column=column[:40])))
    for number, cells in enumerate(table[1:], start=2):
        filled = {
            column: _value(cell, SHEETS[name][column])
            for column, cell in zip(columns, cells, strict=False)
            if column in SHEETS[name] and cell not in ("", None)
        }
        if filled:
            yield Node(filled, f"{name}!{number}")


def _value(cell: Any, kind: str) -> Any:
    """A cell as what its column holds; what does not fit stays as it is and is refused later."""
    if isinstance(cell, str):
        cell = cell.strip()
    readers = {"list": _parts, "choices": _choices, "flag": _flag, "day": _day, "limit": _limit, "int": _whole,
               "number": _whole}  # fmt: skip
    return readers[kind](cell) if kind in readers else cell


def _parts(cell: Any) -> Any:
    return [part.strip() for part in cell.split(";") if part.strip()] if isinstance(cell, str) else cell


def _choices(cell: Any) -> Any:
    """ "study=Học tập|Study; work=Làm việc|Work" as choices."""
    made = []
    for part in _parts(cell) if isinstance(cell, str) else []:
        value, _, labels = part.partition("=")
        label, _, label_en = labels.partition("|")
        made.append({"value": value.strip(), "label": label.strip() or value.strip(), "label_en": label_en.strip()})
    return made or cell


def _flag(cell: Any) -> Any:
    folded = vi.fold(str(cell)).removesuffix(".0")
    return True if folded in _YES else False if folded in _NO else cell


def _day(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, str):
        try:
            return vi.parse_date(cell)
        except ValueError:
            return cell
    return cell


def _limit(cell: Any) -> Any:
    return cell if cell == "today" else _whole(_day(cell))


def _whole(cell: Any) -> Any:
    """A number: cells hold floats, so 3.0 is 3; a typed "3" is 3 too."""
    if isinstance(cell, str):
        try:
            cell = float(cell.replace(",", "."))
        except ValueError:
            return cell
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _children(sheets: dict[str, list[Node]]) -> dict[str, dict[str, list[Node]]]:
    """Papers, fields, fees, steps and laws by sheet and by the code of their procedure."""
    children: dict[str, dict[str, list[Node]]] = {name: {} for name in CHILDREN}
    for name in CHILDREN:
        for line in sheets.get(name, []):
            kept = Node({key: value for key, value in line.items() if key != "procedure"}, line.where)
            children[name].setdefault(str(line.get("procedure")), []).append(kept)
    return children


def _entry(line: Node, children: dict[str, dict[str, list[Node]]]) -> Node:
    """A line of the sheet "procedures" in the shape of an entry in YAML."""
    own = {"limit_kind", "limit_amount", "verification_kind", "verification_amount", "limit_certainty", "limit_note",
           "result", "result_en", "step_plan", "department"}  # fmt: skip
    entry = Node({key: value for key, value in line.items() if key not in own}, line.where)
    entry["time_limit"] = _term(line)
    entry["result"] = Node({"name": line.get("result"), "name_en": line.get("result_en", "")}, line.where)
    for name in CHILDREN:
        entry[name] = children[name].get(str(line.get("code")), [])
    if not entry["steps"] and line.get("step_plan"):
        entry["steps"] = {"plan": line["step_plan"], "department": line.get("department", "")}
    return entry


def _term(line: Node) -> Node | None:
    if not line.get("limit_kind"):
        return None
    term = Node({"kind": line["limit_kind"]}, line.where)
    for key, column in (("amount", "limit_amount"), ("certainty", "limit_certainty"), ("note", "limit_note")):
        if line.get(column) is not None:
            term[key] = line[column]
    if line.get("verification_kind"):
        term["verification"] = {"kind": line["verification_kind"], "amount": line.get("verification_amount")}
    return term


def _tell_orphans(children: dict[str, dict[str, list[Node]]], codes: set[str], catalogue: Catalogue) -> None:
    sentence = bi("trang “procedures” không có mã “{code}”.", "the sheet “procedures” has no code “{code}”.")
    for by_code in children.values():
        for code in by_code.keys() - codes:
            where = by_code[code][0].where
            catalogue.problems.append(Problem(where, bi_format(sentence, code=code[:40])))
