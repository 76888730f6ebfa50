"""A true server over a database of the module's own, and Chromium in front of it.

The server runs with the demonstration's settings (hashed and compressed static files, argon2, the real policies); only
its database is a copy that the test may write into. Whatever a page does wrong in silence – an error in the console, a
request to another host, a refusal of the content policy – fails the test that opened the page.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from haicap.domain.dossiers.commands import decline_at_counter
from haicap.domain.dossiers.tests.factories import (
    APPLICANT,
    Staff,
    moved,
    receipt_for,
    received,
    resolved,
    staffed_commune,
    staffed_province,
)
from haicap.domain.people.commands import new_session
from haicap.domain.people.web.identity import COOKIE, cookie_value
from haicap.interfaces.cli.bench.stage import web_server
from haicap.kernel.web.middleware import LANGUAGE_COOKIE

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip
SETTINGS = "haicap.config.settings.demo"
COLLECT = (
    "from haicap.interfaces.cli import boot; boot.django(database=False);"
    "from haicap.interfaces.cli.preparation import prepare_to_serve; prepare_to_serve()"
)
COMMUNE, NEIGHBOUR = "03664", "00226"  # the neighbour has the longest name of all communes
PATIENCE_MS = 15_000
LONGEST = "2.000815"  # among the longest names of procedures that a commune's counter receives
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Hoàng Phương Thảo Nguyên Khuỷnh"
MANY = 30


@dataclass(frozen=True)
class Site:
    """The server's address and the people who work behind it."""

    url: str
    commune: Staff
    neighbour: Staff
    province: Staff

    def session(self, staff: Staff, role: str) -> str:
        """The cookie of a fresh session of the person with `role`."""
        account = staff.actors[role].account_id
        assert account is not None
        return cookie_value(pass_id=new_session(account), account_id=account)


@dataclass(frozen=True)
class Dossiers:
    """Codes of dossiers of the commune in the states that look different; `secret` is that of `asked`."""

    received: str
    passed_on: str
    asked: str
    returned: str
    declined: str
    secret: str


@dataclass
class Watch:
    """What pages did in silence: errors in their console, requests to other hosts."""

    host: str
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Watch `page` from now on."""
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", lambda request: self._asked(request.url))

    def _said(self, kind: str, text: str) -> None:
        # the browser itself notes every answer of 400 and above; a page of ours that refuses is meant to be one
        if kind in {"error", "warning"} and not text.startswith("Failed to load resource: the server responded"):
            self.faults.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        self.requests.append(url)
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.faults.append(f"request to another host: {url}")


OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def static_files(server: object) -> None:
    """Static files as a visitor gets them, once a run: hashed names, compressed."""
    with pytest.MonkeyPatch.context() as environment:
        serving(environment, database="")
        subprocess.run([sys.executable, "-c", COLLECT], check=True, capture_output=True)


def serving(environment: pytest.MonkeyPatch, *, database: str) -> None:
    """The environment of a server over `database` (none: for the static files alone)."""
    environment.setenv("DJANGO_SETTINGS_MODULE", SETTINGS)
    environment.setenv("HAICAP_SECRET_KEY", settings.SECRET_KEY)  # so that a test can sign a session's cookie
    environment.delenv("DATABASE_URL", raising=False)
    if database:
        environment.setenv("HAICAP_DATABASE_NAME", database)


@pytest.fixture(scope="module")
def site(module_database: str, static_files: None) -> Iterator[Site]:
    """The server with two staffed communes of today and their province."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        staff = staffed_commune(COMMUNE), staffed_commune(NEIGHBOUR), staffed_province()
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:
            serving(environment, database=module_database)
            port = stack.enter_context(web_server())
        yield Site(f"http://127.0.0.1:{port}", *staff)
    connections.close_all()


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    """A browser for the module.

    Playwright's loop runs in this thread, so Django thinks that it is called from a coroutine: it must be allowed to,
    and keeps connections of their own meanwhile, which must not outlive the module's database.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            yield browser
            browser.close()
            for alias in connections:
                connections[alias].close()
                del connections[alias]


@pytest.fixture(scope="module")
def dossiers(site: Site) -> Dossiers:
    """Dossiers in every state, with the longest names, and enough of them for a list to go on."""
    people = site.commune
    applicant = {**APPLICANT, "name": LONG_NAME, "email": "nguyen.hoang.phuong.thao.nguyen.khuynh@vi-du.example"}
    for _ in range(MANY):
        received(people.counter, applicant=applicant)
    code = received(people.counter, LONGEST, applicant=applicant, priority=True).code
    passed_on = received(people.counter, applicant=applicant).code
    moved(people.counter, passed_on, "forward", note="Hồ sơ đủ giấy tờ, chuyển ngay trong sáng nay.")
    asked = received(people.counter, applicant=applicant)
    moved(people.counter, asked.code, "forward")
    moved(people.case_officer, asked.code, "accept_handover")
    moved(people.case_officer, asked.code, "request_supplement", note="Thiếu giấy tờ theo Điều 16 Luật Hộ tịch.",
          fields={"items": "Giấy chứng sinh bản chính\nBản sao căn cước của mẹ"})  # fmt: skip
    done = resolved(people, applicant=applicant).code
    moved(people.counter, done, "return_result", fields={"received_by": LONG_NAME})
    refused = decline_at_counter(actor=people.counter, receipt=receipt_for(applicant=applicant), key="",
                                 reason="Việc này thuộc Sở Tư pháp; xin nộp tại Trung tâm của tỉnh.")  # fmt: skip
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT secret FROM dossiers_dossier JOIN entries_entry ON id = entry_id WHERE code = %s", [asked.code]
        )
        secret = cursor.fetchone()[0]
    return Dossiers(code, passed_on, asked.code, done, refused.code, secret)


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Each of the two languages."""
    return str(request.param)


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """What all pages of a test did in silence; the test fails where that was a fault."""
    seen = Watch(urlsplit(site.url).netloc)
    yield seen
    assert seen.faults == []


@pytest.fixture
def open_page(site: Site, chromium: Browser, watch: Watch) -> Iterator[OpenPage]:
    """`open_page("counter", language="en", width=360)`: a page of a browser of its own, signed in as that role.

    `staff` is the commune by default; `role` "" stands for a citizen. Other arguments go to the browser's context.
    """
    contexts: list[BrowserContext] = []

    def open_one(
        role: str = "", *, language: str = "vi", staff: Staff | None = None, width: int = 1280, **options: Any
    ) -> Page:
        context = new_context(chromium, site, language=language, width=width, **options)
        contexts.append(context)
        if role:
            value = site.session(staff or site.commune, role)
            context.add_cookies([{"name": COOKIE, "value": value, "url": site.url}])
        context.on("page", watch.over)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def new_context(
    chromium: Browser, site: Site, *, language: str = "vi", width: int = 1280, **options: Any
) -> BrowserContext:
    """A browser of its own for one visitor, who reads `language`."""
    context = chromium.new_context(
        base_url=site.url, viewport={"width": width, "height": 800}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",
        **options,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    speak(context, site, language)
    return context


def speak(context: BrowserContext, site: Site, language: str) -> None:
    """Pages of `context` come in `language` from now on."""
    context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": site.url}])
