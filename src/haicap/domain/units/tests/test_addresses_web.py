"""The public page of addresses, its API, and files in the queue from the sending to the result."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from haicap.domain.units.commands.conversion import jobs
from haicap.domain.units.errors import ConversionsBusy
from haicap.domain.units.models import Conversion
from haicap.domain.units.models.conversions import root
from haicap.domain.units.queries.conversions import ahead_of, conversion_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

WHOLE = "Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La"  # wholly in Phường Chiềng An today
DIVIDED = "Xã Bính Xá, Huyện Đình Lập, Tỉnh Lạng Sơn"
NONSENSE = "xyz qwerty"
TABLE = f'ma,address\n1,"{WHOLE}"\n2,"{DIVIDED}"\n3,{NONSENSE}\n'


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: object, django_db_setup: None) -> Path:
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def text_of(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def upload(client: Client, content: str | bytes = TABLE, **fields: str):  # type: ignore[no-untyped-def]
    data = content if isinstance(content, bytes) else content.encode()
    return client.post("/dia-chi/tep/", {**fields, "tep": SimpleUploadedFile("danh sách.csv", data)})


def sent(client: Client, content: str | bytes = TABLE, **fields: str) -> str:
    answer = upload(client, content, **fields)
    assert answer.status_code == 302, text_of(answer)[:2000]
    return re.fullmatch(r"/dia-chi/tep/([\w-]{32})/", answer.headers["Location"])[1]


# One address


def test_a_certain_answer_is_big_and_leads_to_the_unit(client: Client) -> None:
    text = text_of(client.get("/dia-chi/", {"q": WHOLE}))
    assert "Phường Chiềng An, Tỉnh Sơn La" in text
    assert 'href="/don-vi/' in text
    assert 'data-copy="Phường Chiềng An, Tỉnh Sơn La" hidden' in text
    assert "Chắc chắn" in text


def test_a_divided_commune_shows_every_heir_with_why_and_what_to_do(client: Client) -> None:
    text = text_of(client.get("/dia-chi/", {"q": DIVIDED}))
    assert "nơi phù hợp" in text
    assert "Ủy ban nhân dân của nơi ghi trên" in text
    assert text.count("<li><p><strong>") >= 2


def test_nothing_is_guessed(client: Client) -> None:
    text = text_of(client.get("/dia-chi/", {"q": NONSENSE}))
    assert "Không nhận ra địa chỉ này" in text
    assert "Cách ghi" in text


def test_htmx_gets_the_answer_alone_and_english_readers_english(client: Client) -> None:
    client.cookies["haicap_language"] = "en"
    answer = client.get("/dia-chi/", {"q": NONSENSE}, headers={"HX-Request": "true"})
    assert "This address is not recognised" in text_of(answer)
    assert "<html" not in text_of(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Chưa có địa chỉ"), ("x" * 501, "500"), ("a\x01b", "ký tự điều khiển")]
)
def test_what_is_no_question_is_told_at_the_form(client: Client, typed: str, words: str) -> None:
    answer = client.get("/dia-chi/", {"q": typed})
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_scripts_in_an_address_are_text(client: Client) -> None:
    assert "<script>alert" not in text_of(client.get("/dia-chi/", {"q": "<script>alert(1)</script>"}))


def test_the_page_itself_asks_the_database_nothing(client: Client, queries) -> None:  # type: ignore[no-untyped-def]
    assert queries(lambda: client.get("/dia-chi/")) == 0


# A pasted list


def test_a_pasted_list_is_answered_line_by_line(client: Client) -> None:
    pasted = f"{WHOLE}\n\n  {DIVIDED}  \r\n{NONSENSE}\na\x02b\n"
    text = text_of(client.post("/dia-chi/danh-sach/", {"danh-sach": pasted}))
    assert "4 địa chỉ" in text
    assert "1 chắc chắn" in text
    assert "2 không nhận ra" in text
    assert "ký tự điều khiển" in text
    assert text.count("<details open>") == 1


def test_the_list_is_downloaded_as_a_table(client: Client) -> None:
    answer = client.post("/dia-chi/danh-sach/", {"danh-sach": f"{WHOLE}\n{DIVIDED}\n{NONSENSE}", "tai": "1"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["status"] for row in rows] == ["exact", "ambiguous", "unknown"]
    assert rows[0]["new_name"] == "Phường Chiềng An"
    assert len(rows[1]["candidates"].split(";")) >= 2


def test_lists_that_are_empty_or_too_long(client: Client) -> None:
    assert client.post("/dia-chi/danh-sach/", {"danh-sach": " \n "}).status_code == 422
    answer = client.post("/dia-chi/danh-sach/", {"danh-sach": "x\n" * 1001})
    assert answer.status_code == 422
    assert "1001" in text_of(answer)
    fragment = client.post("/dia-chi/danh-sach/", {"danh-sach": "x\n" * 1001}, headers={"HX-Request": "true"})
    assert "<html" not in text_of(fragment)


def test_a_form_without_its_token_is_refused(own_home: Path) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/dia-chi/danh-sach/", {"danh-sach": WHOLE}).status_code == 403
    assert upload(strict).status_code == 403
    assert Conversion.objects.count() == 0
    assert list((root() / jobs.ARRIVING).iterdir()) == []


# Over the API


def test_one_address_over_the_api(client: Client) -> None:
    answer = client.get("/api/v1/units/resolve", {"address": WHOLE}).json()
    assert answer["status"] == "exact"
    assert {"code", "name", "province", "score", "why"} <= set(answer["candidates"][0])
    then = client.get("/api/v1/units/resolve", {"address": WHOLE, "on": "2025-06-30"}).json()
    assert then["candidates"][0]["name"] == "Xã Chiềng Đen"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "request.invalid"), ({"address": " "}, "units.address_missing"), ({"address": "x" * 501}, "request.invalid"),
        ({"address": "a\x07b"}, "units.address_unreadable"), ({"address": WHOLE, "on": "1/7/2025"}, "units.date_unreadable"),
        ({"address": WHOLE, "on": "1999-01-01"}, "units.before_records"),
    ],
)  # fmt: skip
def test_questions_that_the_api_refuses(client: Client, query: dict[str, str], code: str) -> None:
    answer = client.get("/api/v1/units/resolve", query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def post(client: Client, body: object, **headers: str):  # type: ignore[no-untyped-def]
    return client.post("/api/v1/units/resolve", body, content_type="application/json", headers=headers)


def test_many_addresses_over_the_api(client: Client) -> None:
    body = {"addresses": [WHOLE, DIVIDED, NONSENSE]}
    for _ in range(2):  # the same key again: the same answer, nothing kept
        answer = post(client, body, **{"Idempotency-Key": "k1"})
        assert [one["status"] for one in answer.json()["items"]] == ["exact", "ambiguous", "unknown"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM web_reply")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "addresses"), ({"addresses": []}, 422, "addresses"), ({"addresses": [WHOLE] * 1001}, 422, "addresses"),
        ({"addresses": [WHOLE, ""]}, 422, "addresses.1"), ({"addresses": ["x" * 501]}, 422, "addresses.0"),
        ({"addresses": [WHOLE], "x": 1}, 422, "x"), ({"addresses": [WHOLE], "on": "heute"}, 422, "on"),
        ("[", 400, ""),
    ],
)  # fmt: skip
def test_lists_that_the_api_refuses(client: Client, body: object, status: int, field: str) -> None:
    answer = post(client, body)
    assert answer.status_code == status
    assert [one["field"] for one in answer.json().get("errors", [])] == ([field] if field else [])


def test_a_key_that_is_none_is_refused(client: Client) -> None:
    assert post(client, {"addresses": [WHOLE]}, **{"Idempotency-Key": "é"}).json()["code"] == "request.key_unusable"


# Sending a file


def test_a_page_of_a_file_costs_two_statements(client: Client, queries) -> None:  # type: ignore[no-untyped-def]
    key = sent(client)
    assert queries(lambda: client.get(f"/dia-chi/tep/{key}/")) == 2


@pytest.mark.parametrize(
    ("content", "fields", "words"),
    [
        (b"", {}, "không có nội dung"), ("tên,nơi ở\n1,2\n".encode(), {}, "“tên”, “nơi ở”"), (b"PK\x03\x04xx", {}, "CSV UTF-8"),
        (b"address\nx\n", {"cot": "khác"}, "không có cột “khác”"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_at_once(client: Client, content, fields, words, own_home) -> None:  # type: ignore[no-untyped-def]
    answer = upload(client, content, **fields)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert text_of(answer).count("<details open>") == 1
    assert Conversion.objects.count() == 0
    assert list((root() / jobs.ARRIVING).iterdir()) == []
    if fields:
        assert 'value="khác"' in text_of(answer)


def test_no_file_at_all_and_a_file_too_large(client: Client, settings, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    assert "Chưa chọn tệp" in text_of(client.post("/dia-chi/tep/", {}))
    settings.HAICAP_CONVERSION_MAX_BYTES = 2**20
    answer = upload(client, b"address\n" + b"x\n" * 600_000)
    assert (answer.status_code, "1 MB" in text_of(answer)) == (413, True)
    answer = upload(client, b"address\n" + b"x\n" * 525_000)  # within the room for fields, past the limit of the file
    assert (answer.status_code, "1 MB" in text_of(answer)) == (413, True)
    assert list((root() / jobs.ARRIVING).iterdir()) == []


def test_one_file_at_a_time_for_a_browser_and_a_bounded_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Client()
    first.get("/dia-chi/")
    key = sent(first)
    answer = upload(first)
    assert (answer.status_code, "chưa xong" in text_of(answer)) == (409, True)
    other = sent(Client())
    assert [ahead_of(conversion_of(one)) for one in (key, other)] == [0, 1]
    monkeypatch.setattr(jobs, "MOST_WAITING", 2)
    assert upload(Client()).status_code == 503
    jobs.forget(key)
    sent(first)
    monkeypatch.setattr(jobs, "MOST_WAITING", 9)
    monkeypatch.setattr(jobs, "MOST_BYTES_KEPT", 10)
    with pytest.raises(ConversionsBusy):
        jobs.refuse_if_full("another")


def test_neither_role_may_do_what_is_not_its_own() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE units_conversion SET state = 'done'")


def test_the_table_knows_neither_keys_nor_addresses(client: Client) -> None:
    key = sent(client)
    row = str(Conversion.objects.values().get())
    assert key not in row
    assert "Chiềng" not in row
    assert oct(conversion_of(key).folder.stat().st_mode)[-3:] == "700"
