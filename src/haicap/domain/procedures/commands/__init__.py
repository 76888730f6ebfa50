"""Writing the catalogue: versions are loaded from files, never edited."""

from haicap.domain.procedures.commands.importing import (
    ImportReport,
    Refused,
    import_packaged_procedures,
    import_procedures,
)
from haicap.domain.procedures.commands.reading import PACKAGED
from haicap.domain.procedures.commands.workbook import write_template

__all__ = [
    "PACKAGED",
    "ImportReport",
    "Refused",
    "import_packaged_procedures",
    "import_procedures",
    "write_template",
]
