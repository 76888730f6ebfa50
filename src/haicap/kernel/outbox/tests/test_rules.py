"""The rules of the outbox: pauses, signatures, addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.kernel.outbox import rules


def test_pauses_double_up_to_an_hour() -> None:
    assert [rules.wait_after(n).total_seconds() for n in range(1, 12)] == [
        10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600,
    ]  # fmt: skip


@given(st.integers(0, 40_000))
def test_a_pause_is_never_nothing_and_never_more_than_an_hour(attempts: int) -> None:
    assert timedelta(seconds=10) <= rules.wait_after(attempts) <= timedelta(hours=1)


def test_the_signature_is_the_published_one() -> None:
    # RFC 4231, test case 2
    assert rules.signature(b"what do ya want for nothing?", "Jefe") == (
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@pytest.mark.parametrize(
    ("prefix", "topic", "wanted"),
    [
        ("dossier.", "dossier.receive", True),
        ("", "anything", True),
        ("dossier.receive", "dossier.receive", True),
        ("dossier.re", "dossier.approve", False),
        ("tasks.", "dossier.receive", False),
    ],
)
def test_a_prefix_covers_what_begins_with_it(prefix: str, topic: str, wanted: bool) -> None:
    assert rules.wants(prefix, topic) is wanted


@pytest.mark.parametrize("url", ["http://a.example/x", "https://a.example:8443/", "http://127.0.0.1:9/"])
def test_http_addresses_are_called(url: str) -> None:
    assert rules.is_deliverable_to(url)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/", "gopher://a/", "//a.example/", "http://", "", "http://u:p@a.example/",
     "http://a.example:99999/", "javascript:alert(1)"],
)  # fmt: skip
def test_nothing_else_is(url: str) -> None:
    assert not rules.is_deliverable_to(url)
