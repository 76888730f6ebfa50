"""Handing in a table of quotas, cases or service units: looked at row by row before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_keep_staff
from haicap.domain.people.commands.headcount import case_table, quotas, service_units
from haicap.domain.people.commands.headcount.quotas import Judged
from haicap.domain.people.commands.headcount.reading import Columns, as_document, from_document, read_table
from haicap.domain.people.commands.headcount.reading import template as empty_table
from haicap.domain.people.commands.rosters.reading import Row
from haicap.domain.people.commands.staffing import one_writer_at_a_time
from haicap.domain.people.queries.reach import Reach, reach_of
from haicap.domain.people.web.headcount.shared import XLSX, actor_of, crumbs
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.sheets import SheetUnreadable

LINES_SHOWN = 200


@dataclass(frozen=True)
class Table:
    """A kind of table: its name in addresses, its words, and how it is judged and written."""

    name: str
    title: Any
    lead: Any
    columns: Columns
    judge: Callable[[Reach, Sequence[Row]], Judged]
    write: Callable[[Reach, Judged], int]
    back: str


TABLES: Mapping[str, Table] = {table.name: table for table in (
    Table("bien-che", bi("Nạp biên chế được giao", "Load quotas"),
          bi("Mỗi dòng là số được giao cho một khối của một đơn vị; quản trị của tỉnh nạp",
             "Each row is the number given to a block of a unit; the province's administrator loads it"),
          quotas.COLUMNS, quotas.judge_quotas, lambda reach, judged: quotas.write_quotas(judged), "headcount"),
    Table("tinh-gian", bi("Nạp hồ sơ nghỉ theo sắp xếp", "Load cases of streamlining"),
          bi("Mỗi dòng là một người đã có hồ sơ cán bộ", "Each row is a person who has a staff record"),
          case_table.COLUMNS, case_table.judge_cases, case_table.write_cases, "cases"),
    Table("don-vi-su-nghiep", bi("Nạp đơn vị sự nghiệp", "Load service units"),
          bi("Mỗi dòng là một đơn vị, cùng việc sáp nhập hoặc giải thể nếu có",
             "Each row is a service unit, with its merger or end where there is one"),
          service_units.COLUMNS, service_units.judge_service_units,
          lambda reach, judged: service_units.write_service_units(judged), "service-units"),
)}  # fmt: skip


@allow(can_keep_staff)
def upload(request: HttpRequest, table: str) -> HttpResponse:
    """The form; a posted file gives the preview: every row's fault, or what it would do. Writes nothing."""
    chosen = TABLES[table]
    if request.method != "POST":
        return _form(request, chosen)
    file = request.FILES.get("tep")
    if file is None:
        return _form(request, chosen, bi("Chọn tệp đã điền.", "Choose the filled file."))
    try:
        rows = read_table(cast(BinaryIO, file.file), file.name or "", file.size or 0, chosen.columns)
    except SheetUnreadable as unreadable:
        return _form(request, chosen, unreadable.sentence())
    return _preview(request, chosen, chosen.judge(reach_of(actor_of(request)), rows), rows)


@require_safe
@allow(can_keep_staff)
def template(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """The file to fill in."""
    media = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    answer = HttpResponse(empty_table(TABLES[table].columns, form), content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="mau-{table}.{form}"'
    return answer


@require_POST
@allow(can_keep_staff, writes=True)
def confirm(request: HttpRequest, table: str) -> HttpResponse:
    """Judge the rows again and write all of them in one transaction; faults give the preview again."""
    chosen, reach = TABLES[table], reach_of(actor_of(request))
    rows = from_document(request.POST.get("rows", ""), chosen.columns)
    if not rows:
        return _form(request, chosen, bi("Chọn tệp đã điền.", "Choose the filled file."))
    one_writer_at_a_time()  # what is judged here is what is written
    judged = chosen.judge(reach, rows)
    if judged.faults:
        return _preview(request, chosen, judged, rows)
    written = chosen.write(reach, judged)
    return HttpResponseRedirect(f"{reverse(chosen.back)}?da-ghi={written}")


def _way(request: HttpRequest, chosen: Table) -> list[tuple[Any, str]]:
    return crumbs(actor_of(request), (chosen.title, ""))


def _form(request: HttpRequest, chosen: Table, error: Any = "") -> HttpResponse:
    context = {"crumbs": _way(request, chosen), "table": chosen, "error": error, "columns": chosen.columns.values()}
    return render(request, "people/headcount/upload.html", context, status=422 if error else 200)


def _preview(request: HttpRequest, chosen: Table, judged: Judged, rows: Sequence[Row]) -> HttpResponse:
    return render(request, "people/headcount/preview.html", {
        "crumbs": _way(request, chosen), "table": chosen, "judged": judged, "document": as_document(rows),
        "many": len(rows), "lines": judged.lines[:LINES_SHOWN], "faults": judged.faults[:LINES_SHOWN],
        "faulty": len({fault.line for fault in judged.faults}), "shown": LINES_SHOWN,
    }, status=422 if judged.faults else 200)  # fmt: skip
