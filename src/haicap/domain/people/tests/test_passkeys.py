"""Passkeys: made by who knows the password, good for one challenge of one browser, seen by nobody else."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client, override_settings

from haicap.domain.people import commands, queries
from haicap.domain.people.errors import CodeRefused, PasskeyRefused, PasskeyStands
from haicap.domain.people.models import Account, Passkey, RecoveryCode, SecondFactor, SpentChallenge
from haicap.domain.people.rules import PASSKEYS_MOST, Role, counts_on
from haicap.domain.people.tests.authenticator import Authenticator
from haicap.domain.people.tests.eyes import change
from haicap.domain.people.tests.test_second_factor import NAME, OTHER, PASSWORD, code_of, opened, signed_in, tags
from haicap.domain.people.web.identity import COOKIE
from haicap.kernel import clock, webauthn
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
KEYS, ADD, CODE, DOOR = "/tai-khoan/khoa/", "/tai-khoan/khoa/them/", "/dang-nhap/ma/", "/dang-nhap/khoa/"
CHALLENGE = "/dang-nhap/khoa/thach-thuc/"


@pytest.fixture
def account():
    return opened(NAME, Role.COUNTER)


def begun(client: Client, name: str = "Điện thoại") -> tuple[dict, str]:
    """What the page gives the browser to make a key, and its ticket."""
    text = client.post(KEYS, {"password": PASSWORD, "name": name}).content.decode()
    options = json.loads(html.unescape(re.search(r'data-options="([^"]+)"', text)[1]))
    return options, re.search(r'name="ticket" value="([^"]+)"', text)[1]


def registered(client: Client, key: Authenticator | None = None) -> tuple[Authenticator, str]:
    """A key made on the account's page, and what the page answered."""
    key = key or Authenticator()
    options, ticket = begun(client)
    answer = client.post(ADD, {"ticket": ticket, "credential": json.dumps(key.create(options))})
    return key, answer.content.decode()


def with_passkey(account: Account, **facts) -> Authenticator:
    """The same without pages."""
    key, actor = Authenticator(**facts), queries.actor_for(account.pk)
    with entered(actor):
        asked = commands.begin_passkey(actor=actor)
        commands.add_passkey(actor=actor, challenge=asked.challenge, answer=key.create(dict(asked.options)), name="Máy")
    return key


def after_password() -> Client:
    client = Client()
    assert client.post("/dang-nhap/", {"name": NAME, "password": PASSWORD})["Location"] == CODE
    return client


def sent(client: Client, key: Authenticator, address: str = CODE) -> int:
    """The status of an answer to a fresh challenge of that browser."""
    asked = client.get(CHALLENGE + ("?buoc=2" if address == CODE else "")).json()
    return client.post(address, {"credential": json.dumps(key.get(asked))}).status_code


# ── Making and removing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_is_made_named_listed_and_removed(account):
    client = signed_in()
    _, text = registered(client)
    assert text.count('class="code"') == 10  # the first factor brings recovery codes
    text = client.get("/tai-khoan/").content.decode()
    assert "Điện thoại" in text and "chưa dùng" in text
    _, text = registered(client)
    assert text == "" and keys_of(account) == 2
    with entered(queries.actor_for(account.pk)):
        first, second = queries.own_passkeys(queries.actor_for(account.pk))
    assert client.post(f"{KEYS}{first.pk}/xoa/", {"password": "sai"}).status_code == 422
    assert client.post(f"{KEYS}{first.pk}/xoa/", {"password": PASSWORD}).status_code == 302
    assert COOKIE not in after_password().cookies  # one is left
    assert client.post(f"{KEYS}{second.pk}/xoa/", {"password": PASSWORD}).status_code == 302
    with entered(queries.actor_for(account.pk)):
        assert not SecondFactor.objects.exists() and not RecoveryCode.objects.exists()
    assert signed_in().get("/desk/").status_code == 200
    assert tags(account) == ["people:passkey:add"] * 2 + ["people:passkey:remove"] * 2


def keys_of(account: Account) -> int:
    with entered(queries.actor_for(account.pk)):
        return Passkey.objects.count()


def test_without_the_password_nothing_begins(account):
    client = signed_in()
    assert client.post(KEYS, {"password": "sai"}).status_code == 422
    for ticket in ("", "x", begun(signed_in())[1]):  # of another session
        assert client.post(ADD, {"ticket": ticket, "credential": "{}"}).status_code == 422
    assert keys_of(account) == 0


def test_a_challenge_to_make_a_key_counts_once(account):
    client, key = signed_in(), Authenticator()
    options, ticket = begun(client)
    sent_first = {"ticket": ticket, "credential": json.dumps(key.create(options))}
    assert client.post(ADD, sent_first).status_code == 200
    again = {"ticket": ticket, "credential": json.dumps(Authenticator().create(options))}
    assert client.post(ADD, again).status_code == 422
    assert keys_of(account) == 1


def test_a_challenge_to_make_a_key_grows_old(account):
    client, key = signed_in(), Authenticator()
    options, ticket = begun(client)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        answer = client.post(ADD, {"ticket": ticket, "credential": json.dumps(key.create(options))})
    assert answer.status_code == 422 and keys_of(account) == 0


@pytest.mark.parametrize("lie", [{"origin": "https://haicap.example"}, {"host": "haicap.example"}])
def test_a_key_made_for_another_site_is_refused(account, lie):
    client, key = signed_in(), Authenticator(**lie)
    options, ticket = begun(client)
    assert client.post(ADD, {"ticket": ticket, "credential": json.dumps(key.create(options))}).status_code == 422
    assert keys_of(account) == 0


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"rawId": 1}', '{"id":"AA","rawId":"AA","response":{}}', "[" * 9000,
                                  '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA",'
                                  '"authenticatorData":"AA","signature":"\\u0000"}}', "x" * 20_000])  # fmt: skip
def test_whatever_a_browser_sends_is_refused_in_words(account, text):
    client = signed_in()
    _, ticket = begun(client)
    assert client.post(ADD, {"ticket": ticket, "credential": text}).status_code == 422
    assert client.post(DOOR, {"credential": text}).status_code == 422


def test_a_key_is_one_accounts(account):
    key = with_passkey(account)
    other = opened(OTHER, Role.CLERK)
    with pytest.raises(PasskeyStands):
        with_passkey(other, number=key.number, key=key.key)
    assert keys_of(other) == 0
    with entered(queries.actor_for(other.pk)):
        assert not Passkey.objects.exists() and not SpentChallenge.objects.exists()
        assert Passkey.objects.update(name="") == 0
    assert not Passkey.objects.exists()  # and nobody at all outside of a scope


def test_an_account_has_so_many_keys_and_no_more(account):
    actor = queries.actor_for(account.pk)
    with_passkey(account)
    with entered(actor):
        kept = Passkey.objects.get()
        for number in range(1, PASSKEYS_MOST):
            kept.pk, kept.credential_id = None, bytes([number])
            kept.save(force_insert=True)
    text = signed_in_by_key(account).post(KEYS, {"password": PASSWORD}).content.decode()
    assert f"đã có {PASSKEYS_MOST} khóa" in text


def signed_in_by_key(account: Account) -> Client:
    from haicap.domain.people.web.identity import cookie_value

    client = Client()
    client.cookies[COOKIE] = cookie_value(pass_id=commands.new_session(account.pk), account_id=account.pk)
    return client


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_is_the_second_step(account):
    key = with_passkey(account, verifies=False)
    client = after_password()
    assert client.get("/desk/").status_code == 302
    assert sent(client, key) == 302
    assert client.get("/desk/").status_code == 200
    with entered(queries.actor_for(account.pk)):
        assert Passkey.objects.get().last_used_at is not None


def test_an_answer_that_was_used_opens_nothing_again(account):
    key = with_passkey(account, counts=False)
    client = after_password()
    asked = client.get(f"{CHALLENGE}?buoc=2").json()
    answer, copied = json.dumps(key.get(asked)), {name: morsel.value for name, morsel in client.cookies.items()}
    assert client.post(CODE, {"credential": answer}).status_code == 302
    thief = Client()
    thief.cookies.load(copied)
    assert thief.post(CODE, {"credential": answer}).status_code == 422  # the very bytes, with every cookie
    assert (
        thief.post(CODE, {"credential": json.dumps(key.get(asked))}).status_code == 422
    )  # signed anew for that challenge
    assert COOKIE not in thief.cookies


def test_a_challenge_is_one_browsers_one_accounts_and_one_doors(account):
    key = with_passkey(account)
    client, another = after_password(), after_password()
    asked = client.get(f"{CHALLENGE}?buoc=2").json()
    assert another.post(CODE, {"credential": json.dumps(key.get(asked))}).status_code == 422
    asked = another.get(CHALLENGE).json()  # of nobody yet
    assert another.post(CODE, {"credential": json.dumps(key.get(asked))}).status_code == 422
    asked = client.get(f"{CHALLENGE}?buoc=2").json()  # of the account
    assert client.post(DOOR, {"credential": json.dumps(key.get(asked))}).status_code == 422
    assert COOKIE not in client.cookies and COOKIE not in another.cookies
    assert Client().get(f"{CHALLENGE}?buoc=2").status_code == 401


def test_a_challenge_grows_old(account):
    key, client = with_passkey(account), Client()
    asked = client.get(CHALLENGE).json()
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert client.post(DOOR, {"credential": json.dumps(key.get(asked))}).status_code == 422


@pytest.mark.parametrize(
    "lie", [{"origin": "https://haicap.example"}, {"host": "haicap.example"}, {"number": b"x" * 32}]
)
def test_another_site_or_key_opens_nothing(account, lie):
    key, client = with_passkey(account), after_password()
    for name, value in lie.items():
        setattr(key, name, value)
    assert sent(client, key) == 422
    stranger = Authenticator(number=key.number, handle=key.handle)
    assert sent(client, stranger) == 422 and COOKIE not in client.cookies


def test_a_counter_that_does_not_grow_is_a_copy(account):
    key = with_passkey(account)
    assert sent(after_password(), key) == 302
    key.count -= 1  # a copy made before that sign-in
    assert sent(after_password(), key) == 422
    assert tags(account)[-1] == "people:passkey:counter"


@pytest.mark.parametrize(("kept", "said", "well"), [(0, 0, True), (0, 1, True), (1, 2, True), (2, 2, False), (2, 1, False),
                                                    (1, 0, False)])  # fmt: skip
def test_what_a_counter_may_say(kept, said, well):
    assert counts_on(kept, said) is well


def test_a_key_that_verifies_its_user_stands_for_password_and_code(account):
    key, client = with_passkey(account), Client()
    assert sent(client, key, DOOR) == 302
    assert client.get("/desk/").status_code == 200
    key.verifies = False
    assert sent(Client(), key, DOOR) == 422


def test_the_door_of_keys_tells_nothing_of_any_account(account):
    key = with_passkey(account)
    assert "allowCredentials" not in Client().get(CHALLENGE).json()
    strangers = [Authenticator(handle=key.handle), Authenticator(handle="AAAAAAAAAGM"), Authenticator(handle=None)]
    change(account, active=False)
    queries.forget_actors()
    texts = set()
    for one in (key, *strangers):
        client = Client()
        asked = client.get(CHALLENGE).json()
        answer = client.post(DOOR, {"credential": json.dumps(one.get(asked))})
        texts.add(
            (answer.status_code, re.search(r'class="notice notice--error".*?</p>', answer.content.decode(), re.S)[0])
        )
    assert len(texts) == 1


def test_recovery_codes_serve_keys_too_and_codes_live_beside_them(account):
    actor, client = queries.actor_for(account.pk), signed_in()
    _, text = registered(client)
    code = re.search(r'class="code">([A-Z2-7-]{19})<', text)[1]
    assert after_password().post(CODE, {"code": code}).status_code == 200
    with pytest.raises(CodeRefused):
        commands.take_second_step(account.pk, code)
    seed = commands.new_seed()
    with entered(actor):
        assert commands.turn_on(actor=actor, seed=seed, code=code_of(seed, account, -1)) == []
    assert after_password().post(CODE, {"code": code_of(seed, account)}).status_code == 302
    with entered(actor):
        commands.turn_off(actor=actor)
        assert queries.second_factor_of(account.pk).passkeys == 1
    assert COOKIE not in after_password().cookies


def test_a_foreign_page_sends_none_of_these(account):
    client = Client(enforce_csrf_checks=True)
    client.cookies[COOKIE] = signed_in().cookies[COOKIE].value
    for address in (KEYS, ADD, f"{KEYS}1/xoa/", DOOR, CODE):
        assert client.post(address, {"password": PASSWORD}).status_code == 403


@override_settings(HAICAP_BASE_URL="http://127.0.0.1:8000")
def test_at_an_address_without_a_name_no_key_is_offered(account):
    client = signed_in()
    assert 'action="/tai-khoan/khoa/"' not in client.get("/tai-khoan/").content.decode()
    assert "data-passkey" not in Client().get("/dang-nhap/").content.decode()
    assert client.post(KEYS, {"password": PASSWORD}).status_code == 422
    assert Client().get(CHALLENGE).status_code == 409
    assert Client().post(DOOR, {"credential": json.dumps(Authenticator().get({"challenge": "AA"}))}).status_code == 422


@pytest.mark.parametrize("challenge", ["", "AAAA"])
def test_what_was_never_asked_is_not_answered(account, challenge):
    key, client = with_passkey(account), after_password()
    for address in (CODE, DOOR):
        answer = key.get({"challenge": challenge})
        assert client.post(address, {"credential": json.dumps(answer)}).status_code == 422
    assert COOKIE not in client.cookies


def test_the_page_costs_the_same_for_one_key_and_for_many(account, queries):
    with_passkey(account)
    client = signed_in_by_key(account)
    one = queries(lambda: client.get("/tai-khoan/"))
    for _ in range(3):
        with_passkey(account)
    assert queries(lambda: client.get("/tai-khoan/")) == one <= 14


def test_what_a_key_is_bound_to():
    assert webauthn.site_of("https://Dichvucong.example.gov.vn") == webauthn.Site(
        "dichvucong.example.gov.vn", "https://dichvucong.example.gov.vn"
    )
    assert webauthn.site_of("http://localhost:8011") == webauthn.Site("localhost", "http://localhost:8011")
    assert webauthn.site_of("http://[::1]:8000") is webauthn.site_of("http://127.0.0.1") is webauthn.site_of("") is None


def test_the_command_says_no_where_the_page_would(account):
    with_passkey(account)
    asked = commands.ask_for_passkey(account.pk)
    with pytest.raises(PasskeyRefused):
        commands.take_passkey_step(account.pk, asked.challenge, Authenticator().get(dict(asked.options)))
