"""The processes of a running installation: a web server and a worker, started, watched, restarted, stopped in order."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.error import HTTPError, URLError

# One request at a time in each process, a process a core: pages are bound by the processor, and threads that share one only
# make each other wait (measured: half the p95 of four). Bodies of slow senders are gathered before Python sees them.
BLOCKING_THREADS = 1
STARTS_WITHIN_S = 60.0
STOPS_WITHIN_S = 15.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
SOUND_AFTER_S = 60.0  # a child that lived this long has its next fall counted as its first
LOOK_EVERY_S = 0.25
_PR_SET_PDEATHSIG = 1


class PortTaken(RuntimeError):
    """Somebody else listens there; the text says what to do."""


@dataclass
class Child:
    """A process that is to run all the time."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the parent alone, which then stops all in order."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process has one thread
        )

    def look(self) -> None:
        """Start it again when it has died; longer and longer pauses where it keeps dying."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.again_at:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        self.falls = 1 if now - self.started > SOUND_AFTER_S else self.falls + 1
        pause = pause_after(self.falls)
        _say(f"the {self.name} ended unexpectedly (status {status}); it starts again in {pause:g} s")
        self.process, self.again_at = None, now + pause

    def stop(self) -> None:
        """Ask it to end, insist when it does not. Its own children end with it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            _say(f"the {self.name} does not end, it is killed")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def pause_after(falls: int) -> float:
    """Seconds before the next start after so many falls in a row: 1, 2, 4, … 60."""
    return float(min(FIRST_PAUSE_S * 2 ** min(falls - 1, 10), LONGEST_PAUSE_S))


def serve_forever(
    port: int, workers: int = 0, *, host: str = "127.0.0.1", on_ready: Callable[[str], None] | None = None
) -> int:
    """Run the web server (`workers` processes; 0: one a core) and one worker until Ctrl-C or SIGTERM; gives 0.

    Django and the database must be up already, migrations done. `on_ready` is called with the address once it answers.
    Raises PortTaken. Gives 1 where the web server cannot be brought to answer.
    """
    refuse_taken_port(host, port)
    children = [_web(host, port, workers or os.cpu_count() or 1), _worker()]
    with _ends_asked_for() as asked:
        try:
            for child in children:
                child.start()
            address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}/"  # noqa: S104 - compared
            if not _answers(address, children[0], asked):
                return 0 if asked() else 1
            (on_ready or _announce)(address)
            while not asked():
                time.sleep(LOOK_EVERY_S)
                for child in children:
                    child.look()
        finally:
            for child in children:  # the web server first: nothing new comes in; then the worker; the database is last
                child.stop()
    return 0


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortTaken where `port` cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            reasons = {
                errno.EADDRINUSE: f"Port {port} is in use by another program: stop it, or choose another with --port.",
                errno.EACCES: f"Port {port} needs more rights: choose one above 1023 with --port.",
            }
            raise PortTaken(reasons.get(error.errno or 0, f"{host}:{port} cannot be listened on: {error}.")) from None


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The command line of the web server."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(BLOCKING_THREADS), "--no-access-log",
        "--log-level", "warning", "--respawn-failed-workers", "--workers-kill-timeout", "10",
        "haicap.config.wsgi:application",
    ]  # fmt: skip


def _web(host: str, port: int, workers: int) -> Child:
    return Child("web server", web_command(host, port, workers), _environment("app"))


def _worker() -> Child:
    return Child("worker", [sys.executable, "-m", "haicap", "worker"], _environment("worker"))


def _environment(process: str) -> dict[str, str]:
    return {**os.environ, "HAICAP_PROCESS": process}


@contextlib.contextmanager
def _ends_asked_for() -> Iterator[Callable[[], bool]]:
    """Inside, Ctrl-C and SIGTERM are noted instead of raised; afterwards they are as before."""
    noted: list[int] = []
    before = {number: signal.signal(number, lambda n, _: noted.append(n)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(noted)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _answers(address: str, web: Child, asked: Callable[[], bool]) -> bool:
    """True once the web server answers; False where it ends, takes too long, or an end is asked for."""
    until = time.monotonic() + STARTS_WITHIN_S
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until and not asked():
        if web.process is None or web.process.poll() is not None:
            _say("the web server did not start; its own words stand above")
            return False
        with contextlib.suppress(URLError, OSError):
            try:
                opener.open(f"{address}healthz", timeout=2).close()
            except HTTPError as refusal:
                refusal.close()  # it answers: a host name that it does not know is no reason to wait
            return True
        time.sleep(0.1)
    if not asked():
        _say(f"the web server did not answer within {STARTS_WITHIN_S:g} s")
    return False


def _announce(address: str) -> None:
    print(f"HaiCap: {address} · Ctrl-C to stop", flush=True)


def _say(sentence: str) -> None:
    print(f"haicap: {sentence}", file=sys.stderr, flush=True)


def _die_with_parent() -> None:
    """On Linux: a parent that is killed outright takes its children along, none is left holding the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
