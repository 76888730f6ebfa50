"""What the rooms left in the outbox is brought to whoever subscribed to it, at least once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

from haicap.kernel import clock
from haicap.kernel.outbox import commands, queries, rules
from haicap.kernel.outbox.commands import Taken
from haicap.kernel.outbox.models import Subscription
from haicap.kernel.outbox.ports import Carrier, DeliveryFailed

BATCH = 10


def deliver_due(carry: Carrier, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Deliver what is due until nothing is, or until `go_on` says no; gives how many messages left.

    A message that nobody subscribed to leaves at once. One that a subscriber did not acknowledge stays and is tried
    again later, for that subscriber alone. A worker that dies between a subscriber's answer and its own note delivers
    the message again when its lease has run out: receivers tell it by the Idempotency-Key.
    """
    left = 0
    while go_on() and (gone := commands.finish_unwanted()):
        left += gone
    while go_on():
        subscriptions = queries.active_subscriptions()
        taken = commands.take(BATCH) if subscriptions else []
        if not taken:
            return left
        # Half a lease is kept in hand, so that no other worker takes a message which this one still carries.
        ends = time.monotonic() + rules.LEASE.total_seconds() / 2
        for message in taken:
            if not go_on() or time.monotonic() > ends:
                return left  # what was not begun comes again after its lease
            left += _deliver(message, subscriptions, carry)
    return left


def _deliver(message: Taken, subscriptions: list[Subscription], carry: Carrier) -> bool:
    """Bring one message to each subscriber that does not have it yet; True where all have it now."""
    body = _body(message)
    have_it = queries.acknowledged_by(message.id)
    failures = []
    for subscription in subscriptions:
        if subscription.pk in have_it or not rules.wants(subscription.topic_prefix, message.topic):
            continue
        failure = _bring(body, _headers(message, body, subscription.secret), subscription, carry)
        if failure:
            failures.append(f"{subscription.name}: {failure}")
        else:
            commands.acknowledge(message.id, subscription.pk)
    if failures:
        commands.postpone(message, "; ".join(failures))
        return False
    commands.finish(message.id)
    return True


def _bring(body: bytes, headers: Mapping[str, str], subscription: Subscription, carry: Carrier) -> str:
    """Empty where the subscriber took the message over, else why not."""
    try:
        status = carry(subscription.url, body, headers)
    except DeliveryFailed as failure:
        return str(failure)
    return "" if rules.is_acknowledged(status) else f"answered {status}"


def _body(message: Taken) -> bytes:
    """The JSON that leaves: the same bytes at each attempt, so that the signature stays the same too."""
    content = {
        "topic": message.topic, "key": message.key, "at": clock.local(message.created_at).isoformat(),
        "payload": message.payload,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def _headers(message: Taken, body: bytes, secret: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "HaiCap",
        "Idempotency-Key": message.key,
        "X-HaiCap-Topic": message.topic,
        "X-HaiCap-Signature": rules.signature(body, secret),
    }
