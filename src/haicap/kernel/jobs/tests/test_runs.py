"""Runs are written down whatever becomes of them; a fault of one job does not stop the others."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from haicap.kernel.jobs import commands, queries

pytestmark = pytest.mark.usefixtures("as_worker")


def fails() -> dict[str, int]:
    raise RuntimeError("đĩa đầy\nở /var")


def loses_the_database() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM khong_co")
    return {}


def test_a_run_its_fault_and_its_request() -> None:
    assert commands.run("tidy", lambda: {"files": 3}, worker="máy:1")
    assert not commands.run("seal", fails, worker="máy:1")
    with pytest.raises(DatabaseError):
        commands.run("resolutions", loses_the_database, worker="máy:1")
    last = queries.last_runs()
    assert {name: (run.outcome, run.said or run.figures) for name, run in last.items() if name != "resolutions"} == {
        "tidy": ("done", {"files": 3}),
        "seal": ("failed", "RuntimeError: đĩa đầy ở /var"),
    }
    assert last["resolutions"].outcome == "failed"
    assert queries.failed_last() == 2
    assert commands.run("seal", dict, worker="máy:2")
    assert [run.outcome for run in queries.runs_of("seal")] == ["done", "failed"]
    assert queries.failed_last() == 1
    assert commands.ask("tidy") and not commands.ask("tidy")
    assert commands.take_asked() == ["tidy"]
    assert commands.take_asked() == []
    assert commands.forget_old(days=0) == 1  # each job keeps its last run
    assert set(queries.last_runs()) == {"tidy", "seal", "resolutions"}
