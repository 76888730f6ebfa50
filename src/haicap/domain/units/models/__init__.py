"""The room's tables: units and their lineage, the resolutions that changed them, and the names people still use."""

from haicap.domain.units.models.aliases import Alias
from haicap.domain.units.models.resolutions import Resolution
from haicap.domain.units.models.units import DateRange, Lineage, NationLoad, Unit, UnitQuerySet

__all__ = ["Alias", "DateRange", "Lineage", "NationLoad", "Resolution", "Unit", "UnitQuerySet"]
