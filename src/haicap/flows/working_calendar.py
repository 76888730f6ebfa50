"""A province's own calendar, entered by its administrators: what a change would do, and the change itself.

The nation's rows are the State's (Labour Code 2019, articles 111 and 112, and the yearly announcements): a province reads
them and may put its own row in their place, never edit them. Deadlines that were promised stay: a dossier's moment of
return is written down when it is received; only what is laid from now on, and what is counted anew after a pause, uses the
changed calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from haicap.domain.people.access import can_set_calendar
from haicap.kernel import clock, workdays
from haicap.kernel.access import insist
from haicap.kernel.audit import commands as audit
from haicap.kernel.calendar import commands, queries
from haicap.kernel.calendar.errors import DayUnknown, HoursWrong
from haicap.kernel.calendar.models import CalendarDay
from haicap.kernel.calendar.rules import NATION, Day, DayKind, hours_text
from haicap.kernel.entries.models import Entry
from haicap.kernel.errors import Invalid, Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.workdays import Calendar, Hours, LimitKind, TimeLimit

COUNTED_AT_MOST = 10_000
SAMPLE = TimeLimit(LimitKind.WORKING_DAYS, 5)
YEARS_AHEAD = 3
FIRST_DAY = date(2025, 7, 1)  # communes and provinces as they are; no province counted by its own days before


class CalendarRefused(Invalid):
    """A day or hours that cannot be entered; `problems` name each input."""

    code = "calendar.refused"
    template = bi("Còn chỗ cần sửa.", "Some answers need correcting.")


@dataclass(frozen=True)
class Sample:
    """A dossier of five working days, received at `received`: due before the change and after it."""

    received: datetime
    was: datetime
    will_be: datetime


@dataclass(frozen=True)
class Effect:
    """What a change of one day does. `kept`: open dossiers with a promised day on or after it, which stay as promised."""

    was_worked: bool
    will_be_worked: bool
    is_past: bool
    kept: int
    sample: Sample | None

    @property
    def changes(self) -> bool:
        """False where the day was worked, or free, before as well."""
        return self.was_worked != self.will_be_worked

    @property
    def is_capped(self) -> bool:
        """True where counting stopped."""
        return self.kept >= COUNTED_AT_MOST


def effect_of_day(actor: Actor, day: date, kind: DayKind | None) -> Effect:
    """What it does to enter `day` as `kind` in the actor's province, or with None to remove the province's own row.

    Two statements at most, beside those of the calendar.
    """
    before = queries.calendar_for(actor.unit_code)
    after = _with(before, day, kind if kind else _national_kind(day))
    opens = datetime.combine(day, time.min, tzinfo=clock.ZONE)
    passing = Entry.objects.filter(closed_at=None, due_at__gte=opens, opened_at__lt=opens + timedelta(days=1))
    return Effect(
        was_worked=workdays.is_working_day(before, day),
        will_be_worked=workdays.is_working_day(after, day),
        is_past=day < clock.today(),
        kept=len(passing.values_list("pk")[:COUNTED_AT_MOST]),
        sample=_sample(before, after, day),
    )


def enter_day(*, actor: Actor, day: Day) -> None:
    """Enter a day off or a make-up day of the actor's province, in place of the one it has for that day.

    Raises NotGranted, and CalendarRefused with each input that is wrong.
    """
    own = replace(day, unit_code=actor.unit_code)

    def write() -> None:
        _refuse(reach_faults(own.day) + words_faults(own.name, own.source))
        commands.put_day(own)

    _written(actor, "day:put", write, {
        "day": own.day, "kind": own.kind.value, "name": own.name, "source": own.source, "certain": own.certain,
        "before": _as_it_was(own.day, actor),
    })  # fmt: skip


def remove_day(*, actor: Actor, day: date) -> None:
    """Take the province's own row out, so that the nation's rule holds again. NotGranted; DayUnknown where it has none."""
    _written(actor, "day:remove", lambda: commands.remove_day(day=day, unit_code=actor.unit_code), {
        "day": day, "before": _as_it_was(day, actor),
    })  # fmt: skip


def enter_hours(*, actor: Actor, valid_from: date, hours: Hours, source: str) -> None:
    """Set the province's opening hours from a day on, today at the earliest. NotGranted; CalendarRefused."""

    def write() -> None:
        _refuse(hours_faults(valid_from, hours, source))
        commands.put_hours(valid_from=valid_from, hours=hours, unit_code=actor.unit_code, source=source)

    _written(actor, "hours:put", write, {"valid_from": valid_from, "hours": hours_text(hours), "source": source})


def remove_hours(*, actor: Actor, valid_from: date) -> None:
    """Take back opening hours that have not begun. NotGranted; CalendarRefused once they hold; HoursUnknown."""

    def write() -> None:
        _refuse([] if valid_from > clock.today() else [Problem("valid_from", _BEGUN)])
        commands.remove_hours(valid_from=valid_from, unit_code=actor.unit_code)

    _written(actor, "hours:remove", write, {"valid_from": valid_from})


def own_day(actor: Actor, day: date) -> CalendarDay:
    """The province's own row of a day; DayUnknown where it has none."""
    row = queries.own_day(day, actor.unit_code)
    if row is None:
        raise DayUnknown(field="day", day=day.isoformat())
    return row


def subject_of(code: str) -> str:
    """The chain of the trail in which changes of a province's calendar stand."""
    return f"calendar:{code}"


_BEGUN = bi(
    "Giờ này đã bắt đầu áp dụng, không rút lại được. Hãy nhập giờ mới từ một ngày sau.",
    "These hours hold already and cannot be taken back. Enter new ones from a later day.",
)


def _written(actor: Actor, verb: str, write: Callable[[], Any], data: dict[str, Any]) -> None:
    insist(can_set_calendar, actor)
    with transaction.atomic():
        write()
        audit.record(f"calendar:{verb}", subject=subject_of(actor.unit_code), unit_id=actor.unit_id, data=data)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise CalendarRefused(problems=problems)


def reach_faults(day: date) -> list[Problem]:
    """Whether a day lies where a province may have rows of its own: since it is as it is, and three years ahead."""
    last = clock.today().year + YEARS_AHEAD
    if FIRST_DAY <= day <= date(last, 12, 31):
        return []
    words = bi("Nhập một ngày từ 01/07/2025 đến hết năm {last}.", "Give a day from 01/07/2025 to the end of {last}.")
    return [Problem("day", words.format(last=last))]


def words_faults(name: str, source: str) -> list[Problem]:
    """What is missing of a day's name and of the paper it rests on."""
    naming = bi("Ghi tên ngày, ví dụ: Nghỉ hoán đổi.", "Name the day, for example: Exchanged day off.")
    return [
        *([] if name else [Problem("name", naming)]),
        *([] if source else [Problem("source", _SOURCE)]),
    ]


_SOURCE = bi(
    "Ghi văn bản làm căn cứ: số, ngày, nơi ban hành.", "Give the paper it rests on: its number, day and who issued it."
)


def hours_faults(valid_from: date, hours: Hours, source: str) -> list[Problem]:
    """What is wrong with opening hours that were typed."""
    problems = []
    if not clock.today() <= valid_from <= date(clock.today().year + YEARS_AHEAD, 12, 31):
        problems.append(Problem("valid_from", bi(
            "Giờ mới áp dụng sớm nhất từ hôm nay, muộn nhất ba năm tới.",
            "New hours hold from today at the earliest and three years ahead at the latest.",
        )))  # fmt: skip
    try:
        Calendar(hours=hours)
    except ValueError:
        problems.append(Problem("opens_1", HoursWrong.template.format(hours=hours_text(hours))))
    if not source:
        problems.append(Problem("source", _SOURCE))
    return problems


def _as_it_was(day: date, actor: Actor) -> dict[str, Any] | None:
    row = queries.own_day(day, actor.unit_code)
    return row and {"kind": row.kind, "name": row.name, "source": row.source, "certain": row.certain}


def _national_kind(day: date) -> DayKind | None:
    row = queries.own_day(day, NATION)
    return DayKind(row.kind) if row else None


def _with(calendar: Calendar, day: date, kind: DayKind | None) -> Calendar:
    """`calendar` with this one day as `kind`, or as the week has it."""
    off, makeup = calendar.days_off - {day}, calendar.makeup - {day}
    return Calendar(
        days_off=off | {day} if kind == DayKind.OFF else off,
        makeup=makeup | {day} if kind == DayKind.MAKEUP else makeup,
        hours=calendar.hours,
    )


def _sample(before: Calendar, after: Calendar, day: date) -> Sample | None:
    """A dossier that comes in when the office opens on the last working day before `day`; none for a day that is past."""
    if day < clock.today():
        return None
    eve = day - timedelta(days=1)
    while not workdays.is_working_day(before, eve):
        eve -= timedelta(days=1)
    received = workdays.opening(before, eve)
    return Sample(received, workdays.due(before, received, SAMPLE), workdays.due(after, received, SAMPLE))
