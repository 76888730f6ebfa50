"""A unit's bodies and their posts, dated: who works in them is told by appointments, not here."""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from haicap.domain.people.blocks import Block, StaffKind
from haicap.domain.people.models.posts import Agency
from haicap.domain.people.rules import Role
from haicap.domain.units.models import Unit
from haicap.domain.units.models.units import DateRange

M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M]):
    """Rows that stand from a day up to, not including, another."""

    def on(self, day: date) -> Self:
        """Those that stand on `day`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Body(models.Model):
    """A body of a unit. `key` names it within the unit; `under` is the key of the body above it on the same days.

    `agency` is there where dossiers and appointments know the body; `certainty` is A, B, C or K (see the template).
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="bodies")
    block = models.TextField(choices=Block.choices)
    key = models.TextField()
    under = models.TextField(default="", blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="bodies")
    name = models.TextField()
    name_en = models.TextField(default="")
    position = models.SmallIntegerField()
    certainty = models.TextField()
    basis = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = DatedQuerySet["Body"].as_manager()

    class Meta:
        verbose_name = "body"
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="body_has_a_day"),
            ExclusionConstraint(
                name="people_body_one_per_key_and_day",
                expressions=[("unit", "="), ("key", "="), (DateRange("valid_from", "valid_to"), "&&")],
            ),
        ]


class Post(models.Model):
    """A post of a body: `seats` people, or as many as the quota gives where the law names no number (None).

    `role` is the role whose appointments in the body's agency name the holder; empty where no holder is public.
    """

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="posts")
    key = models.TextField()
    title = models.TextField()
    title_en = models.TextField(default="")
    staff_kind = models.TextField(choices=StaffKind.choices)
    seats = models.SmallIntegerField(null=True)
    role = models.TextField(choices=Role.choices, default="", blank=True)
    position = models.SmallIntegerField()
    certainty = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = DatedQuerySet["Post"].as_manager()

    class Meta:
        verbose_name = "post"
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="post_has_a_day"),
            models.CheckConstraint(condition=Q(seats=None) | Q(seats__gt=0), name="post_has_a_seat"),
            ExclusionConstraint(
                name="people_post_one_per_key_and_day",
                expressions=[("body", "="), ("key", "="), (DateRange("valid_from", "valid_to"), "&&")],
            ),
        ]
