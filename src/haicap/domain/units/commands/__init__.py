"""Writing units: the nation's units are loaded once; afterwards a unit changes by resolution only."""

from haicap.domain.units.commands.load import LoadReport, load_nation

__all__ = ["LoadReport", "load_nation"]
