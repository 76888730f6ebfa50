"""A complete copy of an installation, and its way back: database, stored files, keys, each with its SHA-256.

Nothing half-done is ever left under the final name: both ways build beside it and rename at the end.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from haicap import __version__
from haicap.kernel import clock
from haicap.kernel.db import connect, home
from haicap.kernel.db.embedded import EmbeddedServer, binaries
from haicap.kernel.db.provision import APP, OWNER, WORKER, grant_to_roles, make_roles, provision_embedded

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
LAST_COPY = "last-backup.json"
FOLDERS = ("files", "keys")
_CHUNK = 2**20
# Made by provisioning, for the owner of the new place; their old words would name the old one.
_MADE_OTHERWISE = re.compile(r"^\d+; \d+ \d+ (DEFAULT ACL|EXTENSION|SCHEMA|COMMENT - EXTENSION|ACL - SCHEMA) ")

Progress = Callable[[str], None]


class CopyRefused(RuntimeError):
    """A backup or restore that cannot be done; the text says why and what to do."""


@dataclass
class Manifest:
    """What a backup holds: each file with its SHA-256 and size, and where it comes from."""

    made_at: str
    server: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    haicap: str = __version__
    format: int = FORMAT

    @property
    def size(self) -> int:
        """All bytes."""
        return sum(int(facts["size"]) for facts in self.files.values())


def owner_conninfo() -> str:
    """How to reach this installation's database as its owner: the embedded server (running) or `DATABASE_URL`."""
    url = connect.owner_url()
    if url:
        return make_conninfo(url)
    password = home.secret(f"database-{OWNER}")
    return connect.embedded_server().conninfo(user=OWNER, password=password, dbname=connect.DBNAME)


def back_up(target: Path, *, base: Path, conninfo: str, progress: Progress = lambda _: None) -> Manifest:
    """Copy the installation in `base` and its database to the new directory `target`; the server may go on working.

    The database is copied as of one moment; files that came later may be in the copy too, none that belongs to it is
    missing. Raises CopyRefused where `target` holds anything, or the database cannot be copied.
    """
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CopyRefused(f"{target} is not empty: name a directory that does not exist yet.")
    with _beside(target, "backup") as work:
        progress("database")
        with psycopg.connect(conninfo) as connection:
            version = connection.info.parameter_status("server_version") or ""
        _run(
            "pg_dump",
            conninfo,
            "--format=custom",
            "--no-unlogged-table-data",
            "--file",
            str(work / DUMP),
            server=version,
        )
        manifest = Manifest(made_at=clock.now().isoformat(timespec="seconds"), server=version)
        manifest.files[DUMP] = _facts(work / DUMP)
        for folder in FOLDERS:
            progress(folder)
            manifest.files |= _copied(base / folder, work / folder, folder)
        (work / MANIFEST).write_text(json.dumps(vars(manifest), indent=1, ensure_ascii=False))
        os.sync()
    return manifest


def leave_mark(base: Path, target: Path, manifest: Manifest) -> None:
    """Write down in the installation that a copy was made, where and how large: what its health page tells."""
    mark = {
        "made_at": manifest.made_at,
        "where": str(target.absolute()),
        "files": len(manifest.files),
        "bytes": manifest.size,
    }
    fresh = base / f".{LAST_COPY}.{os.getpid()}"
    fresh.write_text(json.dumps(mark, ensure_ascii=False))
    fresh.chmod(0o600)
    fresh.replace(base / LAST_COPY)


def last_copy(base: Path) -> dict[str, Any] | None:
    """What `leave_mark` wrote; None where no copy was made from here, or the mark cannot be read."""
    try:
        mark = json.loads((base / LAST_COPY).read_text())
        datetime.fromisoformat(mark["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(mark)


def damaged_files(manifest: Manifest) -> list[str]:
    """Stored files whose bytes are not what their name says: the disk of the installation has lost something."""
    return [
        name for name, facts in manifest.files.items()
        if name.startswith("files/") and Path(name).name != facts["sha256"]
    ]  # fmt: skip


def verify(source: Path) -> Manifest:
    """Check every file of a backup against its manifest. Raises CopyRefused at the first that is missing or changed."""
    try:
        manifest = Manifest(**json.loads((source / MANIFEST).read_text()))
    except FileNotFoundError:
        raise CopyRefused(f"{source} holds no {MANIFEST}: it is not a backup, or an unfinished one.") from None
    except (ValueError, TypeError) as fault:
        raise CopyRefused(f"{source / MANIFEST} cannot be read: the backup is damaged.") from fault
    if manifest.format != FORMAT:
        raise CopyRefused(
            f"the backup has format {manifest.format}, this version reads {FORMAT}: use HaiCap {manifest.haicap}."
        )
    for name, facts in manifest.files.items():
        path = source / name
        if not path.resolve().is_relative_to(source.resolve()):
            raise CopyRefused(f"the manifest names {name}, which lies outside the backup: do not use it.")
        if not path.is_file() or _facts(path) != facts:
            raise CopyRefused(f"{name} is missing or was changed since the backup: use another copy.")
    if DUMP not in manifest.files:
        raise CopyRefused(f"the manifest names no {DUMP}: use another copy.")
    return manifest


def restore(source: Path, *, base: Path, url: str = "", progress: Progress = lambda _: None) -> Manifest:
    """Bring a backup back into the empty home `base`, and into the embedded server there or the empty database at `url`.

    All is checked first; where anything fails the home stays as empty as it was. Raises CopyRefused.
    """
    base = base.absolute()
    if base.exists() and (not base.is_dir() or any(base.iterdir())):
        raise CopyRefused(
            f"{base} is not empty: restore goes into a new home only. Set HAICAP_HOME to an empty directory."
        )
    progress("checking the backup")
    manifest = verify(source)
    if url:
        _refuse_full_database(url)
    with _beside(base, "restore") as work:
        for folder in FOLDERS:
            progress(folder)
            _copied(source / folder, work / folder, folder)
        progress("database")
        if url:
            _fill(make_conninfo(url), source / DUMP)
        else:
            _fill_embedded(work, source / DUMP)
    return manifest


def _fill_embedded(work: Path, dump: Path) -> None:
    """Make a server in the new home with the old passwords, and fill its database."""
    passwords = {role: _key(work, f"database-{role}") for role in (OWNER, APP, WORKER)}
    server = EmbeddedServer(work / "postgres", password=_key(work, "database-admin"))
    server.enter()
    try:
        provision_embedded(server.conninfo(), dbname=connect.DBNAME, passwords=passwords)
        _fill(server.conninfo(user=OWNER, password=passwords[OWNER], dbname=connect.DBNAME), dump)
    finally:
        server.leave()


def _key(work: Path, name: str) -> str:
    """A key of the copy; one that it lacks (it came from a server of another kind) is made."""
    path = home.private_directory(work / "keys") / name
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


def _fill(conninfo: str, dump: Path) -> None:
    """Restore a dump in one transaction: all of it or nothing."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        version = connection.info.parameter_status("server_version") or ""
        make_roles(connection)
    wanted = [
        line for line in _run("pg_restore", "", "--list", str(dump), server=version).splitlines()
        if line and not line.startswith(";") and not _MADE_OTHERWISE.match(line)
    ]  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".list") as entries:
        entries.write("\n".join(wanted) + "\n")
        entries.flush()
        _run("pg_restore", conninfo, "--no-owner", "--no-comments", "--exit-on-error", "--single-transaction",
             "--use-list", entries.name, str(dump), server=version)  # fmt: skip
    with psycopg.connect(conninfo, autocommit=True) as connection:
        # Only now: rights that new tables are born with would add to those which the dump gives and takes.
        grant_to_roles(connection)
        connection.execute("ANALYZE")


def _refuse_full_database(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchone()
    if row and row[0]:
        raise CopyRefused(
            f"the database of DATABASE_URL holds {row[0]} tables: restore goes into an empty database only."
        )


@contextmanager
def _beside(target: Path, purpose: str) -> Iterator[Path]:
    """A private directory beside `target` that becomes it when the block ends in peace, and is gone otherwise."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = home.private_directory(target.with_name(f".{target.name}.{purpose}-{os.getpid()}"))
    try:
        yield work
        if target.exists():
            target.rmdir()
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _copied(source: Path, target: Path, prefix: str) -> dict[str, dict[str, Any]]:
    """Copy a tree file by file; gives the facts of each. Temporary files (in hidden folders) stay behind."""
    home.private_directory(target)
    facts: dict[str, dict[str, Any]] = {}
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        inside = path.relative_to(source)
        if not path.is_file() or any(part.startswith(".") for part in inside.parts):
            continue
        place = target / inside
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(path, place)
        facts[f"{prefix}/{inside.as_posix()}"] = _facts(place)
    return facts


def _facts(path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def _run(program: str, conninfo: str, *arguments: str, server: str) -> str:
    """Run one of PostgreSQL's programs; the password goes by the environment, where no list of processes shows it."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    if conninfo:
        parts = conninfo_to_dict(conninfo)
        environment["PGPASSWORD"] = str(parts.pop("password", "") or "")
        arguments = ("--dbname", make_conninfo("", **{k: v for k, v in parts.items() if v is not None}), *arguments)
    done = subprocess.run(
        [_program(program, server), *arguments], check=False, text=True, capture_output=True, env=environment
    )
    if done.returncode:
        raise CopyRefused(f"{program} failed: {' '.join(done.stderr.split())[:400]}")
    return done.stdout


def _program(name: str, server: str) -> str:
    """The packaged program; for a server of a later generation the one that lies on this machine."""
    packaged = binaries() / name
    own = subprocess.run([str(packaged), "--version"], check=False, text=True, capture_output=True).stdout
    if _generation(server) > _generation(own.rsplit(" ", 1)[-1]):
        return shutil.which(name) or str(packaged)
    return str(packaged)


def _generation(version: str) -> int:
    found = re.match(r"\d+", version)
    return int(found.group()) if found else 0
