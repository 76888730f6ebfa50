"""Counting in the database, with commits that are real: right over many connections, swept by the worker."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connections

from haicap.kernel.limits import commands
from haicap.kernel.limits.rules import Limit


def test_at_once_from_many_connections_no_more_pass_than_may(own_database):
    """As many web processes ask at once: the row's lock orders them."""
    limit, key, passed = Limit(10, 3600, ""), b"x" * 16, []

    def ask() -> None:
        try:
            passed.extend(commands.take(key, limit) == 0 for _ in range(8))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(passed), len(passed)) == (10, 48)
    commands.give_back(key, limit)
    assert [commands.take(key, limit) == 0 for _ in range(2)] == [True, False]


def test_the_worker_sweeps_what_has_rested(as_worker):
    commands.take(b"a" * 16, Limit(10, 600, ""))
    commands.take(b"b" * 16, Limit(10, 600, ""))
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE limits_source SET until = now() - %s WHERE key = %s", [timedelta(seconds=1), b"b" * 16])
    assert commands.sweep() == 1
    assert commands.sweep() == 0
