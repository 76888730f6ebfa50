"""Django's entry for the room."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from haicap.kernel.db.connect import read_moments_quickly


class ScopeConfig(AppConfig):
    """Who sees which unit's rows."""

    name = "haicap.kernel.scope"
    label = "scope"

    def ready(self) -> None:
        """Every connection reads moments by the driver's own code."""
        connection_created.connect(_connected, dispatch_uid="haicap.scope.connected")


def _connected(connection: Any, **_: object) -> None:
    read_moments_quickly(connection.connection)
