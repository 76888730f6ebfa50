"""Which unit an address lies in: old style or new, written well or badly; certain, or every unit that fits.

Pure Python: rows of the tables in, answers out. `units.queries.addresses` reads the rows and keeps the gazetteer.
"""

from haicap.domain.units.addresses.answers import Answer, Candidate, Status
from haicap.domain.units.addresses.deciding import Resolver
from haicap.domain.units.addresses.gazetteer import AliasRow, EdgeRow, Gazetteer, UnitRow
from haicap.domain.units.addresses.reading import Reader

__all__ = ["AliasRow", "Answer", "Candidate", "EdgeRow", "Gazetteer", "Reader", "Resolver", "Status", "UnitRow"]
