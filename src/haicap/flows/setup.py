"""Bringing a database up: roles and grants, migrations, the table of moves, the facts that every province needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from haicap.domain import dossiers
from haicap.domain.dossiers import rules as dossier_rules
from haicap.domain.procedures.commands import import_packaged_procedures
from haicap.domain.units.commands import load_aliases, load_nation
from haicap.domain.voice import rules as voice_rules
from haicap.kernel.calendar.commands import load_calendar
from haicap.kernel.db.provision import grant_to_roles
from haicap.kernel.entries.commands import sync_rules

Progress = Callable[[str], None]

# SQL functions that stand beside the code that calls them: written anew with every version, as code is.
FUNCTIONS = ("commands/receive.sql", "commands/import.sql", "queries/functions.sql")


def bring_up(*, verbosity: int = 0) -> None:
    """Migrate the database as its owner and write the table of moves; does nothing where all is up to date."""
    owner = connections["owner"]
    owner.ensure_connection()
    grant_to_roles(owner.connection)
    call_command("migrate", database="owner", verbosity=verbosity, interactive=False, skip_checks=True)
    with owner.cursor() as cursor:
        for name in FUNCTIONS:
            cursor.execute((Path(dossiers.__file__).parent / name).read_text(encoding="utf-8"))
    sync_rules(legal_moves())


def legal_moves() -> frozenset[tuple[str, str, str, str]]:
    """Every room's table of moves (kind, move, from, to), as the database enforces it."""
    return dossier_rules.legal_moves() | voice_rules.legal_moves()


def load_facts(progress: Progress = lambda _: None) -> None:
    """Load what HaiCap ships: calendar, units with their resolutions and other names, catalogue. The second time nothing."""
    progress("calendar")
    load_calendar()
    progress("units")
    load_nation()
    load_aliases()
    progress("procedures")
    import_packaged_procedures()
