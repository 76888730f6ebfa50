"""What a command needs before it may ask the database: settings, the server, Django itself."""

from __future__ import annotations

import atexit
import os

import django as framework

from haicap.kernel.db import connect, home


def django(*, process: str = "app", database: bool = True, port: int | None = None) -> None:
    """Start the embedded server where one is used, and set Django up.

    `process` "worker" connects as the worker's role. `port`: where a demonstration will be served, for the addresses that
    its papers carry. The last command to end stops the server.
    """
    home.private_directory(home.home())
    os.environ["HAICAP_PROCESS"] = process
    chosen = os.environ.get("HAICAP_SETTINGS", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"haicap.config.settings.{chosen}")
    if port and chosen == "demo":
        os.environ.setdefault("HAICAP_BASE_URL", f"http://127.0.0.1:{port}")
    if database and not connect.has_own_server():
        server = connect.embedded_server()
        server.enter()
        atexit.register(server.leave)
        provisioned = server.directory / "provisioned"
        if not provisioned.exists():  # also where a first start was cut off
            connect.provision()
            provisioned.touch()
    framework.setup()
    if database:
        atexit.register(_close_connections)


def _close_connections() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
