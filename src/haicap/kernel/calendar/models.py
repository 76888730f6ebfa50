"""Tables of the calendar. Public reference data: no personal data, no row-level security."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from haicap.kernel.calendar.rules import DayKind
from haicap.kernel.language import choose

_PROVINCE_OR_NATION = r"^([0-9]{2})?$"


class CalendarDay(models.Model):
    """A day off or a make-up day, of the nation (`unit_code` empty) or of one province, which then goes first."""

    day = models.DateField()
    kind = models.CharField(max_length=6)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    source = models.TextField(blank=True, default="")
    certain = models.BooleanField(default=True)
    unit_code = models.CharField(max_length=2, blank=True, default="")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["day", "unit_code"], name="calendar_day_once"),
            CheckConstraint(name="calendar_day_kind", condition=Q(kind__in=[kind.value for kind in DayKind])),
            CheckConstraint(name="calendar_day_unit", condition=Q(unit_code__regex=_PROVINCE_OR_NATION)),
        ]

    def label(self) -> str:
        """The day's name in the caller's language."""
        return choose(self.name, self.name_en)


class OpeningHours(models.Model):
    """The office windows from a day on: `[["07:00", "11:30"], ["13:30", "17:00"]]`; a province's go first."""

    unit_code = models.CharField(max_length=2, blank=True, default="")
    valid_from = models.DateField()
    hours = models.JSONField()
    source = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["unit_code", "valid_from"], name="opening_hours_once"),
            CheckConstraint(name="opening_hours_unit", condition=Q(unit_code__regex=_PROVINCE_OR_NATION)),
        ]
