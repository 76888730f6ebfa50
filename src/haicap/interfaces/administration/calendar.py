"""`/quan-tri/lich/`: the calendar that deadlines are counted by; the province's own days and hours entered and removed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.domain.people.access import can_administer, can_set_calendar
from haicap.flows import uncertain, working_calendar
from haicap.flows.working_calendar import CalendarRefused
from haicap.interfaces.administration.pages import actor_of, answer, crumbs, day_in, typed_in
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.audit import queries as trail
from haicap.kernel.calendar import queries as calendar
from haicap.kernel.calendar.models import CalendarDay, OpeningHours
from haicap.kernel.calendar.rules import KIND_LABELS, NATION, Day, DayKind, hours_text
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.workdays import Hours

_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:hg]([0-5][0-9])", re.ASCII)
_TITLE = bi("Lịch làm việc", "Working calendar")
_DAY = ("day", "kind", "name", "name_en", "source", "certain")
_HOURS = ("valid_from", "opens_1", "closes_1", "opens_2", "closes_2", "source")
_KINDS = [(kind.value, label) for kind, label in KIND_LABELS.items()]
_CERTAIN = [
    ("1", bi("Chắc chắn: đã có văn bản", "Certain: the paper is out")),
    ("0", bi("Ước tính: còn chờ thông báo", "Estimate: still to be announced")),
]
CHANGES = {
    "calendar:day:put": bi("Nhập ngày", "Day entered"),
    "calendar:day:remove": bi("Bỏ ngày riêng", "Own day removed"),
    "calendar:hours:put": bi("Nhập giờ làm việc", "Hours entered"),
    "calendar:hours:remove": bi("Rút giờ làm việc", "Hours taken back"),
}


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


@dataclass(frozen=True)
class HoursLine:
    """A version of the opening hours: `day` None for the program's usual ones, `own` where the province entered it."""

    day: date | None
    text: str
    own: OpeningHours | None
    may_go: bool


@dataclass(frozen=True)
class Change:
    """One event of the calendar's trail in words."""

    label: Any
    at: Any
    actor_name: str
    note: str


@require_safe
@allow(can_administer)
def working_calendar_page(request: HttpRequest) -> HttpResponse:
    """The calendar of `?nam=` (this year where it is not one): days off, make-up days, opening hours."""
    actor = actor_of(request)
    province = uncertain.calendar_code(actor)
    asked, today = request.GET.get("nam", ""), clock.today()
    year = int(asked) if _YEAR.fullmatch(asked) else today.year
    rows = list(calendar.days_between(date(year, 1, 1), date(year, 12, 31), province))
    own = {row.day for row in rows if row.unit_code != NATION}
    lines = [DayLine(row, replaced=row.unit_code == NATION and row.day in own) for row in rows]
    in_force = [line for line in lines if not line.replaced]
    return render(request, "administration/calendar.html", {
        "crumbs": crumbs((_TITLE, "")), "year": year, "lines": lines, "may_set": can_set_calendar(actor),
        "years": sorted({*calendar.years(province), today.year, today.year + 1, year}),
        "hours": _hours_of(year, province), "changes": _changes(province),
        "off": sum(line.is_off for line in in_force), "makeup": sum(not line.is_off for line in in_force),
        "unsure": sum(not line.row.certain for line in in_force),
    })  # fmt: skip


def _hours_of(year: int, province: str) -> list[HoursLine]:
    """The opening hours that hold in a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    versions, own = calendar.opening_hours(province), calendar.own_hours(province)
    begun = [version for version in versions if version[0] <= first][-1:]
    later = [version for version in versions if first < version[0] <= last]
    return [
        HoursLine(None if day == date.min else day, hours_text(hours), own.get(day), day in own and day > clock.today())
        for day, hours in begun + later
    ]


def _changes(province: str) -> list[Change]:
    """The last changes of the province's calendar: who, when, what."""
    return [
        Change(CHANGES.get(one.tag, one.tag), one.at, one.actor_name, _told(one.data))
        for one in trail.latest(working_calendar.subject_of(province), 5)
    ]


def _told(data: Mapping[str, Any]) -> str:
    day = str(data.get("day") or data.get("valid_from") or "")
    parts = [
        ".".join(reversed(day.split("-"))).replace(".", "/"),
        data.get("name"),
        data.get("hours"),
        data.get("source"),
    ]
    return " · ".join(str(part) for part in parts if part)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_set_calendar, writes=True)
def calendar_day(request: HttpRequest) -> HttpResponse:
    """A day of the province: typed, looked at (`buoc=xem`), written (`buoc=ghi`). `?ngay=` begins with a day that is there."""
    if request.method != "POST":
        return _day_form(request, _begun(request))
    typed = typed_in(request, _DAY)
    if request.POST.get("buoc") == "sua":
        return _day_form(request, typed)
    problems: list[Problem] = []
    day = day_in(typed["day"], "day", problems)
    if typed["kind"] not in [kind.value for kind in DayKind]:
        problems.append(Problem("kind", bi("Chọn ngày nghỉ hay ngày làm bù.", "Choose day off or make-up day.")))
    problems += working_calendar.words_faults(typed["name"], typed["source"])
    if day:
        problems += working_calendar.reach_faults(day)
    if problems or day is None:
        return _day_form(request, typed, problems)
    entered = Day(
        day, DayKind(typed["kind"]), typed["name"], typed["name_en"], typed["source"], typed["certain"] != "0"
    )
    if request.POST.get("buoc") != "ghi":
        return _looked_at(request, entered, typed)
    try:
        working_calendar.enter_day(actor=actor_of(request), day=entered)
    except CalendarRefused as refused:
        return _day_form(request, typed, refused.problems)
    return _back(day)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_set_calendar, writes=True)
def remove_calendar_day(request: HttpRequest, day: date) -> HttpResponse:
    """What it would do to remove the province's own row of a day; posted, it is removed. DayUnknown where there is none."""
    actor = actor_of(request)
    if request.method == "POST":
        working_calendar.remove_day(actor=actor, day=day)
        return _back(day)
    row = working_calendar.own_day(actor, day)
    return render(request, "administration/calendar_look.html", {
        "crumbs": crumbs((_TITLE, reverse("working-calendar")), (bi("Bỏ ngày riêng", "Remove an own day"), "")),
        "day": day, "row": row, "kind": KIND_LABELS[DayKind(row.kind)], "removes": True,
        "effect": working_calendar.effect_of_day(actor, day, None),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_set_calendar, writes=True)
def opening_hours(request: HttpRequest) -> HttpResponse:
    """Opening hours of the province from a day on: one or two windows."""
    if request.method != "POST":
        return _hours_form(request, {"valid_from": "", "source": "", **_present_hours(request)})
    typed = typed_in(request, _HOURS)
    problems: list[Problem] = []
    day, hours = day_in(typed["valid_from"], "valid_from", problems), _windows(typed, problems)
    if not problems and day:
        try:
            working_calendar.enter_hours(actor=actor_of(request), valid_from=day, hours=hours, source=typed["source"])
        except CalendarRefused as refused:
            return _hours_form(request, typed, refused.problems)
        return _back(day)
    return _hours_form(request, typed, problems)


@require_POST
@allow(can_set_calendar, writes=True)
def take_hours_back(request: HttpRequest, day: date) -> HttpResponse:
    """Take back opening hours that have not begun. HoursUnknown; CalendarRefused once they hold."""
    working_calendar.remove_hours(actor=actor_of(request), valid_from=day)
    return _back(day)


def _begun(request: HttpRequest) -> dict[str, str]:
    """What the form begins with: the province's own row of `?ngay=`, the nation's to be replaced, or nothing."""
    problems: list[Problem] = []
    asked = request.GET.get("ngay", "")[:20]
    day = day_in(asked, "day", problems) if asked else None
    row = day and (calendar.own_day(day, actor_of(request).unit_code) or calendar.own_day(day, NATION))
    if not row:
        return {"day": asked if not problems else "", "kind": DayKind.OFF.value, "certain": "1"}
    own = row.unit_code != NATION
    return {
        "day": row.day.strftime("%d/%m/%Y"), "kind": row.kind, "name": row.name if own else "",
        "name_en": row.name_en if own else "", "source": row.source if own else "", "certain": "1" if row.certain else "0",
    }  # fmt: skip


def _day_form(request: HttpRequest, typed: Mapping[str, str], problems: list[Problem] | None = None) -> HttpResponse:
    return answer(request, "administration/calendar_day.html", {
        "crumbs": crumbs((_TITLE, reverse("working-calendar")), (bi("Nhập một ngày", "Enter a day"), "")),
        "typed": typed, "kinds": _KINDS, "certainties": _CERTAIN,
    }, problems or [])  # fmt: skip


def _looked_at(request: HttpRequest, day: Day, typed: Mapping[str, str]) -> HttpResponse:
    actor = actor_of(request)
    return render(request, "administration/calendar_look.html", {
        "crumbs": crumbs((_TITLE, reverse("working-calendar")), (bi("Xem trước", "Preview"), "")),
        "day": day.day, "row": day, "kind": KIND_LABELS[day.kind], "typed": list(typed.items()),
        "replaces": calendar.own_day(day.day, actor.unit_code) or calendar.own_day(day.day, NATION),
        "effect": working_calendar.effect_of_day(actor, day.day, day.kind),
    })  # fmt: skip


def _present_hours(request: HttpRequest) -> dict[str, str]:
    """The hours that hold today, to begin with."""
    windows = list(calendar.calendar_for(actor_of(request).unit_code).hours[:2])
    return {
        f"{end}_{number}": f"{moment:%H:%M}"
        for number, window in enumerate(windows, 1)
        for end, moment in zip(("opens", "closes"), window, strict=True)
    }


def _windows(typed: Mapping[str, str], problems: list[Problem]) -> Hours:
    """The windows that were typed; the second may be left out."""
    windows = []
    for number in (1, 2):
        ends = [typed[f"opens_{number}"], typed[f"closes_{number}"]]
        if number == 2 and not any(ends):
            break
        moments = [
            _moment(text, f"{end}_{number}", problems) for text, end in zip(ends, ("opens", "closes"), strict=True)
        ]
        windows.append((moments[0], moments[1]))
    return tuple(windows)


def _moment(text: str, field: str, problems: list[Problem]) -> time:
    found = _TIME.fullmatch(text)
    if not found:
        problems.append(Problem(field, bi("Ghi giờ và phút, ví dụ 07:30.", "Give hour and minute, for example 07:30.")))
        return time.min
    return time(int(found[1]), int(found[2]))


def _hours_form(request: HttpRequest, typed: Mapping[str, str], problems: list[Problem] | None = None) -> HttpResponse:
    return answer(request, "administration/calendar_hours.html", {
        "crumbs": crumbs((_TITLE, reverse("working-calendar")), (bi("Giờ làm việc", "Opening hours"), "")),
        "typed": typed,
    }, problems or [])  # fmt: skip


def _back(day: date) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('working-calendar')}?nam={day.year}")
