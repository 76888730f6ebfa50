"""The room of administrative procedures."""

from __future__ import annotations

from django.apps import AppConfig

from haicap.kernel.language import bi


class ProceduresConfig(AppConfig):
    """The catalogue: procedures and their versions."""

    name = "haicap.domain.procedures"
    label = "procedures"
    verbose_name = bi("Thủ tục hành chính", "Administrative procedures")
    default_auto_field = "django.db.models.BigAutoField"
