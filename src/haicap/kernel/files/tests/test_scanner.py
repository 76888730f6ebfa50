"""clamd's language: what it says is understood, what is not clamd or not there is named, nobody waits longer than told."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from haicap.kernel.files.scanner import Scanner, ScannerAway, State, tcp_place, unix_path
from haicap.kernel.files.tests.clamd import EICAR, NAME, listening


@pytest.mark.parametrize("by_path", [True, False])
def test_clean_infected_and_alive_by_unix_socket_and_by_tcp(by_path: bool, tmp_path: Path) -> None:
    with listening(tmp_path / "clamd.ctl" if by_path else None) as clamd:
        scanner = Scanner(clamd.address)
        scanner.ping()
        content = b"%PDF-1.7 " + b"x" * 300_000
        assert scanner.scan([content[:10], b"", content[10:]]).state == State.CLEAN
        assert clamd.seen == [content]  # an empty chunk does not end the stream
        found = scanner.scan([b"before ", EICAR])
        assert (found.state, found.detail) == (State.INFECTED, NAME)


def test_a_stream_longer_than_the_scanners_limit_is_not_called_clean() -> None:
    with listening() as clamd:
        clamd.limit = 100_000
        told = Scanner(clamd.address).scan([b"x" * 2**20] * 20)
    assert told.state == State.UNSCANNABLE and "size limit" in told.detail


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request", b"stream: maybe", b"OK"])
def test_an_answer_that_is_not_clamds_is_no_verdict(says: bytes) -> None:
    with listening() as clamd:
        clamd.says = says or b"\0"
        if says == b"OK":
            assert Scanner(clamd.address).scan([b"x"]).state == State.CLEAN
            return
        with pytest.raises(ScannerAway):
            Scanner(clamd.address).scan([b"x"])


def test_who_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    with listening() as clamd:
        clamd.silent = True
        began = time.monotonic()
        for call in (Scanner(clamd.address, 0.2).ping, lambda: Scanner(clamd.address, 0.2).scan([b"x"])):
            with pytest.raises(ScannerAway, match=r"within 0\.2 s"):
                call()
        assert time.monotonic() - began < 2


def test_who_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tcp:127.0.0.1:{free.getsockname()[1]}"
    for address in (nobody, f"unix:{tmp_path / 'khong-co.ctl'}"):
        with pytest.raises(ScannerAway, match="cannot be reached"):
            Scanner(address).ping()


def test_addresses() -> None:
    assert unix_path("unix:/run/clamav/clamd.ctl") == unix_path("/run/clamav/clamd.ctl") == "/run/clamav/clamd.ctl"
    assert unix_path("tcp:127.0.0.1:3310") is None
    assert tcp_place("tcp:clamd.local:3310") == ("clamd.local", 3310) == tcp_place("clamd.local:3310")
    assert tcp_place("tcp:[::1]:3310") == ("::1", 3310)
    for wrong in ("clamd", "tcp:", "tcp:a:0", "tcp:a:70000", "run/clamd.ctl", "http://a:1"):
        with pytest.raises(ValueError, match="HAICAP_CLAMD"):
            tcp_place(wrong)
