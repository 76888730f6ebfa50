"""The administrators' pages: what in the data in force is not sure, and the calendar that deadlines are counted by.

They only show. What they show is changed by loading a file or by a command, as the administrators' papers say.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_administer
from haicap.flows import uncertain
from haicap.flows.uncertain import Fact, Kind
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.calendar import queries as calendar
from haicap.kernel.calendar.models import CalendarDay
from haicap.kernel.calendar.rules import KIND_LABELS, NATION, DayKind, hours_text
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean, spreadsheet_safe

ROWS = 50
LONGEST_QUERY = 120
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
_HOME = bi("Quản trị", "Administration")
_COLUMNS = (
    bi("Loại", "Kind"), bi("Mã", "Code"), bi("Của", "Of"), bi("Nội dung", "Content"), bi("Mức tin cậy", "Certainty"),
    bi("Tình trạng", "Mark"), bi("Nguồn", "Source"), bi("Ghi chú", "Note"), bi("Trang công khai", "Public page"),
)  # fmt: skip


@require_safe
@allow(can_administer)
def home(request: HttpRequest) -> HttpResponse:
    """Where an administrator begins: each part with what it is for."""
    facts, touched = uncertain.totals(uncertain.facts_for(_actor(request)))
    return render(request, "administration/home.html", {"facts": facts, "touched": touched})


@require_safe
@allow(can_administer)
def uncertain_facts(request: HttpRequest) -> HttpResponse:
    """Uncertain facts; `?loai=` a kind, `?q=` words (accents optional), `?trang=`; `?tai=csv` all that match as a file."""
    typed = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    kind = request.GET.get("loai", "")
    chosen = Kind(kind) if kind in Kind.values else None
    everything = uncertain.facts_for(_actor(request))
    matching = uncertain.matching(everything, typed)
    shown = [fact for fact in matching if chosen in (None, fact.kind)]
    if request.GET.get("tai") == "csv":
        return _as_csv(request, shown)
    page = Paginator(shown, ROWS).get_page(request.GET.get("trang"))
    total, touched = uncertain.totals(everything)
    return render(request, "administration/uncertain.html", {
        "crumbs": _crumbs(bi("Điều chưa kiểm chứng", "Uncertain facts")), "q": typed, "chosen": chosen, "page": page,
        "lines": [(fact, _public_page(fact)) for fact in page], "matching": len(matching), "total": total,
        "kinds": uncertain.count_by_kind(matching), "touched": touched, "today": clock.today(),
    })  # fmt: skip


def _as_csv(request: HttpRequest, facts: Sequence[Fact]) -> HttpResponse:
    """The facts as a file that a spreadsheet opens, in the reader's language."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chua-kiem-chung-{clock.today().isoformat()}.csv"'
    answer.write(BYTE_ORDER_MARK)
    writer = csv.writer(answer)
    writer.writerow([str(column) for column in _COLUMNS])
    for fact in facts:
        address = _public_page(fact)
        cells = (
            str(fact.kind.label), fact.code, fact.of, fact.what, fact.certainty, fact.mark, fact.source, fact.note,
            request.build_absolute_uri(address) if address else "",
        )  # fmt: skip
        writer.writerow([spreadsheet_safe(text) for text in cells])
    return answer


def _public_page(fact: Fact) -> str:
    """Where citizens read it: a procedure's page; none for days and agencies."""
    return reverse("procedures:procedure", args=[fact.code]) if fact.is_procedure else ""


@dataclass(frozen=True)
class DayLine:
    """A day of the calendar as the page tells it."""

    row: CalendarDay
    replaced: bool  # the province has its own row for this day, which goes first

    @property
    def kind(self) -> Any:
        """Day off or make-up day, in words."""
        return KIND_LABELS[DayKind(self.row.kind)]

    @property
    def is_off(self) -> bool:
        """True for a day off."""
        return self.row.kind == DayKind.OFF

    @property
    def is_national(self) -> bool:
        """True for a row of the nation."""
        return self.row.unit_code == NATION


@require_safe
@allow(can_administer)
def working_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of `?nam=` (this year where it is not one): days off, make-up days, opening hours. Read only."""
    province = uncertain.calendar_code(_actor(request))
    asked, today = request.GET.get("nam", ""), clock.today()
    year = int(asked) if _YEAR.fullmatch(asked) else today.year
    rows = list(calendar.days_between(date(year, 1, 1), date(year, 12, 31), province))
    own = {row.day for row in rows if row.unit_code != NATION}
    lines = [DayLine(row, replaced=row.unit_code == NATION and row.day in own) for row in rows]
    in_force = [line for line in lines if not line.replaced]
    return render(request, "administration/calendar.html", {
        "crumbs": _crumbs(bi("Lịch làm việc", "Working calendar")), "year": year, "lines": lines,
        "years": sorted({*calendar.years(province), today.year, year}), "hours": _hours_of(year, province),
        "off": sum(line.is_off for line in in_force), "makeup": sum(not line.is_off for line in in_force),
        "unsure": sum(not line.row.certain for line in in_force),
    })  # fmt: skip


def _hours_of(year: int, province: str) -> list[tuple[date | None, str]]:
    """The opening hours that hold in a year, each with the day from which; None for the program's usual ones."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    versions = calendar.opening_hours(province)
    begun = [version for version in versions if version[0] <= first][-1:]
    later = [version for version in versions if first < version[0] <= last]
    return [(None if day == date.min else day, hours_text(hours)) for day, hours in begun + later]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _crumbs(here: Any) -> list[tuple[Any, str]]:
    return [(_HOME, reverse("administration")), (here, "")]
