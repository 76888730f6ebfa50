"""Units, their lineage, and what was loaded. Rows are history: a trigger refuses to edit or delete them.

A unit's parent is the row that it was formed under. When only that parent changed since (a province became a city),
the child's row stays, so whoever asks for the parent of a day asks by code and day (`queries.province_of`).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length

from haicap.domain.units import rules
from haicap.domain.units.rules import Share, UnitKind, UnitLevel
from haicap.kernel import clock
from haicap.kernel.language import bi


class DateRange(Func):
    """The days from one column's up to, not including, another's."""

    function = "daterange"
    output_field = DateRangeField()


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units asked for in the office's sentences."""

    def on(self, day: date) -> Self:
        """Those that stand on `day`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)

    def current(self) -> Self:
        """Those that stand today."""
        return self.on(clock.today())

    def within(self, place: Unit | str) -> Self:
        """Those inside a province or a district, given as a unit or by its code; the place itself is not among them.

        By code, so that a commune is still found after its province was given a new row under its old code.
        """
        code = place if isinstance(place, str) else place.code
        level = rules.level_of_code(code)
        if level == UnitLevel.PROVINCE:
            return self.filter(province__code=code)
        return self.filter(parent__code=code) if level == UnitLevel.DISTRICT else self.none()

    def of_kind(self, kind: str) -> Self:
        """Those of one kind (`UnitKind`)."""
        return self.filter(kind=kind)

    def of_level(self, level: str) -> Self:
        """Those of one level (`UnitLevel`)."""
        return self.filter(level=level)

    def with_parents(self) -> Self:
        """With the parent and the province read along."""
        return self.select_related("parent", "province")

    def in_code_order(self) -> Self:
        """Provinces, then districts, then communes, each in the order of the official codes."""
        return self.annotate(code_length=Length("code")).order_by("code_length", "code", "valid_from")


class Unit(models.Model):
    """An administrative unit, valid from a day up to, not including, another."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(bi("mã", "code"), max_length=5)
    name = models.CharField(bi("tên", "name"), max_length=120)
    kind = models.CharField(bi("loại", "kind"), max_length=16, choices=UnitKind)
    level = models.CharField(bi("cấp", "level"), max_length=8, choices=UnitLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    province = models.ForeignKey("self", models.PROTECT, null=True, related_name="all_inside")
    valid_from = models.DateField(bi("có hiệu lực từ", "valid from"))
    valid_to = models.DateField(bi("đến trước ngày", "up to, not including"), null=True)
    lat = models.FloatField(bi("vĩ độ", "latitude"), null=True)
    lon = models.FloatField(bi("kinh độ", "longitude"), null=True)
    area_km2 = models.FloatField(bi("diện tích (km²)", "area (km²)"), null=True)
    search = models.TextField(bi("chữ để tìm", "text to search"))
    formed_by = models.ForeignKey("Resolution", models.PROTECT, null=True, related_name="formed", db_index=False)
    ended_by = models.ForeignKey("Resolution", models.PROTECT, null=True, related_name="ended", db_index=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = bi("đơn vị hành chính", "administrative unit")
        ordering = ["code", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="units_unit_one_per_code_and_day",
                expressions=[("code", "="), (DateRange("valid_from", "valid_to"), "&&")],
                violation_error_message=bi(
                    "Một mã chỉ chỉ một đơn vị trong mỗi ngày.", "On one day a code names one unit only."
                ),
            ),
            models.CheckConstraint(
                name="units_unit_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                violation_error_message=bi("Ngày kết thúc phải sau ngày bắt đầu.", "The end must lie after the begin."),
            ),
            models.CheckConstraint(
                name="units_unit_kind_fits_level",
                condition=Q(level="tinh", kind__in=("tinh", "thanh_pho"), code__regex="^[0-9]{2}$")
                | Q(level="huyen", kind__in=("huyen", "quan", "thi_xa", "tp_thuoc_tinh"), code__regex="^[0-9]{3}$")
                | Q(level="xa", kind__in=("xa", "phuong", "thi_tran", "dac_khu"), code__regex="^[0-9]{5}$"),
                violation_error_message=bi("Loại, cấp và mã không khớp nhau.", "Kind, level and code do not fit."),
            ),
            models.CheckConstraint(
                name="units_unit_stands_under_a_parent",
                condition=Q(level="tinh", parent__isnull=True, province__isnull=True)
                | (~Q(level="tinh") & Q(parent__isnull=False, province__isnull=False)),
                violation_error_message=bi("Chỉ cấp tỉnh không có đơn vị cấp trên.", "Only provinces have no parent."),
            ),
            models.CheckConstraint(
                name="units_unit_point_is_on_earth",
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                violation_error_message=bi("Tọa độ không đúng.", "The coordinates are wrong."),
            ),
            models.CheckConstraint(
                name="units_unit_area_is_positive",
                condition=Q(area_km2__isnull=True) | Q(area_km2__gt=0),
                violation_error_message=bi("Diện tích phải lớn hơn 0.", "The area must be above 0."),
            ),
        ]
        indexes = [
            models.Index(fields=["code", "valid_from"], name="units_unit_code_and_day"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="units_unit_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def validity(self) -> rules.Validity:
        """From when until when it stands."""
        return rules.Validity(self.valid_from, self.valid_to)

    @property
    def province_code(self) -> str:
        """The code of the province it was formed under; its own for a province."""
        return self.province.code if self.province else self.code

    @property
    def parent_code(self) -> str | None:
        """The code of the unit it was formed under; None for a province."""
        return self.parent.code if self.parent else None

    @property
    def short_name(self) -> str:
        """The name without the kind: "Chiềng An"."""
        return rules.short_name(self.name, self.kind)

    @property
    def shown_name(self) -> str:
        """The name in the caller's language."""
        return rules.shown_name(self.name, self.kind)

    @property
    def committee(self) -> str:
        """Its people's committee, in the caller's language."""
        return rules.committee_name(self.name, self.kind)

    @property
    def place(self) -> str:
        """Where it lies, in the caller's language: "Huyện Đình Lập, Tỉnh Lạng Sơn"; empty for a province."""
        above = [self.parent, self.province] if self.parent_id != self.province_id else [self.province]
        return ", ".join(one.shown_name for one in above if one)

    @property
    def province_name(self) -> str:
        """The province it was formed under, in the caller's language; its own name for a province."""
        return self.province.shown_name if self.province else self.shown_name

    def is_on(self, day: date) -> bool:
        """True when it stands on `day`."""
        return day in self.validity

    @property
    def is_current(self) -> bool:
        """True when it stands today."""
        return self.is_on(clock.today())

    def as_json(self) -> dict[str, Any]:
        """The unit as the command line and the API tell it; read it with `with_parents()`."""
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "level": self.level,
            "parent_code": self.parent_code,
            "province_code": self.province_code,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
        }


class LineageQuerySet(models.QuerySet["Lineage"]):
    """Who followed whom."""

    def by(self, day: date) -> Self:
        """What had taken effect by `day`."""
        return self.filter(effective_on__lte=day)

    def with_units(self) -> Self:
        """With both units and those above them read along."""
        return self.select_related(
            "predecessor__parent", "predecessor__province", "successor__parent", "successor__province"
        )


class Lineage(models.Model):
    """On a day, by a resolution, the whole or a part of one unit went to another."""

    id = models.AutoField(primary_key=True)
    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", db_index=False)
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="origins")
    share = models.CharField(bi("phần", "share"), max_length=5, choices=Share)
    resolution = models.CharField(bi("nghị quyết", "resolution"), max_length=60)
    effective_on = models.DateField(bi("có hiệu lực từ", "effective on"))
    hamlets = ArrayField(models.TextField(), verbose_name=bi("thôn, bản, tổ dân phố", "hamlets"), db_default=[])
    residual = models.BooleanField(bi("nhận phần còn lại", "takes what is not named"), db_default=False)
    recorded_by = models.ForeignKey("Resolution", models.PROTECT, null=True, related_name="lineages", db_index=False)

    objects = LineageQuerySet.as_manager()

    class Meta:
        verbose_name = bi("kế tiếp đơn vị", "lineage")
        ordering = ["effective_on", "predecessor_id", "successor_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="units_lineage_one_row_a_pair",
                violation_error_message=bi("Cặp đơn vị này đã được ghi.", "This pair is already recorded."),
            ),
            models.CheckConstraint(
                name="units_lineage_leads_elsewhere",
                condition=~Q(predecessor=F("successor")),
                violation_error_message=bi("Một đơn vị không kế tiếp chính nó.", "A unit does not succeed itself."),
            ),
            models.CheckConstraint(
                name="units_lineage_share_is_known",
                condition=Q(share__in=("whole", "part")),
                violation_error_message=bi("Phần phải là toàn bộ hoặc một phần.", "The share is whole or part."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"

    @property
    def is_whole(self) -> bool:
        """True when all of the predecessor went to this successor."""
        return self.share == Share.WHOLE


class NationLoad(models.Model):
    """One loading of the nation's units, known again by the digest of its files."""

    id = models.AutoField(primary_key=True)
    digest = models.CharField(bi("mã băm của bộ dữ liệu", "digest of the files"), max_length=64, unique=True)
    units = models.IntegerField(bi("số đơn vị", "units"))
    lineages = models.IntegerField(bi("số cặp kế tiếp", "pairs"))
    loaded_at = models.DateTimeField(bi("lúc nạp", "loaded at"))

    class Meta:
        verbose_name = bi("lần nạp đơn vị", "load of units")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.digest[:12]
