"""Django's database settings: the embedded server or `DATABASE_URL`, as the application, the worker or the owner."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from haicap.kernel import environment
from haicap.kernel.db import home
from haicap.kernel.db.embedded import PORT, EmbeddedServer
from haicap.kernel.db.provision import APP, OWNER, WORKER, provision_embedded

DBNAME = "haicap"


def dbname() -> str:
    """The embedded server's database: `haicap`, or the copy that a benchmark works on."""
    return os.environ.get("HAICAP_DATABASE_NAME", DBNAME)


def embedded_server(directory: Path | None = None) -> EmbeddedServer:
    """The embedded server of this installation (not yet started)."""
    return EmbeddedServer((directory or home.home()) / "postgres", password=home.secret("database-admin"))


def role_passwords() -> dict[str, str]:
    """The embedded server's passwords, one a role, made at random at the first use."""
    return {role: home.secret(f"database-{role}") for role in (OWNER, APP, WORKER)}


class QuickMoments(Loader):
    """Reads `timestamptz`, written in the connection's own zone, which Django sets to UTC, by the compiled ISO reader.

    The reader that Django puts there matches each text and replaces its zone: ten times the work, two hundred times on a
    page of fifty lines.
    """

    timezone = UTC  # where this is not the connection's zone, Django puts its own reader back

    def load(self, data: Buffer) -> datetime:
        """The moment of "2025-06-30 10:00:00.5+00"."""
        return datetime.fromisoformat(bytes(data).decode())


def read_moments_quickly(connection: psycopg.Connection) -> None:
    """Let `connection` read moments by `QuickMoments`."""
    connection.adapters.register_loader("timestamptz", QuickMoments)


def provision() -> None:
    """Make the embedded server's roles and database; it must be running."""
    provision_embedded(embedded_server().conninfo(), dbname=DBNAME, passwords=role_passwords())


def owner_url() -> str:
    """The owner's address on a server that is not the embedded one; empty with the embedded one. Raises SettingRefused."""
    return environment.secret("HAICAP_OWNER_DATABASE_URL") or environment.secret("DATABASE_URL")


def has_own_server() -> bool:
    """True where an address of a database is given; False with the embedded server."""
    return environment.is_given("DATABASE_URL")


def databases() -> dict[str, dict[str, Any]]:
    """`DATABASES`: alias `default` for the application (or, in the worker's process, the worker) and `owner`."""
    role = WORKER if os.environ.get("HAICAP_PROCESS") == "worker" else APP
    url = environment.secret("DATABASE_URL")
    if url:
        owner = owner_url()
        return {"default": from_url(url, role=role if owner == url else ""), "owner": from_url(owner)}
    server, passwords = embedded_server(), role_passwords()
    return {
        "default": _embedded(server, role, passwords[role]),
        "owner": _embedded(server, OWNER, passwords[OWNER]),
    }


def from_url(url: str, *, role: str = "") -> dict[str, Any]:
    """Django's settings for a `postgresql://user:password@host:port/name?option=value` address.

    With `role` the login gives up its own rights for that role's at once.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    settings = _base()
    settings |= {
        "NAME": unquote(parts.path.strip("/")), "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""), "HOST": unquote(parts.hostname or ""), "PORT": parts.port or "",
    }  # fmt: skip
    options = dict(parse_qsl(parts.query))
    settings["HOST"] = options.pop("host", settings["HOST"])
    settings["OPTIONS"] |= options
    if role:
        settings["OPTIONS"]["options"] += f" -c role={role}"
    return settings


def _embedded(server: EmbeddedServer, user: str, password: str) -> dict[str, Any]:
    return _base() | {
        "NAME": dbname(), "USER": user, "PASSWORD": password, "HOST": str(server.socket_directory), "PORT": PORT,
    }  # fmt: skip


def _base() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        # statements are prepared on their second use: planning costs more than running them
        # short questions by many: starting a parallel worker costs more than each of them
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 1,
            "application_name": "haicap",
            "options": "-c max_parallel_workers_per_gather=0",
        },
    }
