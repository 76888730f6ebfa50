"""Stored files and where they hang: the bytes lie once under their digest, whatever number of entries shows them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from haicap.kernel.entries.models import Entry


class StoredFile(models.Model):
    """Bytes that one unit brought in, addressed by their SHA-256 (hex). Visible to the unit until they hang somewhere."""

    digest = models.CharField(max_length=64)
    unit_id = models.IntegerField()
    size = models.BigIntegerField()
    media_type = models.TextField()
    uploaded_by = models.IntegerField(null=True)
    uploaded_at = models.DateTimeField()

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
