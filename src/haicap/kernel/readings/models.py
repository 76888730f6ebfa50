"""One row for each look at somebody's record; looks of one officer within minutes are one row with a count."""

from __future__ import annotations

from django.db import models

from haicap.kernel.entries.models import Entry
from haicap.kernel.readings import Door


class Reading(models.Model):
    """Written by SQL functions alone, never changed but for its count, removed when its time is over."""

    # without a constraint: its check would lock the entry, in a transaction that may only read; entries are never deleted
    entry = models.ForeignKey(
        Entry, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False, null=True
    )
    subject = models.TextField(default="", db_default="")  # of a record that is no entry's: "official:7"
    account_id = models.IntegerField()
    actor_name = models.TextField()
    post = models.TextField()  # the roles held then, joined by "+"
    reader_unit_id = models.IntegerField(null=True)
    unit_name = models.TextField()  # the unit's name then
    door = models.TextField(choices=Door.choices)
    whole = models.BooleanField()
    purpose = models.TextField()
    detail = models.TextField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["entry", "-last_at"], name="readings_of_entry"),
            models.Index(fields=["last_at"], name="readings_by_age"),
            models.Index(fields=["subject", "-id"], condition=~models.Q(subject=""), name="readings_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(times__gt=0), name="readings_counted"),
            models.CheckConstraint(
                condition=models.Q(entry=None) & ~models.Q(subject="") | models.Q(entry__isnull=False, subject=""),
                name="readings_of_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(last_at__gte=models.F("first_at")), name="readings_last_after_first"
            ),
        ]
