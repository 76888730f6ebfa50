"""Wrong passwords: they hold up who makes them and nobody else, and tell nothing about names."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import signing
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from haicap.domain.people import commands, queries
from haicap.domain.people.rules import PASSWORDS_ALLOWED, PAUSES, Role, pause_after
from haicap.domain.people.tests.eyes import change
from haicap.domain.people.tests.test_passkeys import with_passkey
from haicap.domain.people.tests.test_second_factor import NAME, OTHER, PASSWORD, opened, signed_in, with_second_factor
from haicap.domain.people.web.browsers import ACCOUNTS_KEPT
from haicap.domain.people.web.browsers import COOKIE as KNOWN
from haicap.domain.people.web.identity import COOKIE
from haicap.kernel import clock

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
STRANGER, AT_HOME = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def account():
    return opened(NAME, Role.COUNTER)


def tried(client: Client, address: str, *, name: str = NAME, password: str = "sai") -> int:
    return client.post("/dang-nhap/", {"name": name, "password": password}, REMOTE_ADDR=address).status_code


def stranger_fails(times: int = PASSWORDS_ALLOWED, *, name: str = NAME) -> None:
    for _ in range(times):
        assert tried(Client(), STRANGER, name=name) == 422
    assert tried(Client(), STRANGER, name=name) == 429


def test_a_strangers_failures_hold_up_the_stranger_alone(account):
    stranger_fails()
    assert tried(Client(), STRANGER, password=PASSWORD) == 429
    assert tried(Client(), AT_HOME, password=PASSWORD) == 302
    assert tried(Client(), STRANGER, name=OTHER) == 422  # for this name only


def test_a_browser_that_was_here_before_is_let_in_from_the_strangers_own_address(account):
    client = signed_in()
    cookie = client.cookies[KNOWN]
    assert cookie["httponly"] and cookie["path"] == "/dang-nhap/" and int(cookie["max-age"]) > 300 * 86400
    client.post("/dang-xuat/")
    stranger_fails()
    assert tried(client, STRANGER, password=PASSWORD) == 302
    assert tried(Client(), STRANGER, password=PASSWORD) == 429


def test_that_browser_has_a_count_of_its_own(account):
    client = signed_in()
    for number in range(PASSWORDS_ALLOWED):
        assert tried(client, f"192.0.2.{number}") == 422  # changing addresses helps nobody
    assert tried(client, AT_HOME, password=PASSWORD) == 429
    assert tried(Client(), AT_HOME, password=PASSWORD) == 302


def test_the_cookie_vouches_for_its_accounts_only_and_opens_nothing(account):
    opened(OTHER, Role.CLERK)
    client = signed_in(OTHER)
    client.cookies.pop(COOKIE)
    assert client.get("/desk/").status_code == 302
    stranger_fails()
    assert tried(client, STRANGER, password=PASSWORD) == 429
    client.cookies[KNOWN] = client.cookies[KNOWN].value[:-2] + "xx"
    assert tried(client, STRANGER, password=PASSWORD) == 429


def test_a_machine_at_a_counter_knows_the_latest_who_share_it(account):
    client = signed_in()
    for number in range(ACCOUNTS_KEPT):
        commands.open_account(name=f"dan-{number}", full_name="Dân", password_hash=commands.hash_password(PASSWORD))
        client.post("/dang-nhap/", {"name": f"dan-{number}", "password": PASSWORD})
    _, known = signing.loads(client.cookies[KNOWN].value, salt="haicap.browser")
    assert len(known) == ACCOUNTS_KEPT and account.pk not in known


def test_the_second_step_must_be_passed_before_a_browser_is_known(account):
    with_second_factor(account)
    client = Client()
    client.post("/dang-nhap/", {"name": NAME, "password": PASSWORD})
    assert KNOWN not in client.cookies


def test_pauses_grow_with_patience_and_end(account):
    stranger_fails()
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False) as traveller:
        for _ in range(PASSWORDS_ALLOWED):
            assert tried(Client(), STRANGER) == 422
        traveller.shift(timedelta(minutes=6))
        assert tried(Client(), STRANGER, password=PASSWORD) == 429  # ten minutes this time
        traveller.shift(timedelta(minutes=5))
        assert tried(Client(), STRANGER, password=PASSWORD) == 302
    assert [pause_after(n * PASSWORDS_ALLOWED, PASSWORDS_ALLOWED) for n in (1, 2, 9)] == [
        PAUSES[0],
        PAUSES[1],
        PAUSES[-1],
    ]


def test_a_day_without_failures_forgets_them(account):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        stranger_fails()
        traveller.shift(timedelta(hours=25))
        stranger_fails()  # all of them again before the first pause


def test_nobody_reads_who_failed_where(account):
    assert tried(Client(), STRANGER) == 422
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_signinfailure")


def test_a_stolen_session_that_guesses_the_password_waits_alone(account):
    stolen, own = signed_in(), signed_in()
    change = {"new": "x" * 20, "again": "x" * 20}
    statuses = [stolen.post("/tai-khoan/mat-khau/", {"password": "sai", **change}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert own.post("/tai-khoan/mat-khau/", {"password": PASSWORD, **change}).status_code == 302


# ── What an answer tells ─────────────────────────────────────────────────────────────────────────────────────────────


class Counting(MD5PasswordHasher):
    """Counts how often a password was hashed: that is what takes a sign-in's time."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        """One more."""
        Counting.hashed += 1
        return super().encode(password, salt)


def as_told(name: str, password: str = "sai") -> tuple[int, str, int, int]:
    """What a wrong sign-in shows: status, page (without what is new in each), statements and hashed passwords."""
    client = Client()
    Counting.hashed = 0
    with CaptureQueriesContext(connection) as sent:
        answer = client.post("/dang-nhap/", {"name": name, "password": password})
    text = answer.content.decode().split("<main")[1].replace(f'value="{name}"', "")
    text = re.sub(r'(?:name="csrfmiddlewaretoken" value|nonce)="[^"]+"', "", text)
    return answer.status_code, text, len(sent), Counting.hashed


@pytest.fixture
def everybody(account):
    """A name of each kind, none of which a wrong password may tell from the others."""
    with_second_factor(opened("hai-buoc", Role.HEAD))
    with_passkey(opened("co-khoa", Role.CLERK))
    change(opened("da-khoa", Role.CLERK), active=False)
    commands.open_account(name="cong-khac", full_name="Dân", password_hash="!không có mật khẩu ở đây")
    change(opened("moi-den", Role.CLERK), password_is_first=True)
    queries.forget_actors()
    return [NAME, "khong-co-ai", "hai-buoc", "co-khoa", "da-khoa", "cong-khac", "moi-den"]


@override_settings(PASSWORD_HASHERS=[f"{__name__}.Counting"])
def test_every_name_answers_alike_and_takes_one_password_check(everybody):
    as_told("lần đầu")  # makes nobody's password, once a process
    told = {name: as_told(name) for name in everybody}
    assert {one[3] for one in told.values()} == {1}
    assert set(told.values()) == {told[NAME]}
    assert as_told("da-khoa", PASSWORD)[::2] == as_told("khong-co-ai", PASSWORD)[::2]  # closed: not even the right one


@override_settings(PASSWORD_HASHERS=[f"{__name__}.Counting"])
def test_a_pause_tells_nothing_either(everybody):
    for name in (NAME, "khong-co-ai", "da-khoa"):
        stranger_fails(name=name)
    statuses = {Client().post("/dang-nhap/", {"name": n, "password": "x"}, REMOTE_ADDR=STRANGER).content.decode().count("phút")
                for n in (NAME, "khong-co-ai", "da-khoa")}  # fmt: skip
    assert statuses == {1}
