"""Signing in by OpenID Connect through Canaille, a real provider that runs beside the test, and what may go wrong on the way."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core import signing
from django.test import Client

from haicap.domain.dossiers.tests.factories import PASSWORD, Staff, staffed_commune, staffed_province
from haicap.domain.people.commands import openid as commands
from haicap.domain.people.models import Citizen, Identity, IdentityProvider, Official
from haicap.domain.people.openid_errors import CitizenUnclear, IdentityUnlinked, ProviderInvalid
from haicap.domain.people.queries import account_at_door, actor_for, forget_actors, has_password, names_taken
from haicap.domain.people.tests.eyes import change
from haicap.domain.people.web import openid as web
from haicap.domain.people.web.identity import COOKIE, cookie_value
from haicap.interfaces.gateways.openid import fetch
from haicap.kernel import openid
from haicap.kernel.audit.models import Event
from haicap.kernel.scope import entered
from tests.openid_provider import CLIENT, EMAIL, NUMBER, SECRET, USER
from tests.openid_provider import PASSWORD as AT_THE_PROVIDER

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DOOR, OWN = "/dang-nhap/dinh-danh/thu/", "/tai-khoan/dinh-danh/"
BACK = f"http://testserver{DOOR}tra-ve/"
ID_NUMBER = "014190001234"
TYPED = {"login": USER, "password": AT_THE_PROVIDER, "answer": "accept"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Canaille on a free port, as long as the module's tests run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(__file__).with_name("openid_provider.py")
    running = subprocess.Popen(
        [sys.executable, str(program), str(port), BACK], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    address = f"http://localhost:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    yield address
    running.kill()
    running.wait()


@pytest.fixture
def provider(issuer: str, monkeypatch: pytest.MonkeyPatch) -> IdentityProvider:
    openid.forget()
    monkeypatch.setenv("BI_MAT_CUA_THU", SECRET)
    return _entered(issuer)


@pytest.fixture
def here() -> Staff:
    return staffed_commune("03664")


def _entered(at: str, **changes: Any) -> IdentityProvider:
    facts = {"key": "thu", "name": "Nhà cung cấp thử", "issuer": at, "client_id": CLIENT, "audience": "staff",
             "secret_from": "env:BI_MAT_CUA_THU", "scopes": "openid profile email"}  # fmt: skip
    return commands.enter_provider(**facts | changes)


def _at_the_provider(address: str) -> str:
    """What a person does there: name, password, agreement; gives the address to which the provider sends them back."""
    with httpx.Client(trust_env=False) as browser:
        page = browser.get(address)
        for _ in range(10):
            if page.is_redirect:
                onward = page.headers["Location"]
                if onward.startswith(BACK):
                    return onward.removeprefix("http://testserver")
                page = browser.get(page.url.join(onward))
                continue
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
            asked = {field: text for field, text in TYPED.items() if f'name="{field}"' in page.text}
            page = browser.post(page.url, data={"csrf_token": token, **asked})
    raise AssertionError("the provider never sent the person back")


def _through(client: Client, door: str = DOOR) -> Any:
    away = client.get(door)
    assert away.status_code == 302, away.content.decode()
    return client.get(_at_the_provider(away["Location"]))


def _door_of_link(client: Client) -> str:
    page = client.post(OWN, {"password": PASSWORD, "provider": "thu"}).content.decode()
    return re.search(r'href="([^"]*lien-ket/\?ve=[^"]+)"', page)[1].replace("&amp;", "&")


def _link(staff: Staff, role: str = "counter") -> Client:
    client = staff.client(role)
    answer = _through(client, _door_of_link(client))
    assert answer.get("Location") == "/tai-khoan/?xong=da-lien-ket", answer.content.decode()
    return client


def _says(answer: Any, words: str) -> bool:
    return words in answer.content.decode()


def test_an_official_links_an_identity_and_signs_in_by_it(provider, here):
    client = _link(here)
    assert _says(client.get("/tai-khoan/"), "Nhà cung cấp thử")
    fresh = Client()
    answer = _through(fresh, f"{DOOR}?next=/desk/ho-so/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/ho-so/")
    assert _says(fresh.get("/desk/"), here.counter.name)
    with entered(here.counter):
        assert Identity.objects.get().last_used_at is not None
        tags = set(Event.objects.filter(tag__startswith="people:identity").values_list("tag", flat=True))
    assert tags == {"people:identity:link", "people:identity:sign_in"}


def test_a_linked_identity_is_taken_away_with_the_password_alone(provider, here):
    client = _link(here)
    with entered(here.counter):
        number = Identity.objects.get().pk
    assert client.post(f"{OWN}{number}/xoa/", {"password": "sai"}).status_code == 422
    assert here.client("chair").post(f"{OWN}{number}/xoa/", {"password": PASSWORD}).status_code == 422
    assert client.post(f"{OWN}{number}/xoa/", {"password": PASSWORD})["Location"].endswith("da-bo-lien-ket")
    assert _says(_through(Client()), "Chưa có tài khoản nào gắn với danh tính này")


def test_one_identity_is_one_account(provider, here):
    _link(here)
    other = here.client("chair")
    assert _says(_through(other, _door_of_link(other)), "đã gắn với tài khoản khác")


def test_an_official_is_known_by_a_claim_that_the_provider_answers_for(issuer, provider, here):
    assert _says(_through(Client()), "Chưa có tài khoản nào")  # nobody is linked, and no claim says who it is
    by_email = _entered(issuer, claim="email")
    account = account_at_door(number=here.counter.account_id)
    with entered(here.administrator):
        Official.objects.create(unit=here.unit, account=account, full_name="Lò Thị Ánh", email=EMAIL.upper(),
                                staff_kind="civil_servant")  # fmt: skip
    told = {"sub": "x", "email": EMAIL}
    with pytest.raises(IdentityUnlinked):
        commands.sign_in_by(by_email, told)  # an e-mail that nobody has verified
    assert commands.sign_in_by(by_email, told | {"email_verified": True})[0].pk == account.pk
    by_name = _entered(issuer, claim="ma_can_bo")
    chair = account_at_door(number=here.chair.account_id)
    assert commands.sign_in_by(by_name, {"sub": "y", "ma_can_bo": chair.name.upper()})[0].pk == chair.pk


def test_the_second_factor_is_asked_for_unless_the_provider_says_that_it_asked_for_both(
    issuer, provider, here, monkeypatch
):
    _link(here)
    monkeypatch.setattr(commands, "second_factor_of", lambda _: type("On", (), {"on_since": 1})())
    to_code = "/dang-nhap/ma/?next=%2Fdesk%2Fho-so"
    assert _through(Client(), f"{DOOR}?next=/desk/ho-so/")["Location"].startswith(to_code)
    both = _entered(issuer, both_factors=True)
    assert _through(Client(), f"{DOOR}?next=/desk/ho-so/")["Location"].startswith(to_code)  # a password alone
    with entered(here.counter):
        told = {"sub": Identity.objects.get().subject}
    assert commands.sign_in_by(both, told | {"amr": ["pwd"]})[1] is None
    assert commands.sign_in_by(both, told | {"amr": ["pwd", "otp", "mfa"]})[1]
    levelled = _entered(issuer, both_factors=True, acr="cao")
    assert commands.sign_in_by(levelled, told | {"acr": "cao"})[1]


def test_a_level_of_assurance_that_is_too_low_is_refused(issuer, provider, here):
    _link(here)
    _entered(issuer, acr="cao rat-cao")
    assert _says(_through(Client()), "mức chưa đủ")


def test_a_closed_account_is_told_no_more_than_a_stranger(provider, here):
    _link(here)
    change(account_at_door(number=here.counter.account_id), active=False)
    forget_actors()
    assert _says(_through(Client()), "Chưa có tài khoản nào gắn với danh tính này")


def test_a_citizen_is_opened_once_and_found_again(issuer, provider):
    citizens = _entered(issuer, audience="citizens", claim="so_dinh_danh")
    told = {"sub": "a", "name": "lò  thị ánh", "so_dinh_danh": ID_NUMBER}
    first, session = commands.sign_in_by(citizens, told)
    again, _ = commands.sign_in_by(citizens, told)
    assert first.pk == again.pk and session and first.full_name == "Lò Thị Ánh"
    assert not actor_for(first.pk).roles and not has_password(first.pk)
    with entered(actor_for(first.pk)):
        assert Citizen.objects.get().id_number == ID_NUMBER
    citizen = Client()
    citizen.cookies[COOKIE] = cookie_value(pass_id=session, account_id=first.pk)
    assert citizen.get("/desk/").status_code == 403
    for wrong in ({"so_dinh_danh": "123"}, {"so_dinh_danh": None}, {"name": ""}, {"name": 7}):
        with pytest.raises(CitizenUnclear):
            commands.sign_in_by(citizens, told | {"sub": "c"} | wrong)


def test_what_the_token_does_not_say_is_asked_at_the_userinfo_address(issuer, provider, monkeypatch):
    _for_citizens(issuer)
    asked = _watched(monkeypatch)
    answer = _through(Client())
    assert answer.status_code == 302, answer.content.decode()
    (name,) = names_taken(head="cd-")
    account = account_at_door(name=name)
    with entered(actor_for(account.pk)):
        assert (account.full_name, Citizen.objects.get().id_number) == ("Lò Thị Ánh", NUMBER)
    assert [url for url in asked if url.endswith("/userinfo")] and not asked.clear()
    assert _through(Client()).status_code == 302  # known by now: there is nothing to ask
    assert not [url for url in asked if url.endswith("/userinfo")]


def _for_citizens(issuer: str) -> None:
    """The provider is there for citizens alone, under the same key."""
    _entered(issuer, key="cong-dan", audience="citizens", claim="preferred_username", client_id=CLIENT)
    IdentityProvider.objects.filter(key="thu").delete()
    IdentityProvider.objects.update(key="thu")


def _watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses at the provider that are asked from now on."""
    asked: list[str] = []

    def noting(url: str, **rest: Any) -> bytes:
        asked.append(url)
        return fetch(url, **rest)

    monkeypatch.setattr(web, "fetch_from_provider", lambda: noting)
    return asked


@pytest.mark.parametrize(("told", "status"), [({"sub": "ke-khac", "name": "X"}, 401), ([], 503), ({"sub": USER}, 401)])
def test_a_userinfo_address_that_speaks_of_somebody_else_or_of_nobody_signs_nobody_in(
    issuer, provider, monkeypatch, told, status
):
    _for_citizens(issuer)

    def lying(url: str, **rest: Any) -> bytes:
        return json.dumps(told).encode() if url.endswith("/userinfo") else fetch(url, **rest)

    monkeypatch.setattr(web, "fetch_from_provider", lambda: lying)
    answer = _through(Client())
    assert answer.status_code == status and _says(answer, 'name="password"')
    assert not names_taken(head="cd-")


def test_the_userinfo_address_adds_who_somebody_is_and_nothing_of_how_they_signed_in(issuer, provider):
    by_email = _entered(issuer, claim="email")
    token = {"sub": "x", "acr": "thap", "email": "cu@vi-du.example"}
    told = {"sub": "x", "acr": "cao", "amr": ["mfa"], "email": EMAIL, "email_verified": True, "name": "Khác"}
    assert commands.lacks_claims(by_email, token)
    assert commands.completed(by_email, token, told) == token | {"email": EMAIL, "email_verified": True}
    assert commands.completed(by_email, token, {"sub": "x", "email_verified": True}) == token, "of another address"
    assert not commands.lacks_claims(by_email, token | {"email_verified": False})
    by_name = _entered(issuer, claim="ma_can_bo")
    assert commands.completed(by_name, token | {"ma_can_bo": "a"}, {"ma_can_bo": "b"})["ma_can_bo"] == "a"
    assert not commands.lacks_claims(_entered(issuer, claim=""), {"sub": "x"}), (
        "officials link their identities themselves"
    )


def test_nobody_else_reads_identities_or_citizens(issuer, provider, here):
    _link(here)
    citizens = _entered(issuer, audience="citizens", claim="so_dinh_danh")
    commands.sign_in_by(citizens, {"sub": "a", "name": "Lò Thị Ánh", "so_dinh_danh": ID_NUMBER})
    for actor in (here.chair, here.administrator, staffed_province().operations):
        with entered(actor):
            assert Identity.objects.count() == Citizen.objects.count() == 0


CHANGED = {"state": "state=x", "iss": "iss=https://gia-mao.example", "no iss": "iss=", "no code": "code="}


@pytest.mark.parametrize("change", [*CHANGED, "no cookie", "old cookie", "other provider"])
def test_an_answer_that_is_not_this_browsers_is_refused(provider, here, change, monkeypatch):
    _link(here)
    client = Client()
    back = _at_the_provider(client.get(DOOR)["Location"])
    if change == "no cookie":
        client = Client()
    elif change == "old cookie":
        monkeypatch.setattr(web, "LIFE_S", -1)
    elif change == "other provider":
        value = signing.loads(client.cookies[web.COOKIE].value, salt=web._SALT) | {"provider": "khac"}
        client.cookies[web.COOKIE] = signing.dumps(value, salt=web._SALT)
    else:
        name, _, text = CHANGED[change].partition("=")
        back = re.sub(rf"([?&]){name}=[^&]*", rf"\g<1>{name}={text}", back)
    assert client.get(back).status_code == 401
    assert client.get("/desk/").status_code == 302


def test_an_answer_counts_once(provider, here):
    _link(here)
    client = Client()
    away = client.get(DOOR)
    kept = client.cookies[web.COOKIE].value
    back = _at_the_provider(away["Location"])
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 401  # the cookie is gone
    thief = Client()
    thief.cookies[web.COOKIE] = kept
    assert thief.get(back).status_code == 401  # the provider takes a code once


def test_a_link_begun_by_one_session_is_not_finished_by_another(provider, here):
    client, other = here.client("counter"), here.client("chair")
    door = _door_of_link(client)
    assert other.get(door)["Location"] == "/tai-khoan/?xong=het-han"
    back = _at_the_provider(client.get(door)["Location"])
    other.cookies[web.COOKIE] = client.cookies[web.COOKIE].value
    assert other.get(back).status_code == 401
    for actor in (here.chair, here.counter):
        with entered(actor):
            assert not Identity.objects.exists()


def test_a_provider_that_is_down_leaves_the_password(here, monkeypatch):
    monkeypatch.setenv("BI_MAT_CUA_THU", SECRET)
    openid.forget()
    _entered("http://localhost:9")
    answer = Client().get(DOOR)
    assert answer.status_code == 503 and _says(answer, "chưa trả lời") and _says(answer, 'name="password"')
    name = account_at_door(number=here.counter.account_id).name
    assert Client().post("/dang-nhap/", {"name": name, "password": PASSWORD}).status_code == 302


def test_a_provider_that_is_off_is_no_door(provider):
    assert _says(Client().get("/dang-nhap/"), "Đăng nhập qua Nhà cung cấp thử")
    commands.set_provider_active("thu", False)
    assert not _says(Client().get("/dang-nhap/"), "Nhà cung cấp thử")
    assert Client().get(DOOR).status_code == 404


def test_the_way_back_leads_to_no_other_host(provider):
    away = Client().get(f"{DOOR}?next=https://gia-mao.example/")
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["redirect_uri"] == [BACK] and asked["code_challenge_method"] == ["S256"]
    kept = signing.loads(away.cookies[web.COOKIE].value, salt=web._SALT)
    assert kept["next"] == "" and kept["verifier"] not in away["Location"]
    assert away.cookies[web.COOKIE]["httponly"] and away.cookies[web.COOKIE]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "wrong",
    [{"key": "Thử"}, {"issuer": "http://dinh-danh.example"}, {"issuer": "https://x.example/?a=1"}, {"issuer": "x"},
     {"audience": "ai"}, {"audience": "citizens"}, {"secret_from": "mat-khau"}, {"client_id": ""}, {"scopes": "email"}],
)  # fmt: skip
def test_a_provider_with_a_fault_is_not_entered(issuer, wrong):
    with pytest.raises(ProviderInvalid):
        _entered(issuer, **wrong)
    assert not IdentityProvider.objects.exists()


def test_one_issuer_may_serve_officials_and_citizens_but_not_officials_twice(issuer, provider):
    _entered(issuer, key="cong-dan", audience="citizens", claim="so_dinh_danh", client_id="khac")
    with pytest.raises(ProviderInvalid):
        _entered(issuer, key="nua")


def test_the_secret_is_read_from_its_place_and_stands_in_no_row(provider, tmp_path):
    kept = tmp_path / "secret"
    kept.write_text(f"{SECRET}\n")
    assert commands.client_secret(provider) == SECRET
    for place, secret in ((f"file:{kept}", SECRET), ("", "")):
        provider.secret_from = place
        assert commands.client_secret(provider) == secret
    for place in ("env:KHONG_CO", f"file:{tmp_path}/khong-co"):
        provider.secret_from = place
        with pytest.raises(ProviderInvalid):
            commands.client_secret(provider)


def test_a_provinces_administrator_switches_it_and_others_read(provider, here):
    province = staffed_province().client("administrator")
    page = here.client("administrator").get("/quan-tri/dinh-danh/")
    assert _says(page, "Nhà cung cấp thử") and not _says(page, "/quan-tri/dinh-danh/thu/")
    assert here.client("administrator").post("/quan-tri/dinh-danh/thu/", {"bat": "0"}).status_code == 403
    assert province.post("/quan-tri/dinh-danh/thu/", {"bat": "0"}).status_code == 302
    assert not IdentityProvider.objects.get().active
