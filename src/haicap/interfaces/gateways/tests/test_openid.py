"""Asking an OpenID provider, on loopback: bounded in time and size, never led elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from haicap.interfaces.gateways import openid
from haicap.kernel.openid import Unreachable, Untrusted


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A small web server; the path says how it answers."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            what = self.path.strip("/")
            self.send_response(int(what) if what.isdigit() else 302 if what == "moved" else 200)
            if what == "moved":
                self.send_header("Location", "/200")
            if what == "half":
                self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"{}")
            if what == "long":
                self.wfile.write(b" " * (openid.MOST_BYTES + 1))
            while what == "drops" and not over.wait(0.02):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer(provider: str) -> None:
    assert openid.fetch(f"{provider}/200") == b"{}"
    assert openid.fetch(f"{provider}/200", form={"code": "x"}) == b"{}"


@pytest.mark.parametrize("path", ["404", "500", "moved", "long", "half"])
def test_what_is_no_answer(provider: str, path: str) -> None:
    with pytest.raises(Unreachable):
        openid.fetch(f"{provider}/{path}")


def test_a_body_that_comes_in_drops_holds_nobody_up(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "PATIENCE_S", 0.2)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        openid.fetch(f"{provider}/drops")
    assert time.monotonic() - began < 2


def test_a_refused_code_is_told_from_a_silent_provider(provider: str) -> None:
    with pytest.raises(Untrusted):
        openid.fetch(f"{provider}/400", form={"code": "x"})
    with pytest.raises(Unreachable):
        openid.fetch(f"{provider}/503", form={"code": "x"})


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://127.0.0.1/", "data:,x", "http://127.0.0.1:1/", "https://"]
)
def test_addresses_that_nobody_is_asked_at(address: str) -> None:
    with pytest.raises(Unreachable):
        openid.fetch(address)
