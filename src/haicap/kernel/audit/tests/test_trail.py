"""The trail: what is written holds together, and every way of tampering with it is found and named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from haicap.kernel.audit import commands
from haicap.kernel.audit.queries import first_unsealed_at, verify
from haicap.kernel.scope import Actor, entered, system

DAY = date(2025, 9, 5)
HASH_OF = (
    "audit_hash(coalesce((SELECT hash FROM audit_event p WHERE p.subject = e.subject AND p.seq = e.seq - 1), ''::bytea),"
    " subject, seq, at, actor_id, actor_name, tag, unit_id, data)"
)


@pytest.fixture
def trail(own_database: str) -> str:
    """Three subjects with three events each, interleaved; on top of what the shipped facts recorded."""
    actor = Actor(name="Lò Thị Mai", account_id=7, unit_id=3, unit_ids=(3,))
    for number in range(1, 4):
        with entered(actor):
            for subject in ("entry:1", "entry:2", "entry:3"):
                commands.record("test:thing:do", subject=subject, unit_id=3, data={"lần": number, "to": subject})
    return own_database


@pytest.fixture
def tamper(server, trail: str) -> Callable[[str], None]:  # type: ignore[no-untyped-def]
    """What somebody with the superuser's password could do: any statement, with every trigger off."""

    def run(statement: str) -> None:
        with psycopg.connect(server.conninfo(dbname=trail)) as admin:
            admin.execute("SET session_replication_role = replica")
            assert admin.execute(statement).rowcount != 0

    return run


def test_an_untouched_trail_holds(trail: str) -> None:
    before = verify()
    assert before.ok and before.events >= 9 and before.days == 0
    sealed = commands.seal(DAY)
    assert sealed == before.events
    assert commands.seal(DAY) == 0
    after = verify()
    assert after.as_json() == {"ok": True, "events": before.events, "days": 1}


def test_an_event_names_its_actor_and_is_chained(trail: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT seq, actor_id, actor_name, unit_id FROM audit_event WHERE subject = 'entry:1' ORDER BY seq"
        )
        assert cursor.fetchall() == [(n, 7, "Lò Thị Mai", 3) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "change",
    [
        """data = '{"lần": 9}'""",
        "actor_name = 'Somebody Else'",
        "actor_id = NULL",
        "at = at + interval '1 microsecond'",
        "tag = 'test:thing:undo'",
        "unit_id = 4",
        "hash = sha256(hash)",
    ],
)
def test_an_edited_event_is_named(trail: str, tamper: Callable[[str], None], change: str) -> None:
    tamper(f"UPDATE audit_event SET {change} WHERE subject = 'entry:2' AND seq = 2")
    verdict = verify()
    assert not verdict.ok
    first = verdict.as_json()["first"]
    assert first["kind"] == "chain" and first["where"].startswith("entry:2 #2") and first["fault"] == "changed"


def test_a_removed_event_in_the_middle_is_named(trail: str, tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM audit_event WHERE subject = 'entry:2' AND seq = 2")
    first = verify().breaks[0]
    assert (first.kind, first.fault) == ("chain", "missing") and first.where.startswith("entry:2 #3")


def test_a_removed_last_event_is_named(trail: str, tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM audit_event WHERE subject = 'entry:2' AND seq = 3")
    first = verify().breaks[0]
    assert (first.kind, first.where, first.fault) == ("head", "entry:2 #3", "removed")


def test_a_removed_last_event_with_a_mended_head_breaks_the_seal(trail: str, tamper: Callable[[str], None]) -> None:
    commands.seal(DAY)
    tamper("DELETE FROM audit_event WHERE subject = 'entry:2' AND seq = 3")
    tamper(
        "UPDATE audit_head h SET seq = 2, hash = e.hash FROM audit_event e "
        "WHERE h.subject = 'entry:2' AND e.subject = 'entry:2' AND e.seq = 2"
    )
    verdict = verify()
    assert [found.kind for found in verdict.breaks] == ["seal"] and verdict.breaks[0].where.startswith("2025-09-05")


def test_a_subject_that_was_erased_altogether_breaks_the_seal(trail: str, tamper: Callable[[str], None]) -> None:
    commands.seal(DAY)
    tamper("DELETE FROM audit_event WHERE subject = 'entry:3'")
    tamper("DELETE FROM audit_head WHERE subject = 'entry:3'")
    assert [found.kind for found in verify().breaks] == ["seal"]


def test_swapped_events_are_named(trail: str, tamper: Callable[[str], None]) -> None:
    tamper(
        "UPDATE audit_event e SET data = o.data, at = o.at FROM audit_event o "
        "WHERE e.subject = 'entry:1' AND o.subject = 'entry:1' AND e.seq IN (2, 3) AND o.seq = 5 - e.seq"
    )
    first = verify().breaks[0]
    assert (first.kind, first.fault) == ("chain", "changed") and first.where.startswith("entry:1 #2")


def test_events_swapped_between_subjects_are_named(trail: str, tamper: Callable[[str], None]) -> None:
    tamper("ALTER TABLE audit_event DROP CONSTRAINT audit_event_subject_seq")
    tamper(
        "UPDATE audit_event SET subject = CASE subject WHEN 'entry:1' THEN 'entry:2' ELSE 'entry:1' END "
        "WHERE subject IN ('entry:1', 'entry:2') AND seq = 2"
    )
    first = verify().breaks[0]
    assert first.fault == "changed" and first.where.startswith(("entry:1 #2", "entry:2 #2"))


def test_a_forged_event_is_found_though_its_links_were_computed_anew(trail: str, tamper: Callable[[str], None]) -> None:
    """Somebody who knows the formula mends chain and head after an edit; the seal still shows it."""
    commands.seal(DAY)
    tamper("""UPDATE audit_event SET data = '{"forged": true}' WHERE subject = 'entry:1' AND seq = 3""")
    tamper(f"UPDATE audit_event e SET hash = {HASH_OF} WHERE subject = 'entry:1' AND seq = 3")
    tamper(
        "UPDATE audit_head h SET hash = e.hash FROM audit_event e "
        "WHERE h.subject = 'entry:1' AND e.subject = 'entry:1' AND e.seq = 3"
    )
    assert [found.kind for found in verify().breaks] == ["seal"]


@pytest.mark.parametrize("change", ["root = sha256(root)", "events = events + 1", "after_id = after_id + 1"])
def test_a_changed_seal_is_named(trail: str, tamper: Callable[[str], None], change: str) -> None:
    commands.seal(DAY)
    tamper(f"UPDATE audit_seal SET {change}")
    assert [found.kind for found in verify().breaks] == ["seal"]


def test_a_removed_seal_breaks_the_next_one(trail: str, tamper: Callable[[str], None]) -> None:
    for day in (5, 6, 7):
        with entered(system("test")):
            commands.record("test:thing:do", subject=f"day:{day}")
        commands.seal(date(2025, 9, day))
    assert verify().days == 3
    tamper("DELETE FROM audit_seal WHERE day = '2025-09-06'")
    first = verify().breaks[0]
    assert first.kind == "seal" and first.where.startswith("2025-09-07")


@pytest.mark.parametrize("table", ["audit_event", "audit_head", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_may_not_touch_the_trail(trail: str, table: str, statement: str) -> None:
    column = "day" if table == "audit_seal" else "seq"
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        entered(system("test")),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET seq = 1", "DELETE FROM audit_event", "TRUNCATE audit_seal"]
)
def test_not_even_the_owner_edits_the_trail_by_mistake(trail: str, statement: str) -> None:
    commands.seal(DAY)
    with pytest.raises(DatabaseError, match="append-only"), connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def test_the_application_may_not_seal(trail: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        commands.seal(DAY, alias="default")


def test_the_worker_may_seal(as_worker: str) -> None:
    assert first_unsealed_at() is not None
    assert commands.seal(DAY, alias="default") > 0
    assert first_unsealed_at() is None
    assert verify().ok


def test_a_unit_sees_its_own_events_alone(trail: str) -> None:
    def seen(*units: int) -> int:
        with entered(Actor(name="x", account_id=1, unit_ids=units)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_event WHERE tag = 'test:thing:do'")
            return int(cursor.fetchone()[0])

    assert (seen(3), seen(4), seen()) == (9, 0, 0)


def test_two_writers_make_two_links_and_no_fork(trail: str) -> None:
    def write() -> None:
        for number in range(10):
            with entered(system("writer")):
                commands.record("test:thing:do", subject="entry:1", data={"n": number})
        connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    verdict = verify()
    assert verdict.ok
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT max(seq), count(*) FROM audit_event WHERE subject = 'entry:1'")
        assert cursor.fetchone() == (43, 43)
