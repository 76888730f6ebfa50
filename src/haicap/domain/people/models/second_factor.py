"""The second proof of who signs in: codes by time from a telephone, and codes on paper for when it is lost."""

from __future__ import annotations

from django.db import models

from haicap.domain.people.models.posts import Account


class SecondFactor(models.Model):
    """An account that signs in with a code beside its password.

    The secret itself stands nowhere: it is derived from `seed` with the installation's secret key. `last_step`: the
    latest step of time whose code was used. Row-level security shows the row to its account alone.
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="+")
    seed = models.BinaryField()
    on_since = models.DateTimeField()
    last_step = models.BigIntegerField()
    failures = models.IntegerField(default=0)
    paused_until = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code that opens the account once in place of the telephone's. Only its SHA-256 is kept: it has 80 random bits,
    so that nobody can try them through."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once")]
