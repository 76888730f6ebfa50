"""What a page weighs on the wire, how soon it can be used on a slow telephone line, and that it runs nothing of its own.

The limits are those of the house: a portal page at most 150 KB and 15 requests at the first visit, font included; a desk
page 250 KB at the first and 30 KB at the next; usable within 2 s at 400 kbit/s and 300 ms.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Dossiers, OpenPage
from tests.browser.test_accessible import BIRTH_FORM, SIGHTS

pytestmark = [pytest.mark.browser, pytest.mark.server]

KB = 1024
PORTAL_KB, PORTAL_REQUESTS = 150, 15
DESK_COLD_KB, DESK_WARM_KB = 250, 30
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
USABLE_MS = 2_000
BUSY = 2.0  # the machine that runs the tests has more to do; the line is simulated, the processor is not
PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
    const first = list.getEntriesByName('first-contentful-paint')[0];
    if (first) done(first.startTime);
}).observe({type: 'paint', buffered: true}))"""
READY = "performance.getEntriesByType('navigation')[0].domInteractive"
PORTAL = [
    "home",
    "catalogue",
    "procedure-longest",
    "units-found",
    "province",
    "nation-before-and-after",
    "province-before-and-after",
    "track",
    "tracked",
    "sign-in",
    "error-404",
]
DESK = ["my-work", "counter-form", "dossier-returned", "dossiers"]


@dataclass
class Wire:
    """What came over the wire for a page."""

    page: Page
    bytes: int = 0
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line = self.page.context.new_cdp_session(self.page)
        self.line.send("Network.enable")
        self.line.on("Network.loadingFinished", self._finished)
        self.line.on("Network.requestWillBeSent", self._asked)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _asked(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.asked.append(event["request"]["url"])

    def open(self, path: str) -> None:
        """Go there and wait until nothing more comes."""
        self.bytes, self.asked = 0, []
        self.page.goto(path, wait_until="networkidle")
        self.page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("name", PORTAL)
def test_a_portal_page_is_light(name: str, open_page: OpenPage, dossiers: Dossiers) -> None:
    wire = Wire(open_page(width=360))
    wire.open(SIGHTS[name].path.format(**vars(dossiers)))
    assert any(url.endswith(".woff2") for url in wire.asked), "the font is not ours"
    assert (wire.bytes <= PORTAL_KB * KB, len(wire.asked) <= PORTAL_REQUESTS) == (True, True), (
        f"{wire.bytes / KB:.0f} KB in {len(wire.asked)} requests: {wire.asked}"
    )


def test_a_desk_page_is_light_at_first_and_lighter_afterwards(open_page: OpenPage, dossiers: Dossiers) -> None:
    heavy = []
    for name in DESK:
        wire = Wire(open_page("counter"))
        path = SIGHTS[name].path.format(**vars(dossiers))
        wire.open(path)
        if wire.bytes > DESK_COLD_KB * KB:
            heavy.append(f"{name}: {wire.bytes / KB:.0f} KB at first: {wire.asked}")
        wire.open(path)
        if wire.bytes > DESK_WARM_KB * KB:
            heavy.append(f"{name}: {wire.bytes / KB:.0f} KB afterwards: {wire.asked}")
        wire.page.context.close()
    assert heavy == []


@pytest.mark.parametrize("name", ["home", "tracked"])
def test_usable_on_a_slow_line(name: str, open_page: OpenPage, dossiers: Dossiers) -> None:
    wire = Wire(open_page(width=360))
    wire.line.send("Network.emulateNetworkConditions", SLOW)
    wire.page.goto(SIGHTS[name].path.format(**vars(dossiers)), wait_until="domcontentloaded")
    painted, ready = wire.page.evaluate(PAINTED), wire.page.evaluate(READY)
    assert max(painted, ready) <= USABLE_MS * BUSY, f"painted after {painted:.0f} ms, ready after {ready:.0f} ms"


class Inline(HTMLParser):
    """Collects what a strict policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        for name, value in attrs:
            if name.startswith(("on", "hx-on")) or name == "style" or (value or "").strip().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag == "style" or (tag == "script" and not named.get("src") and named.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        for address in (named.get("src"), named.get("href") if tag in {"link", "use"} else None):
            if address and "//" in address:
                self.found.append(f"<{tag}> from another host: {address}")


def test_no_page_runs_anything_inline_or_foreign(open_page: OpenPage, dossiers: Dossiers) -> None:
    readers: dict[str, Page] = {}
    faults = {}
    for name, sight in SIGHTS.items():
        if sight.role not in readers:
            readers[sight.role] = open_page(sight.role)
        answer = readers[sight.role].context.request.get(sight.path.format(**vars(dossiers)))
        parser = Inline()
        parser.feed(answer.text())
        policy = answer.headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "script-src 'nonce-" not in policy or "unsafe" in policy:
            parser.found.append(f"policy: {policy!r}")
        if parser.found:
            faults[name] = parser.found
    assert faults == {}


def test_static_files_are_kept_for_ever(open_page: OpenPage) -> None:
    wire = Wire(open_page())
    wire.open("/")
    files = [url for url in wire.asked if "/static/" in url]
    assert files
    for url in files:
        headers = wire.page.context.request.get(url).headers
        assert "immutable" in headers["cache-control"], url
        assert os.path.splitext(url)[1] in {".woff2"} or headers.get("content-encoding") in {"br", "gzip"}, url  # noqa: PTH122


def test_the_counter_asks_no_more_than_it_must(open_page: OpenPage) -> None:
    """Typing an applicant's number asks for known people once it pauses, not at each key."""
    wire = Wire(open_page("counter"))
    wire.open(BIRTH_FORM)
    wire.asked.clear()
    wire.page.keyboard.type("014190001234")
    wire.page.wait_for_load_state("networkidle")
    wire.page.wait_for_timeout(900)
    assert sum("nguoi-nop" in url for url in wire.asked) == 1
