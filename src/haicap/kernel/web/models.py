"""Answers given to requests that carried an idempotency key: the same request again gets the same answer."""

from __future__ import annotations

from django.db import models


class Reply(models.Model):
    """What was answered to `actor_id` for `key`; `digest` tells the same request from another one."""

    pk = models.CompositePrimaryKey("actor_id", "key")
    actor_id = models.IntegerField()
    key = models.CharField(max_length=200)
    digest = models.BinaryField()
    status = models.SmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()
