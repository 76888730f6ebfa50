"""A password that was handed over, and roles that must have a second factor: nothing else opens before."""

from __future__ import annotations

import json
import re

import pytest
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from haicap.domain.people import commands, queries
from haicap.domain.people.rules import Role
from haicap.domain.people.tests.authenticator import Authenticator
from haicap.domain.people.tests.eyes import change
from haicap.domain.people.tests.test_passkeys import ADD, begun
from haicap.domain.people.tests.test_second_factor import NAME, PASSWORD, code_of, opened, signed_in
from haicap.domain.people.web.identity import COOKIE, FIRST_STEPS
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NEW = "con trâu đi trước"
CHANGE = "/tai-khoan/mat-khau/"


@pytest.fixture
def account():
    return opened(NAME, Role.COUNTER)


@pytest.fixture
def newcomer(account):
    change(account, password_is_first=True)
    return account


@pytest.fixture
def administrator():
    return opened("quantri-03664", Role.ADMINISTRATOR)


def test_a_first_password_opens_only_the_page_that_changes_it(newcomer):
    client = Client()
    assert client.post("/dang-nhap/", {"name": NAME, "password": PASSWORD})["Location"] == "/desk/"
    for address in ("/desk/", "/", "/tai-khoan/", "/tai-khoan/xac-thuc/", "/quan-tri/quyen/", "/desk/tep/1/"):
        assert client.get(address)["Location"] == f"{FIRST_STEPS}?next={address.replace('/', '%2F')}", address
    assert client.post("/tai-khoan/khoa/", {"password": PASSWORD})["Location"] == FIRST_STEPS
    assert client.get("/desk/", headers={"HX-Request": "true"})["HX-Redirect"] == FIRST_STEPS
    refused = client.get("/api/v1/dossiers")
    assert (refused.status_code, refused.json()["code"]) == (403, "people.first_steps_owed")
    assert "Đặt mật khẩu của bạn" in client.get(FIRST_STEPS).content.decode()
    assert Client().get(FIRST_STEPS)["Location"].startswith("/dang-nhap/")


def test_changing_it_opens_what_was_asked_for_and_ends_the_session_that_it_opened(newcomer):
    client, copy = signed_in(), Client()
    copy.cookies[COOKIE] = client.cookies[COOKIE].value
    answer = client.post(CHANGE, {"password": PASSWORD, "new": NEW, "again": NEW, "next": "/desk/ho-so/"})
    assert answer["Location"] == "/desk/ho-so/"
    assert client.get("/desk/ho-so/").status_code == 200
    assert copy.get(FIRST_STEPS)["Location"].startswith("/dang-nhap/")
    assert Client().post("/dang-nhap/", {"name": NAME, "password": NEW})["Location"] == "/desk/"
    assert Client().get("/desk/").status_code == 302


@pytest.mark.parametrize(("old", "new", "says"), [(PASSWORD, PASSWORD, "phải khác"), ("sai", NEW, "chưa đúng"),
                                                  (PASSWORD, "ngắn", "từ 12")])  # fmt: skip
def test_an_unfit_one_keeps_the_page(newcomer, old, new, says):
    client = signed_in()
    answer = client.post(CHANGE, {"password": old, "new": new, "again": new, "next": "/desk/ho-so/"})
    text = answer.content.decode()
    assert answer.status_code == 422 and says in text and 'value="/desk/ho-so/"' in text
    assert client.get("/desk/").status_code == 302


def test_a_token_of_the_account_is_not_held_up(newcomer):
    token = commands.issue_token(account=NAME, scopes=[], days=9)
    client = signed_in()
    head = {"HTTP_AUTHORIZATION": f"Bearer {token.token}"}
    assert client.get("/api/v1/dossiers", **head).status_code == 200


def test_a_cookie_whose_duty_was_cut_off_is_nobodys(newcomer):
    client = signed_in()
    pass_id, account_id, duty = signing.loads(client.cookies[COOKIE].value, salt="haicap.session")
    assert duty == "password"
    client.cookies[COOKIE] = signing.dumps([pass_id, account_id], salt="another")
    assert client.get("/desk/")["Location"].startswith("/dang-nhap/")


def test_who_must_have_a_second_factor_is_led_to_it_first(administrator):
    client = signed_in("quantri-03664")
    assert client.get("/quan-tri/")["Location"] == f"{FIRST_STEPS}?next=%2Fquan-tri%2F"
    text = client.get(f"{FIRST_STEPS}?next=/quan-tri/").content.decode()
    assert 'action="/tai-khoan/xac-thuc/"' in text and 'action="/tai-khoan/khoa/"' in text
    options, ticket = begun(client)
    answer = client.post(
        ADD, {"ticket": ticket, "credential": json.dumps(Authenticator().create(options)), "next": "/quan-tri/"}
    )
    assert f"{FIRST_STEPS}?next=%2Fquan-tri%2F" in answer.content.decode()
    assert client.get(f"{FIRST_STEPS}?next=%2Fquan-tri%2F")["Location"] == "/quan-tri/"
    assert client.get("/quan-tri/").status_code == 200


def test_codes_of_a_telephone_do_as_well(administrator):
    client = signed_in("quantri-03664")
    text = client.post("/tai-khoan/xac-thuc/", {"password": PASSWORD}).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', text)[1]
    seed = bytes.fromhex(signing.loads(ticket, salt="haicap.second-factor-ticket")[1])
    client.post("/tai-khoan/xac-thuc/bat/", {"ticket": ticket, "code": code_of(seed, administrator)})
    assert client.get(FIRST_STEPS)["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_the_password_comes_before_the_factor(administrator):
    change(administrator, password_is_first=True)
    client = signed_in("quantri-03664")
    assert client.post("/tai-khoan/khoa/", {"password": PASSWORD})["Location"] == FIRST_STEPS
    answer = client.post(CHANGE, {"password": PASSWORD, "new": NEW, "again": NEW, "next": "/quan-tri/"})
    assert answer["Location"] == f"{FIRST_STEPS}?next=%2Fquan-tri%2F"
    assert client.get("/quan-tri/")["Location"].startswith(FIRST_STEPS)
    assert "Bật xác thực hai bước" in client.get(FIRST_STEPS).content.decode()


def test_demonstration_accounts_other_roles_and_another_rule_are_not_held_up(administrator, account, settings):
    assert signed_in(NAME).get("/desk/").status_code == 200
    settings.HAICAP_SECOND_FACTOR_ROLES = ("counter",)
    assert signed_in("quantri-03664").get("/desk/").status_code == 200
    assert signed_in(NAME).get("/desk/").status_code == 302
    change(account, synthetic=True)
    assert signed_in(NAME).get("/desk/").status_code == 200


def test_a_role_that_does_not_exist_stops_the_start(settings):
    assert queries.roles_that_must() == (Role.ADMINISTRATOR, Role.OPERATIONS)
    settings.HAICAP_SECOND_FACTOR_ROLES = ("administrater",)
    with pytest.raises(ImproperlyConfigured, match="administrater"):
        queries.roles_that_must()


def test_duties_are_told_in_order(account):
    with entered(queries.actor_for(account.pk)):
        assert queries.duty_of(account.pk) is None
    change(account, password_is_first=True)
    assert queries.duty_of(account.pk) == "password"
