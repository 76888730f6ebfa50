"""Messages that wait to leave, and who subscribed to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One message. `key` is its idempotency key: a receiver that has seen it may ignore a second delivery."""

    topic = models.TextField()
    key = models.TextField(unique=True)
    unit_id = models.IntegerField(null=True)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    given_up_at = models.DateTimeField(null=True)  # then also done_at: it left the queue without arriving
    given_up_reason = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbox_given_up_is_done_with_a_reason",
                condition=Q(given_up_at=None, given_up_reason="")
                | (Q(given_up_at__isnull=False, done_at__isnull=False) & ~Q(given_up_reason="")),
            )
        ]
        indexes = [
            models.Index(fields=["available_at", "id"], condition=Q(done_at=None), name="outbox_waiting"),
            models.Index(fields=["id"], condition=Q(given_up_at__isnull=False), name="outbox_given_up"),
        ]


class Subscription(models.Model):
    """A system that wants every message whose topic begins with `topic_prefix`, by a signed POST to `url`."""

    name = models.TextField(unique=True)
    topic_prefix = models.TextField()
    url = models.TextField()
    secret = models.TextField()
    active = models.BooleanField(default=True)


class Delivery(models.Model):
    """A message that one subscriber has acknowledged; it is not sent there again."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "subscription"], name="outbox_delivered_once")]


class Heartbeat(models.Model):
    """When a worker last said that it lives; asked by `/readyz`."""

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()
