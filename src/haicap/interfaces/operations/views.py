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
from haicap.kernel.files.commands import scanner
from haicap.kernel.files.queries import scan_counts
from haicap.kernel.files.scanner import Scanner, ScannerAway
from haicap.kernel.outbox import queries as outbox
from haicap.kernel.outbox import rules

OK = "ok"
ASKED_FOR_S = 1.0  # monitoring does not wait for a scanner


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
    """Prometheus' text form. Four statements at most, none of which sees a guarded row."""
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
    yield from _scanner_lines()
    open_entries = _open_entries()
    if open_entries is not None:
        yield from counts.gauge(
            "haicap_entries_open_estimate", "Open entries as the database's statistics know them.", open_entries
        )


def _scanner_lines() -> Iterator[str]:
    """Files by what a virus scanner said; whether it answers, only where one is set."""
    told = scan_counts()
    yield from counts.gauge("haicap_files_not_scanned", "Stored files that no virus scanner has judged.", told.waiting)
    yield from counts.gauge("haicap_files_infected", "Files that were ever found infected.", told.infected)
    found = scanner()
    if found is None:
        return
    try:
        Scanner(found.address, ASKED_FOR_S).ping()
        up = 1
    except ScannerAway:
        up = 0
    yield from counts.gauge("haicap_scanner_up", "1 where the virus scanner answers.", up)


def _open_entries() -> float | None:
    """From the statistics of the index over open entries: no row is read; None before the first ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass('public.entries_unit_open')")
        row = cursor.fetchone()
    return float(row[0]) if row and row[0] >= 0 else None


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
