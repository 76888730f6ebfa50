"""The second proof of who signs in: codes by time from a telephone, passkeys, and codes on paper for when both are lost."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from haicap.domain.people.models.posts import Account
from haicap.domain.people.rules import Verdict
from haicap.domain.units.models import Unit


class SecondFactor(models.Model):
    """An account that signs in with a second step beside its password.

    `seed` is None where it has passkeys and no telephone. The secret itself stands nowhere: it is derived from the seed
    with the installation's secret key. `last_step`: the latest step of time whose code was used. `failures` counts wrong
    codes, the telephone's and recovery codes alike. Row-level security shows the row to its account alone.
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="+")
    seed = models.BinaryField(null=True)
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


class Passkey(models.Model):
    """A key pair of which a device of the account keeps the private half (WebAuthn).

    `credential`: its number, model and public key as the device attested them; `sign_count`: how often it had signed when
    it last did, 0 for keys that do not count. The device proves possession, nobody's fingerprint ever comes here.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    sign_count = models.BigIntegerField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class SpentChallenge(models.Model):
    """A challenge that a passkey of the account has answered: it counts once. Kept as SHA-256, as long as it would live."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField()
    spent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="challenge_spent_once")]


class FactorReset(models.Model):
    """A lost second factor that one administrator asks to be taken off, and another confirms or refuses.

    Row-level security shows it to the unit (and its province) and to the account itself.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField()
    expires_at = models.DateTimeField()
    verdict = models.TextField(choices=Verdict.choices, default=Verdict.WAITING)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    done = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(asked_by=F("account")) & (~Q(verdict="confirmed") | ~Q(decided_by=F("account"))),
                name="reset_is_anothers",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="confirmed") | ~Q(decided_by=F("asked_by")), name="reset_by_two"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_at=None, decided_by=None)
                | (~Q(verdict="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="reset_decided_whole",
            ),
            models.UniqueConstraint(fields=["account"], condition=Q(verdict=""), name="reset_one_open"),
        ]
