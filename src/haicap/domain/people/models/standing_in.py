"""Who answers in somebody else's post for a time, and the sheets by which work went from hand to hand."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value

from haicap.domain.people.blocks import StandInKind
from haicap.domain.people.models.officials import DAYS
from haicap.domain.people.models.organisation import DatedQuerySet
from haicap.domain.people.models.posts import Account, Appointment
from haicap.domain.units.models import Unit


class Delegation(models.Model):
    """`account` acts in the post of `appointment` from a day up to, not including, another: authorised by its holder, or
    as their deputy while they are away. `conditions`: what the decision says beside.

    A delegation may lend a part: `kinds`, the codes of the procedures that it covers (empty for all of the post's work), and
    `signing_only`, of these only what waits for a signature."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=StandInKind.choices)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="delegations")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations")
    decision_number = models.TextField()
    decision_date = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    conditions = models.TextField(default="", blank=True)
    kinds = ArrayField(
        models.TextField(), default=list, db_default=Value([], ArrayField(models.TextField())), blank=True
    )
    signing_only = models.BooleanField(default=False, db_default=False)

    objects = DatedQuerySet["Delegation"].as_manager()

    class Meta:
        verbose_name = "delegation"
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="delegation_has_a_day"),
            models.CheckConstraint(
                condition=Q(kind=StandInKind.DELEGATION) | Q(kinds=[], signing_only=False), name="absence_lends_all",
            ),
            ExclusionConstraint(
                name="people_delegation_once", expressions=[("appointment", "="), ("account", "="), DAYS],
            ),
            ExclusionConstraint(
                name="people_delegation_one_deputy", condition=Q(kind=StandInKind.ABSENCE),
                expressions=[("appointment", "="), DAYS],
            ),
        ]  # fmt: skip


class Handover(models.Model):
    """A hand-over of work on `day`, the giver's first day out of the posts: asked for until `done_at`, then a sheet.

    `appointments`: the posts that end, empty for all of the giver's. `lines`: what went, as the sheet prints it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    giver = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    giver_post = models.TextField()
    taker_post = models.TextField()
    appointments = ArrayField(models.IntegerField(), default=list)
    day = models.DateField()
    decision_number = models.TextField(default="", blank=True)
    reason = models.TextField()
    witness = models.TextField(default="", blank=True)
    done_at = models.DateTimeField(null=True)
    lines = models.JSONField(default=list)

    class Meta:
        verbose_name = "handover"
        indexes = [
            models.Index(fields=["day"], condition=Q(done_at=None), name="people_handover_due"),
            models.Index(fields=["giver"], name="people_handover_giver"),
            models.Index(fields=["taker"], name="people_handover_taker"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="handover_between_two"),
        ]
