"""Names and spellings under which people still look for a unit."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from haicap.domain.units import rules
from haicap.domain.units.models.units import Unit
from haicap.domain.units.rules import UnitKind
from haicap.kernel.language import bi


class Alias(models.Model):
    """A former name, another spelling, or the name of a unit that was closed before the records begin."""

    id = models.AutoField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="aliases")
    alias = models.CharField(bi("tên khác", "other name"), max_length=120)
    alias_parent = models.CharField(
        bi("đơn vị cấp trên của tên ấy", "parent under that name"), max_length=120, blank=True
    )
    kind = models.CharField(bi("loại tên", "kind of alias"), max_length=20)
    source = models.CharField(bi("nguồn", "source"), max_length=60)
    search = models.TextField(bi("chữ để tìm", "text to search"))

    class Meta:
        verbose_name = bi("tên khác của đơn vị", "alias of a unit")
        ordering = ["id"]
        indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="units_alias_search")]

    def __str__(self) -> str:
        return self.alias

    @property
    def shown_name(self) -> str:
        """The name in the caller's language; its kind is the one that it begins with."""
        return _shown(self.alias)

    @property
    def shown_parent(self) -> str:
        """The unit above under that name, in the caller's language; empty where it is not known."""
        return _shown(self.alias_parent)


def _shown(name: str) -> str:
    kind = next((kind for kind in UnitKind if name.startswith(f"{rules.kind_word(kind)} ")), None)
    return rules.shown_name(name, kind) if kind else name
