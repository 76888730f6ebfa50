"""The catalogue's tables: public data, no row-level security. A version is never edited; only its end is set."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from haicap.domain.procedures.rules import Certainty, CompetenceLevel, Level, OnlineLevel
from haicap.domain.units.models import DateRange
from haicap.kernel.language import bi


class Area(models.Model):
    """A field of administration: civil status, certification, land …"""

    id = models.AutoField(primary_key=True)
    code = models.CharField(bi("mã", "code"), max_length=40, unique=True)
    name = models.CharField(bi("tên", "name"), max_length=120)
    name_en = models.CharField(bi("tên tiếng Anh", "English name"), max_length=120, default="")
    position = models.IntegerField(bi("thứ tự", "position"), default=0)

    class Meta:
        verbose_name = bi("lĩnh vực", "area")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """An administrative procedure by its national code; names and level are those of its newest version."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(bi("mã", "code"), max_length=8, unique=True)
    name = models.CharField(bi("tên", "name"), max_length=500)
    name_en = models.CharField(bi("tên tiếng Anh", "English name"), max_length=500, default="")
    area = models.ForeignKey(Area, models.PROTECT, related_name="procedures")
    level = models.CharField(bi("cấp", "level"), max_length=8, choices=Level)
    keywords = models.TextField(bi("từ khóa", "keywords"), default="")
    search = models.TextField(bi("chữ để tìm", "text to search"))

    class Meta:
        verbose_name = bi("thủ tục hành chính", "administrative procedure")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="procedures_code_is_national",
                condition=Q(code__regex=r"^[0-9]\.[0-9]{6}$"),
                violation_error_message=bi("Mã thủ tục có dạng 1.001193.", "A code looks like 1.001193."),
            ),
            models.CheckConstraint(
                name="procedures_level_is_known",
                condition=Q(level__in=("xa", "tinh")),
                violation_error_message=bi("Cấp là xã hoặc tỉnh.", "The level is commune or province."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProcedureVersionQuerySet(models.QuerySet["ProcedureVersion"]):
    """Versions asked for in the office's sentences."""

    def on(self, day: date) -> Self:
        """Those that stand on `day`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


class ProcedureVersion(models.Model):
    """A procedure's content from a day up to, not including, another. `data`: papers, fields, fees, steps, basis."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.IntegerField(bi("số phiên bản", "version number"))
    valid_from = models.DateField(bi("có hiệu lực từ", "valid from"))
    valid_to = models.DateField(bi("đến trước ngày", "up to, not including"), null=True)
    limit_kind = models.CharField(bi("cách tính thời hạn", "kind of time limit"), max_length=16, null=True)
    limit_amount = models.DecimalField(bi("thời hạn", "time limit"), max_digits=7, decimal_places=2, null=True)
    receivable = models.BooleanField(bi("được tiếp nhận", "can be received"))
    boundary_free = models.BooleanField(bi("phi địa giới", "boundary-free"))
    online = models.CharField(bi("mức trực tuyến", "online level"), max_length=8, choices=OnlineLevel)
    decision_number = models.CharField(bi("quyết định công bố", "publishing decision"), max_length=60, default="")
    decision_on = models.DateField(bi("ngày quyết định", "decided on"), null=True)
    data = models.JSONField(bi("nội dung", "content"))
    digest = models.CharField(bi("mã băm nội dung", "digest of the content"), max_length=64)
    imported_at = models.DateTimeField(bi("lúc nạp", "loaded at"))
    imported_by = models.CharField(bi("người nạp", "loaded by"), max_length=150)

    objects = ProcedureVersionQuerySet.as_manager()

    class Meta:
        verbose_name = bi("phiên bản thủ tục", "procedure version")
        ordering = ["procedure_id", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="procedures_one_version_a_day",
                expressions=[("procedure", "="), (DateRange("valid_from", "valid_to"), "&&")],
                violation_error_message=bi(
                    "Mỗi ngày một thủ tục chỉ có một phiên bản.", "On one day a procedure has one version only."
                ),
            ),
            models.UniqueConstraint(
                fields=["procedure", "number"],
                name="procedures_version_numbers",
                violation_error_message=bi("Số phiên bản đã có.", "This version number exists."),
            ),
            models.CheckConstraint(
                name="procedures_version_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                violation_error_message=bi("Ngày kết thúc phải sau ngày bắt đầu.", "The end must lie after the begin."),
            ),
            models.CheckConstraint(
                name="procedures_time_limit_is_whole",
                condition=Q(limit_kind__isnull=True, limit_amount__isnull=True)
                | Q(limit_kind="same_day", limit_amount=0)
                | Q(
                    limit_kind__in=("working_days", "working_hours", "calendar_days", "months"),
                    limit_amount__gt=0,
                ),
                violation_error_message=bi(
                    "Thời hạn cần cả cách tính và số lượng.", "A time limit needs its kind and its amount."
                ),
            ),
            models.CheckConstraint(
                name="procedures_receivable_has_a_time_limit",
                condition=Q(receivable=False) | Q(limit_kind__isnull=False),
                violation_error_message=bi(
                    "Chưa có thời hạn thì chưa tiếp nhận được.", "Without a time limit nothing can be received."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number}"


class Competence(models.Model):
    """Who decides a procedure from a day up to, not including, another, by which law, and how sure that is.

    All rows of a procedure come from one file and are replaced together, never one by one; the trail keeps both.
    """

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="competences")
    level = models.CharField(bi("cấp", "level"), max_length=8, choices=CompetenceLevel)
    agency = models.CharField(bi("loại cơ quan", "kind of agency"), max_length=40, default="")
    agency_name = models.CharField(bi("tên cơ quan", "name of the agency"), max_length=120, default="")
    agency_name_en = models.CharField(bi("tên tiếng Anh", "English name"), max_length=120, default="")
    signer = models.CharField(bi("người ký", "who signs"), max_length=200, default="")
    signer_en = models.CharField(bi("người ký (tiếng Anh)", "who signs (English)"), max_length=200, default="")
    valid_from = models.DateField(bi("có hiệu lực từ", "valid from"))
    valid_to = models.DateField(bi("đến trước ngày", "up to, not including"), null=True)
    shared = models.BooleanField(bi("cấp khác cũng có thẩm quyền", "another level decides too"), default=False)
    basis = models.JSONField(bi("căn cứ", "legal basis"), default=list)
    certainty = models.CharField(bi("độ tin cậy", "certainty"), max_length=1, choices=Certainty)
    source = models.CharField(bi("nguồn", "source"), max_length=400)
    note = models.CharField(bi("ghi chú", "note"), max_length=1000, default="")
    note_en = models.CharField(bi("ghi chú tiếng Anh", "note in English"), max_length=1000, default="")
    imported_at = models.DateTimeField(bi("lúc nạp", "loaded at"))
    imported_by = models.CharField(bi("người nạp", "loaded by"), max_length=150)

    class Meta:
        verbose_name = bi("thẩm quyền giải quyết", "competence")
        ordering = ["procedure_id", "valid_from", "level"]
        constraints = [
            ExclusionConstraint(
                name="procedures_one_agency_of_a_level_a_day",
                expressions=[("procedure", "="), ("level", "="), (DateRange("valid_from", "valid_to"), "&&")],
                violation_error_message=bi(
                    "Mỗi ngày một cấp chỉ có một cơ quan có thẩm quyền.", "On one day one agency of a level decides."
                ),
            ),
            ExclusionConstraint(
                name="procedures_one_level_a_day_unless_shared",
                expressions=[("procedure", "="), (DateRange("valid_from", "valid_to"), "&&")],
                condition=Q(shared=False),
                violation_error_message=bi(
                    "Hai cấp cùng có thẩm quyền thì phải ghi rõ.", "Two levels that both decide must say so."
                ),
            ),
            models.CheckConstraint(
                name="procedures_competence_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                violation_error_message=bi("Ngày kết thúc phải sau ngày bắt đầu.", "The end must lie after the begin."),
            ),
            models.CheckConstraint(
                name="procedures_competence_names_its_agency",
                condition=Q(level="xa", agency_name="") & ~Q(agency="")
                | Q(level="huyen", agency="", valid_to__lte="2025-07-01") & ~Q(agency_name="")
                | Q(level="tinh", agency="") & ~Q(agency_name="")
                | Q(level="tinh", agency_name="") & ~Q(agency=""),
                violation_error_message=bi(
                    "Cần loại cơ quan hoặc tên cơ quan; cấp huyện kết thúc ngày 01/07/2025.",
                    "A kind of agency or its name is needed; districts ended on 1 July 2025.",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.level}/{self.valid_from}"


class CatalogueState(models.Model):
    """One row: a number that changes whenever the catalogue does, so that what was read can be known to be old."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    revision = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = bi("trạng thái danh mục", "state of the catalogue")
        constraints = [models.CheckConstraint(name="procedures_one_state", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.revision)
