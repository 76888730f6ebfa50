"""Django's entry for the room."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """The room's place among the installed ones."""

    name = "haicap.domain.dossiers"
    label = "dossiers"
