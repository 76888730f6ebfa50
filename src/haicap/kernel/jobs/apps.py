"""Django's entry for the room."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """What is done by the clock."""

    name = "haicap.kernel.jobs"
    label = "jobs"
