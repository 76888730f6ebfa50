"""Resolutions that were applied to the units, each with the file it came as."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from haicap.kernel.language import bi


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    """Resolutions asked for in the office's sentences."""

    def in_force(self) -> Self:
        """Those that were applied and not undone; their day may still lie ahead."""
        return self.filter(undone_at__isnull=True)


class Resolution(models.Model):
    """One application of a resolution's file. Only its undoing may be noted afterwards.

    The units it formed and ended, and the lineage it recorded, name it; so it can be undone while nothing depends on it.
    """

    id = models.AutoField(primary_key=True)
    number = models.CharField(bi("số, ký hiệu", "number"), max_length=60)
    body = models.CharField(bi("cơ quan ban hành", "issued by"), max_length=200)
    title = models.TextField(bi("trích yếu", "title"))
    adopted_on = models.DateField(bi("ngày ban hành", "adopted on"))
    effective_on = models.DateField(bi("có hiệu lực từ", "effective on"))
    digest = models.CharField(bi("mã băm của tệp", "digest of the file"), max_length=64)
    source = models.TextField(bi("nội dung tệp", "the file's text"))
    applied_at = models.DateTimeField(bi("lúc áp dụng", "applied at"))
    applied_by = models.CharField(bi("người áp dụng", "applied by"), max_length=200)
    undone_at = models.DateTimeField(bi("lúc hoàn tác", "undone at"), null=True)
    undone_by = models.CharField(bi("người hoàn tác", "undone by"), max_length=200, blank=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = bi("nghị quyết đã áp dụng", "applied resolution")
        ordering = ["effective_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=Q(undone_at__isnull=True),
                name="units_resolution_one_application",
                violation_error_message=bi("Tệp nghị quyết này đã được áp dụng.", "This file was already applied."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
