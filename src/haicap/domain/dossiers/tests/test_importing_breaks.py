"""An import that breaks goes on where it was: real commits, each in a database of the test's own."""

from __future__ import annotations

from itertools import islice

import pytest
from django.db import connections

from haicap.domain.dossiers.commands.importing import run, writing
from haicap.domain.dossiers.tests.factories import staffed_commune
from haicap.domain.dossiers.tests.test_importing import HERE, bring, row


@pytest.fixture
def actor(own_database):
    return staffed_commune(HERE).administrator


class Break(Exception):
    """Somebody pulled the plug."""


def broken_after(rows, count):
    yield from islice(rows, count)
    raise Break


def test_after_a_break_it_goes_on_where_it_was(actor, monkeypatch):
    """Breaks in the source and in the middle of a batch's writing: no dossier twice, none missing, no gap."""
    rows = [row(number) for number in range(1, 31)] + [row(0, code=f"HS {number}") for number in range(10)]
    with pytest.raises(Break):
        bring(broken_after(rows, 25), actor, batch=10)
    assert counted() == 20

    def falls(batch):
        writing.write(batch)
        raise Break

    with monkeypatch.context() as patch, pytest.raises(Break):
        patch.setattr(run, "write", falls)
        bring(rows, actor, batch=10)
    assert counted() == 20

    done = bring(rows, actor, batch=10)
    assert (done.imported, done.already_there) == (20, 20)
    assert counted() == 40
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT array_agg(number ORDER BY number) FROM entries_entry WHERE period = '250804'")
        assert cursor.fetchone()[0] == list(range(1, 41))
        cursor.execute("SELECT last FROM entries_register WHERE period = '250804'")
        assert cursor.fetchone()[0] == 40


def counted() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossiers_dossier d JOIN entries_entry e ON e.id = d.entry_id")
        return int(cursor.fetchone()[0])


def test_two_imports_at_once_bring_each_dossier_once(actor, monkeypatch):
    """The second meets the first's rows only when it writes: it takes them out and goes on."""
    rows = [row(number) for number in range(1, 6)]
    real, first = run.known_keys, []

    def late(keys):
        there = real(keys)
        if not first:
            first.append(0)
            first[0] = bring(rows[:2], actor).imported
        return there

    monkeypatch.setattr(run, "known_keys", late)
    done = bring(rows, actor)
    assert first == [2]
    assert (done.imported, done.already_there) == (3, 2)
    assert counted() == 5
