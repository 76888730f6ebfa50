"""Service units before and after: the register on a day, what was merged into what, a file to take away."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_keep_staff, can_see_headcount
from haicap.domain.people.headcount_rules import Ending, ServiceField, ServiceKind
from haicap.domain.people.models import ServiceUnit
from haicap.domain.people.queries.headcount import service_units as queries
from haicap.domain.people.web.headcount.shared import ROWS, actor_of, crumbs, day_of, table_file, text_of
from haicap.kernel import vi
from haicap.kernel.access import allow
from haicap.kernel.language import bi

ALL = "tat-ca"
_STATES = [
    (queries.STANDING, bi("Đang hoạt động", "At work")),
    (queries.ENDED, bi("Đã kết thúc", "Ended")),
    (ALL, bi("Tất cả", "All")),
]


@require_safe
@allow(can_see_headcount)
def service_units(request: HttpRequest) -> HttpResponse:
    """The register on `?ngay=` against `?truoc=`; `?q= don-vi= linh-vuc= trang-thai= trang=`; `?tai=csv|xlsx` as a file.

    Five statements for any number.
    """
    actor, (day, fault) = actor_of(request), day_of(request)
    before, fault_before = day_of(request, "truoc", queries.day_before_the_first_end(day))
    state, field = text_of(request, "trang-thai", 20), text_of(request, "linh-vuc", 20)
    wanted = queries.Wanted(
        text_of(request, "q"), text_of(request, "don-vi", 5), field if field in ServiceField.values else "",
        state if state in dict(_STATES) else queries.STANDING,
    )  # fmt: skip
    rows = queries.service_units(wanted, day)
    if (form := text_of(request, "tai", 4)) in ("csv", "xlsx"):
        return _file(form, rows, f"don-vi-su-nghiep-{day.isoformat()}")
    page = Paginator(rows, ROWS).get_page(request.GET.get("trang"))
    return render(request, "people/headcount/service_units.html", {
        "crumbs": crumbs(actor, (bi("Đơn vị sự nghiệp", "Service units"), "")), "compared": queries.compared(before, day),
        "day": vi.date_text(day), "before": vi.date_text(before), "fault": fault, "fault_before": fault_before,
        "wanted": wanted, "page": page, "fields": ServiceField.choices, "states": _STATES, "ended": queries.ENDED,
        "lines": [(row, ServiceField(row.field).label, ServiceKind(row.kind).label, row.ending and Ending(row.ending).label)
                  for row in page],
        "may_keep": can_keep_staff(actor), "written": text_of(request, "da-ghi", 6),
    }, status=422 if fault or fault_before else 200)  # fmt: skip


def _file(form: str, rows: Iterable[ServiceUnit], name: str) -> HttpResponse:
    heads = (bi("Mã", "Code"), bi("Tên", "Name"), bi("Lĩnh vực", "Field"), bi("Loại", "Kind"),
             bi("Mã đơn vị quản lý", "Unit code"),
             bi("Từ ngày", "From"), bi("Kết thúc", "Ended how"), bi("Kết thúc từ ngày", "Ended on"),
             bi("Mã đơn vị kế thừa", "Successor code"), bi("Số quyết định kết thúc", "Ending decision"))  # fmt: skip
    return table_file(form, name, heads, (
        (row.code, row.name, ServiceField(row.field).label, ServiceKind(row.kind).label, row.unit.code, row.valid_from,
         Ending(row.ending).label if row.ending else "", row.valid_to, row.successor.code if row.successor else "",
         row.ended_by)
        for row in rows
    ))  # fmt: skip
