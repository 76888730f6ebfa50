"""`/don-vi/sap-xep/` and `/don-vi/<code>/sap-xep/`: the nation and a province before and after, between any two days.

`?tu=` and `?den=` (YYYY-MM-DD) name the days; without them the night of the last reorganisation is shown. `?nhom=`
narrows to a district or an old province.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.units import queries, rules
from haicap.domain.units.errors import DaysReversed, UnitClosed
from haicap.domain.units.queries.nation import nation as counted
from haicap.domain.units.queries.reorganisation import (
    TWO_LEVELS_NIGHT,
    Day,
    Passage,
    Period,
    Reorganisation,
    days_of_change,
)
from haicap.domain.units.queries.reorganisation import reorganisation as reorganised
from haicap.domain.units.rules import Share, UnitChange, UnitKind, UnitLevel
from haicap.domain.units.web import flows
from haicap.kernel import clock, vi
from haicap.kernel.access import public
from haicap.kernel.language import bi
from haicap.kernel.text import clean

A_PAGE = 200
"""Rows of the table on a page: a whole province of the common size."""
LONGEST_QUERY = 100
ANCHOR = "#bang"
PART, KEPT = Share.PART.value, UnitChange.KEPT.value

ORDERS: dict[str, Callable[[Passage], Any]] = {
    "cu": lambda one: (vi.sort_key(one.before.short_name), one.before.code),
    "moi": lambda one: (vi.sort_key(one.after.short_name), one.after.code, one.before.code),
    "huyen": lambda one: (vi.sort_key(one.district.short_name), one.before.code),
    "phan": lambda one: (one.is_whole, one.before.code),
}


def asked_period(asked: QueryDict, days: Sequence[Day]) -> Period:
    """The days that the address names, else the night of the last reorganisation; of two days one may be left out.

    Raises DateUnreadable, BeforeRecords, and DaysReversed where the second day is not after the first.
    """
    usual = _last_reorganisation(days)
    since = queries.day_from(str(asked["tu"])) if asked.get("tu") else None
    until = queries.day_from(str(asked["den"])) if asked.get("den") else None
    if until is None:
        until = usual.until if since is None or since < usual.until else clock.today()
    if since is None:
        since = usual.since if usual.since < until else until - timedelta(days=1)
    if since >= until:
        raise DaysReversed(since=vi.date_text(since), until=vi.date_text(until), field="den")
    return Period(since, until)


def _last_reorganisation(days: Sequence[Day]) -> Period:
    """The night of the last merging or dividing, else of the last change, else of 30 June 2025."""
    chosen = [day for day in days if day.is_reorganisation] or days
    return chosen[-1].period if chosen else TWO_LEVELS_NIGHT


@public
@require_safe
def nation(request: HttpRequest) -> HttpResponse:
    """Every province with its counts before and after. Five statements."""
    days = days_of_change()
    found = counted(asked_period(request.GET, days))
    kept = {"tu": found.period.since.isoformat(), "den": found.period.until.isoformat()}

    def address(code: str) -> str:
        return f"{reverse('units:reorganisation', args=[code])}?{urlencode(kept)}"

    context = {
        "found": found,
        "rows": [(row, address(row.province.code)) for row in found.rows],
        "drawing": flows.of_nation(found, address),
        "days": _days(days, found.period),
        "query": urlencode(kept),
        "crumbs": [
            (bi("Tìm đơn vị", "Find a unit"), reverse("units:find")),
            (bi("Cả nước trước và sau", "The nation before and after"), ""),
        ],
    }
    return render(request, "units/nation.html", context)


@public
@require_safe
def province(request: HttpRequest, code: str) -> HttpResponse:
    """A province before and after. Five statements for any size. The code of a district or of a province that ended
    leads to the province that holds its land, narrowed to it; a commune's leads to its own page.
    """
    if rules.level_of_code(code) == UnitLevel.COMMUNE:
        return HttpResponseRedirect(reverse("units:unit", args=[code]))
    if rules.level_of_code(code) != UnitLevel.PROVINCE:
        return _at_its_heir(request, code)
    days = days_of_change(code)
    try:
        found = reorganised(code, asked_period(request.GET, days))
    except UnitClosed:
        return _at_its_heir(request, code)
    return render(request, "units/reorganisation.html", _shown(request, found, days))


def _at_its_heir(request: HttpRequest, code: str) -> HttpResponse:
    """The page of the province that has the land of a unit today, narrowed to the unit. Raises UnitUnknown."""
    last = queries.lineage_of(code).generations[-1]
    heir = last.heirs[0].unit if last.heirs else last.unit
    kept = request.GET.copy()
    kept["nhom"] = code
    return HttpResponseRedirect(f"{reverse('units:reorganisation', args=[heir.province_code])}?{kept.urlencode()}")


def _shown(request: HttpRequest, found: Reorganisation, days: Sequence[Day]) -> dict[str, Any]:
    asked = request.GET
    groups = flows.groups(found)
    names = {unit.code: unit for province, districts in groups for unit in (province, *(one for one, _ in districts))}
    group = asked.get("nhom", "") if asked.get("nhom") in names else ""
    passages = narrowed(found, asked, group)
    period = urlencode({"tu": found.period.since.isoformat(), "den": found.period.until.isoformat()})
    return {
        "found": found,
        "unit": found.province,
        "crumbs": _crumbs(found),
        "groups": groups,
        "group": names.get(group),
        "drawing": _drawing(request, found, group),
        "page": Paginator(passages, A_PAGE).get_page(asked.get("trang")),
        "total": len(found.passages),
        "has_hamlets": any(one.hamlets for one in passages),
        "kept": sum(change == KEPT for change in found.changes.values()),
        "days": _days(days, found.period),
        "later": [day for day in days if day.on > found.period.until],
        "last_change_on": days[-1].on if days else None,
        "active": _active(request, names, group),
        "shares": Share.choices,
        "ways": UnitChange.choices,
        "download_query": _query(asked, nhom=group) or period,
        "hidden": [(name, clean(asked.get(name, ""))[:20]) for name in ("loai-cu", "loai-moi", "sap-xep")],
        "period_query": period,
    }


def narrowed(found: Reorganisation, asked: QueryDict, group: str) -> list[Passage]:
    """The rows that the address asks for: by district or old province, share, kind, way and name, in its order."""
    words = rules.search_key(clean(asked.get("q", ""))[:LONGEST_QUERY]).split()
    wanted = {name: asked.get(name, "") for name in ("phan", "loai-cu", "loai-moi", "cach")}
    rows = [
        one
        for one in found.passages
        if (not group or group in (one.district.code, one.before.province_code))
        and wanted["phan"] in ("", one.share)
        and wanted["loai-cu"] in ("", one.before.kind)
        and wanted["loai-moi"] in ("", one.after.kind)
        and wanted["cach"] in ("", found.changes[one.after.id] or "")
        and _has(one, words)
    ]
    order = asked.get("sap-xep", "")
    if order.removeprefix("-") in ORDERS:
        rows.sort(key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))
    return rows


def _has(one: Passage, words: list[str]) -> bool:
    """True when one name or code, of either unit, of the district or of a hamlet, has every word or its begin."""
    if not words:
        return True
    names = (one.before.name, one.before.code, one.after.name, one.after.code, one.district.name, *one.hamlets)
    texts = [f" {rules.search_key(name)}" for name in names]
    return any(all(f" {word}" in text for word in words) for text in texts)


def _drawing(request: HttpRequest, found: Reorganisation, group: str) -> Any:
    """The diagram: all districts, those of one old province, or the communes of one district."""

    def narrow(code: str) -> str:
        return f"?{_query(request.GET, nhom=code)}#luong"

    if rules.level_of_code(group) == UnitLevel.DISTRICT:
        return flows.of_group(found, found.passages, group)
    inside = [one for one in found.passages if group in ("", one.before.province_code)]
    return flows.by_district(found, inside, narrow)


def _query(asked: QueryDict, **changes: str) -> str:
    """The address's query with changes, from the first page on."""
    kept = asked.copy()
    for name, value in {"trang": "", **changes}.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return kept.urlencode()


def _days(days: Sequence[Day], period: Period) -> list[tuple[Day, str, bool]]:
    """Each day of change with the address that shows its night, and whether it is shown now."""
    return [
        (
            day,
            urlencode({"tu": day.period.since.isoformat(), "den": day.period.until.isoformat()}),
            day.period == period,
        )
        for day in days
    ]


def _active(request: HttpRequest, names: dict[str, Any], group: str) -> list[tuple[Any, str]]:
    """Each filter in words with the address without it."""
    asked = request.GET
    kinds, changes = dict(UnitKind.choices), dict(UnitChange.choices)
    chosen = {
        "nhom": names[group].shown_name if group else "",
        "phan": dict(Share.choices).get(asked.get("phan", ""), ""),
        "loai-cu": _prefixed(bi("Trước là", "Was"), kinds.get(asked.get("loai-cu", ""))),
        "loai-moi": _prefixed(bi("Nay là", "Is now"), kinds.get(asked.get("loai-moi", ""))),
        "cach": changes.get(asked.get("cach", ""), ""),
        "q": clean(asked.get("q", ""))[:LONGEST_QUERY],
    }
    return [(label, f"?{_query(asked, **{name: ''})}{ANCHOR}") for name, label in chosen.items() if label]


def _prefixed(words: Any, kind: Any) -> str:
    return f"{words} {str(kind).lower()}" if kind else ""


def _crumbs(found: Reorganisation) -> list[tuple[Any, str]]:
    return [
        (bi("Tìm đơn vị", "Find a unit"), reverse("units:find")),
        (bi("Cả nước trước và sau", "The nation before and after"), reverse("units:nation")),
        (found.province.shown_name, reverse("units:unit", args=[found.province.code])),
        (bi("Trước và sau", "Before and after"), ""),
    ]
