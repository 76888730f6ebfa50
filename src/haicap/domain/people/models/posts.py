"""Agencies of units, accounts, and the posts that people hold from a day to a day."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from haicap.domain.people.rules import AgencyKind, Role
from haicap.domain.units.models import Unit


class Agency(models.Model):
    """A body of a unit. `identifier`: its national agency id (Decision 20/2020/QĐ-TTg), the head of dossier codes."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="agencies")
    kind = models.TextField(choices=AgencyKind.choices)
    name = models.TextField()
    name_en = models.TextField(default="")
    identifier = models.TextField(unique=True)
    identifier_certain = models.BooleanField(default=False)
    address = models.TextField(default="")
    phone = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind"], name="one_agency_of_a_kind_in_a_unit")]


class AccountQuerySet(models.QuerySet["Account"]):
    """Accounts, asked for in the office's words."""

    def active(self) -> AccountQuerySet:
        """Those that may sign in."""
        return self.filter(active=True)


class Account(models.Model):
    """Somebody who signs in: an official in their posts, or a citizen. The password's stored form is in a table of its own,
    which the application cannot read but one account at a time (`queries.stored_password`).

    `password_is_first`: an administrator handed it over and its owner has not chosen another yet; who did so last, and
    when, stays written.
    """

    name = models.TextField(unique=True)
    full_name = models.TextField()
    active = models.BooleanField(default=True)
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    password_is_first = models.BooleanField(default=False)
    password_given_at = models.DateTimeField(null=True)
    password_given_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    objects = AccountQuerySet.as_manager()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments, asked for in the office's words."""

    def on(self, day: date) -> AppointmentQuerySet:
        """Those in force on `day`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Appointment(models.Model):
    """An account's role in an agency, from a day to a day (half-open), by a decision; None where it is not known."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appointments")
    role = models.TextField(choices=Role.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    decision_number = models.TextField(null=True)
    decision_date = models.DateField(null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="appointment_has_a_day"
            ),
            models.UniqueConstraint(fields=["account", "agency", "role", "valid_from"], name="appointment_once"),
        ]
