"""Stored files and where they hang: the bytes lie once under their digest, whatever number of entries shows them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from haicap.kernel.entries.models import Entry
from haicap.kernel.files.scanner import State


class StoredFile(models.Model):
    """Bytes that one unit brought in, addressed by their SHA-256 (hex). Visible to the unit until they hang somewhere."""

    digest = models.CharField(max_length=64)
    unit_id = models.IntegerField()
    size = models.BigIntegerField()
    media_type = models.TextField()
    uploaded_by = models.IntegerField(null=True)
    uploaded_at = models.DateTimeField()

    scan: str = State.NOT_SCANNED.value  # what was said as it came in; later verdicts stand in Scan

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "unit_id"], name="files_once_a_unit"),
            models.CheckConstraint(condition=Q(size__gt=0), name="file_is_not_empty"),
        ]


class Attachment(models.Model):
    """A stored file that belongs to an entry: seen by whoever sees the entry."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="attachments")
    digest = models.CharField(max_length=64)
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    paper = models.TextField(default="")  # the required paper that it is, or empty
    added_at = models.DateTimeField()
    added_by = models.IntegerField(null=True)


class Scan(models.Model):
    """What a scanner said of the bytes with this digest. The application asks by `files_verdict`; the worker reads it.

    `again_at`: when newer signatures are to be asked, after how many `times`; `signatures`: those that judged last.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    state = models.TextField()
    detail = models.TextField(default="")  # the signature's name, or why it could not be judged
    told_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)
    times = models.SmallIntegerField(default=0, db_default=0)
    signatures = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="files_scan_state_is_known"
            ),
        ]


class Quarantined(models.Model):
    """A file of a unit that was found infected: what is known of it. Its bytes lie where nothing serves them from."""

    digest = models.CharField(max_length=64)
    unit_id = models.IntegerField()
    name = models.TextField(default="")  # empty where it hung nowhere: only forms know the names of such
    size = models.BigIntegerField()
    signature = models.TextField()
    entry_code = models.TextField(default="")  # what it hung on
    uploaded_by = models.IntegerField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id", "-id"], name="files_quarantined_unit")]
