"""Asking a virus scanner: clamd's INSTREAM over a Unix socket or TCP. Knows no database and no file room.

The protocol is that of clamd(8): a command with `z` before it ends in NUL, and so does the answer; a stream is chunks, each
behind its length as four bytes in network order, and ends with a length of nought.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_LENGTH = struct.Struct("!L")
_TCP = re.compile(r"(?:tcp:)?(\[[0-9a-fA-F:.]+\]|[^\[\]:/]+):([0-9]{1,5})", re.ASCII)


class State(StrEnum):
    """What is known of a file's bytes."""

    NOT_SCANNED = "not_scanned"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"  # the scanner looked and could not judge: larger than its limit, broken inside


class ScannerAway(Exception):
    """The scanner does not answer, not in time, or not in its language; the text says which."""


@dataclass(frozen=True)
class Verdict:
    """What a scanner says: the state, and the signature's name or the scanner's reason."""

    state: State
    detail: str = ""


NOT_SCANNED = Verdict(State.NOT_SCANNED)


@dataclass(frozen=True)
class Scanner:
    """Where a scanner listens: `unix:/run/clamav/clamd.ctl`, a path, or `tcp:127.0.0.1:3310`; how long it may take."""

    address: str
    seconds: float = 5.0

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        """The verdict on the bytes of `chunks`. Raises ScannerAway."""
        with self._connected() as (wire, until):
            try:
                wire.sendall(b"zINSTREAM\0")
                for chunk in chunks:
                    for start in range(0, len(chunk), CHUNK):
                        part = chunk[start : start + CHUNK]
                        _wait_at_most(wire, until)
                        wire.sendall(_LENGTH.pack(len(part)) + part)
                wire.sendall(_LENGTH.pack(0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has said why already, and closed: the stream is longer than its limit
            return _judged(_answer(wire, until))

    def ping(self) -> None:
        """Return where the scanner lives. Raises ScannerAway."""
        with self._connected() as (wire, until):
            wire.sendall(b"zPING\0")
            answer = _answer(wire, until)
            if answer != "PONG":
                raise ScannerAway(f"{self.address} answers “{answer[:60]}”, which is not clamd")

    def signatures(self) -> str:
        """Which signatures it judges by, as it says itself; other words mean other signatures. Raises ScannerAway."""
        with self._connected() as (wire, until):
            wire.sendall(b"zVERSION\0")
            answer = _answer(wire, until)
            if not answer.startswith("ClamAV "):
                raise ScannerAway(f"{self.address} answers “{answer[:60]}”, which is not clamd")
            return answer[:100]

    @contextlib.contextmanager
    def _connected(self) -> Iterator[tuple[socket.socket, float]]:
        until = time.monotonic() + self.seconds
        try:
            with self._socket() as wire:
                yield wire, until
        except TimeoutError:
            raise ScannerAway(f"{self.address} did not answer within {self.seconds:g} s") from None
        except OSError as error:
            raise ScannerAway(f"{self.address} cannot be reached ({error.strerror or error})") from None

    def _socket(self) -> socket.socket:
        path = unix_path(self.address)
        if path is None:
            return socket.create_connection(tcp_place(self.address), timeout=self.seconds)
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(self.seconds)
        try:
            wire.connect(path)
        except BaseException:
            wire.close()
            raise
        return wire


def unix_path(address: str) -> str | None:
    """The path of a Unix socket; None for an address of TCP."""
    path = address.removeprefix("unix:")
    return path if path.startswith("/") else None


def tcp_place(address: str) -> tuple[str, int]:
    """Host and port. Raises ValueError for what is neither a path nor an address of TCP."""
    found = _TCP.fullmatch(address)
    if not found or not 0 < int(found[2]) < 65536:
        raise ValueError(f"HAICAP_CLAMD is “{address}”: write unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310.")
    return found[1].strip("[]"), int(found[2])


def _answer(wire: socket.socket, until: float) -> str:
    """What it says up to the NUL."""
    heard = b""
    while b"\0" not in heard and len(heard) < _LONGEST_ANSWER:
        _wait_at_most(wire, until)
        part = wire.recv(1024)
        if not part:
            break
        heard += part
    return heard.split(b"\0")[0].decode(errors="replace").strip()


def _wait_at_most(wire: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    wire.settimeout(left)


def _judged(answer: str) -> Verdict:
    """ "stream: OK", "stream: Eicar-Test-Signature FOUND", "INSTREAM size limit exceeded. ERROR"."""
    told = answer.removeprefix("stream: ")
    if told == "OK":
        return Verdict(State.CLEAN)
    if told.endswith(" FOUND"):
        return Verdict(State.INFECTED, told.removesuffix(" FOUND")[:200])
    if told.endswith("ERROR"):
        return Verdict(State.UNSCANNABLE, told.removesuffix("ERROR").strip(" .")[:200])
    raise ScannerAway(f"the scanner's answer “{told[:60]}” is not clamd's")
