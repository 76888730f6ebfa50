"""`/quan-tri/dao-tao/nap/`: classes or attendance from a file, looked at before anything is written."""

from __future__ import annotations

import csv
import io
from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from openpyxl import Workbook

from haicap.domain.people.access import can_train
from haicap.domain.people.commands.training import importing
from haicap.domain.people.commands.training.importing import Judged
from haicap.domain.people.commands.training.sheet import KINDS, as_document, from_document, read_sheet
from haicap.domain.people.web.training.common import actor_of, crumbs
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.sheets import SheetUnreadable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"
NAMES = {"lop": "classes", "diem-danh": "attendance"}
SHOWN = 200


@allow(can_train)
def upload(request: HttpRequest) -> HttpResponse:
    """The form; a posted file gives the preview. Writes nothing."""
    if request.method != "POST":
        return _form(request)
    file = request.FILES.get("tep")
    if file is None:
        return _form(request, bi("Chọn tệp đã điền.", "Choose the filled file."))
    try:
        sheet = read_sheet(cast(BinaryIO, file.file), file.name or "", file.size or 0)
    except SheetUnreadable as unreadable:
        return _form(request, unreadable.sentence())
    return _preview(request, importing.judge(actor=actor_of(request), sheet=sheet))


@require_POST
@allow(can_train, writes=True)
def confirm(request: HttpRequest) -> HttpResponse:
    """Write all rows in one transaction; faults give the preview again."""
    sheet = from_document(request.POST.get("rows", ""))
    if sheet is None:
        return _form(request, bi("Chọn tệp đã điền.", "Choose the filled file."))
    judged = importing.write(actor=actor_of(request), sheet=sheet)
    if judged.faults:
        return _preview(request, judged)
    return render(request, "people/training/imported.html", {
        "crumbs": crumbs((bi("Nạp từ tệp", "From a file"), "")), "judged": judged,
    })  # fmt: skip


@require_safe
@allow(can_train)
def template(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """The headings to fill in, xlsx or csv."""
    headings = [str(text) for text in KINDS[NAMES[kind]].values()]
    if form == "xlsx":
        book, stream = Workbook(), io.BytesIO()
        book.active.append(headings)
        for column in book.active.columns:
            book.active.column_dimensions[column[0].column_letter].width = 24
            for line in range(2, 302):
                book.active.cell(line, column[0].column).number_format = "@"
        book.save(stream)
        answer = HttpResponse(stream.getvalue(), content_type=XLSX)
    else:
        text = io.StringIO()
        csv.writer(text).writerow(headings)
        answer = HttpResponse(BYTE_ORDER_MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="dao-tao-{kind}.{form}"'
    return answer


def _form(request: HttpRequest, error: Any = "") -> HttpResponse:
    context = {"crumbs": crumbs((bi("Nạp từ tệp", "From a file"), "")), "error": error}
    return render(request, "people/training/import.html", context, status=422 if error else 200)


def _preview(request: HttpRequest, judged: Judged) -> HttpResponse:
    return render(request, "people/training/preview.html", {
        "crumbs": crumbs((bi("Xem trước", "Preview"), "")), "judged": judged, "document": as_document(judged.sheet),
        "faulty": len({fault.line for fault in judged.faults}), "rows": len(judged.sheet.rows),
        "headings": list(KINDS[judged.sheet.kind].values()), "shown": [
            (row.line, [row[field] for field in KINDS[judged.sheet.kind]]) for row in judged.sheet.rows[:SHOWN]
        ],
    }, status=422 if judged.faults else 200)  # fmt: skip
