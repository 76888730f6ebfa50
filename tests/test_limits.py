"""Limits before the doors, as strangers and staff meet them; nothing extra for the known."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from haicap.domain.dossiers.tests.factories import PASSWORD, account_name, staffed_commune
from haicap.domain.people.commands import issue_token
from haicap.kernel.limits import commands, web
from haicap.kernel.limits.rules import LIMITS, Counters, Door

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HERE, THERE = "203.0.113.9", "198.51.100.7"


@pytest.fixture(autouse=True)
def fresh(settings, monkeypatch):
    """Limits as they ship, counters at nought."""
    settings.HAICAP_LIMITS = ""
    monkeypatch.setattr(web, "_counters", Counters())


@pytest.fixture
def commune():
    return staffed_commune()


def _wrong(client: Client, name: str = "ai-do", address: str = HERE, **headers: str):
    return client.post("/dang-nhap/", {"name": name, "password": "sai"}, REMOTE_ADDR=address, headers=headers)


def _right(client: Client, name: str, address: str = HERE):
    return client.post("/dang-nhap/", {"name": name, "password": PASSWORD}, REMOTE_ADDR=address)


def test_wrong_sign_ins_over_many_accounts_are_stopped_by_address(settings, commune):
    settings.HAICAP_LIMITS = "sign_in=4/600"
    for number in range(4):
        assert _wrong(Client(), f"nguoi-{number}").status_code == 422
    stopped = _wrong(Client(), "nguoi-5")
    assert stopped.status_code == 429
    assert 100 < int(stopped.headers["Retry-After"]) <= 150
    assert "Hãy thử lại sau 3 phút" in stopped.content.decode()
    assert _right(Client(), account_name(commune.unit, "clerk"), THERE).status_code == 302  # nobody else waits


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(settings, commune):
    settings.HAICAP_LIMITS = "sign_in=2/600"
    name = account_name(commune.unit, "clerk")
    assert _wrong(Client()).status_code == 422
    assert {_right(Client(), name).status_code for _ in range(5)} == {302}
    assert _wrong(Client()).status_code == 422  # the successes were given back, the failure was not
    assert _wrong(Client()).status_code == 429


def test_a_known_browser_and_a_valid_session_are_not_held_up_by_strangers_behind_the_same_address(
    settings, commune, monkeypatch
):
    settings.HAICAP_LIMITS = "sign_in=1/600 reading=1/600 tracking=1/600"
    monkeypatch.setattr(web, "_known", [lambda request: request.COOKIES.get("quen", "")])
    staff = Client()
    assert _right(staff, account_name(commune.unit, "clerk")).status_code == 302
    stranger = Client()
    assert [_wrong(stranger).status_code for _ in range(2)] == [422, 429]
    assert [stranger.get("/thu-tuc/", REMOTE_ADDR=HERE).status_code for _ in range(2)] == [200, 429]
    known = Client()
    known.cookies["quen"] = "may-cua-toi"
    assert _right(known, account_name(commune.unit, "head")).status_code == 302
    assert {staff.get("/thu-tuc/", REMOTE_ADDR=HERE).status_code for _ in range(3)} == {200}
    assert {staff.get("/desk/", REMOTE_ADDR=HERE).status_code for _ in range(3)} == {200}
    assert staff.get("/tra-cuu/H47.26.1.1/", REMOTE_ADDR=HERE).status_code == 404  # a count of its own


def test_the_second_step_and_tracking_are_limited_too(settings):
    settings.HAICAP_LIMITS = "second_step=1/600 tracking=1/600"
    assert [Client().get("/tra-cuu/x-1/", REMOTE_ADDR=HERE).status_code for _ in range(2)] == [404, 429]
    step = [Client().post("/dang-nhap/ma/", {"code": "1"}, REMOTE_ADDR=HERE).status_code for _ in range(2)]
    assert step == [302, 302]  # without a password before it, it only leads back: given back
    assert Client().get("/dang-nhap/", REMOTE_ADDR=HERE).status_code == 200


def test_the_refusal_is_a_page_a_fragment_and_a_problem_document_in_both_languages(settings):
    settings.HAICAP_LIMITS = "reading=1/60 api_public=1/60 bulk=1/60"
    for address in ("/thu-tuc/", "/api/v1/procedures?q=sinh"):
        assert Client().get(address, REMOTE_ADDR=HERE).status_code == 200
    client = Client()
    page = client.get("/thu-tuc/", REMOTE_ADDR=HERE)
    fragment = client.get("/thu-tuc/", REMOTE_ADDR=HERE, headers={"HX-Request": "true"})
    client.cookies["haicap_language"] = "en"
    english = client.get("/thu-tuc/", REMOTE_ADDR=HERE)
    problem = client.get("/api/v1/procedures?q=sinh", REMOTE_ADDR=HERE, headers={"Accept-Language": "en"})
    for answer in (page, fragment, english, problem):
        assert answer.status_code == 429 and 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "<html" in page.content.decode() and "Hãy thử lại sau" in page.content.decode()
    assert "<html" not in fragment.content.decode() and "Hãy thử lại sau" in fragment.content.decode()
    assert "Try again in" in english.content.decode()
    told = json.loads(problem.content)
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert told["code"] == "request.too_many" and told["retry_after"] == int(problem.headers["Retry-After"])
    assert "Try again in" in told["detail"]
    assert 'href="/api/problems/request.too_many"' in Client().get("/api/v1/docs", REMOTE_ADDR=THERE).content.decode()
    body = {"addresses": ["xã Chiềng Khoong, Sơn La"]}
    settings.HAICAP_LIMITS = "api_public=off bulk=1/60"
    sent = [
        client.post("/api/v1/units/resolve", body, "application/json", REMOTE_ADDR=HERE).status_code for _ in range(2)
    ]
    assert sent == [200, 429]  # raised inside the operation, told by the same document


def test_tokens_and_sessions_are_limited_without_a_statement(settings, commune, queries):
    token = issue_token(account=account_name(commune.unit, "counter"), scopes=["dossiers:read"], days=1).token
    program, staff = Client(headers={"Authorization": f"Bearer {token}"}), commune.client("clerk")
    calls = ((program, "/api/v1/dossiers"), (staff, "/desk/"), (staff, "/thu-tuc/"))
    for client, address in calls:
        client.get(address)
        settings.HAICAP_LIMITS = "off"
        before = queries(lambda: client.get(address))  # noqa: B023
        settings.HAICAP_LIMITS = ""
        assert queries(lambda: client.get(address)) == before, address  # noqa: B023
    settings.HAICAP_LIMITS = "api_token=1/60 session=1/60"
    web._counters = Counters()
    for client, address in calls[:2]:
        assert [client.get(address).status_code for _ in range(2)] == [200, 429], address


def test_a_stranger_costs_one_statement(settings, queries):
    Client().get("/thu-tuc/")
    settings.HAICAP_LIMITS = "off"
    before = queries(lambda: Client().get("/thu-tuc/"))
    settings.HAICAP_LIMITS = ""
    assert queries(lambda: Client().get("/thu-tuc/")) == before + 1
    assert queries(lambda: Client().get("/")) == 0


def test_a_proxy_that_tells_nothing_makes_nobody_wait_and_is_said(settings, caplog):
    settings.HAICAP_LIMITS, settings.HAICAP_TRUSTED_PROXIES = "reading=1/600", 1
    web._say_unknown.cache_clear()
    assert {Client().get("/thu-tuc/").status_code for _ in range(3)} == {200}
    assert "HAICAP_TRUSTED_PROXIES" in caplog.text
    told = [Client().get("/thu-tuc/", headers={"X-Forwarded-For": f"6.6.6.{n}, {HERE}"}).status_code for n in range(3)]
    assert told == [200, 429, 429]


def test_the_counts_are_nobodys_to_read_or_change_and_rested_ones_go():
    key = b"k" * 16
    assert commands.take(key, LIMITS[Door.SIGN_IN]) == 0
    for statement in ("SELECT * FROM limits_source", "DELETE FROM limits_source", "SELECT limits_sweep()"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        commands.take(b"short", LIMITS[Door.SIGN_IN])


def test_refusals_are_counted_for_monitoring(settings, tmp_path, monkeypatch, role_passwords):
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path))
    from haicap.interfaces.operations import metrics

    monkeypatch.setattr(metrics, "directory", lambda: tmp_path / "run" / "requests")
    settings.HAICAP_LIMITS = "reading=1/600"
    client = Client()  # its middleware is made at its first request
    for _ in range(3):
        client.get("/thu-tuc/", REMOTE_ADDR=HERE)
    assert 'haicap_limits_refused_total{door="reading"} 2' in "\n".join(metrics.request_lines())
