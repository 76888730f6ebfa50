"""Passes: a signed-in session or an API token, alive until it expires or is revoked."""

from __future__ import annotations

from django.db import models


class Pass(models.Model):
    """What a cookie or a bearer token refers to; looked up by the first statement of every transaction."""

    class Kind(models.TextChoices):
        SESSION = "session"
        TOKEN = "token"  # noqa: S105 - a kind, not a secret
        GUEST = "guest"  # a session of somebody who reads what is lent, see Actor.guest

    actor_id = models.IntegerField()
    kind = models.TextField(choices=Kind.choices)
    scopes = models.TextField(default="*")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["actor_id"], name="scope_pass_actor")]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("created_at")), name="pass_has_a_life"),
        ]
