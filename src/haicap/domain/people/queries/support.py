"""Support access as pages tell it: what is asked for, what runs, what was, and what was looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from haicap.domain.people.errors import GrantUnknown
from haicap.domain.people.models import SupportGrant
from haicap.domain.people.queries.doors import with_names
from haicap.domain.people.rules import SUPPORT_ASKED_FOR, Role
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.language import bi
from haicap.kernel.scope import Watch

_PEOPLE = ("account", "decided_by", "ended_by")
VIEW = "people:support:view"
ASKED, COMING, RUNNING, REFUSED, WITHDRAWN, LAPSED, OVER = (
    "asked",
    "coming",
    "running",
    "refused",
    "withdrawn",
    "lapsed",
    "over",
)
STATES: Mapping[str, Any] = {
    ASKED: bi("Chờ duyệt", "Waits for approval"), COMING: bi("Sắp mở", "Opens in seconds"),
    RUNNING: bi("Đang xem được", "Open now"), REFUSED: bi("Bị từ chối", "Refused"),
    WITHDRAWN: bi("Đã rút đề nghị", "Withdrawn"), LAPSED: bi("Hết hạn chờ duyệt", "Not answered in time"),
    OVER: bi("Đã kết thúc", "Ended"),
}  # fmt: skip


@dataclass(frozen=True)
class GrantLine:
    """A grant with its state at `now`, and how many pages were looked at by it."""

    row: SupportGrant
    views: int
    now: datetime

    @property
    def state(self) -> str:
        """Where it stands."""
        row = self.row
        if row.approved is None:
            if row.ended_at:
                return WITHDRAWN
            return ASKED if self.now < row.asked_at + SUPPORT_ASKED_FOR else LAPSED
        if not row.approved or row.begins_at is None or row.ends_at is None:
            return REFUSED
        if row.ended_at or self.now >= row.ends_at:
            return OVER
        return RUNNING if self.now >= row.begins_at else COMING

    @property
    def label(self) -> Any:
        """The state in words."""
        return STATES[self.state]

    @property
    def is_open(self) -> bool:
        """True while either side may end it."""
        return self.state in {ASKED, COMING, RUNNING}

    @property
    def waits(self) -> bool:
        """True while the unit may approve or refuse it."""
        return self.state == ASKED

    @property
    def over_at(self) -> datetime | None:
        """When it stopped or will stop."""
        return self.row.ended_at or self.row.ends_at


def grants(limit: int, *, before: int = 0) -> list[GrantLine]:
    """The newest grants that the actor sees (their own, or their units'), `before` an id. Three statements."""
    rows = SupportGrant.objects.select_related("unit").order_by("-pk")
    found = with_names((rows.filter(pk__lt=before) if before else rows)[:limit], *_PEOPLE)
    counts = _views_of([row.pk for row in found])
    return [GrantLine(row, counts.get(row.pk, 0), clock.now()) for row in found]


def grant_of(grant_id: int) -> GrantLine:
    """One grant that the actor sees; raises GrantUnknown. Three statements."""
    rows = with_names(SupportGrant.objects.select_related("unit").filter(pk=grant_id), *_PEOPLE)
    if not rows:
        raise GrantUnknown()
    row = rows[0]
    return GrantLine(row, _views_of([row.pk]).get(row.pk, 0), clock.now())


def views_of(grant_id: int, limit: int, *, before: int = 0) -> Sequence[Event]:
    """What was looked at by a grant, the latest first, as the trail has it."""
    found = Event.objects.filter(subject=f"support:{grant_id}", tag=VIEW).order_by("-pk")
    return list((found.filter(pk__lt=before) if before else found)[:limit])


def watches_at(unit_ids: Collection[int]) -> tuple[Watch, ...]:
    """The guests of units now (or soon), and who asks to be one. One statement, in any scope."""
    return tuple(Watch(row.person, clock.local(row.until), row.asked) for row in _now(list(unit_ids), 0))


def lent_to(account_id: int) -> tuple[tuple[int, ...], tuple[Watch, ...]]:
    """The ids of units that lend their rows to somebody of support now, and the same in words. One statement."""
    rows = [row for row in _now([], account_id) if row.open]
    return tuple(dict.fromkeys(row.unit_id for row in rows)), tuple(
        Watch(row.unit_name, clock.local(row.until)) for row in rows
    )


def is_guest(account_id: int) -> bool:
    """True for somebody who is technical support today, asked of the database and of no memory. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_holds(%s, %s, NULL)", [account_id, [Role.SUPPORT.value]])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True)
class _Now:
    """A grant that is open, opens soon, or is asked for."""

    unit_id: int
    unit_name: str
    person: str
    asked: bool
    open: bool
    until: datetime


def _now(unit_ids: list[int], account_id: int) -> list[_Now]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, unit_name, person, asked, open, until FROM people_support_now(%s::int[], %s)",
            [unit_ids, account_id],
        )
        return [_Now(*row) for row in cursor.fetchall()]


def _views_of(grant_ids: list[int]) -> Mapping[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, count(*) FROM audit_event WHERE subject = ANY(%s) AND tag = %s GROUP BY subject",
            [[f"support:{grant_id}" for grant_id in grant_ids], VIEW],
        )
        return {int(subject.split(":")[1]): int(count) for subject, count in cursor.fetchall()}
