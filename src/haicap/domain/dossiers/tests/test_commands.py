"""What happens to a dossier: receipts, moves, the clock, and every refusal changing nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

import pytest
import time_machine

from haicap.domain.dossiers import errors, queries
from haicap.domain.dossiers.commands import decline_at_counter, receive
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.tests.factories import (
    moved,
    receipt_for,
    received,
    resolved,
    staffed_commune,
    staffed_province,
)
from haicap.domain.procedures import errors as procedures
from haicap.domain.units import errors as units
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry, Move
from haicap.kernel.errors import Denied, DomainError, Problem
from haicap.kernel.scope import entered
from haicap.kernel.web.errors import KeyReused

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=clock.ZONE)


@pytest.fixture
def staff():
    return staffed_commune("03664")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def entry_of(actor, code: str) -> Entry:
    with entered(actor):
        return queries.find(code)[0]


def rows_of(actor) -> tuple[int, int]:
    with entered(actor):
        return Entry.objects.count(), Move.objects.count()


def test_a_receipt_gives_number_deadline_slip_and_trail(staff):
    got = received(staff.counter, at=MONDAY)
    assert got.code == "14.03664-261116-0001"
    assert got.due == at("2026-11-16T17:00")  # same day: it came before 15:00
    assert received(staff.counter, at=MONDAY).code == "14.03664-261116-0002"
    entry = entry_of(staff.counter, got.code)
    assert (entry.state, entry.holder_role, entry.number, entry.move_no) == ("received", "counter", 1, 1)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-16T14:59", "2026-11-16T17:00"),
        ("2026-11-16T15:00", "2026-11-16T17:00"),
        ("2026-11-16T15:01", "2026-11-17T17:00"),
        ("2026-11-20T16:00", "2026-11-23T17:00"),  # Friday afternoon: Monday
        ("2026-11-23T15:30", "2026-11-25T17:00"),  # 24 November is a day off since 2026
    ],
)
def test_same_day_procedures_and_three_o_clock(staff, moment, due):
    assert received(staff.counter, at=at(moment)).due == at(due)


def test_the_number_grows_beyond_four_digits(staff):
    from django.db import connections

    received(staff.counter, at=MONDAY)
    with entered(staff.counter), connections["default"].cursor() as cursor:
        cursor.execute("SELECT entries_next_number(%s, 'STD', 'x') FROM generate_series(1, 10001)", [staff.unit.pk])
        assert cursor.fetchall()[-1][0] == 10001


def test_the_same_key_gives_the_same_dossier_and_another_request_is_refused(staff):
    first = received(staff.counter, key="k-1")
    again = received(staff.counter, key="k-1")
    assert (again.code, again.secret, again.replayed) == (first.code, first.secret, True)
    assert rows_of(staff.counter) == (1, 1)
    with pytest.raises(KeyReused):
        received(staff.counter, key="k-1", priority=True)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"procedure": "9.999999"}, procedures.ProcedureUnknown),
        ({"procedure": "khai sinh"}, procedures.ProcedureUnknown),
        ({"unit": "99999"}, units.UnitUnknown),
        ({"unit": "03646"}, errors.UnitNotYours),
        ({"unit": "00004"}, errors.UnitNotYours),  # of another province
        ({"unit": "03652"}, DomainError),  # an old code
        ({"channel": "fax"}, errors.DossierInvalid),
        ({"quantity": 0}, errors.DossierInvalid),
        ({"return_method": "dove"}, errors.DossierInvalid),
        ({"attachments": [{"file": "../../etc/passwd"}]}, errors.DossierInvalid),
        ({"attachments": [{"file": "0" * 64, "name": "a.pdf"}]}, errors.DossierInvalid),  # never uploaded
        ({"checklist": [{"paper": "không có", "originals": 1}]}, errors.DossierInvalid),
        ({"checklist": [7]}, errors.DossierInvalid),
        ({"applicant": {"name": ""}}, errors.DossierInvalid),
        ({"applicant": {"name": ["x"]}}, errors.DossierInvalid),
        ({"applicant": {"name": "A", "id_number": "123"}}, errors.DossierInvalid),
        ({"applicant": {"name": "A", "phone": "12"}}, errors.DossierInvalid),
        ({"form": {"child_born_on": "31/02/2026"}}, errors.DossierInvalid),
        ({"form": {"not_a_field": "x"}}, errors.DossierInvalid),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_changes_nothing(staff, changes, error):
    with pytest.raises(error) as refusal:
        receive(actor=staff.counter, receipt=replace(receipt_for(), **changes))
    assert len(refusal.value.sentence()) > 15
    assert rows_of(staff.counter) == (0, 0)


def test_every_fault_is_told_at_once(staff):
    with pytest.raises(errors.DossierInvalid) as refusal:
        receive(actor=staff.counter, receipt=receipt_for(applicant={"name": "", "phone": "1"}, form={}, channel="x"))
    fields = {problem.field for problem in refusal.value.problems}
    assert {"applicant.name", "applicant.phone", "channel", "form.child_name", "form.child_born_on"} <= fields
    assert all(isinstance(problem, Problem) and str(problem.message) for problem in refusal.value.problems)


def test_a_closed_unit_receives_nothing(staff):
    with pytest.raises(units.UnitClosed) as refusal:
        receive(actor=staff.counter, receipt=receipt_for(unit="03655"))
    assert "01/07/2025" in refusal.value.sentence()


def test_a_procedure_is_not_received_on_a_day_on_which_it_does_not_stand(staff):
    with pytest.raises(procedures.ProcedureNotValid):
        queries.version_on("1.001612", date(2025, 6, 2))
    assert queries.version_on("1.001612", date(2025, 7, 1)).code == "1.001612"


def test_only_the_counter_receives(staff):
    for role in ("case_officer", "head", "chair", "clerk", "administrator"):
        with pytest.raises(Denied):
            received(staff.actors[role])
    assert rows_of(staff.counter) == (0, 0)


def test_the_way_of_a_dossier_through_its_steps(staff):
    got = resolved(staff)
    assert entry_of(staff.counter, got.code).state == "resolved"
    moved(staff.counter, got.code, "return_result", fields={"received_by": "Nguyễn Thị Mai"})
    entry = entry_of(staff.chair, got.code)
    assert (entry.state, entry.holder_agency_id, entry.closed_at is not None) == ("returned", None, True)
    with entered(staff.counter):
        dossier = Dossier.objects.get(entry__code=got.code)
        names = list(Move.objects.filter(entry_id=entry.pk).order_by("no").values_list("name", flat=True))
    assert dossier.returned_at and dossier.decided_at and dossier.result_number == "12/2026"
    assert names == ["receive", "forward", "accept_handover", "submit_for_signature", "approve", "return_result"]


def test_a_move_is_the_holders_alone(staff):
    got = received(staff.counter)
    for role in ("case_officer", "chair", "head"):
        with pytest.raises(errors.NotYours):
            moved(staff.actors[role], got.code, "forward")
    moved(staff.counter, got.code, "forward")
    with pytest.raises(errors.NotYours):
        moved(staff.counter, got.code, "accept_handover")


def test_an_illegal_move_is_refused_with_a_sentence(staff):
    got = received(staff.counter)
    with pytest.raises(errors.StepNotAllowed) as refusal:
        moved(staff.counter, got.code, "approve")
    assert "Đã tiếp nhận" in refusal.value.sentence()
    with pytest.raises(errors.MoveUnknown):
        moved(staff.counter, got.code, "dance")
    assert entry_of(staff.counter, got.code).move_no == 1


def test_a_stale_page_is_told_who_was_quicker(staff):
    got = received(staff.counter)
    moved(staff.counter, got.code, "forward", expected_no=1)
    with pytest.raises(errors.MovedOn) as refusal:
        moved(staff.counter, got.code, "forward", expected_no=1)
    assert "Lò Thị Ánh" in refusal.value.sentence()


def test_a_supplement_pauses_the_clock_and_nothing_is_lost_or_won(staff):
    got = received(staff.counter, "1.004837", at=at("2026-11-16T09:00"))  # three working days
    assert got.due == at("2026-11-19T17:00")
    moved(staff.counter, got.code, "forward", at=at("2026-11-16T09:10"))
    moved(staff.case_officer, got.code, "accept_handover", at=at("2026-11-16T10:00"))
    moved(staff.case_officer, got.code, "request_supplement", note="Thiếu giấy", fields={"items": "Giấy khai sinh"},
          at=at("2026-11-17T08:00"))  # fmt: skip
    paused = entry_of(staff.counter, got.code)
    assert paused.state == "awaiting_supplement" and paused.paused_at is not None
    moved(staff.counter, got.code, "resume", at=at("2026-11-20T08:00"))
    # from 17 Nov 08:00 to 19 Nov 17:00 there were left 7 + 8 + 8 hours; laid again from Friday 20 Nov 08:00, with 24 off
    assert clock.local(entry_of(staff.counter, got.code).due_at) == at("2026-11-25T17:00")


def test_two_supplements_at_most(staff):
    got = received(staff.counter)
    for _ in range(2):
        moved(staff.counter, got.code, "request_supplement", note="Thiếu", fields={"items": ["Giấy A"]})
        moved(staff.counter, got.code, "resume")
    with pytest.raises(errors.SupplementRoundsUsed):
        moved(staff.counter, got.code, "request_supplement", note="Thiếu", fields={"items": ["Giấy A"]})
    with entered(staff.counter):
        numbers = [slip.number for slip in queries.details(got.code, staff.counter).slips]
    assert numbers == [1, 2]


@pytest.mark.parametrize(
    ("move", "inputs", "field"),
    [
        ("request_supplement", {"note": "", "fields": {"items": "Giấy"}}, "note"),
        ("request_supplement", {"note": "Thiếu", "fields": {}}, "items"),
        ("request_supplement", {"note": "Thiếu", "fields": {"items": 7}}, "items"),
        ("request_supplement", {"note": "x" * 5000, "fields": {"items": "Giấy"}}, "note"),
        ("decline_receipt", {"note": " "}, "note"),
        ("withdraw", {}, "note"),
    ],
)
def test_a_move_with_faults_names_them_and_changes_nothing(staff, move, inputs, field):
    got = received(staff.counter)
    with pytest.raises(errors.DossierInvalid) as refusal:
        moved(staff.counter, got.code, move, **inputs)
    assert field in {problem.field for problem in refusal.value.problems}
    assert entry_of(staff.counter, got.code).move_no == 1


def test_one_apology_before_the_deadline_by_the_head(staff):
    got = received(staff.counter, "1.004837", at=at("2026-11-16T09:00"))
    moved(staff.counter, got.code, "forward", at=at("2026-11-16T09:10"))
    moved(staff.case_officer, got.code, "accept_handover", at=at("2026-11-16T10:00"))
    with pytest.raises(errors.NotYours):
        moved(staff.case_officer, got.code, "extend_deadline", note="Bận", fields={"until": "23/11/2026"})
    for wrong, error in (("22/11/2026", errors.DossierInvalid), ("18/11/2026", errors.ExtensionNotLater)):
        with pytest.raises(error):
            moved(
                staff.head, got.code, "extend_deadline", note="Bận", fields={"until": wrong}, at=at("2026-11-18T09:00")
            )
    with pytest.raises(errors.ExtensionTooLate):
        moved(
            staff.head,
            got.code,
            "extend_deadline",
            note="Bận",
            fields={"until": "23/11/2026"},
            at=at("2026-11-19T17:00"),
        )
    moved(
        staff.head, got.code, "extend_deadline", note="Bận", fields={"until": "23/11/2026"}, at=at("2026-11-18T09:00")
    )
    assert clock.local(entry_of(staff.head, got.code).due_at) == at("2026-11-23T17:00")
    with pytest.raises(errors.ExtendedAlready):
        moved(
            staff.head,
            got.code,
            "extend_deadline",
            note="Bận",
            fields={"until": "26/11/2026"},
            at=at("2026-11-19T09:00"),
        )


def test_refusal_withdrawal_and_stop_end_the_work(staff):
    refused = received(staff.counter)
    moved(staff.counter, refused.code, "forward")
    moved(staff.case_officer, refused.code, "accept_handover")
    moved(staff.case_officer, refused.code, "submit_for_signature")
    moved(staff.chair, refused.code, "refuse", note="Không đủ điều kiện")
    assert entry_of(staff.counter, refused.code).state == "refused"
    moved(staff.counter, refused.code, "return_result")
    withdrawn = received(staff.counter)
    moved(staff.counter, withdrawn.code, "withdraw", note="Theo đơn của công dân")
    stopped = received(staff.counter)
    moved(staff.chair, stopped.code, "stop", note="Quá hạn bổ sung")
    states = [entry_of(staff.counter, got.code).state for got in (refused, withdrawn, stopped)]
    assert states == ["returned", "withdrawn", "stopped"]


def test_sent_back_work_returns_to_the_case_officer(staff):
    got = received(staff.counter)
    moved(staff.counter, got.code, "forward")
    moved(staff.case_officer, got.code, "accept_handover")
    moved(staff.case_officer, got.code, "submit_for_signature")
    moved(staff.chair, got.code, "send_back", note="Ghi lại tên mẹ")
    entry = entry_of(staff.counter, got.code)
    assert (entry.state, entry.holder_role, entry.pending) == ("processing", "case_officer", True)


def test_what_is_declined_keeps_its_reason_and_its_own_number(staff):
    got = decline_at_counter(
        actor=staff.counter, receipt=receipt_for(form={}), reason="Không thuộc thẩm quyền", at=MONDAY
    )
    assert got.code == "14.03664-PTC-2026-0001"
    assert got.due is None
    assert received(staff.counter, at=MONDAY).code == "14.03664-261116-0001"  # no gap in the register of receipts
    with pytest.raises(errors.DossierInvalid):
        decline_at_counter(actor=staff.counter, receipt=receipt_for(), reason="  ")


def test_a_departments_dossier_goes_up_and_comes_back_and_its_clock_starts_there(staff):
    province = staffed_province()
    code = _provincial("so-tu-phap")
    got = received(staff.counter, code, at=at("2026-11-16T09:00"))
    moved(staff.counter, got.code, "forward", at=at("2026-11-16T16:00"))
    with time_machine.travel(at("2026-11-17T08:00"), tick=False):
        moved(province.department, got.code, "accept_handover")
    started = clock.local(entry_of(staff.counter, got.code).due_at)
    assert started > got.due - (got.due - at("2026-11-16T09:00")) and started.date() > got.due.date()
    moved(province.department, got.code, "submit_for_signature", at=at("2026-11-17T09:00"))
    moved(province.department, got.code, "approve", at=at("2026-11-17T10:00"))
    assert entry_of(staff.counter, got.code).holder_role == "counter"
    moved(staff.counter, got.code, "return_result", at=at("2026-11-18T10:00"))
    assert entry_of(province.department, got.code).state == "returned"  # it was in their hands, so they still see it


def _provincial(kind: str) -> str:
    from haicap.domain.procedures.queries import all_on

    for version in all_on(clock.today()):
        limit = version.time_limit
        if (
            version.level == "tinh"
            and version.receivable
            and version.steps[1].agency == kind
            and limit.kind == "working_days"
        ):
            return version.code
    raise AssertionError(f"no procedure of {kind}")


def test_another_commune_sees_nothing(staff):
    other = staffed_commune("03646")
    got = received(staff.counter)
    with entered(other.counter):
        with pytest.raises(errors.DossierUnknown):
            queries.find(got.code)
        assert Entry.objects.count() == Dossier.objects.count() == Move.objects.count() == 0
        assert queries.search(got.code, other.counter) == [] == queries.search("mai", other.counter)
        assert queries.applicants_like("014190001234") == []
    with pytest.raises(errors.DossierUnknown):
        moved(other.counter, got.code, "forward")


def test_tracking_shows_persons_only_with_the_secret(staff):
    got = received(staff.counter)
    closed, opened = queries.track(got.code), queries.track(got.code, got.secret)
    assert "Mai" not in json.dumps(closed, ensure_ascii=False) and "moves" not in closed
    assert opened["applicant"] == "Nguyễn Thị Mai" and opened["moves"][0]["name"] == "receive"
    assert queries.track(got.code, "WRONG") == closed
    with pytest.raises(errors.DossierUnknown):
        queries.track("14.03664-000000-0001")


def test_open_work_of_an_ended_unit_goes_on_in_its_heirs_hands(staff):
    """Chiềng Đen ended on 1 July 2025 and its one heir is Chiềng An: number, deadline and history stay."""
    from haicap.domain.people import commands as people
    from haicap.domain.people import queries as posts
    from haicap.domain.people.models import Agency
    from haicap.domain.units import queries as units_by_day

    old = units_by_day.unit_on("03661", date(2025, 6, 27))
    people.establish_agencies([old])
    account = people.open_account(name="motcua-cu", full_name="Lò Văn Cũ", password_hash="x")
    center = Agency.objects.get(unit=old, kind="center")
    people.appoint(
        account=account, agency=center, role="counter", valid_from=date(2025, 1, 1), valid_to=date(2025, 7, 1)
    )
    with time_machine.travel(at("2025-06-27T09:00"), tick=False):
        then = posts.actor_for(account.pk)
        got = received(then, form=receipt_for().form | {"child_born_on": "01/06/2025", "mother_born_on": "01/06/1995"})
    posts.forget_actors()
    heir = posts.actor_for(staff.counter.account_id)
    assert got.code in [dossier.entry.code for dossier in _waiting(heir)]
    moved(heir, got.code, "forward")
    entry = entry_of(heir, got.code)
    assert (entry.code, entry.state, clock.local(entry.due_at)) == (got.code, "processing", got.due)
    assert (entry.holder_agency_id, "case_officer") in staff.case_officer.roles  # on to the heir's own office


def _waiting(actor):
    with entered(actor):
        return queries.waiting(actor)[0]
