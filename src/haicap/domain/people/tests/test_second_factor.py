"""The second factor and one's own account: codes that count once, sessions that end, doors that say nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings

from haicap.domain.people import commands, queries
from haicap.domain.people.errors import CodeRefused, PassUnknown, SignInPaused
from haicap.domain.people.models import Account, Agency, RecoveryCode, SecondFactor
from haicap.domain.people.rules import CODES_ALLOWED, RECOVERY_CODES, AgencyKind, Role, is_the_name, pause_after
from haicap.domain.people.web.between import COOKIE as BETWEEN
from haicap.domain.people.web.identity import COOKIE
from haicap.domain.units import queries as units
from haicap.kernel import clock, totp
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PASSWORD = "đúng mật khẩu dài"
NAME, OTHER = "motcua-03664", "vanthu-03664"


def opened(name: str, role: str) -> Account:
    unit = units.unit_on("03664")
    commands.establish_agencies([unit])
    made = commands.open_account(name=name, full_name="Lò Thị Ánh", password_hash=commands.hash_password(PASSWORD))
    agency = Agency.objects.get(unit=unit, kind=AgencyKind.CENTER)
    commands.appoint(account=made, agency=agency, role=role, valid_from=clock.today())
    return made


@pytest.fixture
def account():
    return opened(NAME, Role.COUNTER)


@pytest.fixture
def moment():
    """A standing clock, so that a test moves from step to step itself."""
    with time_machine.travel(clock.now() + timedelta(seconds=1), tick=False) as traveller:
        yield traveller


def code_of(seed: bytes, account: Account, steps: int = 0) -> str:
    return totp.code_at(commands.secret_of(account.pk, seed), totp.step_at(clock.now()) + steps)


def with_second_factor(account: Account) -> tuple[bytes, list[str]]:
    """The second factor, turned on two steps ago."""
    seed, actor = commands.new_seed(), queries.actor_for(account.pk)
    with entered(actor):
        codes = commands.turn_on(actor=actor, seed=seed, code=code_of(seed, account, -1))
    return seed, codes


def after_password(client: Client | None = None, **data: str) -> Client:
    client = client or Client()
    answer = client.post("/dang-nhap/", {"name": NAME, "password": PASSWORD, **data})
    assert answer["Location"].startswith("/dang-nhap/ma/")
    return client


def signed_in(name: str = NAME) -> Client:
    client = Client()
    client.post("/dang-nhap/", {"name": name, "password": PASSWORD})
    assert COOKIE in client.cookies
    return client


def tags(account: Account) -> list[str]:
    with entered(queries.actor_for(account.pk)), connection.cursor() as cursor:
        cursor.execute("SELECT tag FROM audit_event WHERE subject = %s ORDER BY id", [f"account:{account.pk}"])
        return [tag for (tag,) in cursor.fetchall()]


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_password_alone_opens_nothing(account, moment):
    with_second_factor(account)
    client = after_password()
    assert COOKIE not in client.cookies
    assert client.get("/desk/").status_code == 302
    assert client.cookies[BETWEEN]["httponly"] and client.cookies[BETWEEN]["samesite"] == "Strict"
    assert client.cookies[BETWEEN]["path"] == "/dang-nhap/"
    with entered(queries.actor_for(account.pk)):
        assert queries.own_passes(queries.actor_for(account.pk)) == []


def test_the_code_opens_the_page_that_was_asked_for(account, moment):
    seed, _ = with_second_factor(account)
    client = after_password(next="/desk/ho-so/")
    answer = client.post("/dang-nhap/ma/?next=/desk/ho-so/", {"code": code_of(seed, account)})
    assert answer["Location"] == "/desk/ho-so/"
    assert client.get("/desk/").status_code == 200
    assert client.cookies[BETWEEN].value == ""


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/"])
def test_the_second_step_leads_nowhere_else(account, moment, target):
    seed, _ = with_second_factor(account)
    answer = after_password().post("/dang-nhap/ma/", {"code": code_of(seed, account), "next": target})
    assert answer["Location"] == "/desk/"


def test_a_used_code_and_those_before_it_are_refused(account, moment):
    seed, _ = with_second_factor(account)
    code, earlier = code_of(seed, account), code_of(seed, account, -1)
    assert after_password().post("/dang-nhap/ma/", {"code": code}).status_code == 302
    for replayed in (code, earlier):
        again = after_password()
        assert again.post("/dang-nhap/ma/", {"code": replayed}).status_code == 422
        assert COOKIE not in again.cookies
    moment.shift(30)
    assert after_password().post("/dang-nhap/ma/", {"code": code_of(seed, account)}).status_code == 302


def test_the_code_that_turned_it_on_does_not_sign_in(account, moment):
    seed, actor = commands.new_seed(), queries.actor_for(account.pk)
    code = code_of(seed, account)
    with entered(actor):
        commands.turn_on(actor=actor, seed=seed, code=code)
    with pytest.raises(CodeRefused):
        commands.take_second_step(account.pk, code)


def test_a_recovery_code_opens_once_and_is_told(account, moment):
    _, codes = with_second_factor(account)
    client = after_password()
    answer = client.post("/dang-nhap/ma/", {"code": f" {codes[0].lower().replace('-', ' ')} "})
    assert answer.status_code == 200
    assert "Bạn còn 9 mã khôi phục" in answer.content.decode()
    assert client.get("/desk/").status_code == 200
    again = after_password()
    assert again.post("/dang-nhap/ma/", {"code": codes[0]}).status_code == 422
    assert COOKIE not in again.cookies
    assert tags(account)[-1] == "people:recovery_code:use"


def test_recovery_codes_are_kept_as_digests(account, moment):
    _, codes = with_second_factor(account)
    assert len(set(codes)) == RECOVERY_CODES and all(re.fullmatch("([A-Z2-7]{4}-){3}[A-Z2-7]{4}", c) for c in codes)
    with entered(queries.actor_for(account.pk)):
        assert {len(bytes(d)) for d in RecoveryCode.objects.values_list("digest", flat=True)} == {32}


def test_the_database_alone_makes_no_codes(account, moment):
    seed, _ = with_second_factor(account)
    own = commands.secret_of(account.pk, seed)
    assert len(own) == 20 and own != commands.secret_of(account.pk + 1, seed)
    with override_settings(SECRET_KEY="another key " * 5):
        assert commands.secret_of(account.pk, seed) != own


def test_a_code_still_counts_while_the_secret_key_changes(account, moment):
    from django.conf import settings

    seed, _ = with_second_factor(account)
    code = code_of(seed, account)
    with override_settings(SECRET_KEY="another key " * 5, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert commands.take_second_step(account.pk, code).pass_id


def test_wrong_codes_pause_only_who_knows_the_password(account, moment):
    seed, _ = with_second_factor(account)
    client = after_password()
    answers = [client.post("/dang-nhap/ma/", {"code": "000000"}).status_code for _ in range(CODES_ALLOWED + 1)]
    assert answers == [422] * (CODES_ALLOWED - 1) + [429] * 2
    with pytest.raises(SignInPaused):
        commands.take_second_step(account.pk, code_of(seed, account))
    assert tags(account)[-1] == "people:second_factor:pause"
    # the count is on the second step's own row: whoever only knows the name cannot raise it
    assert commands.sign_in(NAME, PASSWORD)[0] == account
    assert Client().post("/dang-nhap/ma/", {"code": "000000"})["Location"] == "/dang-nhap/"
    moment.shift(301)
    assert commands.take_second_step(account.pk, code_of(seed, account)).pass_id


def test_the_password_typed_again_does_not_wipe_the_count_of_wrong_codes(account, moment):
    with_second_factor(account)
    for _ in range(CODES_ALLOWED - 1):
        assert after_password().post("/dang-nhap/ma/", {"code": "000000"}).status_code == 422
    assert after_password().post("/dang-nhap/ma/", {"code": "000000"}).status_code == 429


def test_pauses_grow_to_an_hour():
    minutes = [pause_after(n).total_seconds() / 60 for n in range(5, 45, 5)]
    assert minutes == [5, 10, 20, 40, 60, 60, 60, 60]
    assert [pause_after(n) for n in (0, 1, 4, 6, 9)] == [None] * 5


def test_what_stands_between_the_steps_ends_and_cannot_be_forged(account, moment):
    seed, _ = with_second_factor(account)
    client = after_password()
    held = client.cookies[BETWEEN].value
    moment.shift(301)
    assert client.post("/dang-nhap/ma/", {"code": code_of(seed, account)})["Location"] == "/dang-nhap/"
    for forged in ("", "x", held[:-1], client.cookies.get(COOKIE, "") and "x"):
        stranger = Client()
        stranger.cookies[BETWEEN] = forged
        assert stranger.get("/dang-nhap/ma/")["Location"] == "/dang-nhap/"


def test_another_password_ends_what_stands_between_the_steps(account, moment):
    seed, _ = with_second_factor(account)
    client = after_password()
    actor = queries.actor_for(account.pk)
    with entered(actor):
        commands.change_password(actor=actor, old=PASSWORD, new="một mật khẩu khác", again="một mật khẩu khác")
    assert client.post("/dang-nhap/ma/", {"code": code_of(seed, account)})["Location"] == "/dang-nhap/"


def test_a_planted_session_is_not_the_one_that_opens(account, moment):
    seed, _ = with_second_factor(account)
    attacker = opened("kegian-1", Role.CLERK)
    planted = signed_in("kegian-1").cookies[COOKIE].value
    client = Client()
    client.cookies[COOKIE] = planted
    after_password(client)
    assert client.cookies[COOKIE].value == planted
    client.post("/dang-nhap/ma/", {"code": code_of(seed, account)})
    assert client.cookies[COOKIE].value != planted
    first = client.cookies[COOKIE].value
    moment.shift(30)
    after_password(client).post("/dang-nhap/ma/", {"code": code_of(seed, account)})
    assert client.cookies[COOKIE].value != first
    assert attacker.pk != account.pk


def test_the_door_says_the_same_with_and_without_a_second_factor(account, moment):
    def said(name: str) -> tuple[int, str]:
        answer = Client().post("/dang-nhap/", {"name": name, "password": "sai hẳn"})
        return answer.status_code, re.sub(r'(value|nonce)="[^"]*"', "", answer.content.decode())

    before = said(NAME)
    with_second_factor(account)
    assert said(NAME) == before == said("khong-co-ai")
    assert BETWEEN not in Client().post("/dang-nhap/", {"name": NAME, "password": "sai hẳn"}).cookies


# ── One's own account ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_second_factor_is_turned_on_on_the_page(account, moment):
    client = signed_in()
    assert client.post("/tai-khoan/xac-thuc/", {"password": "sai hẳn"}).status_code == 422
    answer = client.post("/tai-khoan/xac-thuc/", {"password": PASSWORD})
    text = answer.content.decode()
    assert "<svg" in text and "no-store" in answer["Cache-Control"]
    ticket = re.search('name="ticket" value="([^"]+)"', text)[1]
    key = re.search('<p class="code wrap">([A-Z2-7 ]+)</p>', text)[1].replace(" ", "")
    import base64

    secret = base64.b32decode(key)
    wrong = client.post("/tai-khoan/xac-thuc/bat/", {"ticket": ticket, "code": "000000"})
    assert wrong.status_code == 422 and key[:4] in wrong.content.decode()
    code = totp.code_at(secret, totp.step_at(clock.now()))
    shown = client.post("/tai-khoan/xac-thuc/bat/", {"ticket": ticket, "code": f"{code[:3]} {code[3:]}"})
    codes = re.findall('<span class="code">([A-Z2-7-]{19})</span>', shown.content.decode())
    assert len(codes) == RECOVERY_CODES and "no-store" in shown["Cache-Control"]
    page = client.get("/tai-khoan/").content.decode()
    assert "Còn 10 mã khôi phục" in page and not any(code in page for code in codes)
    # the same ticket again, and the beginning again, change nothing
    for address, data in (("xac-thuc/bat/", {"ticket": ticket, "code": code}), ("xac-thuc/", {"password": PASSWORD})):
        assert client.post(f"/tai-khoan/{address}", data).status_code == 422
    assert tags(account) == ["people:second_factor:on"]


def test_a_ticket_is_its_accounts_alone_and_ends(account, moment):
    opened(OTHER, Role.CLERK)
    text = signed_in(OTHER).post("/tai-khoan/xac-thuc/", {"password": PASSWORD}).content.decode()
    ticket = re.search('name="ticket" value="([^"]+)"', text)[1]
    mine = signed_in()
    for foreign in (ticket, "", "x"):
        assert mine.post("/tai-khoan/xac-thuc/bat/", {"ticket": foreign, "code": "000000"}).status_code == 422
    assert "Đã quá thời gian" in mine.post("/tai-khoan/xac-thuc/bat/", {"ticket": ticket}).content.decode()
    with entered(queries.actor_for(account.pk)):
        assert not SecondFactor.objects.exists()


def test_turning_it_off_needs_the_password(account, moment):
    client = signed_in()
    with_second_factor(account)
    assert client.post("/tai-khoan/xac-thuc/tat/", {"password": "sai hẳn"}).status_code == 422
    assert "Location" in client.post("/tai-khoan/xac-thuc/tat/", {"password": PASSWORD}).headers
    assert signed_in().get("/desk/").status_code == 200
    assert client.post("/tai-khoan/xac-thuc/tat/", {"password": PASSWORD}).status_code == 422
    assert tags(account) == ["people:second_factor:on", "people:second_factor:off"]


def test_new_recovery_codes_void_the_old_ones(account, moment):
    client = signed_in()
    _, old = with_second_factor(account)
    assert client.post("/tai-khoan/ma-khoi-phuc/", {"password": ""}).status_code == 422
    text = client.post("/tai-khoan/ma-khoi-phuc/", {"password": PASSWORD}).content.decode()
    fresh = re.findall('<span class="code">([A-Z2-7-]{19})</span>', text)
    with pytest.raises(CodeRefused):
        commands.take_second_step(account.pk, old[0])
    assert commands.take_second_step(account.pk, fresh[9]).recovery_left == RECOVERY_CODES - 1


def test_guessing_the_password_from_a_stolen_session_is_counted(account):
    client = signed_in()
    answers = [client.post("/tai-khoan/xac-thuc/", {"password": "sai hẳn"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_session_is_listed_and_ended_at_once(account):
    here, there = signed_in(), signed_in()
    text = here.get("/tai-khoan/").content.decode()
    (there_id,) = re.findall(r"/tai-khoan/phien/(\d+)/ket-thuc/", text)
    assert text.count("Phiên này") == 1
    assert here.post(f"/tai-khoan/phien/{there_id}/ket-thuc/").status_code == 302
    assert there.get("/desk/").status_code == 302
    assert here.get("/desk/").status_code == 200
    assert here.post(f"/tai-khoan/phien/{there_id}/ket-thuc/").status_code == 404
    assert tags(account) == ["people:session:end"]


def test_a_token_is_listed_and_ended_at_once(account):
    client, token = signed_in(), commands.issue_token(account=NAME, scopes=["dossiers:read"], days=9)
    head = {"HTTP_AUTHORIZATION": f"Bearer {token.token}"}
    assert Client().get("/api/v1/dossiers", **head).status_code == 200
    assert f"số {token.id}" in client.get("/tai-khoan/").content.decode()
    client.post(f"/tai-khoan/phien/{token.id}/ket-thuc/")
    assert Client().get("/api/v1/dossiers", **head).status_code == 401
    assert tags(account) == ["people:token:end"]


def test_a_token_does_not_open_its_accounts_settings(account):
    token = commands.issue_token(account=NAME, scopes=[], days=9)
    head = {"HTTP_AUTHORIZATION": f"Bearer {token.token}"}
    assert Client().get("/tai-khoan/", **head).status_code == 403
    assert Client().post("/tai-khoan/phien-khac/ket-thuc/", **head).status_code == 403


def test_all_other_sessions_end_and_tokens_stay(account):
    here, others = signed_in(), [signed_in(), signed_in()]
    token = commands.issue_token(account=NAME, scopes=[], days=9)
    assert here.post("/tai-khoan/phien-khac/ket-thuc/").status_code == 302
    assert [client.get("/desk/").status_code for client in others] == [302, 302]
    assert here.get("/desk/").status_code == 200
    with entered(queries.actor_for(account.pk)):
        assert {p.id for p in queries.own_passes(queries.actor_for(account.pk))} >= {token.id}
    assert tags(account) == ["people:session:end_others"]


def test_nobody_lists_or_ends_what_is_somebody_elses(account, moment):
    opened(OTHER, Role.CLERK)
    with_second_factor(account)
    client = signed_in(OTHER)
    (mine,) = [commands.new_session(account.pk)]
    assert client.post(f"/tai-khoan/phien/{mine}/ket-thuc/").status_code == 404
    assert f"/phien/{mine}/" not in client.get("/tai-khoan/").content.decode()
    them = queries.actor_for(queries.account_named(OTHER).pk)
    with entered(them), pytest.raises(PassUnknown):
        commands.end_own_pass(actor=them, pass_id=mine)
    with entered(them):
        assert not SecondFactor.objects.exists() and not RecoveryCode.objects.exists()
        assert SecondFactor.objects.filter(pk=account.pk).update(seed=b"") == 0
    assert not SecondFactor.objects.exists()  # and nobody at all outside of a scope


def test_the_password_is_changed_and_other_sessions_end(account):
    here, there = signed_in(), signed_in()
    new = "con trâu đi trước"
    answer = here.post("/tai-khoan/mat-khau/", {"password": PASSWORD, "new": new, "again": new})
    assert answer["Location"] == "/tai-khoan/?xong=mat-khau"
    assert there.get("/desk/").status_code == 302
    assert "Đã đổi mật khẩu" in here.get(answer["Location"]).content.decode()
    assert COOKIE not in Client().post("/dang-nhap/", {"name": NAME, "password": PASSWORD}).cookies
    assert COOKIE in Client().post("/dang-nhap/", {"name": NAME, "password": new}).cookies
    assert tags(account) == ["people:session:end_others", "people:password:change"]


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("sai hẳn", "con trâu đi trước", "con trâu đi trước"),
        (PASSWORD, "mười một chữ"[:11], "mười một chữ"[:11]),
        (PASSWORD, "con trâu đi trước", "cái cày theo sau"),
        (PASSWORD, "MOTCUA-03664", "MOTCUA-03664"),
        (PASSWORD, "Lò Thị Ánh Lò Thị Ánh", "Lò Thị Ánh Lò Thị Ánh"),
        (PASSWORD, "x" * 501, "x" * 501),
        ("", "", ""),
    ],
)
def test_an_unfit_password_is_refused_and_nothing_ends(account, old, new, again):
    here, there = signed_in(), signed_in()
    assert here.post("/tai-khoan/mat-khau/", {"password": old, "new": new, "again": again}).status_code == 422
    assert there.get("/desk/").status_code == 200


def test_what_a_name_is():
    assert is_the_name("Motcua 03664!", "motcua-03664")
    assert not is_the_name("motcua-03664 và trâu", "motcua-03664") and not is_the_name("trâu", "")


@pytest.mark.parametrize(
    "address",
    ["/dang-nhap/ma/", "/tai-khoan/xac-thuc/", "/tai-khoan/xac-thuc/bat/", "/tai-khoan/xac-thuc/tat/",
     "/tai-khoan/ma-khoi-phuc/", "/tai-khoan/phien-khac/ket-thuc/", "/tai-khoan/mat-khau/"],
)  # fmt: skip
def test_a_foreign_page_sends_none_of_these(account, address):
    client = Client(enforce_csrf_checks=True)
    client.cookies[COOKIE] = signed_in().cookies[COOKIE].value
    assert client.post(address, {"password": PASSWORD, "code": "000000"}).status_code == 403
    assert queries.second_factor_of(account.pk).on_since is None


def test_a_citizen_has_the_page_too(account):
    commands.open_account(name="congdan-1", full_name="Vì Thị Yến", password_hash=commands.hash_password(PASSWORD))
    text = signed_in("congdan-1").get("/tai-khoan/").content.decode()
    assert 'class="portal"' in text and "Tài khoản của tôi" in text
    assert Client().get("/tai-khoan/")["Location"].startswith("/dang-nhap/")
