"""What each kind of answer says to the browser: which scripts run, who may embed it, what leaks with a link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haicap.domain.dossiers.tests.factories import Staff, received, staffed_commune
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry
from haicap.kernel.files.models import Attachment
from haicap.kernel.files.tests import samples
from haicap.kernel.scope import entered
from haicap.kernel.web.doors import PERMISSIONS

pytestmark = pytest.mark.django_db
PAGES = ("/", "/thu-tuc/", "/don-vi/03664/", "/tra-cuu/", "/dang-nhap/", "/dia-chi/", "/api/v1/docs", "/khong-co/")
STAFF_PAGES = (
    "/desk/",
    "/desk/ho-so/",
    "/quan-tri/quyen/",
    "/tai-khoan/",
    "/desk/ho-so/khong-co/",
    "/quan-tri/nguoi-dung/",
)
FILES = ("/robots.txt", "/.well-known/security.txt", "/don-vi/sap-xep.csv", "/static/haicap/app.css", "/healthz")
PROGRAMS = (
    "/api/v1/units?limit=1",
    "/api/v1/openapi.json",
    "/api/v1/dossiers",
    "/api/v1/units/khong-co",
    "/api/khong-co",
)


@pytest.fixture
def commune(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Staff:
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path))
    return staffed_commune()


def directives(answer: Any) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip())
    return {name: values for name, *values in parts}


def scripts(answer: Any) -> list[str]:
    return re.findall(r"<script\b[^>]*>", answer.content.decode())


def says_the_usual(answer: Any) -> None:
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert directives(answer)["default-src"] == ["'none'"]
    assert "unsafe-inline" not in str(directives(answer).get("script-src")) and "unsafe-eval" not in str(
        directives(answer)
    )


@pytest.mark.parametrize("address", PAGES)
def test_a_page_runs_its_own_scripts_alone(address: str) -> None:
    _is_a_strict_page(Client().get(address))


def test_so_do_the_pages_of_staff_their_refusals_and_fragments(commune: Staff) -> None:
    client = commune.client("head")
    for address in STAFF_PAGES:
        _is_a_strict_page(client.get(address))
    fragment = client.get("/desk/", headers={"HX-Request": "true"})
    says_the_usual(fragment)
    assert scripts(fragment) == []


def _is_a_strict_page(answer: Any) -> None:
    says_the_usual(answer)
    policy, found = directives(answer), scripts(answer)
    (nonce,) = policy["script-src"]  # no 'self', no host, no strict-dynamic: the nonce or nothing
    assert re.fullmatch(r"'nonce-[A-Za-z0-9+/=]{22,}'", nonce)
    assert found and all(f'nonce="{nonce[7:-1]}"' in tag and " src=" in tag for tag in found)
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"] and policy["form-action"] == ["'self'"]
    assert policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Permissions-Policy"] == PERMISSIONS


def test_no_nonce_comes_twice() -> None:
    client = Client()
    nonces = [directives(client.get("/"))["script-src"][0] for _ in range(20)]
    assert len(set(nonces)) == 20


@pytest.mark.parametrize("address", FILES)
def test_what_is_no_page_runs_nothing(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 200
    says_the_usual(answer)
    assert "script-src" not in directives(answer) or directives(answer)["script-src"] in ([], ["'none'"])


@pytest.mark.parametrize("address", PROGRAMS)
def test_an_answer_of_the_api_is_never_a_page(address: str) -> None:
    answer = Client().get(address)
    says_the_usual(answer)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_stored_file_and_a_paper_run_nothing_either(commune: Staff) -> None:
    client = commune.client("counter")
    kept = client.post("/desk/tep/", {"file": SimpleUploadedFile("a.pdf", samples.pdf())}).json()
    code = received(commune.counter).code
    with entered(commune.counter):
        hung = Attachment.objects.create(
            entry=Entry.objects.get(code=code), digest=kept["file"], name="a.pdf", media_type=kept["media_type"],
            size=kept["size"], added_at=clock.now(),
        )  # fmt: skip
    file = client.get(f"/desk/tep/{hung.pk}/?xem=1")
    assert "sandbox" in directives(file) and directives(file)["default-src"] == ["'none'"]
    slip = client.get(f"/desk/ho-so/{code}/phieu/tiep-nhan/")
    for answer in (file, slip):
        says_the_usual(answer)
        assert "nonce" not in answer.headers["Content-Security-Policy"]


def test_a_redirect_says_it_too() -> None:
    answer = Client().get("/desk/")
    assert answer.status_code == 302
    says_the_usual(answer)


def test_a_fault_of_ours_is_no_weaker(monkeypatch: pytest.MonkeyPatch) -> None:
    from haicap.interfaces.portal import views

    monkeypatch.setattr(views, "render", _render_once_broken(views.render))
    client = Client(raise_request_exception=False)
    answer = client.get("/")
    assert answer.status_code == 500
    says_the_usual(answer)
    assert scripts(answer) == directives(answer)["script-src"] == []


def _render_once_broken(render: Any) -> Any:
    def broken(request: Any, template: str, *args: Any, **kwargs: Any) -> Any:
        if template == "portal/home.html":
            raise ZeroDivisionError
        return render(request, template, *args, **kwargs)

    return broken
