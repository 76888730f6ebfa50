"""One embedded PostgreSQL for the run, one template database; each test rolls back, or has a clone of its own."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from haicap.kernel import language
from haicap.kernel.db import connect
from haicap.kernel.db.embedded import EmbeddedServer
from haicap.kernel.db.provision import WORKER, provision_embedded

TEMPLATE = "haicap_template"


def _server() -> EmbeddedServer:
    directory = Path(os.environ["HAICAP_TEST_HOME"]) / "postgres"
    return EmbeddedServer(directory, password="tests", durable=False)  # noqa: S106 - guards nothing


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts the server; workers of xdist find its home in their environment."""
    config.haicap_server = None  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.haicap_server  # type: ignore[attr-defined]
    for connection in connections.all(initialized_only=True):
        connection.close()
    if server is not None:
        server.leave()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["HAICAP_TEST_HOME"], ignore_errors=True)


@pytest.fixture(autouse=True)
def _vietnamese() -> None:
    """Each test begins in Vietnamese: a page asked for in English speaks it to whoever comes next in this thread."""
    language.activate(language.DEFAULT)
    translation.activate(language.DEFAULT)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> EmbeddedServer:
    """The run's database server."""
    running = _server()
    running.enter()
    request.config.haicap_server = running  # type: ignore[attr-defined]
    return running


def _point_at(name: str) -> None:
    """Let both connections of Django meet the database `name` from now on."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def template_database(server: EmbeddedServer, django_db_blocker) -> str:  # type: ignore[no-untyped-def]
    """A database with every table and the facts that HaiCap ships; made once a run, under a lock for xdist."""
    from haicap.flows.setup import bring_up, load_facts

    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(18)")
        ready = f"{TEMPLATE}_ready"
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ready]).fetchone():
            admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
            provision_embedded(server.conninfo(), dbname=TEMPLATE, passwords=connect.role_passwords())
            _point_at(TEMPLATE)
            with django_db_blocker.unblock():
                bring_up()
                load_facts()
            connections["default"].close()
            connections["owner"].close()
            admin.execute(f"ALTER DATABASE {TEMPLATE} RENAME TO {ready}")
    return ready


def _clone(server: EmbeddedServer, template: str) -> str:
    name = f"haicap_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(18)")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY OWNER haicap_owner")
    return name


@pytest.fixture(scope="session")
def django_db_setup(server: EmbeddedServer, template_database: str, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Every test that rolls back shares one clone of the template."""
    with django_db_blocker.unblock():
        name = _clone(server, template_database)
        _point_at(name)
        settings.HAICAP_TEST_SHARED_DATABASE = name
    yield


@contextmanager
def _own_database(server: EmbeddedServer, template: str) -> Iterator[str]:
    shared = settings.HAICAP_TEST_SHARED_DATABASE
    name = _clone(server, template)
    _point_at(name)
    try:
        yield name
    finally:
        _point_at(shared)
        with psycopg.connect(server.conninfo(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def own_database(
    server: EmbeddedServer, django_db_setup: None, template_database: str, django_db_blocker
) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """A database for this test alone, in which commits are real: for concurrency, crashes, tampering and servers."""
    with django_db_blocker.unblock(), _own_database(server, template_database) as name:
        yield name


@pytest.fixture(scope="module")
def module_database(
    server: EmbeddedServer, django_db_setup: None, template_database: str, django_db_blocker
) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """The same for all tests of a module (a web server and a browser share it)."""
    with django_db_blocker.unblock(), _own_database(server, template_database) as name:
        yield name


@pytest.fixture
def queries() -> Callable[[Callable[[], object]], int]:
    """Counts the statements that a call sends: `queries(lambda: client.get("/thu-tuc/"))`."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connections["default"]) as captured:
            call()
        return len(captured.captured_queries)

    return count


@pytest.fixture(scope="session")
def role_passwords(server: EmbeddedServer) -> dict[str, str]:
    """The passwords of the run's roles, read before a test gives itself another home."""
    return connect.role_passwords()


@pytest.fixture
def as_worker(own_database: str, role_passwords: dict[str, str]) -> Iterator[str]:
    """The test's own database, asked as the worker's role instead of the application's."""
    ours = connections.settings["default"]
    before = {key: ours[key] for key in ("USER", "PASSWORD")}

    def become(login: dict[str, str]) -> None:
        connections["default"].close()
        ours.update(login)
        connections["default"].settings_dict.update(login)

    become({"USER": WORKER, "PASSWORD": role_passwords[WORKER]})
    yield own_database
    become(before)
