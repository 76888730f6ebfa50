"""Django's entry for the room."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """Who looked at what."""

    name = "haicap.kernel.readings"
    label = "readings"
