"""What waits to leave, who wants it, and whether a worker lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Q

from haicap.kernel.language import bi
from haicap.kernel.outbox.models import Delivery, Heartbeat, Message, Subscription


@dataclass(frozen=True, slots=True)
class Queue:
    """How the outbox stands. Counting stops at `COUNTED_AT_MOST`, so that a look stays cheap however much waits."""

    waiting: int
    failing: int
    late: timedelta


COUNTED_AT_MOST = 10_000
_COLUMNS = ("id", "topic", "key", "unit_id", "created_at", "available_at", "attempts", "done_at", "error", "given_up_at",
            "given_up_reason")  # fmt: skip
_SHOWN = ("id", "name", "topic_prefix", "url", "active")


def queue() -> Queue:
    """How much waits, how much of it has failed before, and by how much the most delayed message is late.

    Asks a function of the owner, so that the application may look without seeing a single message. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT waiting, failing, late FROM outbox_queue(%s)", [COUNTED_AT_MOST])
        waiting, failing, late = cursor.fetchone()
    return Queue(int(waiting), int(failing), late)


class State(StrEnum):
    """How a message stands."""

    WAITING = "waiting"
    FAILING = "failing"
    GIVEN_UP = "given_up"
    DELIVERED = "delivered"


STATE_LABELS: dict[State, Any] = {
    State.WAITING: bi("Chờ gửi", "Waiting"),
    State.FAILING: bi("Gửi lỗi, sẽ thử lại", "Failed, tried again"),
    State.GIVEN_UP: bi("Đã thôi gửi", "Given up"),
    State.DELIVERED: bi("Đã rời hàng đợi", "Left the queue"),
}
_IN_STATE = {
    State.WAITING: Q(done_at=None, error=""),
    State.FAILING: Q(done_at=None) & ~Q(error=""),
    State.GIVEN_UP: Q(given_up_at__isnull=False),
    State.DELIVERED: Q(done_at__isnull=False, given_up_at=None),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as an administrator sees it: never what it says."""

    id: int
    topic: str
    key: str
    unit_id: int | None
    created_at: datetime
    available_at: datetime
    attempts: int
    done_at: datetime | None
    error: str
    given_up_at: datetime | None
    given_up_reason: str

    @property
    def state(self) -> State:
        """How it stands."""
        if self.given_up_at:
            return State.GIVEN_UP
        if self.done_at:
            return State.DELIVERED
        return State.FAILING if self.error else State.WAITING

    @property
    def label(self) -> Any:
        """The same in words."""
        return STATE_LABELS[self.state]


def messages(state: State | None, words: str = "", *, before: int = 0, limit: int = 50) -> tuple[list[Seen], int]:
    """Messages of the units that the caller sees, the newest first, and the cursor of the next page (0 at the end).

    `words`: a part of the topic or the key. One statement, by the key of the table or the index of what waits.
    """
    rows = Message.objects.filter(_IN_STATE[state]) if state else Message.objects.all()
    if words:
        rows = rows.filter(Q(topic__icontains=words) | Q(key__icontains=words))
    if before:
        rows = rows.filter(id__lt=before)
    found = [Seen(*row) for row in rows.order_by("-id").values_list(*_COLUMNS)[: limit + 1]]
    return found[:limit], found[limit - 1].id if len(found) > limit else 0


def message(message_id: int) -> Seen | None:
    """One message, where the caller sees its unit."""
    row = Message.objects.filter(pk=message_id).values_list(*_COLUMNS).first()
    return Seen(*row) if row else None


def deliveries(message_id: int) -> list[tuple[str, datetime]]:
    """Who has the message and since when."""
    rows = Delivery.objects.filter(message_id=message_id).order_by("at")
    return list(rows.values_list("subscription__name", "at"))


def count_by_state() -> dict[State, int]:
    """How many wait, fail and were given up in the caller's units, each counted up to COUNTED_AT_MOST. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM (SELECT FROM outbox_message WHERE done_at IS NULL AND error = '' LIMIT %s) w), "
            "(SELECT count(*) FROM (SELECT FROM outbox_message WHERE done_at IS NULL AND error <> '' LIMIT %s) f), "
            "(SELECT count(*) FROM (SELECT FROM outbox_message WHERE given_up_at IS NOT NULL LIMIT %s) g)",
            [COUNTED_AT_MOST] * 3,
        )
        waiting, failing, given_up = cursor.fetchone()
    return {State.WAITING: waiting, State.FAILING: failing, State.GIVEN_UP: given_up}


def workers() -> list[tuple[str, datetime]]:
    """Every worker that was heard within a day, and when; the latest first."""
    return list(Heartbeat.objects.order_by("-at").values_list("name", "at"))


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription without its secret, which the application cannot read."""

    id: int
    name: str
    topic_prefix: str
    url: str
    active: bool


def subscriptions() -> list[Subscribed]:
    """Every subscription by name."""
    return [Subscribed(*row) for row in Subscription.objects.order_by("name").values_list(*_SHOWN)]


def subscription(subscription_id: int) -> Subscribed | None:
    """One subscription."""
    row = Subscription.objects.filter(pk=subscription_id).values_list(*_SHOWN).first()
    return Subscribed(*row) if row else None


def worker_silence() -> timedelta | None:
    """How long ago a worker last said that it lives, by the database's clock; None where none ever did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - max(at) FROM outbox_heartbeat")
        silence: timedelta | None = cursor.fetchone()[0]
    return silence


def active_subscriptions() -> list[Subscription]:
    """Every subscription that is switched on, the oldest first."""
    return list(Subscription.objects.filter(active=True).order_by("id"))


def acknowledged_by(message_id: int) -> frozenset[int]:
    """The subscriptions that have taken this message over already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subscription_id FROM outbox_delivery WHERE message_id = %s", [message_id])
        return frozenset(row[0] for row in cursor.fetchall())
