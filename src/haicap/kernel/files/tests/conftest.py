"""A home for the files of one test, and an entry to hang them on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections, transaction


@pytest.fixture
def files_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory in which this test's files lie."""
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path))
    return tmp_path / "files"


@pytest.fixture
def entry(own_database: str) -> Callable[[int], int]:
    """Makes a dossier's entry of a unit and gives its id."""

    def make(unit_id: int) -> int:
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO entries_entry (kind, code, unit_id, book_unit_id, book, period, number, title, state, move_no,"
                " holder_role, step, pending, opened_at, agencies) VALUES ('dossier', 'T.' || gen_random_uuid(), %s, %s,"
                " 'test', '2025', (random() * 1e9)::int + 1, 'x', 'received', 1, '', '', false, now(), '{}') RETURNING id",
                [unit_id, unit_id],
            )
            entry_id = int(cursor.fetchone()[0])
            cursor.execute(
                "INSERT INTO entries_move (entry_id, no, kind, name, from_state, to_state, at, actor_name, role, note,"
                " holder_role, step, pending, data) VALUES (%s, 1, 'dossier', 'receive', '', 'received', now(), 'x', '',"
                " '', '', '', false, '{}')",
                [entry_id],
            )
        return entry_id

    return make
