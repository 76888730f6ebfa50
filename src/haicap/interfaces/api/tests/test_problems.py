"""Whatever goes wrong under /api/, the answer is a problem document in the caller's language, and never a fault of ours."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client

from haicap.domain.dossiers.tests.factories import receipt_for, staffed_commune
from haicap.domain.people.commands import issue_token

rolled_back = pytest.mark.django_db(databases=["default", "owner"])
DOSSIERS = "/api/v1/dossiers"


@pytest.fixture
def bearer(db: None) -> dict[str, str]:
    staffed_commune()
    return {"Authorization": f"Bearer {issue_token(account='motcua-03664', scopes=[], days=1).token}"}


def problem_of(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"/api/problems/{code}" and body["code"] == code and body["status"] == status
    assert body["title"] and body["detail"]
    return body


@rolled_back
@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v2/dossiers", "/api/v1/nowhere", "/api/v1/dossiers/", "/api"]
)
def test_an_unknown_address(client: Client, path: str) -> None:
    answer = client.get(path)
    if path == "/api":  # not under /api/: a page
        assert answer.status_code in (301, 404)
        return
    problem_of(answer, 404, "not_found")


@rolled_back
@pytest.mark.parametrize(
    ("method", "path"), [("delete", DOSSIERS), ("put", "/api/v1/track/X"), ("post", "/api/v1/units")]
)
def test_a_wrong_method_says_which_are_right(client: Client, method: str, path: str) -> None:
    answer = getattr(client, method)(path)
    problem_of(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"]


@rolled_back
def test_the_caller_is_answered_in_their_language(client: Client) -> None:
    vi = client.get(DOSSIERS, headers={"Accept-Language": "vi"})
    en = client.get(DOSSIERS, headers={"Accept-Language": "en-GB,en;q=0.9"})
    other = client.get(DOSSIERS, headers={"Accept-Language": "fr"})
    assert problem_of(vi, 401, "sign_in_needed")["detail"] == "Hãy đăng nhập rồi thực hiện lại."
    assert problem_of(en, 401, "sign_in_needed")["detail"] == "Sign in and try again."
    assert other.json()["detail"] == vi.json()["detail"]
    assert vi.headers["WWW-Authenticate"].startswith("Bearer")
    assert (vi.headers["Content-Language"], en.headers["Content-Language"]) == ("vi", "en")


BODIES = [
    (b"", 400), (b"{", 400), (b"null", 422), (b"[]", 422), (b'"x"', 422), (b"\xff\xfe", 400), (b"NaN", 422),
    (b'{"procedure": "\\ud800"}', 400), (b"[" * 100_000, 400), (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
    (b'{"quantity": 1' + b"0" * 5000 + b"}", 400), (b'{"quantity": 1e999}', 422),
    (b'{"procedure": 1, "unit": [], "applicant": "x", "form": 3, "priority": "no"}', 422),
]  # fmt: skip


@rolled_back
@pytest.mark.parametrize(("body", "status"), BODIES, ids=[repr(body[:24]) for body, _ in BODIES])
def test_a_body_that_is_not_a_receipt(client: Client, bearer: dict[str, str], body: bytes, status: int) -> None:
    answer = client.post(DOSSIERS, body, content_type="application/json", headers=bearer)
    problem_of(answer, status, "request.unreadable" if status == 400 else "request.invalid")


@rolled_back
def test_every_misshapen_item_is_named_in_both_languages(client: Client, bearer: dict[str, str]) -> None:
    body = json.dumps({"unit": 3664, "applicant": {"name": 1}, "priority": "no", "colour": "red"})
    answer = client.post(DOSSIERS, body, content_type="application/json", headers=bearer)
    vi = {one["field"]: one["message"] for one in problem_of(answer, 422, "request.invalid")["errors"]}
    assert vi == {
        "procedure": "Còn thiếu mục này.", "unit": "Mục này phải là chữ.", "applicant.name": "Mục này phải là chữ.",
        "priority": "Mục này phải là true hoặc false.",
        "colour": "Không có mục này. Hãy bỏ đi hoặc kiểm tra lại tên.",
    }  # fmt: skip
    answer = client.post(DOSSIERS, body, content_type="application/json", headers=bearer | {"Accept-Language": "en"})
    en = {one["field"]: one["message"] for one in answer.json()["errors"]}
    assert en["unit"] == "This must be text." and en["procedure"] == "This is missing."


@rolled_back
def test_a_nul_is_refused_by_name(client: Client, bearer: dict[str, str]) -> None:
    body = json.dumps({"procedure": "1.001193", "unit": "03664", "applicant": {"name": "A\x00B"}, "form": {"x\x00": 1}})
    answer = client.post(DOSSIERS, body, content_type="application/json", headers=bearer)
    fields = [one["field"] for one in problem_of(answer, 422, "request.invalid")["errors"]]
    assert fields == ["applicant.name", "form"]
    problem_of(client.get("/api/v1/track/A%00B"), 400, "request.bad")
    problem_of(client.get("/api/v1/track/A?secret=%00"), 400, "request.bad")


@rolled_back
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_another_content_type(client: Client, bearer: dict[str, str], kind: str) -> None:
    problem_of(client.post(DOSSIERS, b"{}", content_type=kind, headers=bearer), 415, "request.not_json")


@rolled_back
def test_a_body_that_is_too_large(client: Client, bearer: dict[str, str], settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = json.dumps({"note": "x" * 2000})
    problem_of(client.post(DOSSIERS, body, content_type="application/json", headers=bearer), 413, "request.too_large")


@rolled_back
@pytest.mark.parametrize("key", ["", "x" * 201, "á", "a\tb"])
def test_an_unusable_key(client: Client, bearer: dict[str, str], key: str) -> None:
    answer = client.post(
        DOSSIERS, "{}", content_type="application/json", headers=bearer | {"Idempotency-Key": key}
    )  # fmt: skip
    problem_of(answer, 422, "request.key_unusable")


@rolled_back
@pytest.mark.parametrize("token", ["", "x", "hc_1.1.dossiers:read:forged", "hc_" + "9" * 5000, "é"])
def test_a_token_that_nobody_issued(client: Client, token: str) -> None:
    problem_of(client.get(DOSSIERS, headers={"Authorization": f"Bearer {token}"}), 401, "sign_in_needed")


@rolled_back
def test_answers_of_the_api_are_never_pages(client: Client) -> None:
    answer = client.get("/api/v1/units?within=14&limit=1")
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Content-Length"] == str(len(answer.content))


@rolled_back
def test_a_foreign_host_is_refused(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["hai-cap.example"]
    problem_of(client.get("/api/v1/units", headers={"Host": "evil.example"}), 400, "request.bad")


@rolled_back
def test_a_problem_type_leads_to_its_meaning(client: Client) -> None:
    page = client.get("/api/problems/dossier.step_not_allowed")
    assert page.status_code == 200 and b"409" in page.content
    assert client.get("/api/problems/not_found").status_code == 200
    assert client.get("/api/problems/no.such").status_code == 404


def test_a_lost_database_connection_costs_one_answer(own_database: str) -> None:
    """The next request finds a fresh connection; the one that met the loss says that nothing was saved."""
    staffed_commune()
    headers = {"Authorization": f"Bearer {issue_token(account='motcua-03664', scopes=[], days=1).token}"}
    receipt = receipt_for()
    body = json.dumps(
        {"procedure": receipt.procedure, "unit": receipt.unit, "applicant": receipt.applicant, "form": receipt.form}
    )
    client, send = Client(), {"content_type": "application/json", "headers": headers}
    assert client.post(DOSSIERS, body, **send).status_code == 201
    connection.connection.close()
    answer = client.post(DOSSIERS, body, **send)
    problem_of(answer, 503, "fault")
    assert answer.headers["Retry-After"] == "2"
    assert client.post(DOSSIERS, body, **send).status_code == 201
