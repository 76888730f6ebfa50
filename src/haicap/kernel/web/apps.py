"""The application `web`: templates, static files and template tags of every page."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Brings the UI kit to Django; it has no tables."""

    name = "haicap.kernel.web"
    label = "web"
    verbose_name = "Giao diện"
