"""Runs of jobs, runs that somebody asked for, what a job measured each day: names and figures of the program, no unit's rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Run(models.Model):
    """One run: `ended_at` empty while it goes on; `outcome` done or failed, `figures` what it did, `said` why it failed."""

    job = models.TextField()
    worker = models.TextField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    figures = models.JSONField(default=dict)
    said = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="jobs_run_ended_with_an_outcome",
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False, outcome__in=["done", "failed"]),
            )
        ]
        indexes = [models.Index(fields=["job", "-id"], name="jobs_run_latest")]


class Request(models.Model):
    """A run that somebody asked for; the worker takes it within seconds."""

    job = models.TextField(primary_key=True)
    asked_at = models.DateTimeField()


class DaySize(models.Model):
    """How large the installation was on a day of Vietnam: bytes of the database and of stored files, messages that waited."""

    day = models.DateField(primary_key=True)
    database = models.BigIntegerField()
    files = models.BigIntegerField()
    waiting = models.IntegerField()
