"""Putting messages into the outbox; taking them out and writing down what became of them (the worker's role alone)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from haicap.kernel.outbox import rules
from haicap.kernel.outbox.errors import AddressNotDeliverable
from haicap.kernel.outbox.models import Subscription

# What has its key already stays as it is: putting the same again does nothing.
_PUT = """
INSERT INTO outbox_message (topic, key, unit_id, payload, created_at, available_at, attempts, error)
SELECT m.topic, m.key, m.unit_id, m.payload, now(), now(), 0, ''
FROM jsonb_to_recordset(%s::jsonb) AS m(topic text, key text, unit_id int, payload jsonb)
ON CONFLICT (key) DO NOTHING
"""
_NOBODY_WANTS = """
UPDATE outbox_message SET done_at = now() WHERE id IN (
  SELECT m.id FROM outbox_message m
  WHERE m.done_at IS NULL AND m.available_at <= now()
    AND NOT EXISTS (SELECT FROM outbox_subscription s WHERE s.active AND starts_with(m.topic, s.topic_prefix))
  ORDER BY m.available_at, m.id LIMIT %s FOR UPDATE OF m SKIP LOCKED)
"""
# The lease is the moment at which the message becomes available again: a worker that dies simply lets it run out.
_TAKE = """
UPDATE outbox_message SET available_at = now() + make_interval(secs => %s), attempts = least(attempts + 1, %s) WHERE id IN (
  SELECT id FROM outbox_message WHERE done_at IS NULL AND available_at <= now()
  ORDER BY available_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, topic, key, unit_id, payload, created_at, attempts
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in this worker's hands until the lease ends."""

    id: int
    topic: str
    key: str
    unit_id: int | None
    payload: dict[str, Any]
    created_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message to put into the outbox; `key` is its idempotency key."""

    topic: str
    key: str
    unit_id: int | None
    payload: dict[str, Any]


def put(messages: Sequence[Leaving]) -> int:
    """Write messages in the present transaction; gives how many were new. One whose key is there already is left out."""
    if not messages:
        return 0
    rows = [{"topic": one.topic, "key": one.key, "unit_id": one.unit_id, "payload": one.payload} for one in messages]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [json.dumps(rows, ensure_ascii=False)])
        return int(cursor.rowcount)


def finish_unwanted(limit: int = 1000) -> int:
    """Close messages that no active subscription wants; gives how many. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NOBODY_WANTS, [limit])
        return int(cursor.rowcount)


def take(limit: int = 10) -> list[Taken]:
    """Take up to `limit` due messages for the length of a lease; another worker takes others. One statement.

    The attempt is counted now: a message that kills its worker waits longer each time as well.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [rules.LEASE.total_seconds(), rules.MOST_ATTEMPTS, limit])
        taken = [Taken(*row) for row in _with_json(cursor)]
    return sorted(taken, key=lambda message: message.id)


def acknowledge(message_id: int, subscription_id: int) -> None:
    """Write down that one subscriber has the message; it is not sent there again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_delivery (message_id, subscription_id, at) VALUES (%s, %s, now()) ON CONFLICT DO NOTHING",
            [message_id, subscription_id],
        )


def finish(message_id: int) -> None:
    """Every subscriber has the message: it leaves the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_message SET done_at = now(), error = '', given_up_at = NULL, given_up_reason = '' WHERE id = %s",
            [message_id],
        )


def postpone(message: Taken, error: str) -> None:
    """Somebody did not take the message: try again after `rules.wait_after`, and say why it waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_message SET available_at = now() + make_interval(secs => %s), error = %s "
            "WHERE id = %s AND done_at IS NULL",
            [rules.wait_after(message.attempts).total_seconds(), error[:500], message.id],
        )


def forget_done(days: int) -> int:
    """Remove messages that left more than `days` ago; gives how many. What happened stands in the trail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH old AS (SELECT id FROM outbox_message WHERE done_at < now() - make_interval(days => %s)), "
            "gone AS (DELETE FROM outbox_delivery WHERE message_id IN (SELECT id FROM old)) "
            "DELETE FROM outbox_message WHERE id IN (SELECT id FROM old)",
            [days],
        )
        return int(cursor.rowcount)


def beat(name: str) -> None:
    """Say that the worker `name` lives; old names that fell silent a day ago are dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH silent AS (DELETE FROM outbox_heartbeat WHERE at < now() - interval '1 day' AND name <> %s) "
            "INSERT INTO outbox_heartbeat (name, at) VALUES (%s, now()) ON CONFLICT (name) DO UPDATE SET at = now()",
            [name, name],
        )


def subscribe(*, name: str, topic_prefix: str, url: str, secret: str = "", alias: str = "owner") -> Subscription:
    """Send every message whose topic begins with `topic_prefix` to `url` from now on; renews one of the same name.

    Without `secret` one is made at random. Raises AddressNotDeliverable. For an administrator's shell: neither the
    application's role nor the worker's may write subscriptions.
    """
    if not rules.is_deliverable_to(url):
        raise AddressNotDeliverable(url=url, field="url")
    subscription, _ = Subscription.objects.using(alias).update_or_create(
        name=name,
        defaults={
            "topic_prefix": topic_prefix,
            "url": url,
            "active": True,
            "secret": secret or secrets.token_urlsafe(32),
        },
    )
    return subscription


def _with_json(cursor: Any) -> Iterator[list[Any]]:
    """Rows of `_TAKE` with the payload as Python objects: Django leaves jsonb as text in a raw cursor."""
    for row in cursor.fetchall():
        yield [*row[:4], json.loads(row[4]) if isinstance(row[4], str) else row[4], *row[5:]]
