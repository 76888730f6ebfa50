"""Counting a source in the database: one statement, right over any number of web processes and machines."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from haicap.kernel.limits.rules import Limit


def take(key: bytes, limit: Limit) -> float:
    """Count one request of the source `key`; gives 0, or how many seconds to wait. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT limits_take(%s, %s, %s)", [key, *_lengths(limit)])
        return float(cursor.fetchone()[0])


def give_back(key: bytes, limit: Limit) -> None:
    """Take one request of the source out again: it was a success where only failures count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT limits_give_back(%s, %s)", [key, _lengths(limit)[0]])


def sweep() -> int:
    """Drop the rows of sources that are as new; gives how many. Worker only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT limits_sweep()")
        return int(cursor.fetchone()[0])


def _lengths(limit: Limit) -> tuple[timedelta, timedelta]:
    return timedelta(seconds=limit.each), timedelta(seconds=limit.period)
