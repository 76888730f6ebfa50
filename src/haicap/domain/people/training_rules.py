"""What training means: until when a topic is known, who needs it, when a class is near. No database here."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import TextChoices

from haicap.kernel.language import bi

REMIND_BEFORE: Final = timedelta(days=3)
"""How long before its first day the learners of a class are reminded."""
SHARE_TO_PASS: Final = 0.8
"""Who was there on fewer of the class's days than this is not proposed to have passed (assumed; the organiser decides)."""
MOST_SEATS, MOST_DAYS = 2_000, 60
BOOK: Final = "CNDT"
"""The register of certificates of completion: a unit's own, from 1 each year."""


class Result(TextChoices):
    """What became of a learner."""

    PASSED = "passed", bi("Đạt", "Passed")
    FAILED = "failed", bi("Chưa đạt", "Not passed")
    ABSENT = "absent", bi("Không dự", "Did not come")


class Level(TextChoices):
    """Where a topic is needed."""

    ANY = "", bi("Cả tỉnh và xã", "Province and communes")
    COMMUNE = "xa", bi("Cấp xã", "Communes")
    PROVINCE = "tinh", bi("Cấp tỉnh", "Province")


class ClassState(TextChoices):
    """Where a class stands on a day."""

    PLANNED = "sap-mo", bi("Sắp mở", "Planned")
    RUNNING = "dang-hoc", bi("Đang học", "Running")
    UNMARKED = "cho-ket-qua", bi("Chờ kết quả", "Results missing")
    DONE = "da-xong", bi("Đã xong", "Done")
    CANCELLED = "da-huy", bi("Đã hủy", "Cancelled")


@dataclass(frozen=True)
class Standing:
    """How a person stands in a topic on a day: since when, until when (None: for good); `known` says whether it counts."""

    known: bool
    since: date | None
    until: date | None

    @property
    def label(self) -> Any:
        """In words."""
        if self.known:
            return bi("Đã có", "Has it")
        return bi("Đã hết hạn", "Has run out") if self.since else bi("Còn thiếu", "Still lacking")


def known_until(passed_on: date, months: int | None) -> date | None:
    """The first day on which what was passed on `passed_on` no longer counts; None where the topic never runs out.

    The same day of the month `months` later; the last of the month where that month is shorter.
    """
    if months is None:
        return None
    year, month = divmod(passed_on.year * 12 + passed_on.month - 1 + months, 12)
    return date(year, month + 1, min(passed_on.day, calendar.monthrange(year, month + 1)[1]))


def state_of(days: Sequence[date], today: date, *, cancelled: bool, unmarked: int) -> ClassState:
    """Where a class with `days` stands; `unmarked`: learners without a result."""
    if cancelled:
        return ClassState.CANCELLED
    if today < min(days):
        return ClassState.PLANNED
    if today <= max(days) and unmarked:
        return ClassState.RUNNING
    return ClassState.UNMARKED if unmarked else ClassState.DONE


def proposed_result(days: Sequence[date], attended: Sequence[date]) -> Result:
    """What the organiser is offered to confirm for somebody who was there on `attended` of the class's `days`."""
    there = len(set(days) & set(attended))
    if not there:
        return Result.ABSENT
    return Result.PASSED if there >= SHARE_TO_PASS * len(set(days)) else Result.FAILED


def needs(level: str, body_key: str, post_key: str, *, unit_level: str, body: str, post: str) -> bool:
    """True where a line of the table of needs speaks of a post: an empty part speaks of all."""
    return level in ("", unit_level) and body_key in ("", body) and post_key in ("", post)
