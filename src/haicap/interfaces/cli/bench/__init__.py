"""`./haicap bench`: what this machine can do, and beside it, in the same run, what its database can do raw."""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module

WHAT = ("convert", "intake", "read", "reorganize")


def add_parser(commands: argparse._SubParsersAction) -> None:
    """The grammar of `bench`."""
    bench = commands.add_parser("bench", help="measure on this machine, with the raw limit beside it")
    kinds = bench.add_subparsers(dest="what", metavar="WHAT", required=True)
    helps = {
        "convert": "resolve addresses in one process; beside it a public converter, where one is installed",
        "intake": "receive dossiers over HTTP; beside it pgbench writes the same rows in plain SQL",
        "read": "list pages and single dossiers over HTTP; beside them pgbench reads the same rows",
        "reorganize": "apply the nation's 34 resolutions with many dossiers in the database, and with none",
    }
    for what in WHAT:
        kind = kinds.add_parser(what, help=helps[what])
        kind.add_argument("--json", action="store_true", help="one JSON document on standard output")
        kind.add_argument("--seconds", type=_positive, default=10, help="how long to load (default 10)")
        kind.add_argument("--clients", type=_positive, default=8, help="clients at once (default 8)")
        if what == "read":
            kind.add_argument(
                "--access", action="store_true",
                help="also what the access check adds: the same requests in this process, with and without it",
            )  # fmt: skip
        if what == "reorganize":
            kind.add_argument("--dossiers", type=_dossiers, default=1_000_000, help="how many (default 1,000,000)")
        kind.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    measure = import_module(f"haicap.interfaces.cli.bench.{arguments.what}").measure
    more = {name: vars(arguments)[name] for name in ("dossiers", "access") if name in arguments}
    result = measure(seconds=arguments.seconds, clients=arguments.clients, **more)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        for row in result if isinstance(result, list) else [result]:
            print("  ".join(f"{name} {value}" for name, value in row.items()))
    errors = sum(row.get("errors", 0) for row in (result if isinstance(result, list) else [result]))
    if errors:
        print(f"haicap: {errors} requests failed", file=sys.stderr)
    return 1 if errors else 0


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 600:
        raise argparse.ArgumentTypeError("a number from 1 to 600")
    return number


def _dossiers(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000_000:
        raise argparse.ArgumentTypeError("a number from 1 to 100,000,000")
    return number
