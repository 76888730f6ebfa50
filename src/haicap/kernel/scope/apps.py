"""Django's entry for the room."""

from django.apps import AppConfig


class ScopeConfig(AppConfig):
    """Who sees which unit's rows."""

    name = "haicap.kernel.scope"
    label = "scope"
