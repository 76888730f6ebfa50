"""The API's own description: true, complete, readable without any other host; and the API held against it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from haicap.domain.dossiers.tests.factories import received, staffed_commune
from haicap.domain.people.commands import issue_token

OPERATIONS = {
    "receive_dossier", "list_dossiers", "get_dossier", "make_move", "upload_file", "get_file", "get_slip",
    "track_dossier", "list_units", "get_unit", "get_lineage", "list_procedures", "get_procedure",
}  # fmt: skip
ON_DOSSIERS = {"get_dossier", "make_move", "get_file", "get_slip", "track_dossier"}
CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


@pytest.fixture(scope="module")
def codes(module_database: str, django_db_blocker: Any) -> list[str]:
    """Three dossiers that wait at a counter, in a database of its own."""
    with django_db_blocker.unblock():
        staff = staffed_commune()
        return [received(staff.counter).code for _ in range(3)]


@pytest.fixture(scope="module")
def token(codes: list[str], django_db_blocker: Any) -> str:
    """The token of that counter's officer."""
    with django_db_blocker.unblock():
        return issue_token(account="motcua-03664", scopes=[], days=1).token


@pytest.fixture(scope="module")
def described(token: str, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def test_it_is_openapi_3_1_and_names_every_call(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    calls = [call for calls in document["paths"].values() for call in calls.values()]
    names = [call["operationId"] for call in calls]
    assert set(names) >= OPERATIONS and len(set(names)) == len(names)
    for call in calls:
        assert "application/problem+json" in call["responses"]["422"]["content"], call["operationId"]
    schemes = document["components"]["securitySchemes"]
    assert {(one["type"], one.get("scheme", one.get("in"))) for one in schemes.values()} == {
        ("http", "bearer"),
        ("apiKey", "cookie"),
    }


def test_every_reference_leads_somewhere(client: Client) -> None:
    text = client.get("/api/v1/openapi.json").content.decode()
    known = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    for name in re.findall(r'"#/components/schemas/([^"]+)"', text):
        assert name in known


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(("language", "head"), [("vi", "API dành cho lập trình viên"), ("en", "The API for programs")])
def test_its_page_needs_no_script_and_no_other_host(client: Client, language: str, head: str) -> None:
    client.cookies["haicap_language"] = language
    page = client.get("/api/v1/docs")
    html = page.content.decode()
    assert page.status_code == 200 and head in html
    assert "'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)|<style|\son\w+=|\sstyle=", html)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)
    for name in ("/api/v1/dossiers/{code}/transitions/{name}", "dossier.step_not_allowed", "ReceiptIn"):
        assert name in html


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_it_keeps_its_word(name: str, described: Any, token: str, codes: list[str], django_db_blocker: Any) -> None:
    """Made-up requests, right and wrong ones: no fault of ours, and every answer as described."""
    found = [one.ok() for one in described.get_all_operations()]
    (operation,) = [one for one in found if one.definition.raw["operationId"] == name]
    checks = [CHECKS.get_one(check) for check in CHECKED]
    count = [0]

    @settings(
        max_examples=50, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    def hold(case: Any) -> None:
        if "code" in (case.path_parameters or {}) and name in ON_DOSSIERS:
            count[0] += 1  # every other request meets a dossier that is there
            if count[0] % 2:
                case.path_parameters["code"] = codes[count[0] % len(codes)]
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)

    with django_db_blocker.unblock():
        hold()
