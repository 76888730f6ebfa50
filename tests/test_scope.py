"""The database holds the line: what no view filters, the application's role still does not see or change."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from haicap.domain.dossiers.models import Dossier, Slip
from haicap.domain.dossiers.tests.factories import moved, received, staffed_commune, staffed_province
from haicap.domain.people.commands import end_passes, new_session
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.entries.models import Entry, Move, Register
from haicap.kernel.errors import SignInNeeded
from haicap.kernel.files.models import Attachment, StoredFile
from haicap.kernel.outbox.models import Message
from haicap.kernel.scope import ANONYMOUS, entered
from haicap.kernel.web.models import Reply

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

GUARDED = (Entry, Move, Dossier, Slip, Event, Attachment, StoredFile, Message, Register, Reply)


@pytest.fixture
def two_communes():
    """Both communes have work; a supplement was asked for, so that every kind of row exists."""
    first, second = staffed_commune("03664"), staffed_commune("03646")
    for staff in (first, second):
        code = received(staff.counter, key=f"key-{staff.unit.code}").code
        moved(staff.counter, code, "request_supplement", note="Thiếu", fields={"items": "Giấy A"})
        with entered(staff.counter):
            now = clock.now()
            file = StoredFile.objects.create(
                digest=staff.unit.code.rjust(64, "0"), unit_id=staff.unit.pk, size=1, media_type="application/pdf",
                uploaded_at=now,
            )  # fmt: skip
            Attachment.objects.create(
                entry=Entry.objects.get(), digest=file.digest, name="a.pdf", media_type=file.media_type, size=1,
                added_at=now,
            )  # fmt: skip
    return first, second


def test_the_application_is_nobody():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("haicap_app", False, False, 0)


def test_every_table_with_a_units_rows_is_guarded():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        guarded = {row[0] for row in cursor.fetchall()}
    assert {model._meta.db_table for model in GUARDED} <= guarded


def test_without_a_scope_nothing_is_seen(two_communes):
    assert [model.objects.count() for model in GUARDED] == [0] * len(GUARDED)
    with entered(ANONYMOUS):
        assert [model.objects.count() for model in GUARDED] == [0] * len(GUARDED)


def test_a_view_that_forgets_its_filter_shows_only_its_own_unit(two_communes):
    for staff in two_communes:
        with entered(staff.counter):
            counts = {model.__name__: model.objects.count() for model in GUARDED}
            assert all(counts.values()), counts
            assert {entry.unit_id for entry in Entry.objects.all()} == {staff.unit.pk}
            assert {file.unit_id for file in StoredFile.objects.all()} == {staff.unit.pk}
            assert {event.unit_id for event in Event.objects.all()} == {staff.unit.pk}
            assert Attachment.objects.count() == Slip.objects.count() == Dossier.objects.count() == 1


def test_the_province_sees_all_its_communes_and_a_department_only_what_came_to_it(two_communes):
    province = staffed_province()
    with entered(province.operations):
        assert Dossier.objects.count() == 2
    with entered(province.department):
        assert Dossier.objects.count() == 0
    with entered(staffed_province("20", ("so-tu-phap",)).operations):  # Lạng Sơn
        assert Dossier.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries_entry SET state = 'returned'",
        "DELETE FROM entries_entry",
        "UPDATE entries_move SET note = 'x'",
        "DELETE FROM entries_move",
        "UPDATE entries_register SET last = 0",
        "INSERT INTO entries_rule (kind, name, from_state, to_state) VALUES ('dossier', 'x', 'received', 'returned')",
        "UPDATE dossiers_dossier SET applicant_name = 'x'",
        "DELETE FROM dossiers_dossier",
        "UPDATE audit_event SET tag = 'x'",
        "INSERT INTO audit_head (subject, seq, hash) VALUES ('x', 1, '')",
        "SELECT count(*) FROM scope_pass",
        "UPDATE units_unit SET name = 'x'",
        "SELECT audit_seal_all(current_date)",
        "ALTER TABLE entries_entry DISABLE ROW LEVEL SECURITY",
        "SET SESSION AUTHORIZATION haicap_owner",
    ],
)
def test_what_the_application_may_not_do_at_all(two_communes, statement):
    with entered(two_communes[0].counter), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_move_that_no_rule_knows_or_that_does_not_fit_is_refused_by_the_database(two_communes):
    counter = two_communes[0].counter
    insert = (
        "INSERT INTO entries_move (entry_id, no, kind, name, from_state, to_state, at, actor_name, role, note,"
        " holder_role, step, pending, data) VALUES (%s, %s, 'dossier', %s, %s, %s, now(), '', '', '', '', '', false, '{}')"
    )
    with entered(counter):
        entry = Entry.objects.get()
        for row in (
            (entry.pk, entry.move_no + 1, "approve", entry.state, "returned"),  # no such rule
            (entry.pk, entry.move_no + 1, "forward", "received", "processing"),  # not its state
            (entry.pk, entry.move_no + 2, "resume", entry.state, "received"),  # leaves a gap
            (entry.pk, 1, "receive", "", "received"),  # has been made
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(insert, row)
        assert Entry.objects.get().state == "awaiting_supplement"


def test_nobody_writes_into_another_units_rows_or_books(two_communes):
    first, second = two_communes
    with entered(second.counter):
        foreign = Entry.objects.get()
    with entered(first.counter):
        for statement, parameters in (
            ("SELECT entries_next_number(%s, 'STD', 'x')", [second.unit.pk]),
            ("INSERT INTO files_attachment (entry_id, digest, name, media_type, size, paper, added_at)"
             " VALUES (%s, 'x', 'x', 'x', 1, '', now())", [foreign.pk]),
            ("INSERT INTO entries_move (entry_id, no, kind, name, from_state, to_state, at, actor_name, role, note,"
             " holder_role, step, pending, data) VALUES (%s, %s, 'dossier', 'resume', %s, 'received', now(), '', '', '',"
             " '', '', false, '{}')", [foreign.pk, foreign.move_no + 1, foreign.state]),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(statement, parameters)


def test_a_pass_that_was_ended_lets_nobody_in(two_communes):
    counter = two_communes[0].counter
    let_in = counter.with_pass(new_session(counter.account_id))
    with entered(let_in):
        assert Dossier.objects.count() == 1
    end_passes(counter.account_id)
    with pytest.raises(SignInNeeded), entered(let_in):
        pass
    with pytest.raises(SignInNeeded), entered(counter.with_pass(10**9)):
        pass


def test_somebody_elses_pass_lets_nobody_in(two_communes):
    first, second = two_communes
    stolen = new_session(first.counter.account_id)
    with pytest.raises(SignInNeeded), entered(second.counter.with_pass(stolen)):
        pass
