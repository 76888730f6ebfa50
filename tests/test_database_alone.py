"""With every filter of the application switched off: plain `SELECT *` on every guarded table, as everybody.

The tables are those that have a policy in the catalogue of the database, so a new one is tried without being listed here.
A commune works, then its neighbour does the same: what came in with the first is nobody's row but its own, its
province's, and of those agencies that it went to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, connections

from haicap.domain.dossiers.tests.factories import (
    PASSWORD,
    POSTS_SINCE,
    Staff,
    moved,
    received,
    staffed_commune,
    staffed_province,
)
from haicap.domain.people import queries as posts
from haicap.domain.people.commands import appoint, hash_password, open_account
from haicap.domain.people.commands.recovery import ask_for_reset
from haicap.domain.people.models import Agency, Appointment, Assignment, Delegation, Handover, Official
from haicap.domain.people.queries import account_at_door
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.tests.test_passkeys import with_passkey
from haicap.domain.people.tests.test_second_factor import with_second_factor
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry
from haicap.kernel.files.commands import store
from haicap.kernel.files.models import Attachment
from haicap.kernel.scope import ANONYMOUS, Actor, entered

COMMUNE, NEIGHBOUR = "03664", "03679"
IN_A_COMMUNE = ("counter", "case_officer", "head", "chair", "clerk", "administrator")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
Rows = dict[str, frozenset[str]]


@dataclass(frozen=True)
class World:
    """Two communes that have worked, and everybody who may come to look."""

    here: Staff
    there: Staff
    tables: tuple[str, ...]
    of_here: Rows
    of_there: Rows
    visitors: dict[str, Actor]


def guarded_tables() -> tuple[str, ...]:
    """Every table with row-level security, by the database's own catalogue."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname::text FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        return tuple(name for (name,) in cursor.fetchall())


def _rows(alias: str, tables: tuple[str, ...]) -> Rows:
    """`SELECT *` of each table, each row as one text."""
    found = {}
    for table in tables:
        with connections[alias].cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM (SELECT * FROM {table}) t")
            found[table] = frozenset(text for (text,) in cursor.fetchall())
    return found


def _readable(tables: tuple[str, ...]) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t FROM unnest(%s::text[]) t WHERE has_table_privilege(current_user, t, 'SELECT')", [list(tables)]
        )
        return tuple(name for (name,) in cursor.fetchall())


def _work(staff: Staff) -> None:
    """One dossier with a file, a supplement asked for and a reply that is kept; a lost second factor."""
    with entered(staff.counter):
        file = store(actor=staff.counter, stream=iter([PDF + staff.unit.code.encode()]), name="a.pdf", at=clock.now())
    code = received(staff.counter, key=f"key-{staff.unit.code}").code
    moved(staff.counter, code, "request_supplement", note="Thiếu", fields={"items": "Giấy A"})
    with entered(staff.counter):
        Attachment.objects.create(
            entry=Entry.objects.get(), digest=file.digest, name="a.pdf", media_type=file.media_type, size=file.size,
            added_at=clock.now(),
        )  # fmt: skip
    person = account_at_door(number=staff.counter.account_id)
    with_second_factor(person)
    with_passkey(person)
    with entered(staff.administrator):
        ask_for_reset(reach_of(staff.administrator), person.pk, reason="Mất điện thoại ở chợ")
    with entered(staff.administrator):
        _staff_records(staff)


def _staff_records(staff: Staff) -> None:
    """A staff record with an assignment, somebody who stands in for the chair, and a sheet of handed-over work."""
    official = Official.objects.create(unit=staff.unit, full_name="Lường Văn Khác", staff_kind="civil_servant")
    Assignment.objects.create(
        official=official, unit=staff.unit, block="committee", body_key="office", post_key="officer", kind="primary",
        decision_number="1", decision_date=POSTS_SINCE, valid_from=POSTS_SINCE,
    )  # fmt: skip
    Delegation.objects.create(
        unit=staff.unit, kind="delegation", account_id=staff.clerk.account_id or 0, decision_number="2",
        appointment=Appointment.objects.get(account_id=staff.chair.account_id), decision_date=POSTS_SINCE,
        valid_from=POSTS_SINCE, valid_to=POSTS_SINCE + timedelta(days=1),
    )  # fmt: skip
    Handover.objects.create(
        unit=staff.unit, giver_id=staff.clerk.account_id or 0, taker_id=staff.chair.account_id or 0, giver_post="x",
        taker_post="y", day=POSTS_SINCE, reason="z",
    )  # fmt: skip


def _ended(staff: Staff) -> Actor:
    """Somebody who held every post of the commune until today."""
    account = open_account(
        name="hom-qua", full_name="Lường Văn Hôm", password_hash=hash_password(PASSWORD), synthetic=True
    )
    for agency in Agency.objects.filter(unit=staff.unit):
        for role in IN_A_COMMUNE:
            appoint(account=account, agency=agency, role=role, valid_from=POSTS_SINCE, valid_to=clock.today())
    posts.forget_actors()
    return posts.actor_for(account.pk)


@pytest.fixture(scope="module")
def world(module_database: str) -> Iterator[World]:
    here, there, province = staffed_commune(COMMUNE), staffed_commune(NEIGHBOUR), staffed_province()
    foreign = staffed_province("20", ("so-tu-phap",))  # Lạng Sơn
    visitors = {f"{role} next door": there.actors[role] for role in IN_A_COMMUNE} | {
        "the province's department": province.department,
        "another province's operations": foreign.operations,
        "another province's administrator": foreign.administrator,
        "another province's department": foreign.department,
        "the public": ANONYMOUS,
        "an ended post": _ended(here),
    }
    tables = _readable(guarded_tables())
    before = _rows("owner", tables)
    _work(here)
    after_here = _rows("owner", tables)
    _work(there)
    after_both = _rows("owner", tables)
    of_here = {table: (after_here[table] & after_both[table]) - before[table] for table in tables}
    of_there = {table: after_both[table] - after_here[table] for table in tables}
    yield World(here, there, tables, of_here, of_there, visitors | {"the province's operations": province.operations})
    connections.close_all()


def _seen(actor: Actor, tables: tuple[str, ...]) -> Rows:
    with entered(actor, read_only=True):
        return _rows("default", tables)


def test_there_is_something_to_hide(world):
    """Else the tests below would pass on empty tables."""
    full = {table for table, rows in world.of_here.items() if rows and world.of_there[table]}
    assert full >= {"entries_entry", "entries_move", "dossiers_dossier", "dossiers_slip", "audit_event",
                    "files_attachment", "files_storedfile", "outbox_message", "web_reply", "people_secondfactor",
                    "people_recoverycode", "people_passkey", "people_spentchallenge", "people_factorreset", "people_official",
                    "people_assignment", "people_delegation", "people_handover"}  # fmt: skip


@pytest.mark.parametrize(
    "who",
    [
        *(f"{role} next door" for role in IN_A_COMMUNE),
        "the province's department", "another province's operations", "another province's administrator",
        "another province's department", "the public", "an ended post",
    ],
)  # fmt: skip
def test_nobody_else_reads_a_row_of_the_first_commune(world, who):
    seen = _seen(world.visitors[who], world.tables)
    assert {table for table in world.tables if seen[table] & world.of_here[table]} == set()


@pytest.mark.parametrize("role", IN_A_COMMUNE)
def test_its_own_people_read_theirs_and_nothing_of_the_neighbour(world, role):
    seen = _seen(world.here.actors[role], world.tables)
    assert {table for table in world.tables if seen[table] & world.of_there[table]} == set()
    for table in ("entries_entry", "entries_move", "dossiers_dossier"):
        assert world.of_here[table] <= seen[table], table


def test_the_provinces_operations_read_both(world):
    seen = _seen(world.visitors["the province's operations"], world.tables)
    for table in ("entries_entry", "dossiers_dossier"):
        assert world.of_here[table] | world.of_there[table] <= seen[table], table


def test_without_a_scope_the_application_reads_nothing_at_all(world):
    seen = _rows("default", world.tables)
    assert {table: len(rows) for table, rows in seen.items() if rows} == {}
