"""Quotas of posts, cases of streamlining, and the register of service units."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from haicap.domain.people.blocks import Block, StaffKind
from haicap.domain.people.headcount_rules import Ending, ServiceField, ServiceKind
from haicap.domain.people.models.officials import DAYS, Official
from haicap.domain.people.models.organisation import DatedQuerySet
from haicap.domain.people.streamlining_rules import SETTLED, CaseState, Scheme
from haicap.domain.units.models import Unit


class Quota(models.Model):
    """How many posts a unit was given in a block (biên chế được giao), by a numbered decision, from a day on.

    `staff_kind` empty: cadres and civil servants together, what a payroll counts.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    block = models.TextField(choices=Block.choices)
    staff_kind = models.TextField(choices=StaffKind.choices, default="", blank=True)
    seats = models.IntegerField()
    decision_number = models.TextField()
    decision_date = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    synthetic = models.BooleanField(default=False)

    objects = DatedQuerySet["Quota"].as_manager()

    class Meta:
        verbose_name = "quota"
        constraints = [
            models.CheckConstraint(condition=Q(seats__gte=0), name="quota_is_a_number"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="quota_has_a_day"
            ),
            ExclusionConstraint(
                name="people_quota_one_a_day",
                expressions=[("unit", "="), ("block", "="), ("staff_kind", "="), DAYS],
            ),
        ]


class CaseQuerySet(models.QuerySet["StreamliningCase"]):
    """Cases asked for in the office's words."""

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.exclude(state=CaseState.WITHDRAWN)

    def settled(self) -> Self:
        """Those decided or paid."""
        return self.filter(state__in=SETTLED)


class StreamliningCase(models.Model):
    """Somebody who leaves by a reorganisation, by one scheme; with the decision its figures are frozen.

    `unit` kept the record then. `lines`, `total`, `version`: as calculated when it was decided (dong); the facts that
    were counted from (pay, insured since) stand beside them, whatever becomes of the record. `ended`: the posts and the access
    that the decision ended, as they stood before. A withdrawn case that was decided names the decision that revoked it.
    """

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    staff_kind = models.TextField(choices=StaffKind.choices)
    scheme = models.TextField(choices=Scheme.choices)
    state = models.TextField(choices=CaseState.choices, default=CaseState.PROPOSED)
    leave_on = models.DateField()
    reorganised_on = models.DateField()
    entered_amount = models.BigIntegerField(null=True)
    salary = models.IntegerField(null=True)
    insured_from = models.DateField(null=True)
    decision_number = models.TextField(default="", blank=True)
    decision_date = models.DateField(null=True)
    version = models.TextField(default="", blank=True)
    lines = models.JSONField(default=list)
    total = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)
    ended = models.JSONField(default=dict)
    revoked_number = models.TextField(default="", blank=True)
    revoked_date = models.DateField(null=True)
    revoked_why = models.TextField(default="", blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "streamlining case"
        indexes = [models.Index(fields=["unit", "state"], name="people_case_unit")]
        constraints = [
            models.UniqueConstraint(fields=["official"], condition=~Q(state="withdrawn"), name="case_one_scheme_each"),
            models.CheckConstraint(
                name="case_decided_is_frozen",
                condition=Q(state__in=("proposed", "withdrawn"))
                | (~Q(decision_number="") & Q(decision_date__isnull=False, total__isnull=False) & ~Q(version="")),
            ),
            models.CheckConstraint(
                name="case_paid_has_a_day",
                condition=Q(state="paid", paid_on__isnull=False) | (~Q(state="paid") & Q(paid_on=None)),
            ),
            models.CheckConstraint(
                name="case_revoked_by_a_decision",
                condition=Q(revoked_number="", revoked_date=None, revoked_why="")
                | (
                    Q(state="withdrawn", revoked_date__isnull=False)
                    & ~Q(revoked_number="") & ~Q(revoked_why="") & ~Q(decision_number="")
                ),
            ),
        ]  # fmt: skip


class ServiceUnitQuerySet(DatedQuerySet["ServiceUnit"]):
    """Service units asked for by day."""

    def ended_by(self, day: date) -> Self:
        """Those that have ended on or before `day`."""
        return self.filter(valid_to__lte=day)


class ServiceUnit(models.Model):
    """A public service unit (đơn vị sự nghiệp) of `unit`, from a day to a day; a merged one names its successor."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    field = models.TextField(choices=ServiceField.choices)
    kind = models.TextField(choices=ServiceKind.choices)
    decision_number = models.TextField(default="", blank=True)
    decision_date = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ending = models.TextField(choices=Ending.choices, default="", blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    ended_by = models.TextField(default="", blank=True)
    ended_by_date = models.DateField(null=True)
    synthetic = models.BooleanField(default=False)

    objects = ServiceUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "service unit"
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="service_unit_one_code"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="service_unit_has_a_day"
            ),
            models.CheckConstraint(
                name="service_unit_ends_by_a_decision",
                condition=Q(valid_to=None, ending="", successor=None)
                | (Q(valid_to__isnull=False, ending="merged", successor__isnull=False) & ~Q(ended_by=""))
                | (Q(valid_to__isnull=False, ending="dissolved", successor=None) & ~Q(ended_by="")),
            ),
        ]  # fmt: skip
