"""A running installation: served, watched, restarted, stopped in order; copied and brought back by the commands."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

from haicap.interfaces.cli import processes
from haicap.interfaces.cli.processes import PortTaken, pause_after, refuse_taken_port

pytestmark = pytest.mark.server
PATIENCE_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HAICAP_", "DJANGO_", "DATABASE_"))
    }
    return kept | {"HAICAP_HOME": str(home), "PYTHONWARNINGS": ""}


def haicap(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "haicap", *words], env=environment(home), text=True, capture_output=True, check=False
    )


def ask(port: int, path: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.request.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if condition():
                return
        except (URLError, OSError):
            pass
        time.sleep(0.1)
    pytest.fail(f"not within {PATIENCE_S:g} s: {what}")


def children_of(pid: int) -> dict[int, str]:
    """Living children of a process with their command lines, as Linux tells them."""
    found = {}
    for directory in Path("/proc").iterdir():
        if directory.name.isdigit():
            try:
                parent = int((directory / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == pid:
                    found[int(directory.name)] = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, IndexError):
                continue
    return found


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


@contextmanager
def serving(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    log = home.parent / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "haicap", "serve", "--port", str(port), "--workers", "1"],
            env=environment(home), text=True, stdout=output, stderr=output,
        )  # fmt: skip
        try:
            until(lambda: process.poll() is not None or "Ctrl-C" in log.read_text(), "the address is printed")
            assert process.poll() is None, log.read_text()
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated installation."""
    home = tmp_path_factory.mktemp("installation") / "home"
    refused = haicap(home, "serve", "--port", str(free_port()))
    assert refused.returncode == 1 and "Run ./haicap migrate" in refused.stderr and refused.stderr.count("\n") == 1
    done = haicap(home, "migrate")
    assert done.returncode == 0 and done.stdout == "" and "done" in done.stderr
    return home


def test_an_installation_is_served_watched_and_stopped(home: Path) -> None:
    port = free_port()
    with serving(home, port) as server:
        assert ask(port, "/healthz") == (200, "ok\n")
        until(lambda: ask(port, "/readyz")[0] == 200, "the worker beats")
        assert json.loads(ask(port, "/readyz")[1])["ready"] is True
        assert "haicap_database_up 1" in ask(port, "/metrics")[1]

        taken = haicap(home, "serve", "--port", str(port))
        assert taken.returncode == 1 and f"Port {port} is in use" in taken.stderr

        before = children_of(server.pid)
        worker = next(pid for pid, command in before.items() if command.rstrip().endswith("worker"))
        os.kill(worker, signal.SIGKILL)
        until(lambda: len(set(children_of(server.pid)) - set(before)) == 1, "a new worker")
        everybody = set(children_of(server.pid))
        server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE_S) == 0
        assert not any(lives(pid) for pid in everybody)
    refuse_taken_port("127.0.0.1", port)
    assert not (home / "postgres" / "data" / "postmaster.pid").exists(), "the last one out stops the database"


def test_a_server_that_is_killed_outright_leaves_nobody_behind(home: Path) -> None:
    port = free_port()
    with serving(home, port) as server:
        orphans = set(children_of(server.pid))
        server.kill()
        server.wait(PATIENCE_S)
        until(lambda: not any(lives(pid) for pid in orphans), "the children end too")
    refuse_taken_port("127.0.0.1", port)


def test_the_doctor_finds_it_well_and_names_a_cure(home: Path) -> None:
    done = haicap(home, "check", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["ok"] is True, report
    assert {finding["what"] for finding in report["findings"]} >= {
        "row-level security",
        "migrations",
        "application's role",
    }
    (home / "keys" / "secret-key").rename(home / "keys" / "kept")
    (home / "keys" / "secret-key").write_text("short")
    try:
        done = haicap(home, "check")
        assert done.returncode == 1 and "BAD  secret key: 5 characters → set HAICAP_SECRET_KEY" in done.stdout
    finally:
        (home / "keys" / "kept").replace(home / "keys" / "secret-key")


def test_the_trail_is_verified_and_sealed(home: Path) -> None:
    first = json.loads(haicap(home, "audit", "verify", "--json").stdout)
    assert first["ok"] is True and set(first) == {"ok", "events", "days"}
    assert haicap(home, "audit", "seal").returncode == 0
    assert json.loads(haicap(home, "audit", "verify", "--json").stdout) == first | {"days": 1}


def test_a_worker_works_once(home: Path) -> None:
    done = haicap(home, "worker", "--once")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("token", "create", "--account", "nobody"), 1, "nobody"),
        (("token", "create", "--account", "nobody", "--days", "0"), 2, "days"),
        (("token", "revoke", "999"), 1, "999"),
        (("serve", "--port", "0"), 2, "port"),
        (("serve", "--port", "many"), 2, "port"),
        (("audit",), 2, "ACTION"),
        (("restore", "/nowhere"), 1, "not empty"),
    ],
)
def test_refusals_are_one_line_and_wrong_words_are_usage(
    home: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    done = haicap(home, *words)
    assert done.returncode == status and said in done.stderr and "Traceback" not in done.stderr and done.stdout == ""
    if status == 1:
        assert done.stderr.count("\n") == 1


def test_a_copy_is_made_and_brought_back_by_the_commands(home: Path, tmp_path: Path) -> None:
    copy, second = tmp_path / "copy", tmp_path / "second"
    done = haicap(home, "backup", str(copy))
    assert done.returncode == 0, done.stderr
    assert haicap(home, "backup", str(copy)).returncode == 1
    done = haicap(second, "restore", str(copy))
    assert done.returncode == 0, done.stderr
    verdicts = [json.loads(haicap(place, "audit", "verify", "--json").stdout) for place in (home, second)]
    assert verdicts[0] == verdicts[1] and verdicts[0]["ok"] is True
    assert haicap(second, "check").returncode == 0
    assert haicap(second, "restore", str(copy)).returncode == 1


def test_pauses_grow_up_to_a_minute() -> None:
    assert [pause_after(falls) for falls in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_child_that_falls_waits_before_it_starts_again(monkeypatch: pytest.MonkeyPatch, capsys) -> None:  # type: ignore[no-untyped-def]
    now = [100.0]
    monkeypatch.setattr(processes.time, "monotonic", lambda: now[0])
    child = processes.Child("child", [sys.executable, "-c", ""], dict(os.environ))
    child.start()
    assert child.process is not None
    child.process.wait()
    child.look()
    assert child.process is None and "ended unexpectedly" in capsys.readouterr().err
    now[0] += 0.9
    child.look()
    assert child.process is None
    now[0] += 0.2
    child.look()
    assert child.process is not None
    child.process.wait()
    child.look()
    assert child.again_at == now[0] + 2


def test_a_port_in_use_is_refused_with_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken, match="in use by another program"):
            refuse_taken_port("127.0.0.1", other.getsockname()[1])
    with pytest.raises(PortTaken, match="cannot be listened on"):
        refuse_taken_port("192.0.2.1", free_port())
