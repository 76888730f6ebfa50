"""Writing units: the base is loaded once; afterwards a unit changes by resolution only."""

from haicap.domain.units.commands.aliases import load_aliases
from haicap.domain.units.commands.load import LoadReport, load_base, load_nation

__all__ = ["LoadReport", "load_aliases", "load_base", "load_nation"]
