"""Django's entry for the room."""

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """Limits per source."""

    name = "haicap.kernel.limits"
    label = "limits"
