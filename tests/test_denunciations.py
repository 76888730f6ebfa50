"""Denunciations: who denounces is read by the named handler alone, by page, by command and by SQL; and how one is settled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client, override_settings

from haicap.domain.dossiers.tests.factories import Staff, received, staffed_commune, staffed_province
from haicap.domain.people.models import Appointment
from haicap.domain.people.queries import forget_actors
from haicap.domain.voice import commands, queries, rules
from haicap.domain.voice.commands import Facts, Identity
from haicap.domain.voice.errors import (
    DenunciationMoveRefused,
    DenunciationRefused,
    DenunciationUnknown,
    IdentityUnreadable,
    NotTheHandler,
    NotYourDenunciation,
)
from haicap.domain.voice.models import Denunciation
from haicap.domain.voice.rules import MOVES, State
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.entries.commands import hand_over
from haicap.kernel.entries.models import Entry, Move
from haicap.kernel.scope import ANONYMOUS, Actor, entered
from haicap.kernel.workdays import Calendar

pytestmark = pytest.mark.django_db

HOME = "/desk/to-cao/"
NAME, PLACE = "Lừ Thị Giấu", "Bản Kín, xã Chiềng Khoong"
WHO = Identity(NAME, PLACE, "014190001234", "0912345678")
WHAT = Facts("letter", "Phòng Kinh tế", "Thu phí sai quy định ở chợ.")
WHY = "Liên hệ để làm rõ nội dung"
OPEN = "SELECT voice_open(%s, 'x')"
TYPED = {"way": "letter", "against": "Phòng Kinh tế", "matter": "Thu phí sai", "full_name": NAME, "address": PLACE}
BAD = [("way", "x"), ("against", ""), ("matter", ""), ("matter", "x" * 8001), ("full_name", ""), ("address", ""),
       ("id_number", "12"), ("phone", "abc"), ("full_name", "\x00"), ("against", "y" * 301)]  # fmt: skip


@pytest.fixture
def here() -> Staff:
    return staffed_commune("03664")


@pytest.fixture
def code(here: Staff) -> str:
    with entered(here.clerk):
        return commands.take_down(actor=here.clerk, facts=WHAT, identity=WHO).entry.code


@pytest.fixture
def given(here: Staff, code: str) -> str:
    """One whose handler is the case officer."""
    name(here, code, here.case_officer)
    return code


def name(here: Staff, code: str, whom: Actor, decision: str = "12/QĐ-UBND") -> None:
    with entered(here.chair):
        commands.name_handler(actor=here.chair, code=code, account_id=whom.account_id or 0, decision=decision)


def opened(actor: Actor, code: str) -> Identity:
    with entered(actor):
        return commands.open_identity(actor=actor, code=code, reason=WHY)


def carried(actor: Actor, code: str, move: str, **fields: str) -> None:
    told = {name: fields.get(name, "1/KL") for name, _, _ in MOVES[move].fields}
    with entered(actor):
        commands.carry_on(actor=actor, code=code, rule=MOVES[move], given=told)


def entry_of(here: Staff, code: str) -> Entry:
    with entered(here.chair):
        return Entry.objects.get(code=code)


def text_of(client: Client, address: str, data: dict[str, str] | None = None) -> tuple[int, str]:
    answer = client.get(address) if data is None else client.post(address, data)
    return answer.status_code, answer.content.decode()


def test_only_the_named_handler_opens_it_and_each_opening_is_noted(here, given):
    assert opened(here.case_officer, given) == WHO
    for other in (here.chair, here.clerk):  # the chair leads, the clerk took it down
        with pytest.raises(NotTheHandler):
            opened(other, given)
    for other in (here.counter, here.head, here.administrator, staffed_commune("03679").chair):
        with pytest.raises(DenunciationUnknown):
            opened(other, given)
    with entered(here.chair):
        (event,) = Event.objects.filter(tag=queries.OPENED)
        assert (event.actor_name, event.data) == (here.case_officer.name, {"reason": WHY})


def test_the_database_gives_it_to_nobody_else(here, given):
    province, neighbour = staffed_province(), staffed_commune("03679")
    entry_id = entry_of(here, given).pk
    others = [*here.actors.values(), *province.actors.values(), *neighbour.actors.values(), ANONYMOUS]
    for actor in others:
        with entered(actor), connection.cursor() as cursor:
            cursor.execute(OPEN, [entry_id])
            told = cursor.fetchone()[0] is not None
        assert told == (actor == here.case_officer), actor.name
        with entered(actor), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute("SELECT * FROM voice_denouncer")
    for actor in (here.administrator, here.counter, province.operations, neighbour.chair):
        with entered(actor):
            assert not Denunciation.objects.exists()
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                Denunciation.objects.update(handler_id=actor.account_id)
        with entered(actor), connection.cursor() as cursor:
            cursor.execute("SELECT voice_name_handler(%s, %s, 'x')", [entry_id, actor.account_id])
            assert cursor.fetchone()[0] is False


def test_another_handler_takes_the_right_and_leaving_ends_it(here, given):
    name(here, given, here.head, "13/QĐ-UBND")
    with pytest.raises(DenunciationUnknown):
        opened(here.case_officer, given)
    assert opened(here.head, given) == WHO
    with entered(here.administrator):
        Appointment.objects.filter(account_id=here.head.account_id).update(valid_to=clock.today())
    forget_actors()
    with pytest.raises(NotTheHandler):
        opened(here.head, given)


def test_who_takes_the_work_over_is_not_named_by_that(here, given):
    entry = entry_of(here, given)
    with entered(here.chair):
        hand_over(entry, at=clock.now(), post=(entry.holder_agency_id, entry.holder_role),
                  account_id=here.head.account_id, note="", data={})  # fmt: skip
    with pytest.raises(DenunciationUnknown):
        opened(here.head, given)


def test_it_stands_nowhere_in_clear(here, given):
    """Neither in the row, the entry, its moves and the trail, nor on any page before the handler opens it."""
    carried(here.case_officer, given, "accept")
    with entered(here.chair):
        rows = [
            *Entry.objects.values(),
            *Move.objects.values(),
            *Event.objects.values(),
            *Denunciation.objects.values(),
        ]
    assert rows and not [row for row in rows if NAME in str(row) or "014190001234" in str(row)]
    for role in ("chair", "case_officer", "clerk"):
        for address in (HOME, f"{HOME}{given}/", "/desk/", "/desk/ho-so/"):
            assert NAME not in text_of(here.client(role), address)[1].replace('value="Lừ Thị Giấu"', ""), (
                role,
                address,
            )
        assert given not in text_of(here.client(role), "/desk/tim/?q=lu+thi+giau")[1]
    assert NAME not in repr(WHO)


def test_another_key_of_the_installation_does_not_open_it_an_old_one_does(here, given, settings):
    old = settings.SECRET_KEY
    with override_settings(SECRET_KEY="another key " * 5), pytest.raises(IdentityUnreadable):
        opened(here.case_officer, given)
    with override_settings(SECRET_KEY="another key " * 5, SECRET_KEY_FALLBACKS=[old]):
        assert opened(here.case_officer, given) == WHO


def test_taken_down_given_and_settled_by_page(here):
    clerk, chair, officer = (here.client(role) for role in ("clerk", "chair", "case_officer"))
    assert clerk.post(f"{HOME}moi/", TYPED).status_code == 302
    address = f"{HOME}{entry_of(here, queries_code(here)).code}/"
    assert officer.get(address).status_code == 404
    status, _ = text_of(chair, f"{address}giao/", {"account": str(here.case_officer.account_id), "decision": "5/QĐ"})
    assert status == 302
    assert text_of(chair, f"{address}nguoi-to-cao/", {"why": WHY})[0] == 403
    assert text_of(officer, f"{address}nguoi-to-cao/", {"why": "x"})[0] == 422
    answer = officer.post(f"{address}nguoi-to-cao/", {"why": WHY})
    assert NAME in answer.content.decode() and answer["Cache-Control"] == "no-store"
    assert NAME not in text_of(officer, address)[1] and WHY in text_of(chair, address)[1]
    for slug in ("thu-ly", "gia-han", "gia-han", "ket-luan"):
        assert text_of(officer, f"{address}{slug}/", {"number": "1", "reason": "Đúng một phần"})[0] == 302, slug
    assert "Đã có kết luận" in text_of(officer, address)[1]
    assert text_of(officer, f"{address}gia-han/", {"number": "1", "reason": "x"})[0] == 409
    assert text_of(officer, f"{address}khong-co/", {})[0] == 404


def queries_code(here: Staff) -> str:
    with entered(here.chair):
        return Denunciation.objects.get().entry.code


@pytest.mark.parametrize(("field", "value"), BAD)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(here, field, value):
    status, text = text_of(here.client("clerk"), f"{HOME}moi/", TYPED | {field: value})
    assert status == 422 and f'id="{field}_error"' in text
    assert TYPED["against"] in text or field == "against"
    with entered(here.chair):
        assert not Entry.objects.filter(kind=rules.KIND).exists()


def test_who_may_carry_it_on_and_from_where(here, given):
    with pytest.raises(DenunciationUnknown):
        carried(here.head, given, "accept")
    with pytest.raises(NotYourDenunciation):
        carried(here.clerk, given, "accept")
    with pytest.raises(DenunciationMoveRefused):
        carried(here.case_officer, given, "conclude")
    with pytest.raises(DenunciationRefused):
        carried(here.case_officer, given, "refuse", reason="")
    carried(here.chair, given, "refuse")
    assert entry_of(here, given).closed_at is not None
    with pytest.raises(DenunciationMoveRefused):
        name(here, given, here.head)
    with entered(here.case_officer), pytest.raises(NotYourDenunciation):
        commands.name_handler(actor=here.case_officer, code=given, account_id=here.head.account_id or 0, decision="1")


@pytest.mark.parametrize("whom", ["administrator", "neighbour", "nobody"])
def test_a_handler_serves_in_the_unit(here, code, whom):
    numbers = {"administrator": here.administrator.account_id, "nobody": 0}
    number = numbers[whom] if whom in numbers else staffed_commune("03679").head.account_id
    with entered(here.chair), pytest.raises(DenunciationRefused):
        commands.name_handler(actor=here.chair, code=code, account_id=number or 0, decision="1/QĐ")


def test_numbers_deadlines_and_the_lists_of_work(here, code):
    entry = entry_of(here, code)
    assert (entry.number, entry.holder_role, entry.state, entry.title) == (1, "chair", State.RECEIVED, rules.TITLE)
    received(here.counter)
    page = here.client("chair").get("/desk/").content.decode()
    assert code not in page  # dossiers alone are counted and listed there
    name(here, code, here.head)
    assert entry_of(here, code).holder_account_id == here.head.account_id
    carried(here.head, code, "accept")
    first = entry_of(here, code).due_at
    carried(here.head, code, "extend")
    assert first is not None and timedelta(days=28) < entry_of(here, code).due_at - first < timedelta(days=36)


def test_the_terms_are_those_of_the_law():
    friday = datetime(2025, 8, 8, 9, tzinfo=clock.ZONE)
    ends = rules.screening_due(Calendar(), friday, several_places=False)
    assert ends.date().isoformat() == "2025-08-19"
    assert rules.screening_due(Calendar(), friday, several_places=True).date().isoformat() == "2025-08-22"
    assert rules.settling_due(Calendar(), friday) - friday >= timedelta(days=30)
    assert [rules.may_extend(n) for n in (0, 1, 2)] == [True, True, False]
    assert {to for _, _, _, to in rules.legal_moves()} == set(State.values)


def test_the_list_costs_the_same_for_one_and_for_many(here, given, queries):
    client = here.client("chair")
    client.get(HOME)
    one, page = queries(lambda: client.get(HOME)), queries(lambda: client.get(f"{HOME}{given}/"))
    for _ in range(3):
        with entered(here.clerk):
            commands.take_down(actor=here.clerk, facts=WHAT, identity=WHO)
    assert queries(lambda: client.get(HOME)) == one <= 6
    assert queries(lambda: client.get(f"{HOME}{given}/")) == page <= 10
