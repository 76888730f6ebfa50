"""A small server on loopback that speaks clamd's language: INSTREAM, PING and VERSION, by Unix socket or TCP."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# Every scanner knows these 68 harmless letters; put together here, so that no scanner takes this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Eicar-Test-Signature"
_LENGTH = struct.Struct("!L")


@dataclass
class Clamd:
    """`address` is what HAICAP_CLAMD takes. `says` overrides the next verdicts; `seen` are the streams that came."""

    address: str = ""
    limit: int = 25 * 2**20
    says: bytes = b""
    silent: bool = False
    version: bytes = b"ClamAV 1.4.3/27800/Fri Nov 27 09:26:41 2026"
    seen: list[bytes] = field(default_factory=list)


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        clamd: Clamd = self.server.clamd  # type: ignore[attr-defined]
        command = b""
        while not command.endswith(b"\0"):
            command += self.request.recv(1)
        if clamd.silent:
            self.server.quiet.wait(5)  # type: ignore[attr-defined]
            return
        short = {b"zPING\0": b"PONG", b"zVERSION\0": clamd.version}.get(command)
        self.request.sendall((short or self._judged(clamd)) + b"\0")

    def _judged(self, clamd: Clamd) -> bytes:
        stream = b""
        while (size := _LENGTH.unpack(self._exactly(4))[0]) != 0:
            stream += self._exactly(size)
            if len(stream) > clamd.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        clamd.seen.append(stream)
        return clamd.says or (b"stream: " + NAME.encode() + b" FOUND" if EICAR in stream else b"stream: OK")

    def _exactly(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            part = self.request.recv(size - len(got))
            if not part:
                raise ConnectionError("the stream ended early")
            got += part
        return got


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def listening(path: Path | None = None) -> Iterator[Clamd]:
    """A scanner that listens on the Unix socket `path`, or on a free port of loopback."""
    clamd = Clamd()
    server = _Unix(str(path), _Handler) if path else _Tcp(("127.0.0.1", 0), _Handler)
    clamd.address = f"unix:{path}" if path else f"tcp:127.0.0.1:{server.server_address[1]}"
    server.clamd, server.quiet = clamd, threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield clamd
    finally:
        server.quiet.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()
