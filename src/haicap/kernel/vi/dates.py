"""Dates and moments as Vietnamese people write them, and read from what they type."""

from __future__ import annotations

import re
from datetime import date, datetime

from haicap.kernel.clock import local
from haicap.kernel.language import bi, bi_format

_DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TYPED = (
    re.compile(r"(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})\2(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
)


def date_text(day: date) -> str:
    """Gives "05/09/2025"."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def long_date(day: date, lang: str = "vi") -> str:
    """Gives "Thứ Sáu, 05/09/2025"; in English "Friday 05/09/2025"."""
    if lang == "en":
        return f"{_ENGLISH_DAYS[day.weekday()]} {date_text(day)}"
    return f"{_DAYS[day.weekday()]}, {date_text(day)}"


def legal_date(day: date) -> str:
    """Gives "ngày 05 tháng 9 năm 2025": days below 10 and months 1 and 2 get a zero.

    Decree 30/2020/NĐ-CP, annex I, part II, 4(b).
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def moment_text(moment: datetime) -> str:
    """Gives "17 giờ 00 phút, ngày 05 tháng 9 năm 2025" in Vietnam's time; a naive moment raises ValueError."""
    here = local(moment)
    return f"{here:%H} giờ {here:%M} phút, {legal_date(here.date())}"


def due_text(moment: datetime, lang: str = "vi") -> str:
    """Gives "Thứ Sáu, 05/09/2025, trước 17:00"; in English "before 17:00, Friday 05/09/2025". Aware only."""
    here = local(moment)
    if lang == "en":
        return f"before {here:%H:%M}, {long_date(here.date(), lang)}"
    return f"{long_date(here.date())}, trước {here:%H:%M}"


def parse_date(text: str) -> date:
    """The day that a person typed: 05/09/2025, 5-9-2025, 5.9.2025, 05092025 (day first) or 2025-09-05.

    Raises ValueError with a bilingual sentence for anything else and for days that do not exist.
    """
    typed = text.strip()
    for form in _TYPED:
        if found := form.fullmatch(typed):
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                raise ValueError(
                    bi_format(
                        bi(
                            "Không có ngày “{typed}”. Hãy xem lại ngày và tháng.",
                            "There is no day “{typed}”. Check the day and the month.",
                        ),
                        typed=typed,
                    )
                ) from None
    raise ValueError(
        bi_format(
            bi(
                "Không đọc được ngày “{typed}”. Hãy nhập ngày/tháng/năm, ví dụ 05/09/2025.",
                "“{typed}” cannot be read as a date. Type day/month/year, for example 05/09/2025.",
            ),
            typed=typed[:40],
        )
    )
