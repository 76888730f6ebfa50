"""Django's entry for the room."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """What leaves the house."""

    name = "haicap.kernel.outbox"
    label = "outbox"
