"""Counting a source in the database: one statement, right over any number of web processes and machines."""

from __future__ import annotations

from django.db import connection

from haicap.kernel.limits.rules import Limit

_TAKE = "SELECT limits_take(%s, make_interval(secs => %s), make_interval(secs => %s))"


def take(key: bytes, limit: Limit) -> float:
    """Count one request of the source `key`; gives 0, or how many seconds to wait. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, limit.each, limit.period])
        return float(cursor.fetchone()[0])


def give_back(key: bytes, limit: Limit) -> None:
    """Take one request of the source out again: it was a success where only failures count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT limits_give_back(%s, make_interval(secs => %s))", [key, limit.each])


def sweep() -> int:
    """Drop the rows of sources that are as new; gives how many. Worker only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT limits_sweep()")
        return int(cursor.fetchone()[0])
