"""What a measurement needs: a copy of the database to write into, the real server in front of it, pgbench beside it."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import psycopg

from haicap.interfaces.cli.processes import web_command
from haicap.kernel.db import connect
from haicap.kernel.db.embedded import binaries
from haicap.kernel.db.provision import OWNER
from haicap.kernel.errors import Conflict
from haicap.kernel.language import bi
from haicap.kernel.limits.rules import Door

COPY = "haicap_bench"
UNREACHED = " ".join(f"{door}=9999999/1" for door in Door)


class NotMeasurable(Conflict):
    """The measurement cannot be made here and now."""

    code = "bench.not_measurable"
    template = bi("Không đo được: {why}", "Cannot measure: {why}")


@contextlib.contextmanager
def copied_database() -> Iterator[str]:
    """A copy of the installation's database under another name, dropped afterwards: a benchmark leaves no rows behind.

    Raises NotMeasurable with DATABASE_URL (whose server is not ours to copy on) or while others are connected.
    """
    if connect.has_own_server():
        raise NotMeasurable(why="bench intake writes into a copy of the embedded database; unset DATABASE_URL")
    server = connect.embedded_server()
    server.enter()
    try:
        with psycopg.connect(server.conninfo(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
            try:
                admin.execute(f"CREATE DATABASE {COPY} TEMPLATE {connect.DBNAME} STRATEGY FILE_COPY OWNER {OWNER}")
            except psycopg.errors.ObjectInUse:
                raise NotMeasurable(why="HaiCap is running on this database; stop it first") from None
            except psycopg.errors.InvalidCatalogName:
                raise NotMeasurable(why="there is no database yet; run ./haicap demo --no-serve first") from None
        os.environ["HAICAP_DATABASE_NAME"] = COPY
        yield COPY
    finally:
        os.environ.pop("HAICAP_DATABASE_NAME", None)
        with psycopg.connect(server.conninfo(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
        server.leave()


@contextlib.contextmanager
def web_server() -> Iterator[int]:
    """The real server, as `serve` starts it, on a free port of loopback; gives the port.

    Its own address is a name, so that passkeys can be bound to it.
    """
    port = _free_port()
    command = web_command("127.0.0.1", port, os.cpu_count() or 1)
    # Counted as ever, and never met: a bench is one busy source.
    environment = {"HAICAP_BASE_URL": f"http://localhost:{port}", **os.environ, "HAICAP_LIMITS": UNREACHED}
    process = subprocess.Popen(command, stdout=sys.stderr, stderr=sys.stderr, env=environment)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


def pgbench(script: str, *, seconds: int, clients: int, database: str) -> float:
    """Transactions a second that the bundled pgbench reaches with `script`, prepared, as the owner."""
    server = connect.embedded_server()
    password = connect.role_passwords()[OWNER]
    command = [
        str(binaries() / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2",
        f"--time={seconds}", "--file=/dev/stdin", "--host", str(server.socket_directory), "--username", OWNER, database,
    ]  # fmt: skip
    done = subprocess.run(
        command, input=script, text=True, capture_output=True, check=False, env={**os.environ, "PGPASSWORD": password}
    )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: ([0-9]+)", done.stdout)
    if done.returncode or not found or (failed and int(failed[1])):
        raise NotMeasurable(why=f"pgbench failed: {(done.stderr or done.stdout)[-400:]}")
    return float(found[1])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise NotMeasurable(why="the web server ended at once, see above")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return
        time.sleep(0.1)
    raise NotMeasurable(why="the web server did not answer within 30 seconds")
