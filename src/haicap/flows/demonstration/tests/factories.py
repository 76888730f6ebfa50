"""A demonstration small enough for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from haicap.flows.demonstration import build as building
from haicap.flows.demonstration.figures import Scale

TINY = Scale("tiny", received=560, resolved=160, source="a test")
OTHER = Scale("other", received=600, resolved=180, source="a test")


@contextmanager
def tiny_scales() -> Iterator[None]:
    """Inside the block "tiny" and "other" are scales too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(building.SCALES, "tiny", TINY)
        patch.setitem(building.SCALES, "other", OTHER)
        yield


def silent(what: str, done: int, of: int) -> None:
    """Tells nobody."""


def figures() -> tuple[int, int, int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*), count(decided_at), count(*) FILTER (WHERE synthetic) FROM dossiers_dossier")
        return cursor.fetchone()
