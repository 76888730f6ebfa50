"""`haicap migrate`: makes the database what this version of the program needs."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add_parser(commands: Any) -> None:
    """The grammar of `migrate`."""
    parser = commands.add_parser(
        "migrate", help="nâng cấp cơ sở dữ liệu / bring the database up to this version",
        description="Roles, tables, the table of moves, and the facts that come with the program: calendar, units, "
        "catalogue. Run it again at any time: what is there stays.",
    )  # fmt: skip
    parser.set_defaults(run=run_migrate)


def run_migrate(args: argparse.Namespace) -> int:
    """Migrate and load; tells on standard error what it does."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.flows.setup import bring_up, load_facts
    from haicap.kernel.db import connect

    if not connect.has_own_server():
        _say("roles")
        connect.provision()
    _say("tables")
    bring_up()
    load_facts(_say)
    _say("done")
    return 0


def _say(what: str) -> None:
    print(f"haicap migrate: {what} …" if what != "done" else "haicap migrate: done", file=sys.stderr, flush=True)
