"""Django's entry for the room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only trail."""

    name = "haicap.kernel.audit"
    label = "audit"
