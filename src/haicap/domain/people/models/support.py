"""Support access: somebody of technical support is shown one unit's rows for some hours."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from haicap.domain.people.models.posts import Account
from haicap.domain.units.models import Unit


class SupportGrant(models.Model):
    """Asked for with a reason; approved or refused by the unit (`approved` is None until then); ended by either side.

    Written by functions of the database alone (migration 0010), which judge who may.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    hours = models.SmallIntegerField()
    asked_at = models.DateTimeField()
    approved = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    account_name: str  # told by `queries.doors.with_names`: readers do not see each other's accounts

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=8), name="support_lasts_a_working_day_at_most"),
            models.CheckConstraint(
                condition=Q(approved=True, begins_at__isnull=False, ends_at__gt=F("begins_at"))
                | (~Q(approved=True) & Q(begins_at=None, ends_at=None))
                | Q(approved=None, begins_at=None, ends_at=None),
                name="approved_support_has_hours",
            ),
        ]
