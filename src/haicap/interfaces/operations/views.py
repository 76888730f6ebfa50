"""`/healthz`, `/readyz`, `/metrics`: for load balancers and monitoring; they tell numbers, never names or rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from haicap import __version__
from haicap.interfaces.operations import metrics as counts
from haicap.kernel.access import public
from haicap.kernel.db import health
from haicap.kernel.outbox import queries as outbox
from haicap.kernel.outbox import rules

OK = "ok"


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database never gets a sound process killed."""
    return _uncached(HttpResponse("ok\n", content_type="text/plain; charset=utf-8"))


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations and worker; 503 with what is missing. Three statements."""
    parts = _parts()
    ready = all(part == OK for part in parts.values())
    return _uncached(JsonResponse({"ready": ready, **parts}, status=200 if ready else 503))


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text form. Three statements at most, none of which sees a guarded row."""
    lines = [
        *counts.heading("haicap_info", "gauge", "The version that runs."),
        f'haicap_info{{version="{__version__}"}} 1',
    ]
    lines += counts.request_lines()
    try:
        lines += _database_lines()
        up = 1
    except DatabaseError:
        connection.close()
        up = 0
    lines += counts.gauge("haicap_database_up", "1 where the database answers.", up)
    return _uncached(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8"))


def _parts() -> dict[str, str]:
    try:
        missing = health.missing_migrations()
        if missing:
            return {"database": OK, "migrations": f"{len(missing)} missing: run ./haicap migrate", "worker": "unknown"}
        return {"database": OK, "migrations": OK, "worker": _worker()}
    except DatabaseError:
        connection.close()  # the next question opens a fresh one
        return {"database": "does not answer", "migrations": "unknown", "worker": "unknown"}


def _worker() -> str:
    silence = outbox.worker_silence()
    if silence is None:
        return "never started: run ./haicap worker"
    if silence > rules.SILENCE:
        return f"silent for {int(silence.total_seconds())} s: run ./haicap worker"
    return OK


def _database_lines() -> Iterator[str]:
    queue = outbox.queue()
    yield from counts.gauge(
        "haicap_outbox_waiting", f"Messages that wait to leave (counted up to {outbox.COUNTED_AT_MOST}).", queue.waiting
    )
    yield from counts.gauge("haicap_outbox_failing", "Of these, messages that were tried before.", queue.failing)
    yield from counts.gauge(
        "haicap_outbox_late_seconds", "How late the most delayed message is.", queue.late.total_seconds()
    )
    silence = outbox.worker_silence()
    if silence is not None:
        yield from counts.gauge(
            "haicap_worker_silence_seconds", "Since a worker last said that it lives.", silence.total_seconds()
        )
    open_entries = _open_entries()
    if open_entries is not None:
        yield from counts.gauge(
            "haicap_entries_open_estimate", "Open entries as the database's statistics know them.", open_entries
        )


def _open_entries() -> float | None:
    """From the statistics of the index over open entries: no row is read; None before the first ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass('public.entries_unit_open')")
        row = cursor.fetchone()
    return float(row[0]) if row and row[0] >= 0 else None


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
