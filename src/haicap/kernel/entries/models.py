"""Entries, their moves, the table of legal moves, and the registers that number them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Rule(models.Model):
    """One legal move of a kind of entry: the table of moves, as the database enforces it."""

    kind = models.TextField()
    name = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "name", "from_state", "to_state"], name="entries_rule_once")
        ]


class Register(models.Model):
    """The last number given in a unit's book in a period; taken by an update in the entry's own transaction."""

    unit_id = models.IntegerField()
    book = models.TextField()
    period = models.TextField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_id", "book", "period"], name="entries_register_once")]


class Entry(models.Model):
    """What every kind of work shares. `unit_id`: the unit it is made under; `holder_*`: whose move it is."""

    kind = models.TextField()
    code = models.TextField(unique=True)
    unit_id = models.IntegerField()
    book_unit_id = models.IntegerField()
    book = models.TextField()
    period = models.TextField()
    number = models.IntegerField()
    title = models.TextField()
    state = models.TextField()
    move_no = models.IntegerField()
    holder_agency_id = models.IntegerField(null=True)
    holder_role = models.TextField(default="")
    holder_account_id = models.IntegerField(null=True)
    step = models.TextField(default="")
    pending = models.BooleanField(default=False)  # handed over, not yet accepted
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    step_due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    agencies = ArrayField(models.IntegerField())  # all that ever held it: they may see it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book_unit_id", "book", "period", "number"], name="entries_number_once"),
            models.CheckConstraint(condition=Q(paused_at=None) | Q(closed_at=None), name="closed_is_not_paused"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="closed_after_opened"
            ),
            models.CheckConstraint(condition=Q(number__gt=0, move_no__gt=0), name="numbers_are_positive"),
        ]
        indexes = [
            models.Index(fields=["holder_agency_id", "holder_role", "due_at", "id"], condition=Q(closed_at=None),
                         name="entries_waiting"),
            models.Index(fields=["unit_id", "due_at", "id"], condition=Q(closed_at=None), name="entries_unit_open"),
            models.Index(fields=["unit_id", "-opened_at", "-id"], name="entries_unit_opened"),
        ]  # fmt: skip


class Move(models.Model):
    """One step of an entry, append-only; the row carries what the entry becomes and a trigger makes it so."""

    pk = models.CompositePrimaryKey("entry_id", "no")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="moves", db_index=False)
    no = models.IntegerField()
    kind = models.TextField()
    name = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField()
    at = models.DateTimeField()
    actor_id = models.IntegerField(null=True)
    actor_name = models.TextField()
    agency_id = models.IntegerField(null=True)
    role = models.TextField(default="")
    note = models.TextField(default="")
    holder_agency_id = models.IntegerField(null=True)
    holder_role = models.TextField(default="")
    holder_account_id = models.IntegerField(null=True)
    step = models.TextField(default="")
    pending = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    step_due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    data = models.JSONField(default=dict)
