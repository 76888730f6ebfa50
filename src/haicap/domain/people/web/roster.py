"""`/quan-tri/nguoi-dung/bang/`: the people of a whole unit from one spreadsheet, looked at before anything is written."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_manage_accounts
from haicap.domain.people.blocks import AssignmentKind
from haicap.domain.people.commands import rosters
from haicap.domain.people.commands.rosters.reading import as_document, from_document
from haicap.domain.people.errors import OutOfReach
from haicap.domain.people.queries.headcount.room import Coming, over_with
from haicap.domain.people.queries.reach import Reach, reach_of
from haicap.domain.people.queries.records import posts_on
from haicap.domain.people.web.staff import chosen_unit, crumbs, unit_options
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.sheets import SheetUnreadable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow(can_manage_accounts)
def upload(request: HttpRequest) -> HttpResponse:
    """The form; a posted file gives the preview: every row's fault, or what it would do. Writes nothing."""
    reach = reach_of(request.actor)  # type: ignore[attr-defined]
    unit = chosen_unit(reach, request)
    if request.method != "POST":
        return _form(request, reach, unit)
    file = request.FILES.get("tep")
    if unit is None:
        return _form(request, reach, unit, error_unit=bi("Chọn đơn vị.", "Choose the unit."))
    if file is None:
        return _form(request, reach, unit, error=bi("Chọn tệp đã điền.", "Choose the filled file."))
    try:
        rows = rosters.read_rows(cast(BinaryIO, file.file), file.name or "", file.size or 0)
    except SheetUnreadable as unreadable:
        return _form(request, reach, unit, error=unreadable.sentence())
    return _preview(request, rosters.judge(reach, unit, rows), as_document(rows), len(rows))


@require_safe
@allow(can_manage_accounts)
def template(request: HttpRequest, form: str) -> HttpResponse:
    """The file to fill in, xlsx with the unit's agencies to choose from, or csv."""
    reach = reach_of(request.actor)  # type: ignore[attr-defined]
    unit = chosen_unit(reach, request)
    if unit is None:
        raise OutOfReach(field="don-vi")
    if form == "xlsx":
        answer = HttpResponse(
            rosters.template_xlsx(unit, reach.agencies(unit), posts_on(unit, reach.day)), content_type=XLSX
        )
    else:
        answer = HttpResponse(rosters.template_csv(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="bo-nhiem-{unit.code}.{form}"'
    return answer


@require_POST
@allow(can_manage_accounts, writes=True)
def confirm(request: HttpRequest) -> HttpResponse:
    """Write all rows in one transaction; the answer carries the first passwords, once. Faults give the preview again."""
    reach = reach_of(request.actor)  # type: ignore[attr-defined]
    unit = chosen_unit(reach, request)
    rows = from_document(request.POST.get("rows", ""))
    if unit is None or not rows:
        return _form(request, reach, unit, error=bi("Chọn tệp đã điền.", "Choose the filled file."))
    written = rosters.write(reach, unit, rows)
    if written.judged.faults:
        return _preview(request, written.judged, as_document(rows), len(rows))
    answer = render(request, "people/accounts/handed.html", {
        "unit": unit, "handed": written.handed, "judged": written.judged, "now": clock.now(), "back": "/quan-tri/nguoi-dung/",
    })  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def _form(
    request: HttpRequest, reach: Reach, unit: Unit | None, *, error: Any = "", error_unit: Any = ""
) -> HttpResponse:
    context = {
        "crumbs": crumbs((bi("Bổ nhiệm bằng bảng tính", "Appoint by spreadsheet"), "")), "unit": unit,
        "units": unit_options(reach), "error": error, "error_unit": error_unit,
    }  # fmt: skip
    return render(request, "people/accounts/roster.html", context, status=422 if error or error_unit else 200)


def _preview(request: HttpRequest, judged: rosters.Judged, document: str, rows: int) -> HttpResponse:
    context = {
        "crumbs": crumbs((bi("Xem trước", "Preview"), "")), "judged": judged, "document": document, "rows": rows,
        "faulty": len({fault.line for fault in judged.faults}),
        "over": over_with(_coming(judged)) if not judged.faults else [],
    }  # fmt: skip
    return render(request, "people/accounts/preview.html", context, status=422 if judged.faults else 200)


def _coming(judged: rosters.Judged) -> list[Coming]:
    """Who takes a place of a quota by the rows: own posts that are not there yet."""
    parts = [line.staff for line in judged.lines if line.staff is not None and line.staff.does]
    return [
        Coming(judged.unit, part.block, part.kind, part.facts.seat.valid_from, part.facts.seat.valid_to)
        for part in parts
        if part.facts.seat is not None and part.facts.seat.kind == AssignmentKind.PRIMARY
    ]
