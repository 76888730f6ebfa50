"""The calendar's tables in Django."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Public reference data: readable by everybody, so no row-level security."""

    name = "haicap.kernel.calendar"
    label = "calendar_days"
