"""The carrier that really goes out, on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db import connections

from haicap.flows.delivery import deliver_due
from haicap.interfaces.gateways import webhooks
from haicap.kernel.outbox import commands, rules
from haicap.kernel.outbox.ports import DeliveryFailed


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[tuple[str, bytes, dict[str, Any]]]]]:
    """A small web server; the path says what it answers. `/slow` answers too late, `/moved` sends elsewhere."""
    got: list[tuple[str, bytes, dict[str, Any]]] = []
    hold = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, body, {name.lower(): value for name, value in self.headers.items()}))
            if self.path == "/slow":
                hold.wait(5)
            status = int(self.path.strip("/")) if self.path.strip("/").isdigit() else 200
            self.send_response(302 if self.path == "/moved" else status)
            if self.path == "/moved":
                self.send_header("Location", "/200")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - the name that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("no_proxy", "*")
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    hold.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_carrier_posts_and_tells_the_status(receiver: tuple[str, list[Any]]) -> None:
    address, got = receiver
    assert webhooks.post(f"{address}/200", b"{}", {"Idempotency-Key": "k"}) == 200
    assert webhooks.post(f"{address}/503", b"{}", {}) == 503
    assert got[0][1] == b"{}" and got[0][2]["idempotency-key"] == "k"


def test_the_carrier_follows_no_redirect(receiver: tuple[str, list[Any]]) -> None:
    address, got = receiver
    assert webhooks.post(f"{address}/moved", b"{}", {}) == 302
    assert [path for path, _, _ in got] == ["/moved"]


def test_the_carrier_does_not_wait_for_ever(receiver: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PATIENCE", rules.PATIENCE / 20)
    with pytest.raises(DeliveryFailed, match="timed out"):
        webhooks.post(f"{receiver[0]}/slow", b"{}", {})


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "file:///etc/passwd"])
def test_the_carrier_names_what_went_wrong(url: str) -> None:
    with pytest.raises(DeliveryFailed):
        webhooks.post(url, b"{}", {})


def test_a_message_goes_all_the_way(as_worker: str, receiver: tuple[str, list[Any]]) -> None:
    address, got = receiver
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE outbox_message CASCADE")
        cursor.execute(
            "INSERT INTO outbox_message (topic, key, payload, created_at, available_at, attempts, error) "
            "VALUES ('dossier.receive', 'k', '{}', now(), now(), 0, '')"
        )
    commands.subscribe(name="real", topic_prefix="dossier.", url=f"{address}/200", secret="shared")
    assert deliver_due(webhooks.post) == 1
    path, body, headers = got[0]
    assert headers["x-haicap-signature"] == rules.signature(body, "shared") and path == "/200"
    assert headers["idempotency-key"] == "k"
