"""Time limits as a person says them."""

from __future__ import annotations

from typing import Any

from haicap.kernel.language import bi, bi_format
from haicap.kernel.workdays import LimitKind, TimeLimit

_WORDS = {
    LimitKind.SAME_DAY: bi(
        "Trong ngày; nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo",
        "The same day; the next working day when received after 15:00",
    ),
    LimitKind.WORKING_DAYS: bi("{n} ngày làm việc", "{n} working {days}"),
    LimitKind.WORKING_HOURS: bi("{n} giờ làm việc", "{n} working {hours}"),
    LimitKind.CALENDAR_DAYS: bi("{n} ngày", "{n} {days}"),
    LimitKind.MONTHS: bi("{n} tháng", "{n} {months}"),
}
_UNKNOWN = bi("Chưa có thời hạn", "No time limit entered")
_MORE = bi("Cần xác minh: thêm không quá {limit}", "If a check is needed: up to {limit} more")


def limit_words(limit: TimeLimit | None) -> Any:
    """A time limit in words, for example "3 ngày làm việc"; bilingual."""
    if limit is None:
        return _UNKNOWN
    one = limit.amount == 1
    return bi_format(
        _WORDS[LimitKind(limit.kind)],
        n=f"{limit.amount:g}".replace(".", ","),
        days="day" if one else "days",
        hours="hour" if one else "hours",
        months="month" if one else "months",
    )


def verification_words(limit: TimeLimit | None) -> Any:
    """By how much a check may lengthen it; an empty text where it may not."""
    return bi_format(_MORE, limit=limit_words(limit)) if limit else ""
