"""A lost second factor: one administrator asks, another confirms, the person sees who it was."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from haicap.domain.dossiers.tests.factories import PASSWORD, Staff, signed_in, staffed_commune, staffed_province
from haicap.domain.people import commands as people
from haicap.domain.people.commands import recovery, staffing
from haicap.domain.people.errors import GivenByTheAsker, ResetExpired, TwoPeople
from haicap.domain.people.models import Account, Agency, FactorReset, RecoveryCode, SecondFactor
from haicap.domain.people.queries import account_at_door, actor_for, forget_actors, second_factor_of
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.tests.eyes import change
from haicap.domain.people.tests.test_second_factor import with_second_factor
from haicap.domain.people.web.identity import COOKIE, cookie_value
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOME, SAFETY = "/quan-tri/nguoi-dung/", "/quan-tri/nguoi-dung/an-toan/"
REASON = "Rơi điện thoại xuống suối sáng nay, đã gặp mặt."


@pytest.fixture
def staff() -> Staff:
    return staffed_commune()


@pytest.fixture
def person(staff: Staff) -> Account:
    """A counter officer who has lost the phone."""
    account = account_at_door(number=staff.actors["counter"].account_id)
    with_second_factor(account)
    return account


@pytest.fixture
def second(staff: Staff) -> Account:
    """A second administrator of the commune."""
    made = people.open_account(
        name="quantri2-03664", full_name="Cà Văn Hai", password_hash=people.hash_password(PASSWORD), synthetic=True
    )
    agency = Agency.objects.get(unit=staff.unit, kind="committee")
    people.appoint(account=made, agency=agency, role="administrator", valid_from=clock.today())
    return made


def asked(client: Client, person: Account, reason: str = REASON) -> int:
    return client.post(f"{HOME}{person.pk}/xac-thuc/", {"reason": reason}).status_code


def decided(client: Client, reset: FactorReset, what: str = "xac-nhan"):
    return client.post(f"{SAFETY}{reset.pk}/{what}/")


def the_reset(staff: Staff) -> FactorReset:
    with entered(staff.actors["administrator"]):
        return FactorReset.objects.latest("pk")


def is_on(person: Account) -> bool:
    with entered(actor_for(person.pk)):
        return second_factor_of(person.pk).on_since is not None


def test_two_administrators_let_somebody_in_again(staff, person, second):
    first, other = staff.client("administrator"), signed_in(second.name)
    token = people.issue_token(account=person.name, scopes=[], days=9)
    session = people.new_session(person.pk)
    assert asked(first, person) == 302 and is_on(person)
    assert "1 yêu cầu khôi phục" in other.get(HOME).content.decode()
    text = other.get(SAFETY).content.decode()
    assert REASON in text and "Xác nhận và tắt" in text
    answer = decided(other, the_reset(staff))
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    password = re.search(r">([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<", answer.content.decode())[1]
    assert not is_on(person)
    with entered(actor_for(person.pk)):
        assert not RecoveryCode.objects.exists()
    assert Client().get("/api/v1/dossiers", HTTP_AUTHORIZATION=f"Bearer {token.token}").status_code == 401
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_pass_is_alive(%s, %s)", [session, person.pk])
        assert cursor.fetchone() == (False,)
    own = Client()
    assert own.post("/dang-nhap/", {"name": person.name, "password": password})["Location"] == "/desk/"
    new = "con trâu đi trước"
    own.post("/tai-khoan/mat-khau/", {"password": password, "new": new, "again": new})
    text = own.get("/tai-khoan/").content.decode()
    assert REASON in text and second.full_name in text and "Đã xác nhận" in text
    with entered(staff.actors["administrator"]):
        events = Event.objects.filter(subject=f"account:{person.pk}", tag__contains="factor_reset").order_by("pk")
        told = [(one.tag, one.actor_id) for one in events]
    asker = staff.actors["administrator"].account_id
    assert told == [("people:factor_reset:ask", asker), ("people:factor_reset:confirm", second.pk)]
    assert decided(other, the_reset(staff)).status_code == 404  # once


def test_the_province_confirms_where_a_commune_has_one_administrator(staff, person):
    assert asked(staff.client("administrator"), person) == 302
    assert decided(staffed_province().client("administrator"), the_reset(staff)).status_code == 200
    assert not is_on(person)


def test_nobody_does_it_alone(staff, person, second):
    first = staff.client("administrator")
    asked(first, person)
    reset = the_reset(staff)
    assert "Xác nhận và tắt" not in first.get(SAFETY).content.decode()
    answer = decided(first, reset)
    assert answer.status_code == 403 and "hai quản trị khác nhau" in answer.content.decode()
    assert decided(signed_in("chutich-03664"), reset).status_code == 403  # no administrator
    assert decided(staffed_commune("03679").client("administrator"), reset).status_code == 404  # not theirs
    assert decided(Client(), reset).status_code == 302
    assert is_on(person)


def test_nobody_confirms_for_themselves(staff, person, second):
    with_second_factor(second)
    asked(staff.client("administrator"), second)
    reset = the_reset(staff)
    reach_actor = actor_for(second.pk)
    with entered(reach_actor), pytest.raises(TwoPeople):
        recovery.confirm_reset(reach_of(reach_actor), reset.pk)
    with entered(reach_actor), pytest.raises(TwoPeople):
        recovery.refuse_reset(reach_of(reach_actor), reset.pk)
    assert asked(staff.client("administrator"), second) == 409  # one waits already
    assert is_on(second)


def test_the_database_holds_the_rule_too(staff, person, second):
    asked(staff.client("administrator"), person)
    reset, asker = the_reset(staff), staff.actors["administrator"]
    with entered(asker):
        rows = FactorReset.objects.filter(pk=reset.pk)
        done = {"verdict": "confirmed", "decided_at": clock.now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(decided_by=reset.asked_by, **done)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(decided_by=person, **done)
        rows.update(decided_by=second, **done)  # a forged confirmation: the one who acts is not the one who confirmed
        with connection.cursor() as cursor:
            cursor.execute("SELECT people_reset_second_factor(%s)", [reset.pk])
            assert cursor.fetchone() == (False,)
            assert not SecondFactor.objects.exists()  # and its rows are not the administrator's to touch
    assert is_on(person)


def test_who_was_given_a_password_by_the_asker_does_not_confirm_for_them(staff, person):
    asker = staff.actors["administrator"]
    agency = Agency.objects.select_related("unit").get(unit=staff.unit, kind="committee")
    facts = staffing.PostFacts(agency, "administrator", "9/QĐ-UBND", clock.today(), clock.today())
    with entered(asker):
        puppet = staffing.open_with_post(reach_of(asker), full_name="Tòng Thị Mới", name="", facts=facts).account
        recovery.ask_for_reset(reach_of(asker), person.pk, reason=REASON)
    forget_actors()
    reset, actor = the_reset(staff), actor_for(puppet.pk)
    with entered(actor), pytest.raises(GivenByTheAsker):
        recovery.confirm_reset(reach_of(actor), reset.pk)
    change(puppet, password_given_at=clock.now() - timedelta(days=8))
    with entered(actor):
        recovery.confirm_reset(reach_of(actor), reset.pk)
    assert not is_on(person)


def test_a_request_lasts_a_day(staff, person, second):
    first = staff.client("administrator")
    asked(first, person)
    old, actor = the_reset(staff), actor_for(second.pk)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        with entered(actor), pytest.raises(ResetExpired):
            recovery.confirm_reset(reach_of(actor), old.pk)
        assert asked(staff.client("administrator"), person) == 302  # a new one takes its place
        assert decided(signed_in(second.name), the_reset(staff)).status_code == 200
    with entered(actor):
        old.refresh_from_db()
    assert old.verdict == "withdrawn" and not is_on(person)


def test_a_request_is_refused_or_taken_back(staff, person, second):
    first, other = staff.client("administrator"), signed_in(second.name)
    for client, verdict in ((other, "refused"), (first, "withdrawn")):
        asked(first, person)
        assert decided(client, the_reset(staff), "tu-choi").status_code == 302
        assert the_reset(staff).verdict == verdict
        assert decided(other, the_reset(staff)).status_code == 404
    assert is_on(person)


def test_who_did_not_ask_says_no(staff, person, second):
    own = Client()
    own.cookies[COOKIE] = cookie_value(pass_id=people.new_session(person.pk), account_id=person.pk)
    asked(staff.client("administrator"), person)
    reset = the_reset(staff)
    assert "Tôi không nhờ" in own.get("/tai-khoan/").content.decode()
    refuse = f"/tai-khoan/khoi-phuc/{reset.pk}/tu-choi/"
    assert signed_in(second.name).post(refuse).status_code == 404
    assert own.post(refuse)["Location"] == "/tai-khoan/?xong=tu-choi"
    assert decided(signed_in(second.name), reset).status_code == 404
    assert the_reset(staff).verdict == "refused" and is_on(person)


@pytest.mark.parametrize("reason", ["", "mất", " " * 30, "x" * 501])
def test_a_request_says_why(staff, person, reason):
    client = staff.client("administrator")
    answer = client.post(f"{HOME}{person.pk}/xac-thuc/", {"reason": reason})
    assert answer.status_code == 422 and "Ghi lý do" in answer.content.decode()


def test_without_a_second_factor_or_for_oneself_nothing_is_asked(staff, second):
    client = staff.client("administrator")
    assert asked(client, account_at_door(number=staff.actors["clerk"].account_id)) == 409
    assert asked(client, account_at_door(number=staff.actors["administrator"].account_id)) == 403


def test_the_page_names_the_rule_and_who_does_not_keep_it(staff, second, queries):
    client = staff.client("administrator")
    assert "Phải có mà chưa bật: 0" in client.get(SAFETY).content.decode()  # demonstration accounts are exempt
    few = queries(lambda: client.get(SAFETY))
    for one in (second, account_at_door(number=staff.administrator.account_id)):
        change(one, synthetic=False)
    text = client.get(SAFETY).content.decode()
    assert "Phải có mà chưa bật: 2" in text and second.full_name in text
    assert queries(lambda: client.get(SAFETY)) == few <= 9
    with_second_factor(second)
    assert "Phải có mà chưa bật: 1" in client.get(f"{SAFETY}?trang=7").content.decode()
    assert client.get(f"{SAFETY}?trang=x").status_code == 200
    page = client.get(f"{HOME}{staff.actors['administrator'].account_id}/").content.decode()
    assert "phải có, chưa bật" in page
