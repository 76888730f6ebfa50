"""What ran, when, and with what result."""

from __future__ import annotations

from datetime import date

from haicap.kernel.jobs.models import DaySize, Request, Run


def last_runs() -> dict[str, Run]:
    """Each job's last run. One statement, by the index of the latest."""
    return {run.job: run for run in Run.objects.order_by("job", "-id").distinct("job")}


def runs_of(job: str, limit: int = 20) -> list[Run]:
    """The last runs of a job, the newest first."""
    return list(Run.objects.filter(job=job).order_by("-id")[:limit])


def asked_for() -> frozenset[str]:
    """Jobs that somebody asked for and no worker has taken yet."""
    return frozenset(Request.objects.values_list("job", flat=True))


def failed_last() -> int:
    """How many jobs failed the last time they ran."""
    return sum(run.outcome == "failed" for run in last_runs().values())


def sizes_since(day: date) -> list[DaySize]:
    """What was measured on `day` and after it, the oldest first."""
    return list(DaySize.objects.filter(day__gte=day).order_by("day"))
