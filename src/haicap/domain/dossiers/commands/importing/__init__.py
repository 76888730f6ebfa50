"""Bringing in another system's dossiers: judged row by row, written in batches, never twice."""

from haicap.domain.dossiers.commands.importing.mapping import FIELDS, Mapping, read_mapping
from haicap.domain.dossiers.commands.importing.run import BATCH, import_dossiers
from haicap.domain.dossiers.commands.importing.shapes import Fault, ImportReport

__all__ = ["BATCH", "FIELDS", "Fault", "ImportReport", "Mapping", "import_dossiers", "read_mapping"]
