"""Quota against actual: the province with its communes, one unit, the people behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_keep_staff, can_see_headcount
from haicap.domain.people.blocks import Block
from haicap.domain.people.errors import OutOfReach
from haicap.domain.people.headcount_rules import MEAN_CERTAINTY, MEAN_OF_COMMUNES, MEAN_SOURCE, Staffing
from haicap.domain.people.queries.headcount import staffing
from haicap.domain.people.queries.headcount.staffing import Month, UnitStaffing
from haicap.domain.people.web.headcount.shared import ROWS, actor_of, crumbs, day_of, table_file, text_of
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.web.templatetags.haicap import number

_SORTS = {
    "ten": lambda line: vi.sort_key(line.unit.name), "giao": lambda line: line.total.quota or 0,
    "co": lambda line: line.total.actual, "thieu": lambda line: line.total.vacant, "vuot": lambda line: line.total.over,
}  # fmt: skip
_STATES = [("over", bi("Vượt biên chế", "Over quota")), ("vacant", bi("Còn thiếu", "Vacancies")),
           ("none", bi("Chưa giao", "No quota"))]  # fmt: skip


@require_safe
@allow(can_see_headcount)
def overview(request: HttpRequest) -> HttpResponse:
    """All units that the reader sees on `?ngay=`; who sees one alone is shown that. Seven statements for any number."""
    actor, (day, fault) = actor_of(request), day_of(request)
    units = staffing.units_seen(actor, day)
    if len(units) == 1 and not fault:
        return _unit_page(request, units[0], day, fault)
    lines = staffing.staffing_of(units, day)
    months = staffing.by_month([unit.pk for unit in units], day)
    communes = [line for line in lines if line.is_commune]
    state = text_of(request, "tinh-trang", 10)
    shown = [line for line in _sorted(lines, text_of(request, "sap-xep", 10)) if state in ("", line.total.state)]
    return render(request, "people/headcount/overview.html", {
        "crumbs": crumbs(actor), "day": day, "fault": fault, "typed": text_of(request, "ngay", 20), "lines": shown,
        "total": _sum(lines), "communes": _sum(communes),
        "vacant": sum(line.total.vacant for line in lines), "over": sum(bool(line.total.over) for line in lines),
        "many": len(communes), "mean": _mean(communes), "chart": _by_block(lines, day), "months": _drawn(months),
        "mean_planned": MEAN_OF_COMMUNES, "mean_source": MEAN_SOURCE, "mean_certainty": MEAN_CERTAINTY,
        "states": _STATES, "state": state, "may_keep": can_keep_staff(actor), "days": vi.date_text(day),
        "written": text_of(request, "da-ghi", 6),
    }, status=422 if fault else 200)  # fmt: skip


@require_safe
@allow(can_see_headcount)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit on `?ngay=`: its blocks, its bodies, the months, the decisions. Eleven statements."""
    day, fault = day_of(request)
    return _unit_page(request, _unit(request, code, day), day, fault)


def _unit_page(request: HttpRequest, found: Unit, day: date, fault: str) -> HttpResponse:
    actor = actor_of(request)
    (line,) = staffing.staffing_of([found], day)
    months = staffing.by_month([found.pk], day)
    return render(request, "people/headcount/unit.html", {
        "crumbs": crumbs(actor, (found.shown_name, "")), "day": day, "fault": fault, "days": vi.date_text(day),
        "typed": text_of(request, "ngay", 20), "unit": found, "total": line.total, "blocks": list(line.blocks.items()),
        "bodies": staffing.bodies_of(found, day), "months": _drawn(months), "quotas": staffing.quotas_of(found),
        "chart": _by_block([line], day, found), "may_keep": can_keep_staff(actor),
    }, status=422 if fault else 200)  # fmt: skip


@require_safe
@allow(can_see_headcount)
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Those whom a number counts: `?khoi=` a block, `?co-quan=` a body, `?ngay=`, `?trang=`. Eight statements."""
    actor, (day, fault) = actor_of(request), day_of(request)
    found = _unit(request, code, day)
    block, body = text_of(request, "khoi", 20), text_of(request, "co-quan", 60)
    block = block if block in Block.values else ""
    lines = staffing.people_of(found, day, block=block, body=body)
    names = {one.key: one.name for one in staffing.bodies_of(found, day)} if body else {}
    where = names.get(body, body) if body else Block(block).label if block else ""
    here = reverse("headcount-unit", args=[found.code])
    return render(request, "people/headcount/people.html", {
        "crumbs": crumbs(actor, (found.shown_name, here), (bi("Danh sách", "People"), "")), "unit": found, "day": day,
        "fault": fault, "where": where, "page": Paginator(lines, ROWS).get_page(request.GET.get("trang")),
        "many": len(lines),
    }, status=422 if fault else 200)  # fmt: skip


@require_safe
@allow(can_see_headcount)
def download(request: HttpRequest, form: str) -> HttpResponse:
    """Every unit and block on `?ngay=` as a file."""
    actor, (day, _) = actor_of(request), day_of(request)
    heads = (bi("Mã", "Code"), bi("Đơn vị", "Unit"), bi("Khối", "Block"), bi("Được giao", "Quota"), bi("Có mặt", "Actual"),
             bi("Còn thiếu", "Vacant"), bi("Vượt", "Over"), bi("Ngày", "Day"))  # fmt: skip
    rows = [
        (line.unit.code, line.unit.shown_name, block.label, one.quota, one.actual, one.vacant, one.over, day)
        for line in staffing.staffing_of(staffing.units_seen(actor, day), day)
        for block, one in line.blocks.items()
    ]
    return table_file(form, f"bien-che-{day.isoformat()}", heads, rows)


def _unit(request: HttpRequest, code: str, day: date) -> Unit:
    """The unit with `code` on `day` among those that the reader sees; raises OutOfReach."""
    found = next((one for one in staffing.units_seen(actor_of(request), day) if one.code == code), None)
    if found is None:
        raise OutOfReach(field="don-vi")
    return found


def _sorted(lines: Sequence[UnitStaffing], by: str) -> list[UnitStaffing]:
    key = _SORTS.get(by.removeprefix("-"))
    return sorted(lines, key=key, reverse=by.startswith("-")) if key else list(lines)


def _sum(lines: Sequence[UnitStaffing]) -> Staffing:
    return sum((line.total for line in lines), Staffing(None, 0))


def _mean(communes: Sequence[UnitStaffing]) -> str:
    """The mean quota of the government's blocks (council and committee) of a commune, with one decimal."""
    given = [line.blocks[block].quota or 0 for line in communes for block in (Block.COUNCIL, Block.COMMITTEE)]
    return number(round(sum(given) / len(communes), 1)) if communes else ""


def _by_block(lines: Sequence[UnitStaffing], day: date, unit: Unit | None = None) -> list[dict[str, Any]]:
    rows = []
    for block in Block:
        one = sum((line.blocks[block] for line in lines), Staffing(None, 0))
        href = (
            f"{reverse('headcount-people', args=[unit.code])}?khoi={block.value}&ngay={vi.date_text(day)}"
            if unit
            else ""
        )
        rows.append({"label": block.label, "value": one.actual, "href": href, "tone": "danger" if one.over else "",
                     "text": f"{number(one.actual)} / {number(one.quota) or '–'}"})  # fmt: skip
    return rows


def _drawn(months: Sequence[Month]) -> list[dict[str, Any]]:
    return [{"label": f"{month.day:%m/%Y}", "value": month.actual, "quota": month.quota} for month in months]
