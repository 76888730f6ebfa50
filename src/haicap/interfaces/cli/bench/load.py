"""A closed-loop HTTP client on loopback: each client sends its next request when it has read the last answer.

One thread and an event loop of its own on plain sockets: the load must not eat the processors that it measures.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

HEADER_END = b"\r\n\r\n"


@dataclass
class Result:
    """What came back: latencies in seconds, and what was no success."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    first_error: str = ""

    @property
    def per_second(self) -> float:
        """Successful answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, share: float) -> float:
        """The latency in milliseconds that `share` of the successful requests did not exceed."""
        ordered = sorted(self.latencies)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2) if ordered else 0.0


class _Client:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.expected = -1
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.buffer.clear()
        self.expected = -1
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> bool:
        """Take what is there; True when the answer is whole."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.buffer += chunk
        if self.expected < 0:
            end = self.buffer.find(HEADER_END)
            if end < 0:
                return False
            self.expected = end + 4 + _content_length(bytes(self.buffer[:end]))
        return len(self.buffer) >= self.expected

    @property
    def status(self) -> int:
        return int(self.buffer[9:12])


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def load(port: int, *, clients: int, seconds: float, request: Callable[[int], bytes], success: int = 200) -> Result:
    """Send `request(number)` from `clients` connections for `seconds`; `success` is the status that counts."""
    selector = selectors.DefaultSelector()
    result, sent = Result(), 0
    for _ in range(clients):
        client = _Client(port)
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send(request(sent))
        sent += 1
    started, in_flight = time.perf_counter(), clients
    deadline = started + seconds
    while in_flight:
        for key, _ in selector.select(timeout=30):
            client = key.data
            if not client.read():
                continue
            now = time.perf_counter()
            if client.status == success:
                result.latencies.append(now - client.sent_at)
            else:
                result.errors += 1
                result.first_error = result.first_error or bytes(client.buffer[:600]).decode(errors="replace")
            if now < deadline:
                client.send(request(sent))
                sent += 1
            else:
                in_flight -= 1
    result.seconds = time.perf_counter() - started
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return result


def http(method: str, path: str, *, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body
