"""Files over the web: taken in from staff alone, given back to whoever sees the dossier, never run in the house's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client, override_settings

from haicap.domain.dossiers.tests.factories import Staff, account_name, received, staffed_commune
from haicap.domain.people.commands import issue_token
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry
from haicap.kernel.files.models import Attachment, Quarantined, StoredFile
from haicap.kernel.files.tests import samples
from haicap.kernel.files.tests.clamd import EICAR, NAME, listening
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db
UPLOAD = "/desk/tep/"


@pytest.fixture
def commune(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """A commune with its people, and a home for its files."""
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path))
    return staffed_commune()


def send(client: Client, content: bytes = samples.pdf(), name: str = "Giấy chứng sinh.pdf", **headers: Any) -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content, "text/html")}, headers=headers)


def attached(commune: Staff, content: bytes = samples.pdf(), name: str = "Giấy chứng sinh.pdf") -> str:
    """The address of a file that hangs on a received dossier."""
    stored = send(commune.client("counter"), content, name).json()
    dossier = received(commune.counter)
    with entered(commune.counter):
        attachment = Attachment.objects.create(
            entry=Entry.objects.get(code=dossier.code), digest=stored["file"], name=name, media_type=stored["media_type"],
            size=stored["size"], added_at=clock.now(),
        )  # fmt: skip
    return f"{UPLOAD}{attachment.pk}/"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_staff_sends_a_file_and_learns_its_digest(commune: Staff) -> None:
    answer = send(commune.client("counter"))
    facts = answer.json()
    assert answer.status_code == 201
    assert facts["file"] == facts["id"] and len(facts["file"]) == 64
    assert facts["name"] == "Giấy chứng sinh.pdf" and facts["size"] == len(samples.pdf())
    assert facts["media_type"] == "application/pdf", "sniffed, not believed"
    with entered(commune.counter):
        assert StoredFile.objects.get().uploaded_by == commune.counter.account_id


def test_htmx_gets_a_fragment(commune: Staff) -> None:
    answer = send(commune.client("counter"), **{"HX-Request": "true"})
    assert (
        answer.status_code == 201
        and 'name="file_id"' in answer.content.decode()
        and "<html" not in answer.content.decode()
    )


@pytest.mark.parametrize(
    ("content", "name", "status", "word"),
    [
        (b"<html><script>", "x.pdf", 415, "HTML"),
        (samples.pdf(), "x.png", 415, "PDF"),
        (b"", "x.pdf", 422, "không có nội dung"),
        (samples.bomb(), "x.docx", 415, "bất thường"),
    ],
)
def test_a_refusal_is_a_sentence(commune: Staff, content: bytes, name: str, status: int, word: str) -> None:
    answer = send(commune.client("counter"), content, name)
    assert answer.status_code == status and answer.headers["Content-Type"] == "application/problem+json"
    assert word in answer.json()["detail"]
    fragment = send(commune.client("counter"), content, name, **{"HX-Request": "true"})
    assert fragment.status_code == status and word in fragment.content.decode()


def test_a_request_without_a_file_says_so(commune: Staff) -> None:
    answer = commune.client("counter").post(UPLOAD, {})
    assert answer.status_code == 422 and "Chưa chọn tệp" in answer.json()["detail"]


def test_a_body_beyond_the_limit_is_not_kept(commune: Staff, tmp_path: Path) -> None:
    with override_settings(HAICAP_FILES_MAX_BYTES=2**20):
        answer = send(commune.client("counter"), samples.pdf() + b"x" * (3 * 2**20))
        assert answer.status_code == 413 and "lớn hơn 1 MB" in answer.json()["detail"]
        slightly = send(commune.client("counter"), samples.pdf() + b"x" * (2**20))
        assert slightly.status_code == 413
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_only_staff_sends_files(commune: Staff) -> None:
    assert send(Client()).status_code == 302
    assert commune.client("counter").get(UPLOAD).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = commune.client("counter").cookies
    assert send(strict).status_code == 403


def test_a_file_comes_back_as_it_was_and_cannot_run(commune: Staff) -> None:
    answer = commune.client("counter").get(attached(commune))
    assert answer.status_code == 200 and body(answer) == samples.pdf()
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == "attachment; filename*=utf-8''Gi%E1%BA%A5y%20ch%E1%BB%A9ng%20sinh.pdf"
    assert headers["X-Content-Type-Options"] == "nosniff" and "no-store" in headers["Cache-Control"]
    assert "sandbox" in headers["Content-Security-Policy"] and "script-src" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "name", "shown"),
    [(samples.pdf(), "a.pdf", True), (samples.picture(), "a.png", True), (samples.office(), "a.docx", False)],
)
def test_only_pictures_and_pdf_are_shown_in_place(commune: Staff, content: bytes, name: str, shown: bool) -> None:
    answer = commune.client("counter").get(attached(commune, content, name) + "?xem=1")
    assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    answer.close()


def test_another_commune_finds_nothing(commune: Staff) -> None:
    address = attached(commune)
    stranger = staffed_commune("03646").client("counter")
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{UPLOAD}999999/").status_code == 404
    assert Client().get(address).status_code == 302


def test_lost_bytes_are_told_and_no_traceback(commune: Staff, tmp_path: Path) -> None:
    address = attached(commune)
    for path in (tmp_path / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    answer = commune.client("counter").get(address)
    assert answer.status_code == 404 and "quản trị hệ thống" in answer.content.decode()


def test_the_connection_is_clean_after_a_file_was_streamed(commune: Staff) -> None:
    """The transaction ends before the bytes flow: a slow reader holds no connection."""
    answer = commune.client("counter").get(attached(commune))
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_setting('haicap.units', true)")
        assert cursor.fetchone()[0] in {"", None}
    answer.close()


def test_an_infected_file_is_refused_at_every_door_and_told_to_its_sender_and_the_administrator(
    commune: Staff, settings: Any
) -> None:
    clerk, bad = commune.client("clerk"), samples.pdf() + EICAR
    token = issue_token(account=account_name(commune.unit, "counter"), scopes=["dossiers:write"], days=1).token
    program = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "mot-tep"})
    with listening() as clamd:
        settings.HAICAP_CLAMD = clamd.address
        assert send(clerk, samples.pdf(), "sạch.pdf").json()["scan"] == "clean"
        page, fragment = send(clerk, bad, "độc.pdf"), send(clerk, bad, "độc.pdf", **{"HX-Request": "true"})
        problem = program.post("/api/v1/files", {"file": SimpleUploadedFile("độc.pdf", bad)})
    for answer in (page, fragment, problem):
        assert answer.status_code == 422 and NAME in answer.content.decode()
    assert problem.json()["code"] == "files.infected"
    with entered(commune.counter):
        assert StoredFile.objects.count() == 1
    mine, administrators = clerk.get("/desk/").content.decode(), commune.client("administrator")
    assert "Tệp chứa mã độc đã bị giữ lại" in mine and "độc.pdf" in mine
    assert "độc.pdf" not in commune.client("head").get("/desk/").content.decode()
    assert "/quan-tri/tep-cach-ly/" in administrators.get("/desk/").content.decode()
    told = administrators.get("/quan-tri/tep-cach-ly/").content.decode()
    assert told.count(NAME) == 3 and "Nguyễn Thị Khuỷnh" in told
    assert (
        "độc.pdf" not in staffed_commune("03679").client("administrator").get("/quan-tri/tep-cach-ly/").content.decode()
    )


def test_an_attachment_found_infected_later_is_gone_with_an_explanation(commune: Staff) -> None:
    address = attached(commune)
    client = commune.client("counter")
    assert client.get(address).status_code == 200
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT files_tell(digest, 'infected', 'x') FROM files_storedfile")
        with entered(commune.counter):
            cursor.execute("SELECT files_tell(digest, 'infected', 'x') FROM files_attachment")
    answer = client.get(address)
    assert answer.status_code == 410 and "đã bị cách ly" in answer.content.decode()


def test_the_list_of_quarantined_files_costs_the_same_however_many_there_are(commune: Staff, queries: Any) -> None:
    client = commune.client("administrator")

    def found(count: int) -> None:
        with entered(commune.clerk):
            for number in range(count):
                Quarantined.objects.create(
                    digest=f"{number:064x}", unit_id=commune.unit.pk, name="a.pdf", size=1, signature=NAME,
                    uploaded_by=commune.clerk.account_id, found_at=clock.now(),
                )  # fmt: skip

    found(1)
    client.get("/quan-tri/tep-cach-ly/")
    one = queries(lambda: client.get("/quan-tri/tep-cach-ly/"))
    found(60)
    assert queries(lambda: client.get("/quan-tri/tep-cach-ly/")) == one <= 6
    page = client.get("/quan-tri/tep-cach-ly/")
    assert page.content.decode().count("a.pdf") == 50 and page.context["next_cursor"]
    rest = client.get(f"/quan-tri/tep-cach-ly/?tiep={page.context['next_cursor']}")
    assert rest.content.decode().count("a.pdf") == 11
    for nonsense in ("-1", "x", "9" * 30, "1\x00"):
        assert client.get("/quan-tri/tep-cach-ly/", {"tiep": nonsense}).status_code in {200, 400}
