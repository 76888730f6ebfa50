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

    class Meta:
        indexes = [models.Index(fields=["available_at", "id"], condition=Q(done_at=None), name="outbox_waiting")]


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
