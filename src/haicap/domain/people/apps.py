"""Django's entry for the room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room's place among the installed ones."""

    name = "haicap.domain.people"
    label = "people"
