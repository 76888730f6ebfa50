"""Two hundred receipts at once give gapless numbers; a killed server keeps what it acknowledged and nothing half-made."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from haicap.domain.dossiers.errors import MovedOn
from haicap.domain.dossiers.tests.factories import moved, received, staffed_commune
from haicap.domain.people.queries import forget_actors
from haicap.flows.setup import bring_up, load_facts
from haicap.kernel import clock
from haicap.kernel.db import connect
from haicap.kernel.db.embedded import EmbeddedServer
from haicap.kernel.db.provision import provision_embedded
from haicap.kernel.files.models import StoredFile
from haicap.kernel.scope import entered

RECEIPTS, THREADS = 200, 16


def in_threads(work: Callable[[int], object], count: int, threads: int = THREADS) -> list[object]:
    """`work(0..count-1)` in threads, each with a database connection of its own."""

    def alone(number: int) -> object:
        try:
            return work(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(alone, range(count)))
        barrier = threading.Barrier(threads)

        def close_one(_: int) -> None:
            barrier.wait(10)
            connections.close_all()

        list(pool.map(close_one, range(threads)))
    return results


def test_two_hundred_receipts_at_once_leave_no_gap(own_database):
    staff = staffed_commune("03664")
    got = in_threads(lambda _: received(staff.counter), RECEIPTS)
    assert not [result for result in got if isinstance(result, Exception)]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT number FROM entries_entry ORDER BY number")
        assert [row[0] for row in cursor.fetchall()] == list(range(1, RECEIPTS + 1))
        cursor.execute("SELECT count(DISTINCT code), count(*) FROM entries_entry")
        assert cursor.fetchone() == (RECEIPTS, RECEIPTS)
    connections.close_all()


def test_the_same_key_twenty_times_at_once_makes_one_dossier(own_database):
    staff = staffed_commune("03664")
    got = in_threads(lambda _: received(staff.counter, key="the-same"), 20)
    assert not [result for result in got if isinstance(result, Exception)]
    assert len({result.code for result in got}) == 1
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*), max(number) FROM entries_entry")
        assert cursor.fetchone() == (1, 1)
    connections.close_all()


def test_of_two_moves_at_once_one_is_made_and_the_other_told(own_database):
    staff = staffed_commune("03664")
    code = received(staff.counter).code
    results = in_threads(lambda _: moved(staff.counter, code, "forward", expected_no=1), 8, threads=8)
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 7
    assert all(isinstance(error, MovedOn) for error in refused), refused
    connections.close_all()


@pytest.fixture
def server_of_its_own(tmp_path, django_db_setup, django_db_blocker):
    """A durable server that may be killed: nobody else's tests live on it."""
    server = EmbeddedServer(tmp_path / "pg", password="x")
    server.enter()
    old = {alias: dict(connections.settings[alias]) for alias in ("default", "owner")}
    provision_embedded(server.conninfo(), dbname="crash", passwords=connect.role_passwords())
    with django_db_blocker.unblock():
        for alias in old:
            connections[alias].close()
            for settings in (connections.settings[alias], connections[alias].settings_dict):
                settings.update(NAME="crash", HOST=str(server.socket_directory))
        bring_up()
        load_facts()
        forget_actors()
        yield server
        for alias, settings in old.items():
            connections[alias].close()
            connections.settings[alias].update(settings)
            connections[alias].settings_dict.update(settings)
    forget_actors()
    server.leave()


def test_kill_9_keeps_what_was_acknowledged_and_leaves_nothing_half_made(server_of_its_own):
    server = server_of_its_own
    staff = staffed_commune("03664")
    acknowledged: list[str] = []
    killed = threading.Event()

    def receive_until_killed(_: int) -> None:
        with suppress(Exception):
            while not killed.is_set():
                acknowledged.append(received(staff.counter).code)
                if len(acknowledged) == 60:
                    _kill_9(server)
                    killed.set()

    in_threads(receive_until_killed, 8, threads=8)
    connections.close_all()
    server.enter()
    with psycopg.connect(server.conninfo(dbname="crash")) as admin:
        codes = {row[0] for row in admin.execute("SELECT code FROM entries_entry")}
        numbers = sorted(row[0] for row in admin.execute("SELECT number FROM entries_entry"))
        counts = admin.execute(
            "SELECT (SELECT count(*) FROM entries_entry), (SELECT count(*) FROM entries_move),"
            " (SELECT count(*) FROM dossiers_dossier), (SELECT count(*) FROM audit_event WHERE subject LIKE 'entry:%'),"
            " (SELECT count(*) FROM audit_head WHERE subject LIKE 'entry:%'), (SELECT count(*) FROM outbox_message),"
            " (SELECT last FROM entries_register)"
        ).fetchone()
    assert set(acknowledged) <= codes
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(set(counts)) == 1


def _kill_9(server: EmbeddedServer) -> None:
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    backends = [
        row[0]
        for row in psycopg.connect(server.conninfo()).execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = 'crash'"
        )
    ]
    for pid in (postmaster, *backends):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    connection.close()


def test_a_read_only_transaction_writes_nothing(own_database):
    staff = staffed_commune("03664")
    with pytest.raises(DatabaseError), entered(staff.counter, read_only=True):
        StoredFile.objects.create(
            digest="0" * 64, unit_id=staff.unit.pk, size=1, media_type="x", uploaded_at=clock.now()
        )
    connections.close_all()
