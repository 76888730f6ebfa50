"""The room of administrative units."""

from __future__ import annotations

from django.apps import AppConfig

from haicap.kernel.language import bi


class UnitsConfig(AppConfig):
    """Units, their validity and their lineage."""

    name = "haicap.domain.units"
    label = "units"
    verbose_name = bi("Đơn vị hành chính", "Administrative units")
    default_auto_field = "django.db.models.BigAutoField"
