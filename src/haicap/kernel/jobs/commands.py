"""Writing runs down (the worker's role alone), and asking for one (an administrator)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.db import DatabaseError, connection

from haicap.kernel.jobs.models import DaySize

KEPT_DAYS = 30
SIZES_KEPT_DAYS = 400
LONGEST_WORDS = 300


def run(job: str, work: Callable[[], Mapping[str, int]], *, worker: str) -> bool:
    """Do `work` and write down when it ran and its figures; False where it failed.

    A fault of the job is written down and logged, and the worker goes on with its others. Raises DatabaseError where the
    database does not answer: then nothing can be written down either.
    """
    number = _begin(job, worker)
    try:
        figures = work()
    except DatabaseError as error:
        _end_if_possible(number, f"{type(error).__name__}: {error}")
        raise
    except Exception as error:
        logging.getLogger("haicap.worker").exception("the job %s failed", job)
        _end(number, "failed", f"{type(error).__name__}: {error}")
        return False
    _end(number, "done", figures=figures)
    return True


def ask(job: str) -> bool:
    """Ask the worker for a run now; False where one is asked for already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_request (job, asked_at) VALUES (%s, now()) ON CONFLICT (job) DO NOTHING", [job]
        )
        return bool(cursor.rowcount)


def take_asked() -> list[str]:
    """The jobs that were asked for, taken by this worker alone. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs_request RETURNING job")
        return sorted(row[0] for row in cursor.fetchall())


def forget_old(days: int = KEPT_DAYS) -> int:
    """Remove runs that began more than `days` ago, but each job's last one; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM jobs_run r WHERE r.started_at < now() - make_interval(days => %s) "
            "AND EXISTS (SELECT FROM jobs_run later WHERE later.job = r.job AND later.id > r.id)",
            [days],
        )
        return int(cursor.rowcount)


def note_size(day: date, *, database: int, files: int, waiting: int) -> None:
    """Write down how large the installation is on `day`, the last measure of a day alone, and drop what is older than
    SIZES_KEPT_DAYS. Worker only."""
    DaySize.objects.update_or_create(day=day, defaults={"database": database, "files": files, "waiting": waiting})
    DaySize.objects.filter(day__lt=day - timedelta(days=SIZES_KEPT_DAYS)).delete()


def _begin(job: str, worker: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_run (job, worker, started_at, outcome, figures, said) "
            "VALUES (%s, %s, clock_timestamp(), '', '{}', '') "
            "RETURNING id",
            [job, worker],
        )
        return int(cursor.fetchone()[0])


def _end(number: int, outcome: str, said: str = "", figures: Mapping[str, int] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_run SET ended_at = clock_timestamp(), outcome = %s, said = %s, figures = %s::jsonb WHERE id = %s",
            [outcome, " ".join(said.split())[:LONGEST_WORDS], json.dumps(dict(figures or {})), number],
        )


def _end_if_possible(number: int, said: str) -> None:
    try:
        _end(number, "failed", said)
    except DatabaseError:
        logging.getLogger("haicap.worker").warning("run %s could not be written down as failed", number)
