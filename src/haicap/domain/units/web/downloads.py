"""The same as tables for other programs: CSV for spreadsheets, JSON for machines. Nothing is sent twice unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import condition, require_safe

import haicap
from haicap.domain.units.models import Unit
from haicap.domain.units.queries.nation import NationCount, ProvinceCount
from haicap.domain.units.queries.nation import nation as counted
from haicap.domain.units.queries.reorganisation import Passage, Reorganisation, days_of_change, last_change
from haicap.domain.units.queries.reorganisation import reorganisation as reorganised
from haicap.domain.units.web.reorganisation import asked_period, narrowed
from haicap.kernel.access import public
from haicap.kernel.language import active, bi

BOM = "\ufeff"
"""Spreadsheets take a CSV file without it for another encoding and break the accents."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

PASSAGE_HEAD = (
    bi("Mã cũ", "Old code"), bi("Tên cũ", "Old name"), bi("Loại cũ", "Old kind"), bi("Cấp huyện cũ", "Old district"),
    bi("Tỉnh cũ", "Old province"), bi("Mã mới", "New code"), bi("Tên mới", "New name"), bi("Loại mới", "New kind"),
    bi("Tỉnh mới", "New province"), bi("Phần", "Share"), bi("Từ ngày", "On"), bi("Nghị quyết", "Resolution"),
    bi("Thôn, bản, tổ dân phố", "Hamlets"),
)  # fmt: skip
NATION_HEAD = (
    bi("Mã", "Code"), bi("Tỉnh, thành phố", "Province"), bi("Lập từ", "Formed from"),
    bi("Đơn vị cấp xã trước", "Communes before"), bi("Đơn vị cấp xã sau", "Communes after"), bi("Xã", "Communes"),
    bi("Phường", "Wards"), bi("Đặc khu", "Special zones"), bi("Đơn vị cấp huyện kết thúc", "Districts ended"),
    bi("Đơn vị cũ bị chia", "Old units divided"),
)  # fmt: skip


def safe_cell(text: Any) -> str:
    """A cell that no spreadsheet takes for a formula: such a text gets an apostrophe before it."""
    cell = str(text)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unchanged(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    """The mark of what would be sent: it changes with a resolution, a new version, the language and the address."""
    said = (last_change(), haicap.__version__, active(), request.get_full_path())
    return f'"{sha256(repr(said).encode()).hexdigest()[:32]}"'


def csv_file(name: str, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A CSV file: UTF-8 with a byte order mark, commas, CRLF (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(cell) for cell in head])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return _as_file(HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8"), f"{name}.csv")


def _as_file(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-cache"
    return answer


@public
@require_safe
@condition(etag_func=unchanged)
def province_csv(request: HttpRequest, code: str) -> HttpResponse:
    """`/don-vi/<code>/sap-xep.csv`: the rows of the province's table, narrowed as the page is."""
    found, rows = _province(request, code)
    return csv_file(_name(found), PASSAGE_HEAD, (_passage_cells(one) for one in rows))


@public
@require_safe
@condition(etag_func=unchanged)
def province_json(request: HttpRequest, code: str) -> HttpResponse:
    """`/don-vi/<code>/sap-xep.json`: counts and the same rows."""
    found, rows = _province(request, code)
    body = {
        "province": _named(found.province),
        "from": found.period.since.isoformat(),
        "to": found.period.until.isoformat(),
        "provinces_before": [_named(one) for one in found.provinces],
        "districts_ended": [_named(one) for one in found.districts],
        "communes_before": len(found.before),
        "communes_after": len(found.after),
        "divided": len(found.divided),
        "kinds": {kind.value: {"before": before, "after": after} for kind, before, after in found.kinds},
        "passages": [_passage_json(one) for one in rows],
    }
    return _as_file(JsonResponse(body, json_dumps_params={"ensure_ascii": False}), f"{_name(found)}.json")


@public
@require_safe
@condition(etag_func=unchanged)
def nation_csv(request: HttpRequest) -> HttpResponse:
    """`/don-vi/sap-xep.csv`: a row a province."""
    found = counted(asked_period(request.GET, days_of_change()))
    return csv_file(_name(found), NATION_HEAD, (_province_cells(row) for row in found.rows))


@public
@require_safe
@condition(etag_func=unchanged)
def nation_json(request: HttpRequest) -> HttpResponse:
    """`/don-vi/sap-xep.json`: totals and a row a province."""
    found = counted(asked_period(request.GET, days_of_change()))
    body = {
        "from": found.period.since.isoformat(),
        "to": found.period.until.isoformat(),
        "provinces_before": found.provinces_before,
        "provinces_after": len(found.rows),
        "communes_before": found.communes_before,
        "communes_after": found.communes_after,
        "districts_ended": found.districts,
        "divided": found.divided,
        "provinces": [_province_json(row) for row in found.rows],
    }
    return _as_file(JsonResponse(body, json_dumps_params={"ensure_ascii": False}), f"{_name(found)}.json")


def _province(request: HttpRequest, code: str) -> tuple[Reorganisation, list[Passage]]:
    """The province of `code` on the second day and the rows asked for; raises what `unit_on` raises."""
    found = reorganised(code, asked_period(request.GET, days_of_change(code)))
    return found, narrowed(found, request.GET, request.GET.get("nhom", ""))


def _name(found: Reorganisation | NationCount) -> str:
    place = found.province.code if isinstance(found, Reorganisation) else "ca-nuoc"
    return f"sap-xep-{place}-{found.period.since.isoformat()}-{found.period.until.isoformat()}"


def _passage_cells(one: Passage) -> list[Any]:
    before, after = one.before, one.after
    return [
        before.code, before.name, before.get_kind_display(), one.district.name if one.district != before else "",
        before.province.name if before.province else "", after.code, after.name, after.get_kind_display(),
        after.province.name if after.province else "", one.share.label, ", ".join(str(day) for day in one.days),
        ", ".join(one.resolutions), "; ".join(one.hamlets),
    ]  # fmt: skip


def _province_cells(row: ProvinceCount) -> list[Any]:
    return [
        row.province.code, row.province.name, ", ".join(one.name for one in row.origins), row.communes_before,
        row.communes_after, row.rural, row.wards, row.zones, row.districts, row.divided,
    ]  # fmt: skip


def _named(unit: Unit) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "kind": unit.kind}


def _placed(unit: Unit) -> dict[str, Any]:
    return _named(unit) | {"parent_code": unit.parent_code, "province_code": unit.province_code}


def _passage_json(one: Passage) -> dict[str, Any]:
    return {
        "before": _placed(one.before),
        "after": _placed(one.after),
        "share": one.share.value,
        "on": [day.isoformat() for day in one.days],
        "resolutions": list(one.resolutions),
        "hamlets": list(one.hamlets),
        "takes_rest": one.takes_rest,
    }


def _province_json(row: ProvinceCount) -> dict[str, Any]:
    return _named(row.province) | {
        "formed_from": [_named(one) for one in row.origins],
        "communes_before": row.communes_before,
        "communes_after": row.communes_after,
        "kinds_after": {kind: number for kind, number in row.after.items() if number},
        "districts_ended": row.districts,
        "divided": row.divided,
    }
