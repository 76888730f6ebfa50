"""What components work out before a template draws them: deadlines, tones of states, pages, charts. No HTML here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import ceil, log10
from typing import Any

from haicap.kernel.language import bi

PLENTY, SOON, TODAY, OVERDUE, PAUSED, DONE, NONE = "plenty", "soon", "today", "overdue", "paused", "done", "none"
SOON_DAYS = 2

STANDING_ICONS = {
    PLENTY: "clock",
    SOON: "hourglass",
    TODAY: "bell",
    OVERDUE: "triangle-alert",
    PAUSED: "circle-pause",
    DONE: "check",
    NONE: "minus",
}

# The tone and icon of a state's chip by its code. A code that is not here is drawn neutral.
STATE_LOOKS = {
    "draft": ("neutral", "pencil"),
    "received": ("info", "inbox"),
    "processing": ("info", "loader-circle"),
    "awaiting_signature": ("accent", "signature"),
    "awaiting_supplement": ("warning", "circle-pause"),
    "paused": ("warning", "circle-pause"),
    "resolved": ("success", "circle-check"),
    "returned": ("success", "check"),
    "refused": ("danger", "circle-x"),
    "declined": ("danger", "circle-x"),
    "withdrawn": ("neutral", "undo-2"),
    "stopped": ("neutral", "circle-x"),
}


def state_look(code: str, tone: str = "", icon: str = "") -> tuple[str, str]:
    """The tone (`neutral info accent warning success danger`) and the icon of a state, unless the caller says other."""
    known_tone, known_icon = STATE_LOOKS.get(code, ("neutral", "minus"))
    return tone or known_tone, icon or known_icon


@dataclass(frozen=True)
class Deadline:
    """How a deadline stands now: one of the five standings (or `done`, `none`), working days left, the moment it falls on."""

    standing: str
    days_left: int | None = None
    due: datetime | None = None

    @property
    def icon(self) -> str:
        """The icon of the standing in the sprite."""
        return STANDING_ICONS[self.standing]

    @property
    def words(self) -> Any:
        """The standing as a person says it, in the caller's language."""
        days = abs(self.days_left) if self.days_left is not None else None
        if self.standing == PAUSED:
            return bi("Tạm dừng tính hạn", "Clock paused")
        if self.standing == DONE:
            return bi("Đã xong", "Done")
        if self.standing == TODAY:
            return bi("Hạn hôm nay", "Due today")
        if self.standing == OVERDUE:
            return _days(bi("Quá hạn {n} ngày làm việc", "{n} working {day} overdue"), days) or bi("Quá hạn", "Overdue")
        return _days(bi("Còn {n} ngày làm việc", "{n} working {day} left"), days) or bi("Còn hạn", "In time")


def _days(text: Any, days: int | None) -> str:
    return str(text).format(n=days, day="day" if days == 1 else "days") if days else ""


def deadline(due: Any, *, now: datetime, paused: bool = False, days_left: int | None = None, zone: tzinfo) -> Deadline:
    """How `due` stands at `now`.

    `due` is a moment with its zone, or an object that already knows (`.standing`, `.days_left`, `.due`).
    `days_left` are working days; without them the chip says the standing and no number of days.
    """
    if hasattr(due, "standing"):
        return Deadline(str(due.standing), getattr(due, "days_left", None), getattr(due, "due", None))
    if paused:
        return Deadline(PAUSED, days_left, due)
    if due is None:
        return Deadline(NONE)
    if due < now:
        return Deadline(OVERDUE, days_left, due)
    if due.astimezone(zone).date() == now.astimezone(zone).date():
        return Deadline(TODAY, 0, due)
    near = days_left if days_left is not None else (due - now).days
    return Deadline(SOON if near <= SOON_DAYS else PLENTY, days_left, due)


def page_numbers(number: int, last: int) -> list[int | None]:
    """The page numbers to offer around `number`: first, neighbours, last; None stands for a gap."""
    wanted = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    numbers: list[int | None] = []
    for page in wanted:
        if numbers and page - (numbers[-1] or 0) > 1:
            numbers.append(page - 1 if page - (numbers[-1] or 0) == 2 else None)
        numbers.append(page)
    return numbers


def ceiling(value: float) -> float:
    """The round number at or above `value` on which a chart's axis ends: 1, 2, 2.5, 5 or 10 times a power of ten."""
    if value <= 0:
        return 1
    power = 10.0 ** (ceil(log10(value)) - 1)
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= value)


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value


def bars(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Horizontal bars: each row with its `length`, from 0 to 100, and the `text` of its value.

    `rows` are `{"label", "value", "href"?, "tone"?, "text"?}`; a value that is missing or 0 draws no bar, a small one
    still shows.
    """
    top = max((row["value"] or 0 for row in rows), default=0) or 1
    drawn = [
        {
            **row,
            "text": row.get("text", row["value"]),
            "length": max(round((row["value"] or 0) / top * 100, 1), 0.5) if row["value"] else 0,
        }
        for row in rows
    ]
    return {"rows": drawn}


def line(rows: Sequence[dict[str, Any]], *, width: int = 480, height: int = 200) -> dict[str, Any]:
    """Geometry of a chart of one line over equal steps: the path, its points, and the marks of the axis."""
    top = ceiling(max((row["value"] or 0 for row in rows), default=0))
    left, floor, right = 60, height - 36, width - 12
    step = (right - left) / max(len(rows) - 1, 1)
    points = [
        {**row, "x": round(left + i * step, 1), "y": round(floor - (row["value"] or 0) / top * (floor - 12), 1)}
        for i, row in enumerate(rows)
    ]
    every = max(1, ceil(len(points) / 6))
    for i, point in enumerate(points):
        point["marked"] = i % every == 0
    path = "M" + " L".join(f"{p['x']} {p['y']}" for p in points) if points else ""
    marks = [{"y": round(floor - part * (floor - 12), 1), "value": _whole(top * part)} for part in (0, 0.5, 1)]
    return {
        "points": points,
        "path": path,
        "marks": marks,
        "width": width,
        "height": height,
        "left": left,
        "right": right,
        "floor": floor,
    }
