"""Django's entry for the room."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files."""

    name = "haicap.kernel.files"
    label = "files"
