"""Files of addresses that somebody sent to be converted. The addresses themselves are never in the database."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Self

from django.db import models
from django.db.models import Q

from haicap.kernel.db import home
from haicap.kernel.language import active, bi


class ConversionState(models.TextChoices):
    """Where a file stands."""

    WAITING = "waiting", bi("Đang chờ", "Waiting")
    RUNNING = "running", bi("Đang xử lý", "Under way")
    DONE = "done", bi("Đã xong", "Done")
    FAILED = "failed", bi("Không làm được", "Failed")


FOLDER = "conversions"
UNFINISHED = (ConversionState.WAITING, ConversionState.RUNNING)


class ConversionQuerySet(models.QuerySet["Conversion"]):
    """Conversions asked for in the worker's sentences."""

    def unfinished(self) -> Self:
        """Those that wait or are under way."""
        return self.filter(state__in=UNFINISHED)

    def alive(self, now: datetime) -> Self:
        """Those whose day has not passed."""
        return self.filter(expires_at__gt=now)


class Conversion(models.Model):
    """One file in the queue. Whoever knows the key may see it; the table holds the key's digest alone.

    `client` is the digest of a secret that the sender's browser holds. `failure` is a sentence in both languages.
    """

    id = models.BigAutoField(primary_key=True)
    key_digest = models.CharField(max_length=64, unique=True)
    client = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    column = models.TextField(default="")
    size = models.BigIntegerField()
    state = models.TextField(choices=ConversionState.choices, default=ConversionState.WAITING)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    bytes_read = models.BigIntegerField(default=0)
    rows = models.IntegerField(default=0)
    exact = models.IntegerField(default=0)
    ambiguous = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)
    failure = models.JSONField(default=dict)

    objects = ConversionQuerySet.as_manager()

    class Meta:
        verbose_name = bi("tệp chuyển đổi địa chỉ", "file of addresses")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="units_conversion_queue"),
            models.Index(fields=["expires_at"], name="units_conversion_expiry"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(state__in=["waiting", "running"]), name="units_conversion_one_a_client"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]), name="units_conversion_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(taken_until__isnull=False), name="units_conversion_taken_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.rows}"

    @property
    def is_finished(self) -> bool:
        """True once nothing more happens to it."""
        return self.state not in UNFINISHED

    @property
    def is_done(self) -> bool:
        """True where the result lies there."""
        return self.state == ConversionState.DONE

    @property
    def unresolved(self) -> int:
        """Rows without one answer: those of the report."""
        return self.ambiguous + self.unknown

    @property
    def percent(self) -> int:
        """How much of the file has been read, 0 to 100."""
        return 100 if self.is_done else min(99, self.bytes_read * 100 // max(self.size, 1))

    @property
    def reason(self) -> str:
        """Why it failed, in the reader's language; empty where it did not."""
        return str(self.failure.get(active(), ""))

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return root() / self.key_digest

    @property
    def source(self) -> Path:
        """The file as it was sent; gone once it is finished."""
        return self.folder / "in.csv"

    @property
    def result(self) -> Path:
        """The converted file, once it is done."""
        return self.folder / "out.csv"

    @property
    def report(self) -> Path:
        """The rows without one answer, once it is done."""
        return self.folder / "report.csv"


def root() -> Path:
    """The directory of all files of addresses of this installation; readable by the service alone."""
    return home.private_directory(home.private_directory(home.home()) / FOLDER)


def digest_of(secret: str) -> str:
    """What the table holds instead of a key or a client's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
