"""What administrators do with the outbox: try a message again, give one up, keep the list of those who receive.

Row-level security decides which messages; who may is the caller's to insist on. Every act is recorded in the trail.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction

from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.outbox import queries, rules
from haicap.kernel.outbox.errors import (
    AddressNotDeliverable,
    AddressOfThisMachine,
    MessageHasLeft,
    MessageUnknown,
    ReasonNeeded,
    SubscriptionRefused,
    SubscriptionUnknown,
)
from haicap.kernel.outbox.models import Subscription
from haicap.kernel.scope import Actor

LONGEST_NAME, LONGEST_URL = 60, 500


def try_again(*, actor: Actor, message_id: int) -> None:
    """Let a message that waits, failed or was given up be taken at the worker's next round.

    It goes to those who do not have it yet. MessageUnknown; MessageHasLeft where everybody has it.
    """
    _change(
        message_id,
        "UPDATE outbox_message SET available_at = now(), done_at = NULL, given_up_at = NULL, given_up_reason = '' "
        "WHERE id = %s AND (done_at IS NULL OR given_up_at IS NOT NULL)",
        [message_id],
    )
    audit.record("outbox:message:retry", subject=f"outbox:{message_id}", unit_id=actor.unit_id)


def give_up(*, actor: Actor, message_id: int, reason: str) -> None:
    """Take a message out of the queue without its having arrived. ReasonNeeded, MessageUnknown, MessageHasLeft."""
    if not reason:
        raise ReasonNeeded(field="reason")
    _change(
        message_id,
        "UPDATE outbox_message SET done_at = now(), given_up_at = now(), given_up_reason = %s "
        "WHERE id = %s AND done_at IS NULL",
        [reason, message_id],
    )
    audit.record(
        "outbox:message:give_up", subject=f"outbox:{message_id}", unit_id=actor.unit_id, data={"reason": reason}
    )


def add_subscription(*, actor: Actor, name: str, topic_prefix: str, url: str) -> str:
    """Send every message whose topic begins with `topic_prefix` to `url` from now on; gives the secret, this once.

    Raises SubscriptionRefused with each fault. The secret is random; the application cannot read it again.
    """
    problems = [*_name_faults(name), *address_faults(url)]
    if problems:
        raise SubscriptionRefused(problems=problems)
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            Subscription.objects.create(name=name, topic_prefix=topic_prefix, url=url, secret=secret)
    except IntegrityError as taken:
        words = bi("Đã có nơi nhận tên này.", "There is a subscription of that name already.")
        raise SubscriptionRefused(problems=[Problem("name", words)]) from taken
    audit.record("outbox:subscription:add", subject=f"subscription:{name}", unit_id=actor.unit_id,
                 data={"topic_prefix": topic_prefix, "url": url})  # fmt: skip
    return secret


def renew_secret(*, actor: Actor, subscription_id: int) -> str:
    """A new secret in place of the old one, which signs nothing from now on; given this once. SubscriptionUnknown."""
    found, secret = _found(subscription_id), secrets.token_urlsafe(32)
    Subscription.objects.filter(pk=subscription_id).update(secret=secret)
    audit.record("outbox:subscription:secret", subject=f"subscription:{found.name}", unit_id=actor.unit_id)
    return secret


def set_active(*, actor: Actor, subscription_id: int, active: bool) -> None:
    """Stop sending to a subscriber, or begin again. Messages that left meanwhile do not come back. SubscriptionUnknown."""
    found = _found(subscription_id)
    if found.active == active:
        return
    Subscription.objects.filter(pk=subscription_id).update(active=active)
    audit.record(f"outbox:subscription:{'resume' if active else 'stop'}", subject=f"subscription:{found.name}",
                 unit_id=actor.unit_id)  # fmt: skip


def address_faults(url: str) -> list[Problem]:
    """What is wrong with an address to send to."""
    if len(url) > LONGEST_URL or not rules.is_deliverable_to(url):
        return [Problem("url", AddressNotDeliverable.template.format(url=url[:80]))]
    if rules.is_of_this_machine(url):
        return [Problem("url", AddressOfThisMachine.template.format(url=url[:80]))]
    return []


def _name_faults(name: str) -> list[Problem]:
    if 0 < len(name) <= LONGEST_NAME:
        return []
    words = bi("Ghi tên nơi nhận, tối đa 60 chữ.", "Name the receiver in 60 letters at most.")
    return [Problem("name", words)]


def _found(subscription_id: int) -> queries.Subscribed:
    found = queries.subscription(subscription_id)
    if found is None:
        raise SubscriptionUnknown
    return found


def _change(message_id: int, statement: str, parameters: Sequence[str | int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        changed = bool(cursor.rowcount)
    if not changed:
        raise MessageHasLeft if queries.message(message_id) else MessageUnknown
