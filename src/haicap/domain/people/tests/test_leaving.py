"""Signing out after an OpenID provider: here at once, there by a way that is offered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client

from haicap.domain.people import commands, ports
from haicap.domain.people.commands.openid import enter_provider, set_provider_active
from haicap.domain.people.web import leaving
from haicap.domain.people.web.identity import COOKIE
from haicap.kernel import openid
from haicap.kernel.scope import entered, system

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ISSUER, PASSWORD = "https://id.example.gov.vn", "đúng mật khẩu dài"
SAID = {
    "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/hoi", "token_endpoint": f"{ISSUER}/doi",
    "jwks_uri": f"{ISSUER}/khoa", "end_session_endpoint": f"{ISSUER}/ra",
}  # fmt: skip


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in, with the cookie of a sign-in by the provider."""
    with entered(system("tests")):
        provider = enter_provider(key="thu", name="Cổng <thử>", issuer=ISSUER, client_id="haicap", audience="staff")
    commands.open_account(name="dan-1", full_name="Vì Thị Yến", password_hash=commands.hash_password(PASSWORD))
    client, response = Client(), HttpResponse()
    client.post("/dang-nhap/", {"name": "dan-1", "password": PASSWORD})
    openid.forget()
    answering(monkeypatch, SAID)  # after the first page: with the addresses comes whoever really asks
    leaving.came_by(response, provider)
    client.cookies.load(response.cookies)
    return client


def answering(monkeypatch: pytest.MonkeyPatch, said: Any) -> None:
    def fetch(url: str, **_: Any) -> bytes:
        if said is None:
            raise openid.Unreachable("down")
        return json.dumps(said).encode()

    monkeypatch.setattr(ports, "_fetch", [fetch])


def test_whoever_came_by_a_provider_is_offered_its_sign_out(browser):
    answer = browser.post("/dang-xuat/")
    text = answer.content.decode()
    assert f'href="{ISSUER}/ra?client_id=haicap&amp;post_logout_redirect_uri=http%3A%2F%2Ftestserver%2F"' in text
    assert "Cổng &lt;thử&gt;" in text and "Vì Thị Yến" not in text
    assert not browser.cookies[COOKIE].value and not browser.cookies[leaving.COOKIE].value
    assert browser.get("/tai-khoan/").status_code == 302


@pytest.mark.parametrize("said", [None, {**SAID, "end_session_endpoint": None},
                                  {**SAID, "end_session_endpoint": "http://id.example.gov.vn/ra"}])  # fmt: skip
def test_without_such_a_place_signing_out_is_as_ever(browser, monkeypatch, said):
    answering(monkeypatch, said)
    answer = browser.post("/dang-xuat/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert not browser.cookies[COOKIE].value


def test_a_provider_that_was_switched_off_or_a_forged_cookie_leads_nowhere(browser):
    with entered(system("tests")):
        set_provider_active("thu", False)
    assert browser.post("/dang-xuat/")["Location"] == "/"
    browser.cookies[leaving.COOKIE] = signing.dumps("thu", salt="another")
    assert browser.post("/dang-xuat/")["Location"] == "/"
