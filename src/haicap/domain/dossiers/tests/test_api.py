"""The calls on dossiers: what they give, what they refuse and why, and that nobody sees another commune's."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema_rs import Draft202012Validator

from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.tests.factories import (
    BIRTH,
    Staff,
    moved,
    receipt_for,
    received,
    resolved,
    signed_in,
    staffed_commune,
    staffed_province,
)  # fmt: skip
from haicap.domain.people import queries as posts
from haicap.domain.people.commands import issue_token, passes, revoke_token
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.queries import catalogue
from haicap.kernel import clock
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

V1 = "/api/v1"
DOSSIERS = f"{V1}/dossiers"
HERE, THERE, ENDED = "03664", "03646", "03649"
COMPLAINT, PROVINCIAL = "2.002409", "2.001610"
PDF = b"%PDF-1.7\n1 0 obj<</Title(don)>>endobj\ntrailer<<>>\n%%EOF"


@dataclass
class Program:
    """A program that calls with a bearer token."""

    token: str
    language: str = "vi"

    def __post_init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def _headers(self, key: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}
        return headers | ({"Idempotency-Key": key} if key else {})

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self._headers(""))

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        text = json.dumps({} if body is None else body)
        return self.client.post(path, text, content_type="application/json", headers=self._headers(key))

    def send(self, name: str, content: bytes, *, key: str = "") -> Any:
        file = SimpleUploadedFile(name, content)
        return self.client.post(f"{V1}/files", {"file": file}, headers=self._headers(key))

    def move(self, code: str, name: str, *, key: str = "", **inputs: Any) -> Any:
        return self.post(f"{DOSSIERS}/{code}/transitions/{name}", inputs, key=key)


def program(account: str, *scopes: str, days: int = 1, language: str = "vi") -> Program:
    return Program(issue_token(account=account, scopes=scopes, days=days).token, language)


@pytest.fixture
def here() -> Staff:
    return staffed_commune(HERE)


@pytest.fixture
def counter(here: Staff) -> Program:
    return program(f"motcua-{HERE}")


def body_of(**changes: Any) -> dict[str, Any]:
    receipt = receipt_for()
    whole = {"procedure": receipt.procedure, "unit": receipt.unit, "channel": "direct",
             "applicant": dict(receipt.applicant), "form": receipt.form, "attachments": []}  # fmt: skip
    return whole | changes


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code, problem
    return problem


def faults(answer: Any) -> set[str]:
    return {one["field"] for one in answer.json()["errors"]}


def statements(call: Callable[[], object]) -> int:
    """What a call sends in an office: without the savepoints that stand for transactions inside a test's own."""
    with CaptureQueriesContext(connections["default"]) as captured:
        call()
    inner = ("SAVEPOINT", "RELEASE", "SELECT scope_leave")
    return sum(not query["sql"].startswith(inner) for query in captured.captured_queries)


def count() -> int:
    """All dossiers that the officer at the counter sees."""
    with entered(posts.actor_for(posts.account_named(f"motcua-{HERE}").pk)):
        return Dossier.objects.count()


# ── Receiving ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dossier_is_received(counter: Program, here: Staff) -> None:
    answer = counter.post(DOSSIERS, body_of())
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert set(told) == {"code", "state", "due", "receipt_url", "track_url"}
    assert told["code"].startswith(f"14.{HERE}-") and told["state"] == "received"
    assert datetime.fromisoformat(told["due"]).utcoffset() == timedelta(hours=7)
    assert answer.headers["Location"] == f"{DOSSIERS}/{told['code']}"
    slip = counter.get(told["receipt_url"])
    assert slip.status_code == 200 and slip.content.startswith(b"%PDF-")
    page = Client().get(told["track_url"])
    assert page.status_code == 200 and "Nguyễn Thị Mai" in page.content.decode()


def test_receiving_is_one_statement(counter: Program) -> None:
    counter.post(DOSSIERS, body_of())  # procedure, unit and calendar are known to the process from here on
    file = {"file": counter.send("don.pdf", PDF).json()["file"], "name": "Đơn.pdf"}
    sent: list[str] = []
    raw = connections["default"].connection
    watched, execute = type(raw), type(raw).execute
    try:
        watched.execute = lambda self, query, *a, **k: sent.append(query) or execute(self, query, *a, **k)
        assert statements(lambda: counter.post(DOSSIERS, body_of(attachments=[file] * 3))) == 0
    finally:
        watched.execute = execute
    assert len(sent) == 1 and "dossiers_receive" in sent[0]


def test_the_same_request_again_changes_nothing(counter: Program) -> None:
    first = counter.post(DOSSIERS, body_of(), key="k-1")
    again = counter.post(DOSSIERS, body_of(), key="k-1")
    assert again.status_code == 201 and again.json() == first.json() and count() == 1
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert counter.post(DOSSIERS, body_of(), key="k-2").json()["code"] != first.json()["code"]
    refused(counter.post(DOSSIERS, body_of(priority=True), key="k-1"), 422, "request.key_reused")
    assert count() == 2


@pytest.mark.parametrize(("changes", "status", "code"), [
    ({"unit": "99999"}, 404, "units.unknown"),
    ({"unit": "xx"}, 404, "units.unknown"),
    ({"unit": ENDED}, 404, "units.closed"),
    ({"unit": THERE}, 403, "dossier.unit_not_yours"),
    ({"unit": "00004"}, 403, "dossier.unit_not_yours"),
    ({"procedure": "9.999999"}, 404, "procedures.unknown"),
    ({"procedure": "khai sinh"}, 404, "procedures.unknown"),
    ({"procedure": COMPLAINT}, 409, "procedures.not_receivable"),
])  # fmt: skip
def test_what_cannot_be_received_here_or_at_all(counter: Program, changes: dict, status: int, code: str) -> None:
    problem = refused(counter.post(DOSSIERS, body_of(**changes)), status, code)
    assert str(next(iter(changes.values()))) in problem["detail"] or code == "dossier.unit_not_yours"
    assert count() == 0


def test_every_fault_of_a_receipt_is_named(counter: Program) -> None:
    form = receipt_for().form | {"khong_co": 1}
    dates = [name for name, value in form.items() if value == "01/10/2025"]
    body = body_of(
        applicant={"name": " ", "id_number": "123", "phone": "12", "email": "mai"},
        form=form | {dates[0]: "31/02/2025"}, channel="fax", return_method="dove", quantity=0,
        checklist=[{"paper": "khong-co", "originals": 1}], attachments=[{"file": "00", "name": "x"}],
    )  # fmt: skip
    answer = counter.post(DOSSIERS, body)
    refused(answer, 422, "dossier.invalid")
    assert faults(answer) == {
        "applicant.name", "applicant.id_number", "applicant.phone", "applicant.email", f"form.{dates[0]}",
        "form.khong_co", "channel", "return_method", "quantity", "checklist.0.paper", "attachments.0.file",
    }  # fmt: skip
    english = program(f"motcua-{HERE}", language="en").post(DOSSIERS, body).json()
    by_field = {one["field"]: one["message"] for one in english["errors"]}
    assert by_field["applicant.name"] == "Enter the applicant's full name."
    assert "is not a date" in by_field[f"form.{dates[0]}"]
    assert count() == 0


def test_a_procedure_must_stand_on_the_day(counter: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    body, (*_, last) = body_of(), procedures.versions_of(BIRTH)
    monkeypatch.setattr(catalogue, "versions_of", lambda _: (replace(last, valid_to=clock.today()),))
    problem = refused(counter.post(DOSSIERS, body), 409, "procedures.not_valid")
    assert "Đăng ký khai sinh" in problem["detail"] and problem["errors"][0]["field"] == "procedure"


@pytest.mark.parametrize("role", ["case_officer", "head", "chair", "clerk", "administrator"])
def test_only_the_counter_receives(here: Staff, role: str) -> None:
    names = {"case_officer": "chuyenmon", "head": "lanhdao", "chair": "chutich", "clerk": "vanthu",
             "administrator": "quantri"}  # fmt: skip
    refused(program(f"{names[role]}-{HERE}").post(DOSSIERS, body_of()), 403, "denied")


# ── Passes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_needs_the_scope(here: Staff) -> None:
    reader, writer = program(f"motcua-{HERE}", "dossiers:read"), program(f"motcua-{HERE}", "dossiers:write")
    assert "dossiers:write" in refused(reader.post(DOSSIERS, body_of()), 403, "token.scope_missing")["detail"]
    refused(reader.send("don.pdf", PDF), 403, "token.scope_missing")
    assert writer.post(DOSSIERS, body_of()).status_code == 201
    refused(writer.get(DOSSIERS), 403, "token.scope_missing")
    assert len(reader.get(DOSSIERS).json()["items"]) == 1


def test_a_revoked_token_is_dead_at_once(here: Staff) -> None:
    issued = issue_token(account=f"motcua-{HERE}", scopes=[], days=1)
    caller, code = Program(issued.token), received(here.counter).code
    assert caller.get(f"{DOSSIERS}/{code}").status_code == 200
    revoke_token(issued.id)
    for answer in (caller.get(DOSSIERS), caller.get(f"{DOSSIERS}/{code}"), caller.move(code, "forward")):
        refused(answer, 401, "sign_in_needed")
    refused(caller.post(DOSSIERS, body_of()), 401, "sign_in_needed")


def test_an_expired_token_is_dead(here: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:  # the database's clock cannot be moved, the token's first day can
        earlier.setattr(passes, "_NEW_LIFE", passes._NEW_LIFE.replace("now()", "now() - interval '3 days'"))
        old = program(f"motcua-{HERE}", days=1)
    for answer in (old.get(DOSSIERS), old.post(DOSSIERS, body_of()), old.send("don.pdf", PDF)):
        assert refused(answer, 401, "sign_in_needed")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_browser_proves_that_its_page_is_ours(here: Staff) -> None:
    session = signed_in(f"motcua-{HERE}").cookies["haicap_session"].value
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["haicap_session"] = session
    assert browser.get(DOSSIERS).status_code == 200
    send = lambda **headers: browser.post(  # noqa: E731
        DOSSIERS, json.dumps(body_of()), content_type="application/json", headers=headers
    )
    refused(send(), 403, "request.csrf")
    browser.cookies["haicap_csrf"] = "a" * 32
    refused(send(**{"X-CSRFToken": "b" * 32}), 403, "request.csrf")
    assert count() == 0
    assert send(**{"X-CSRFToken": "a" * 32}).status_code == 201


# ── One dossier ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_dossier_tells_all(counter: Program, here: Staff) -> None:
    code = received(here.counter).code
    told = counter.get(f"{DOSSIERS}/{code}").json()
    assert told["unit"] == {"code": HERE, "name": here.unit.name, "name_now": here.unit.name,
                            "now": [{"code": HERE, "name": here.unit.name}],
                            "responsible": {"code": HERE, "name": here.unit.name, "basis": "own",
                                            "why": "đơn vị đã tiếp nhận hồ sơ"}}  # fmt: skip
    assert told["state"] == "received" and told["state_label"] == "Đã tiếp nhận"
    assert told["holder"]["role"] == "counter" and "Cán bộ một cửa" in told["holder"]["text"]
    assert [move["name"] for move in told["timeline"]] == ["receive"]
    assert told["timeline"][0]["at"].endswith("+07:00") and told["timeline"][0]["actor"] == "Lò Thị Ánh"
    assert told["applicant"]["name"] == "Nguyễn Thị Mai"
    english = program(f"motcua-{HERE}", language="en").get(f"{DOSSIERS}/{code}").json()
    assert english["state_label"] == "Received" and english["procedure"]["name"] == "Birth registration"


def test_it_costs_the_same_however_long_its_life(here: Staff) -> None:
    short, long = received(here.counter).code, resolved(here).code
    counter = program(f"motcua-{HERE}")
    counter.get(f"{DOSSIERS}/{short}")
    one = statements(lambda: counter.get(f"{DOSSIERS}/{short}"))
    assert statements(lambda: counter.get(f"{DOSSIERS}/{long}")) == one <= 8


def test_the_moves_offered_are_the_moves_that_work(here: Staff) -> None:
    """Each offered move is described by a JSON Schema; a body that fits it is taken."""
    inputs = {"note": "Thiếu chữ ký", "items": ["Giấy chứng sinh"], "until": "2030-01-02", "result_number": "12/2026",
              "received_by": "Mai"}  # fmt: skip
    counter = program(f"motcua-{HERE}")
    names = [one["name"] for one in counter.get(f"{DOSSIERS}/{received(here.counter).code}").json()["moves"]]
    assert {"forward", "request_supplement", "withdraw", "decline_receipt"} <= set(names)
    assert "approve" not in names and "stop" not in names
    for name in names:
        code = received(here.counter).code
        (offer,) = [one for one in counter.get(f"{DOSSIERS}/{code}").json()["moves"] if one["name"] == name]
        body = {key: inputs[key] for key in offer["fields"]["required"]}
        body |= {"phone": "0987654321"} if "anyOf" in offer["fields"] else {}
        Draft202012Validator(offer["fields"]).validate(body)
        assert counter.move(code, name, **body).status_code == 200, name


def test_a_life_from_counter_to_counter(here: Staff) -> None:
    who = {name: program(f"{name}-{HERE}") for name in ("motcua", "chuyenmon", "chutich")}
    code = who["motcua"].post(DOSSIERS, body_of()).json()["code"]
    for name, move, inputs, state in (
        ("motcua", "forward", {}, "processing"),
        ("chuyenmon", "accept_handover", {}, "processing"),
        ("chuyenmon", "appraise", {"note": "Đủ điều kiện"}, "processing"),
        ("chuyenmon", "submit_for_signature", {}, "awaiting_signature"),
        ("chutich", "approve", {"result_number": "12/2026"}, "resolved"),
        ("motcua", "return_result", {"received_by": "Nguyễn Thị Mai"}, "returned"),
    ):
        answer = who[name].move(code, move, **inputs)
        assert answer.status_code == 200, answer.content.decode()
        assert answer.json()["state"] == state
    told = answer.json()
    assert told["standing"] in ("early", "on_time") and told["moves"] == [] and told["holder"] is None
    assert told["result_number"] == "12/2026" and told["closed_at"] and len(told["timeline"]) == 7


def test_a_move_that_is_not_possible_now(here: Staff, counter: Program) -> None:
    code = received(here.counter).code
    problem = refused(counter.move(code, "return_result"), 409, "dossier.step_not_allowed")
    assert "Đã tiếp nhận" in problem["detail"] and "Trả kết quả" in problem["detail"]
    refused(counter.move(code, "fly"), 404, "dossier.move_unknown")
    problem = refused(program(f"chuyenmon-{HERE}").move(code, "forward"), 403, "dossier.not_yours")
    assert "Cán bộ một cửa" in problem["detail"]
    assert faults(counter.move(code, "request_supplement")) == {"note", "items"}
    refused(counter.move(code, "forward", colour="red"), 422, "request.invalid")


def test_a_move_that_somebody_else_has_just_made(here: Staff, counter: Program) -> None:
    code = received(here.counter).code
    seen = counter.get(f"{DOSSIERS}/{code}").json()["move_no"]
    moved(here.counter, code, "forward")
    problem = refused(counter.move(code, "withdraw", note="Đổi ý", expected_no=seen), 409, "dossier.moved_on")
    assert "Lò Thị Ánh" in problem["detail"] and "Chuyển bước tiếp theo" in problem["detail"]
    refused(counter.move(code, "forward"), 409, "dossier.step_not_allowed")


def test_a_move_sent_twice_is_made_once(here: Staff, counter: Program) -> None:
    code = received(here.counter).code
    first = counter.move(code, "forward", key="m-1")
    again = counter.move(code, "forward", key="m-1")
    assert again.status_code == 200 and again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(counter.get(f"{DOSSIERS}/{code}").json()["timeline"]) == 2
    refused(counter.move(code, "withdraw", note="Đổi ý", key="m-1"), 422, "request.key_reused")


def test_a_refused_move_leaves_its_key_free(here: Staff, counter: Program) -> None:
    code = received(here.counter).code
    assert counter.move(code, "request_supplement", key="m-2").status_code == 422
    done = counter.move(code, "request_supplement", note="Mờ", items=["Giấy chứng sinh"], key="m-2")
    assert done.status_code == 200 and done.json()["state"] == "awaiting_supplement"
    (slip,) = done.json()["slips"]
    assert slip["form"] == "supplement" and counter.get(slip["url"]).content.startswith(b"%PDF-")
    refused(counter.get(slip["url"].replace("supplement", "apology")), 404, "dossier.slip_unknown")


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_travels_there_and_back(counter: Program) -> None:
    stored = counter.send("Đơn của Mai.pdf", PDF, key="f-1")
    assert stored.status_code == 201, stored.content
    assert stored.json() == {"file": hashlib.sha256(PDF).hexdigest(), "name": "Đơn của Mai.pdf", "size": len(PDF),
                             "media_type": "application/pdf", "scan": "not_scanned"}  # fmt: skip
    assert counter.send("Đơn của Mai.pdf", PDF, key="f-1").headers["Idempotency-Replayed"] == "true"
    refused(counter.send("Khác.pdf", PDF, key="f-1"), 422, "request.key_reused")
    file = {"file": stored.json()["file"], "name": "Đơn.pdf", "paper": ""}
    code = counter.post(DOSSIERS, body_of(attachments=[file])).json()["code"]
    (attached,) = counter.get(f"{DOSSIERS}/{code}").json()["attachments"]
    back = counter.get(attached["url"])
    assert b"".join(back.streaming_content) == PDF and back.headers["Content-Type"] == "application/pdf"
    assert back.headers["Content-Disposition"].startswith("attachment")
    other = counter.post(DOSSIERS, body_of()).json()["code"]
    refused(counter.get(attached["url"].replace(code, other)), 404, "files.attachment_unknown")


def test_files_that_are_not_taken(counter: Program, settings: Any) -> None:
    settings.HAICAP_FILES_MAX_BYTES = 1000
    refused(counter.send("lon.pdf", PDF + b"x" * 1000), 413, "files.too_large")
    refused(counter.send("rat-lon.pdf", PDF + b"x" * 400_000), 413, "files.too_large")
    refused(counter.send("trang.pdf", b"<html><script>1</script>"), 415, "files.type_refused")
    refused(counter.send("anh.png", PDF), 415, "files.name_false")
    refused(counter.send("rong.pdf", b""), 422, "files.empty")
    refused(counter.post(f"{V1}/files", {"file": "x"}), 422, "files.missing")


def test_a_file_of_another_unit_cannot_be_attached(counter: Program) -> None:
    staffed_commune(THERE)
    foreign = program(f"motcua-{THERE}").send("don.pdf", PDF).json()["file"]
    answer = counter.post(DOSSIERS, body_of(attachments=[{"file": foreign, "name": "x.pdf"}]))
    assert answer.status_code == 422 and faults(answer) == {"attachments"}


# ── Who sees what ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_commune_finds_nothing(here: Staff, counter: Program) -> None:
    staffed_commune(THERE)
    stranger = program(f"motcua-{THERE}")
    file = counter.send("don.pdf", PDF).json()["file"]
    body = body_of(attachments=[{"file": file, "name": "don.pdf"}])
    code = counter.post(DOSSIERS, body, key="same").json()["code"]
    attached = counter.get(f"{DOSSIERS}/{code}").json()["attachments"][0]["url"]
    for answer in (
        stranger.get(f"{DOSSIERS}/{code}"), stranger.move(code, "forward"), stranger.get(attached),
        stranger.get(f"{DOSSIERS}/{code}/slips/receipt.pdf"),
    ):  # fmt: skip
        assert code in refused(answer, 404, "dossier.unknown")["detail"]
    for query in ("", f"?unit={HERE}", "?state=received", "?unit=14", "?mine=true"):
        assert stranger.get(f"{DOSSIERS}{query}").json() == {"items": [], "next": None, "masked": []}
    # the same key of another account is another key
    assert stranger.post(DOSSIERS, body_of(unit=THERE), key="same").json()["code"].startswith(f"14.{THERE}-")


def test_the_province_sees_its_communes_and_a_department_what_came_to_it(here: Staff, counter: Program) -> None:
    staffed_province()
    code = received(here.counter).code
    assert program("dieuhanh-14").get(f"{DOSSIERS}?unit={HERE}").json()["items"][0]["code"] == code
    assert program("dieuhanh-14").get(f"{DOSSIERS}?unit=14").json()["items"][0]["code"] == code
    assert program("department-14").get(DOSSIERS).json()["items"] == []


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_narrowed_and_paged(here: Staff, counter: Program) -> None:
    codes = [
        received(here.counter, at=clock.now() - timedelta(minutes=30 - n)).code for n in range(5)
    ]  # none is due yet
    late = received(here.counter, at=clock.now() - timedelta(days=60)).code
    moved(here.counter, codes[0], "forward")
    first = counter.get(f"{DOSSIERS}?limit=3").json()
    assert [one["code"] for one in first["items"]] == codes[4:1:-1]
    second = counter.get(f"{DOSSIERS}?limit=3&cursor={first['next']}").json()
    assert [one["code"] for one in second["items"]] == [codes[1], codes[0], late] and second["next"] is None
    assert [one["code"] for one in counter.get(f"{DOSSIERS}?overdue=true").json()["items"]] == [late]
    assert [one["code"] for one in counter.get(f"{DOSSIERS}?state=processing&unit={HERE}").json()["items"]] == [
        codes[0]
    ]
    assert len(counter.get(f"{DOSSIERS}?mine=true").json()["items"]) == 5
    assert len(counter.get(f"{DOSSIERS}?procedure={BIRTH}&unit={HERE}").json()["items"]) == 6
    assert counter.get(f"{DOSSIERS}?procedure=1.000894").json()["items"] == []
    (row,) = counter.get(f"{DOSSIERS}?overdue=1").json()["items"]
    assert row["overdue"] and row["due"].endswith("+07:00")
    assert row["unit"] == {"code": HERE, "name": here.unit.name, "name_now": here.unit.name}
    assert row["procedure"] == {"code": BIRTH, "name": "Đăng ký khai sinh"} and row["holder"]["role"] == "counter"


@pytest.mark.parametrize(("query", "status", "code"), [
    ("state=flying", 422, "dossier.invalid"), ("unit=99999", 404, "units.unknown"), ("cursor=xyz", 422, "dossier.invalid"),
    ("limit=0", 422, "request.invalid"), ("limit=201", 422, "request.invalid"), ("overdue=maybe", 422, "request.invalid"),
    ("limit=" + "9" * 40, 422, "request.invalid"),
])  # fmt: skip
def test_a_list_asked_for_wrongly(counter: Program, query: str, status: int, code: str) -> None:
    refused(counter.get(f"{DOSSIERS}?{query}"), status, code)


def test_a_cursor_that_somebody_made_up_breaks_nothing(counter: Program) -> None:
    for held in (["2025-01-01T00:00:00+07:00", 10**40], ["0001-01-01T00:00:00+14:00", -1], [[], {}], ["", 1], {}):
        cursor = base64.urlsafe_b64encode(json.dumps(held).encode()).decode()
        assert counter.get(f"{DOSSIERS}?cursor={cursor}").status_code in (200, 400, 422), held


def test_a_list_costs_the_same_however_long(here: Staff, counter: Program) -> None:
    received(here.counter)
    one = statements(lambda: counter.get(f"{DOSSIERS}?unit={HERE}"))
    for _ in range(20):
        received(here.counter)
    assert statements(lambda: counter.get(f"{DOSSIERS}?unit={HERE}")) == one <= 3


def test_a_provincial_dossier_is_seen_at_both_ends(here: Staff, counter: Program) -> None:
    staffed_province(departments=("so-tai-chinh", "so-tu-phap"))
    code = received(here.counter, PROVINCIAL).code
    with entered(here.counter):
        assert Dossier.objects.filter(entry__code=code).exists()
    assert [one["code"] for one in counter.get(DOSSIERS).json()["items"]] == [code]
    assert counter.get(f"{DOSSIERS}/{code}").status_code == 200
    assert date.fromisoformat(counter.get(f"{DOSSIERS}/{code}").json()["due"][:10]) >= clock.today()
