"""Django's entry for the room."""

from django.apps import AppConfig


class EntriesConfig(AppConfig):
    """Numbered registers and their moves."""

    name = "haicap.kernel.entries"
    label = "entries"
