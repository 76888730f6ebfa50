"""Signing in and out, and what a pass is worth afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from haicap.domain.people import commands, queries
from haicap.domain.people.errors import AccountUnknown, ScopeUnknown, SignInPaused, SignInRefused, TokenUnknown
from haicap.domain.people.models import Agency
from haicap.domain.people.rules import PASSWORDS_ALLOWED, AgencyKind, Role, agency_name
from haicap.domain.people.tests.eyes import change
from haicap.domain.people.web.identity import COOKIE, cookie_value
from haicap.domain.units import queries as units
from haicap.kernel import clock
from haicap.kernel.errors import SignInNeeded
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PASSWORD = "đúng mật khẩu"
NAME = "motcua-03664"


@pytest.fixture
def account():
    unit = units.unit_on("03664")
    commands.establish_agencies([unit])
    made = commands.open_account(name=NAME, full_name="Lò Thị Ánh", password_hash=commands.hash_password(PASSWORD))
    agency = Agency.objects.get(unit=unit, kind=AgencyKind.CENTER)
    commands.appoint(account=made, agency=agency, role=Role.COUNTER, valid_from=clock.today())
    return made


def signed_in() -> Client:
    client = Client()
    client.post("/dang-nhap/", {"name": NAME, "password": PASSWORD})
    return client


def test_signing_in_opens_the_desk_and_the_cookie_is_out_of_scripts_reach(account):
    client = Client()
    answer = client.post("/dang-nhap/", {"name": " MotCua-03664 ", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(("name", "password"), [(NAME, "sai"), ("khong-co", PASSWORD), ("", ""), (NAME, "x" * 10_000)])
def test_a_wrong_sign_in_says_the_same_whatever_was_wrong(account, name, password):
    answer = Client().post("/dang-nhap/", {"name": name, "password": password})
    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in answer.content.decode()
    assert COOKIE not in answer.cookies


def test_the_name_stays_and_the_password_does_not(account):
    text = Client().post("/dang-nhap/", {"name": NAME, "password": "bí mật"}).content.decode()
    assert NAME in text and "bí mật" not in text


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(account, target):
    answer = Client().post("/dang-nhap/", {"name": NAME, "password": PASSWORD, "next": target})
    assert answer["Location"] == "/desk/"


def test_a_page_asks_to_sign_in_and_leads_back(account):
    client = Client()
    answer = client.get("/desk/ho-so/?qua-han=1")
    assert answer["Location"] == "/dang-nhap/?next=%2Fdesk%2Fho-so%2F%3Fqua-han%3D1"
    answer = client.post("/dang-nhap/", {"name": NAME, "password": PASSWORD, "next": "/desk/ho-so/?qua-han=1"})
    assert answer["Location"] == "/desk/ho-so/?qua-han=1"
    assert Client().get("/desk/", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/dang-nhap/")


def test_too_many_failures_pause_and_a_right_password_ends_the_count(account):
    for _ in range(PASSWORDS_ALLOWED):
        with pytest.raises(SignInRefused):
            commands.sign_in(NAME, "sai")
    with pytest.raises(SignInPaused):
        commands.sign_in(NAME, PASSWORD)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert commands.sign_in(NAME, PASSWORD)[0] == account
    with pytest.raises(SignInRefused):  # counted from the beginning
        commands.sign_in(NAME, "sai")


def test_signing_out_ends_copies_of_the_cookie_too(account):
    client, thief = signed_in(), Client()
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    assert thief.get("/desk/").status_code == 200
    client.post("/dang-xuat/")
    assert thief.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 302


def test_signing_in_makes_a_session_of_its_own(account):
    """Fixation: a session that somebody put into the browser before is neither taken over nor opened for its owner."""
    planted = cookie_value(pass_id=commands.new_session(account.pk), account_id=account.pk)
    stranger = commands.open_account(name="ke-la", full_name="Kẻ Lạ", password_hash=commands.hash_password(PASSWORD))
    for value in (planted, cookie_value(pass_id=10**9, account_id=account.pk),
                  cookie_value(pass_id=commands.new_session(stranger.pk), account_id=stranger.pk)):  # fmt: skip
        client, other = Client(), Client()
        client.cookies[COOKIE] = other.cookies[COOKIE] = value
        seen = other.get("/desk/").status_code
        client.post("/dang-nhap/", {"name": NAME, "password": PASSWORD})
        assert client.cookies[COOKIE].value != value
        assert client.get("/desk/").status_code == 200 and other.get("/desk/").status_code == seen


def test_a_sign_in_that_a_foreign_page_sends_is_refused(account):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/dang-nhap/", {"name": NAME, "password": PASSWORD})
    assert answer.status_code == 403 and COOKIE not in answer.cookies


def test_a_forged_or_foreign_cookie_is_nobodys(account):
    for value in ("", "x", "WzEsMV0:1:forged", signed_in().cookies[COOKIE].value[:-1]):
        client = Client()
        client.cookies[COOKIE] = value
        assert client.get("/desk/").status_code == 302


def test_a_new_post_ends_the_sessions_that_knew_the_old_ones(account):
    client = signed_in()
    agency = Agency.objects.get(unit__code="03664", kind=AgencyKind.OFFICE)
    commands.appoint(account=account, agency=agency, role=Role.CLERK, valid_from=clock.today())
    assert client.get("/desk/").status_code == 302


def test_a_post_counts_from_its_first_day_to_the_day_before_its_last(account):
    agency = Agency.objects.get(unit__code="03664", kind=AgencyKind.OFFICE)
    today = clock.today()
    commands.appoint(
        account=account, agency=agency, role=Role.HEAD, valid_from=today - timedelta(days=9), valid_to=today
    )
    commands.appoint(account=account, agency=agency, role=Role.CHAIR, valid_from=today + timedelta(days=1))
    assert queries.actor_for(account.pk).role_names == {Role.COUNTER}


def test_a_token_carries_its_scopes_until_it_is_revoked_or_expires(account):
    token = commands.issue_token(account=NAME, scopes=["dossiers:read"], days=1)
    pass_id, account_id, scopes = commands.read_token(token.token)
    assert (pass_id, account_id, scopes) == (token.id, account.pk, frozenset({"dossiers:read"}))
    actor = queries.actor_for(account.pk).with_pass(pass_id, scopes)
    with entered(actor):
        assert actor.may("dossiers:read") and not actor.may("dossiers:write")
    commands.revoke_token(token.id)
    with pytest.raises(SignInNeeded), entered(actor):
        pass
    assert commands.read_token(token.token[:-1] + "x") is None
    with pytest.raises(TokenUnknown):
        commands.revoke_token(10**9)
    with pytest.raises(ScopeUnknown):
        commands.issue_token(account=NAME, scopes=["everything"], days=1)
    with pytest.raises(AccountUnknown):
        commands.issue_token(account="khong-co", scopes=[], days=1)


def test_a_closed_account_is_out_at_once(account):
    client = signed_in()
    change(account, active=False)
    queries.forget_actors()
    assert client.get("/desk/").status_code == 302
    with pytest.raises(SignInRefused):
        commands.sign_in(NAME, PASSWORD)


def test_a_citizen_is_led_to_the_portal(account):
    commands.open_account(name="congdan-1", full_name="Vì Thị Yến", password_hash=commands.hash_password(PASSWORD))
    client = Client()
    assert client.post("/dang-nhap/", {"name": "congdan-1", "password": PASSWORD})["Location"] == "/"
    assert client.get("/desk/").status_code == 403


def test_agencies_are_named_as_the_law_names_them(account):
    assert agency_name("committee", "Xã Chiềng Khoong") == "Ủy ban nhân dân xã Chiềng Khoong"
    assert agency_name("economy", "Phường Chiềng An", ward=True).startswith("Phòng Kinh tế, Hạ tầng và Đô thị")
    assert agency_name("so-tu-phap", "Tỉnh Sơn La") == "Sở Tư pháp tỉnh Sơn La"
    identifiers = set(Agency.objects.values_list("identifier", flat=True))
    assert "14.03664" in identifiers
    assert commands.establish_agencies([units.unit_on("03664")]) == 0


def test_an_ended_units_agencies_have_ids_of_their_own(account):
    from datetime import date

    old = units.unit_on("03664", date(2025, 6, 30))
    commands.establish_agencies([old])
    heads = {a.identifier for a in Agency.objects.filter(kind=AgencyKind.CENTER)}
    assert heads == {"14.03664", f"14.{old.parent_code}.03664"}
