"""The spreadsheet that an office fills in: one row a post, with the unit's own agencies to choose from."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation

from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.commands.rosters.reading import COLUMNS, MOST_ROWS
from haicap.domain.people.models import Agency, Post
from haicap.domain.people.rules import roles_in
from haicap.domain.units.models import Unit
from haicap.kernel.language import bi, choose
from haicap.kernel.text import spreadsheet_safe

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else
_WIDTHS = {"full_name": 28, "name": 24, "agency": 56, "role": 20, "decision_number": 22, "body": 36, "post": 28}
_DAYS = ("decision_date", "valid_from", "last_day", "born_on")
_HINTS = {
    "full_name": bi("Đầy đủ dấu, như trong quyết định.", "With accents, as in the decision."),
    "name": bi("Để trống: chương trình đặt. Người giữ nhiều vị trí: ghi cùng một tên ở mọi dòng.",
               "Leave empty: the program proposes one. For several posts of one person give it on each row."),
    "agency": bi("Chọn trong danh sách.", "Choose from the list."),
    "role": bi("Chọn trong danh sách; vai trò của từng cơ quan ở bảng bên dưới.",
               "Choose; the table below tells each agency's roles."),
    "decision_number": bi("Ví dụ 15/QĐ-UBND.", "For example 15/QĐ-UBND."),
    "decision_date": bi("Ngày/tháng/năm, ví dụ 30/06/2025.", "Day/month/year, for example 30/06/2025."),
    "valid_from": bi("Ngày đầu giữ vị trí.", "The first day in the post."),
    "last_day": bi("Ngày cuối giữ vị trí; để trống khi chưa có hạn.", "The last day in the post; leave empty without one."),
    "staff_kind": bi("Để trống cả năm cột cuối: chỉ cấp quyền. Có ghi: hồ sơ cán bộ được lập cùng lúc; chọn trong danh sách.",
                     "All five last columns empty: access alone. Filled: the staff record is entered too; choose from the list."),
    "body": bi("Tổ chức có vị trí, như ở sơ đồ; bảng bên dưới.", "The body that has the post; see the table below."),
    "post": bi("Vị trí ở tổ chức đó; dòng thứ hai của cùng một người là kiêm nhiệm.",
               "The post in that body; a second row of the same person is a concurrent post."),
    "born_on": bi("Ngày/tháng/năm, nếu có.", "Day/month/year, where known."),
    "id_number": bi("12 chữ số, nếu có.", "12 digits, where known."),
}  # fmt: skip


def template_xlsx(unit: Unit, agencies: Sequence[Agency], posts: Sequence[Post] = ()) -> bytes:
    """A workbook with the headings, lists to choose from (agency, role, kind of staff, body, post), and a sheet that explains
    each column. `posts`: those of the unit's organisation, with their bodies."""
    book = Workbook()
    sheet = book.active
    sheet.title = str(bi("Bổ nhiệm", "Appointments"))
    sheet.append([str(heading) for heading in COLUMNS.values()])
    guide = book.create_sheet(str(bi("Hướng dẫn", "Guide")))
    roles = sorted({str(role.label) for agency in agencies for role in roles_in(agency.kind)})
    guide.append([str(bi("Cột", "Column")), str(bi("Cách ghi", "How to fill it"))])
    for field, heading in COLUMNS.items():
        guide.append([str(heading), str(_HINTS[field])])
    guide.append([])
    guide.append([str(bi("Cơ quan", "Agency")), str(bi("Vai trò", "Roles")), str(bi("Mọi vai trò", "All roles")),
                  str(bi("Tổ chức", "Body")), str(bi("Vị trí của tổ chức", "Posts of the body")),
                  str(bi("Mọi vị trí", "All posts")), str(bi("Loại cán bộ", "Kind of staff"))])  # fmt: skip
    first = guide.max_row + 1
    bodies = _bodies(posts)
    titles = sorted({title for held in bodies.values() for title in held})
    kinds = [str(kind.label) for kind in StaffKind if kind != StaffKind.CONCURRENT]
    for place in range(max(len(agencies), len(roles), len(bodies), len(titles), len(kinds))):
        agency = agencies[place] if place < len(agencies) else None
        guide.append([
            spreadsheet_safe(agency.name) if agency else None,
            ", ".join(str(role.label) for role in roles_in(agency.kind)) if agency else None,
            roles[place] if place < len(roles) else None,
            *_told(bodies, place),
            titles[place] if place < len(titles) else None,
            kinds[place] if place < len(kinds) else None,
        ])  # fmt: skip
    _choices(sheet, "body", guide.title, "D", first, len(bodies))
    _choices(sheet, "post", guide.title, "F", first, len(titles))
    _choices(sheet, "staff_kind", guide.title, "G", first, len(kinds))
    _choices(sheet, "agency", guide.title, "A", first, len(agencies))
    _choices(sheet, "role", guide.title, "C", first, len(roles))
    _looks(sheet, guide)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _bodies(posts: Sequence[Post]) -> dict[str, list[str]]:
    bodies: dict[str, list[str]] = {}
    for post in posts:
        name = spreadsheet_safe(choose(post.body.name, post.body.name_en))
        bodies.setdefault(name, []).append(spreadsheet_safe(choose(post.title, post.title_en)))
    return bodies


def _told(bodies: dict[str, list[str]], place: int) -> tuple[str | None, str | None]:
    if place >= len(bodies):
        return None, None
    name = list(bodies)[place]
    return name, "; ".join(bodies[name])


def template_csv() -> bytes:
    """The headings alone, as a file that a spreadsheet opens."""
    text = io.StringIO()
    csv.writer(text).writerow([str(heading) for heading in COLUMNS.values()])
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _choices(sheet, field: str, source: str, column: str, first: int, many: int) -> None:  # type: ignore[no-untyped-def]
    letter = sheet.cell(1, list(COLUMNS).index(field) + 1).column_letter
    formula = f"'{source}'!${column}${first}:${column}${first + max(many, 1) - 1}"
    choice = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
    sheet.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}{MOST_ROWS + 1}")


def _looks(sheet, guide) -> None:  # type: ignore[no-untyped-def]
    for place, field in enumerate(COLUMNS, start=1):
        letter = sheet.cell(1, place).column_letter
        sheet.column_dimensions[letter].width = _WIDTHS.get(field, 16)
        for line in range(2, MOST_ROWS + 2):
            sheet.cell(line, place).number_format = "DD/MM/YYYY" if field in _DAYS else "@"
    sheet.freeze_panes = "B2"
    for column, width in (("A", 60), ("B", 80), ("C", 24), ("D", 40), ("E", 60), ("F", 36), ("G", 24)):
        guide.column_dimensions[column].width = width
    for row in (*sheet.iter_rows(max_row=1), *guide.iter_rows(max_row=1)):
        for cell in row:
            cell.font = Font(bold=True)
    for row in guide.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
