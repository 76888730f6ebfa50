"""The trail: append-only events, chained per subject, sealed by one root over all. Written by SQL functions alone."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One thing that happened to one subject; `hash` covers every column and the hash before it."""

    subject = models.TextField()  # "<kind>:<id>", for example "entry:42"
    seq = models.IntegerField()
    at = models.DateTimeField()
    actor_id = models.IntegerField(null=True)
    actor_name = models.TextField()
    tag = models.TextField()  # "<room>:<noun>:<verb>"
    unit_id = models.IntegerField(null=True)
    data = models.JSONField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="audit_event_subject_seq")]


class Head(models.Model):
    """The last link of a subject's chain: without it, a removed last event would leave no gap."""

    subject = models.TextField(primary_key=True)
    seq = models.IntegerField()
    hash = models.BinaryField()


class Seal(models.Model):
    """One root over all events up to `through_id`, chained to the seal before it."""

    day = models.DateField()
    sealed_at = models.DateTimeField()
    after_id = models.BigIntegerField()
    through_id = models.BigIntegerField(unique=True)
    events = models.BigIntegerField()
    root = models.BinaryField()
