"""What waits to leave, who wants it, and whether a worker lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from haicap.kernel.outbox.models import Subscription


@dataclass(frozen=True, slots=True)
class Queue:
    """How the outbox stands. Counting stops at `COUNTED_AT_MOST`, so that a look stays cheap however much waits."""

    waiting: int
    failing: int
    late: timedelta


COUNTED_AT_MOST = 10_000


def queue() -> Queue:
    """How much waits, how much of it has failed before, and by how much the most delayed message is late.

    Asks a function of the owner, so that the application may look without seeing a single message. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT waiting, failing, late FROM outbox_queue(%s)", [COUNTED_AT_MOST])
        waiting, failing, late = cursor.fetchone()
    return Queue(int(waiting), int(failing), late)


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
