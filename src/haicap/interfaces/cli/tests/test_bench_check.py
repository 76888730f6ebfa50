"""Measuring the access check: what is taken away for it comes back, and the same rows are shown meanwhile."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from haicap.domain.dossiers.tests.factories import received, staffed_commune
from haicap.domain.people.commands import new_session
from haicap.domain.people.web.identity import COOKIE, cookie_value
from haicap.interfaces.cli.bench import check
from haicap.interfaces.cli.bench.load import http
from haicap.kernel import access, scope
from haicap.kernel.web import callers


@pytest.fixture(scope="module")
def request_(module_database: str) -> bytes:
    here, there = staffed_commune("03664"), staffed_commune("03679")
    for staff in (here, there):
        received(staff.counter)
    account = here.counter.account_id
    assert account is not None
    cookie = cookie_value(pass_id=new_session(account), account_id=account)
    return http("GET", "/desk/ho-so/", headers={"Cookie": f"{COOKIE}={cookie}"})


def shown(client: Client, path: str) -> list[str]:
    return re.findall(r"14\.\d{5}-\d{6}-\d{4}", client.get(path).content.decode())


def test_the_cost_is_told_and_everything_is_as_before(request_: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "PAIRS", 3)
    before = (scope.entered, access.entered, access.insist, callers.insist, callers.caller)
    told = check.cost(lambda _: request_)
    assert set(told) == {"with_ms", "without_ms", "access_ms"} and told["with_ms"] > 0
    assert (scope.entered, access.entered, access.insist, callers.insist, callers.caller) == before
    path, headers = check.parsed(request_)
    assert Client().get(path).status_code == 302
    assert len(set(shown(Client(headers=headers), path))) == 1


def test_without_the_check_the_same_rows_are_shown_by_fewer_statements(request_: bytes, queries) -> None:  # type: ignore[no-untyped-def]
    from django.test import RequestFactory

    from haicap.domain.people.web.identity import actor_of

    path, headers = check.parsed(request_)
    client = Client(headers=headers)
    actor = actor_of(RequestFactory(headers=headers).get(path))  # type: ignore[arg-type]
    kept, cost = shown(client, path), queries(lambda: client.get(path))
    with check._unchecked(actor):
        assert shown(client, path) == kept != []
        assert queries(lambda: client.get(path)) < cost
