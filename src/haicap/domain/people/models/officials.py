"""Staff records, and which post of a unit's organisation somebody holds from a day to a day."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haicap.domain.people.blocks import AssignmentKind, Block, Departure, StaffKind
from haicap.domain.people.models.organisation import DatedQuerySet
from haicap.domain.people.models.posts import Account, Appointment
from haicap.domain.units.models import Unit
from haicap.domain.units.models.units import DateRange

DAYS = (DateRange("valid_from", "valid_to"), "&&")


class OfficialQuerySet(models.QuerySet["Official"]):
    """Staff records, asked for in the office's words."""

    def serving(self) -> OfficialQuerySet:
        """Those who have not left."""
        return self.filter(left_on=None)


class Official(models.Model):
    """A staff record (hồ sơ cán bộ), kept by `unit`; `also_in`: units that somebody of another unit works in.

    `account` is there once they sign in. `insured_from`: since when social insurance was paid without a gap counted;
    `salary`: the present monthly pay in dong; both empty where not known. `left_on` is the first day out of the service.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    also_in = ArrayField(models.IntegerField(), default=list)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="official")
    full_name = models.TextField()
    female = models.BooleanField(null=True)
    born_on = models.DateField(null=True)
    id_number = models.TextField(default="", blank=True)
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    staff_kind = models.TextField(choices=StaffKind.choices)
    insured_from = models.DateField(null=True)
    salary = models.IntegerField(null=True)
    left_on = models.DateField(null=True)
    left_why = models.TextField(choices=Departure.choices, default="", blank=True)
    synthetic = models.BooleanField(default=False)

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = "official"
        indexes = [models.Index(fields=["unit", "left_on"], name="people_official_unit")]
        constraints = [
            models.UniqueConstraint(fields=["id_number"], condition=~Q(id_number=""), name="official_once"),
            models.CheckConstraint(condition=Q(left_on=None) | ~Q(left_why=""), name="official_left_for_a_reason"),
            models.CheckConstraint(condition=Q(salary=None) | Q(salary__gt=0), name="official_pay_is_positive"),
            models.CheckConstraint(condition=~Q(staff_kind=StaffKind.CONCURRENT), name="official_has_a_kind"),
        ]


class Assignment(models.Model):
    """An official in a post, by a numbered decision, from a day to a day (half-open).

    The post is named by the keys of its body and of itself (as a body names the one above it): a post that gets another
    title or another number of seats is a new row, its holders stay. `block` is the body's, so that headcounts need no
    other table. `appointment` is the access that came with it, where any did.
    """

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    block = models.TextField(choices=Block.choices)
    body_key = models.TextField()
    post_key = models.TextField()
    kind = models.TextField(choices=AssignmentKind.choices)
    appointment = models.OneToOneField(Appointment, on_delete=models.SET_NULL, null=True, related_name="assignment")
    decision_number = models.TextField()
    decision_date = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ended_why = models.TextField(default="", blank=True)

    objects = DatedQuerySet["Assignment"].as_manager()

    class Meta:
        verbose_name = "assignment"
        indexes = [models.Index(fields=["unit", "body_key", "post_key"], name="people_assignment_post")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="assignment_has_a_day"
            ),
            ExclusionConstraint(
                name="people_assignment_one_own_post", condition=Q(kind=AssignmentKind.PRIMARY),
                expressions=[("official", "="), DAYS],
            ),
            ExclusionConstraint(
                name="people_assignment_once",
                expressions=[("official", "="), ("unit", "="), ("body_key", "="), ("post_key", "="), DAYS],
            ),
        ]  # fmt: skip
