"""Counting answers: right under many threads, summed over processes, and what machines ask is told as it is."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from haicap.interfaces.operations import metrics, views
from haicap.kernel.outbox import commands


@pytest.fixture(autouse=True)
def counts_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role_passwords: dict[str, str]) -> Path:
    """A home whose counters begin at nought."""
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path))
    return tmp_path


def request(path: str = "/thu-tuc/") -> HttpRequest:
    return RequestFactory().get(path)


def answering(status: int) -> metrics.Handler:
    return metrics.counted(lambda _: HttpResponse(status=status))


def line(name: str, text: str) -> str:
    return next(found for found in text.splitlines() if found.startswith(name))


def test_answers_are_counted_by_class_and_time() -> None:
    for status in (200, 201, 302, 404, 500, 503, 503):
        answering(status)(request())
    text = "\n".join(metrics.request_lines())
    for expected in ('{status="2xx"} 2', '{status="3xx"} 1', '{status="4xx"} 1', '{status="5xx"} 3'):
        assert f"haicap_requests_total{expected}" in text
    assert 'haicap_request_seconds_bucket{le="+Inf"} 7' in text and "haicap_request_seconds_count 7" in text


@pytest.mark.parametrize("path", sorted(metrics.UNCOUNTED))
def test_what_machines_ask_is_not_counted(path: str) -> None:
    answering(200)(request(path))
    assert sum(metrics.totals()) == 0


def test_no_answer_is_lost_among_threads() -> None:
    handler = answering(200)
    threads = [threading.Thread(target=lambda: [handler(request()) for _ in range(250)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert metrics.totals()[1] == 1000


def test_processes_are_summed_and_a_dead_ones_counts_stay(counts_home: Path) -> None:
    answering(200)(request())
    other = (
        "from haicap.interfaces.operations import metrics as m; from pathlib import Path;"
        f"c = m.Counts(Path({str(counts_home / 'run' / 'requests' / 'other')!r})); c.add(200, 0.3); c.add(599, 9.0)"
    )
    subprocess.run([sys.executable, "-c", other], check=True)
    assert metrics.totals()[1] == 2 and metrics.totals()[4] == 1
    metrics.clear()
    assert sum(metrics.totals()) == 0


def test_health_touches_no_database() -> None:
    answer = views.healthz(request("/healthz"))  # a test without a database: asking it would fail
    assert answer.status_code == 200 and answer.content == b"ok\n"
    assert views.healthz(RequestFactory().post("/healthz")).status_code == 405


def test_readiness_names_what_is_missing(own_database: str) -> None:
    answer = views.readyz(request("/readyz"))
    assert answer.status_code == 503 and b'"worker": "never started' in answer.content
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO outbox_heartbeat VALUES ('w', now())")
        assert views.readyz(request("/readyz")).status_code == 200
        cursor.execute("UPDATE outbox_heartbeat SET at = now() - interval '61 s'")
        assert b"silent for 61 s" in views.readyz(request("/readyz")).content
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox' AND name = '0003_heartbeat'")
        assert b'"migrations": "1 missing' in views.readyz(request("/readyz")).content


def test_a_database_that_is_gone_is_told_and_comes_back(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["default"]
    connection.close()
    host = connection.settings_dict["HOST"]
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    answer = views.readyz(request("/readyz"))
    assert answer.status_code == 503 and b'"database": "does not answer"' in answer.content
    assert line("haicap_database_up", views.metrics(request("/metrics")).content.decode()).endswith(" 0")
    monkeypatch.setitem(connection.settings_dict, "HOST", host)
    assert line("haicap_database_up", views.metrics(request("/metrics")).content.decode()).endswith(" 1")


def test_metrics_cost_four_statements_and_tell_the_queue(own_database: str, queries, as_worker: str) -> None:  # type: ignore[no-untyped-def]
    commands.beat("w")
    answers: list[HttpResponse] = []
    assert queries(lambda: answers.append(views.metrics(request("/metrics")))) <= 4
    text = answers[0].content.decode()
    assert line("haicap_outbox_waiting", text) and line("haicap_worker_silence_seconds", text)
    for found in text.splitlines():
        assert found.startswith("# ") or (len(found.rsplit(" ", 1)) == 2 and float(found.rsplit(" ", 1)[1]) >= 0)
