"""Resolutions as files: read, judged as a whole, applied in one transaction, undone while nothing depends on them."""

from haicap.domain.units.commands.resolutions.applying import Applied, apply, validate
from haicap.domain.units.commands.resolutions.faults import Fault
from haicap.domain.units.commands.resolutions.file import ResolutionFile, read
from haicap.domain.units.commands.resolutions.listing import Known, State, known_resolutions
from haicap.domain.units.commands.resolutions.packaged import open_file, unconfirmed
from haicap.domain.units.commands.resolutions.undoing import Undone, undo

__all__ = [
    "Applied",
    "Fault",
    "Known",
    "ResolutionFile",
    "State",
    "Undone",
    "apply",
    "known_resolutions",
    "open_file",
    "read",
    "unconfirmed",
    "undo",
    "validate",
]
