"""What the pages of headcount share: the reader, the day asked for, the way back, files to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from openpyxl import Workbook
from openpyxl.styles import Font

from haicap.domain.people.access import can_keep_staff
from haicap.domain.people.commands.headcount.reading import day_in
from haicap.kernel import clock, vi
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean, spreadsheet_safe

BOM = "\ufeff"  # without it spreadsheets take UTF-8 for something else
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 50
FIRST_YEAR, LAST_YEAR = 1945, 2100
_HOME = bi("Quản trị", "Administration")
_TITLE = bi("Biên chế", "Headcount")


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def text_of(request: HttpRequest, name: str, longest: int = 120) -> str:
    """A parameter of the address, clean."""
    return clean(request.GET.get(name, ""))[:longest]


def day_of(request: HttpRequest, name: str = "ngay", otherwise: date | None = None) -> tuple[date, str]:
    """The day of a parameter and, where what was typed is none, what to do; then and without it `otherwise` or today."""
    typed, otherwise = text_of(request, name, 20), otherwise or clock.today()
    if not typed:
        return otherwise, ""
    day = day_in(typed)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return otherwise, str(
            bi("Ghi ngày/tháng/năm, ví dụ 01/07/2025.", "Give day/month/year, for example 01/07/2025.")
        )
    return day, ""


def crumbs(actor: Actor, *further: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way to a page of this part; the administration's start is shown to those who may open it."""
    home = [(_HOME, reverse("administration"))] if can_keep_staff(actor) else []
    return [*home, (_TITLE, reverse("headcount") if further else ""), *further]


def table_file(form: str, name: str, heads: Iterable[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table to take away, csv or xlsx, no cell of which a spreadsheet takes for a formula."""
    lines = [[str(head) for head in heads], *([_cell(cell, form) for cell in row] for row in rows)]
    if form == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(lines)
        answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    else:
        book = Workbook()
        sheet = book.active
        for line in lines:
            sheet.append(line)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = 22
        sheet.freeze_panes = "A2"
        stream = io.BytesIO()
        book.save(stream)
        answer = HttpResponse(stream.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _cell(value: Any, form: str) -> Any:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int):
        return value
    if isinstance(value, date):
        return vi.date_text(value) if form == "csv" else value
    return spreadsheet_safe(str(value))
