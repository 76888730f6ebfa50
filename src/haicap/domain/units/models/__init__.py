"""The room's tables: units and lineage, the resolutions that changed them, names people still use, files to convert."""

from haicap.domain.units.models.aliases import Alias
from haicap.domain.units.models.conversions import Conversion
from haicap.domain.units.models.resolutions import Resolution
from haicap.domain.units.models.units import DateRange, Lineage, NationLoad, Unit, UnitQuerySet

__all__ = ["Alias", "Conversion", "DateRange", "Lineage", "NationLoad", "Resolution", "Unit", "UnitQuerySet"]
