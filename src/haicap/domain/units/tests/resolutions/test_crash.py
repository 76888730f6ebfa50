"""Killed in the middle of applying, at any moment: the units are as before or as after, never between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

from django.db import connections

from haicap.domain.units.commands.resolutions import apply, open_file, packaged, undo
from haicap.domain.units.models import Resolution
from haicap.domain.units.tests.resolutions.snapshots import snapshot

LANG_SON = packaged.FOLDER / "2025" / "20-lang-son.yaml"
KILLS = 8
PROGRAM = """
import sys, django
django.setup()
from pathlib import Path
from django.db import connections
from haicap.domain.units.commands.resolutions import apply, open_file
for alias in ("default", "owner"):
    connections.settings[alias]["NAME"] = connections[alias].settings_dict["NAME"] = sys.argv[1]
file = open_file(Path(sys.argv[2]))
connections["owner"].ensure_connection()
print("ready", flush=True)
apply(file, by="crash")
print("done", flush=True)
"""


def killed_after(database: str, delay: float) -> bool:
    """Apply in a process of its own and kill it `delay` seconds after it began; gives whether it had finished."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database, str(LANG_SON)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    return "done" in rest


def settled(database: str) -> bool:
    """Wait until the server has noticed that the client is gone, then tell whether the resolution is in force."""
    with connections["owner"].cursor() as cursor:
        for _ in range(200):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state <> 'idle' AND pid <> pg_backend_pid()",
                [database],
            )
            if not cursor.fetchone()[0]:
                break
            time.sleep(0.05)
    return Resolution.objects.using("owner").in_force().filter(number="1672/NQ-UBTVQH15").exists()


def test_killed_at_any_moment_leaves_before_or_after(own_database: str) -> None:
    undo("1672/NQ-UBTVQH15", by="test")
    before = snapshot()
    started = time.perf_counter()
    apply(open_file(LANG_SON), by="test")
    usual = time.perf_counter() - started
    undo("1672/NQ-UBTVQH15", by="test")
    assert snapshot() == before
    rows = snapshot(sequences=False)
    moments = random.Random(1672)
    cut_off = 0
    for _ in range(KILLS):
        done = killed_after(own_database, moments.uniform(0, usual * 0.8))
        applied = settled(own_database)
        assert applied or not done
        if applied:
            undo("1672/NQ-UBTVQH15", by="test")
        else:
            cut_off += 1
        assert snapshot(sequences=False) == rows
    assert cut_off  # at least one was really in the middle
    assert not apply(open_file(LANG_SON), by="test").already
    undo("1672/NQ-UBTVQH15", by="test")
    assert snapshot() == before  # the sequences too, once a change went through
