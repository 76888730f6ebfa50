"""`haicap audit`: checks the trail, seals it now, or compares the installed packages with the lock files."""

from __future__ import annotations

import argparse
import json
from typing import Any

from haicap.interfaces.cli import audit_dependencies


def add_parser(commands: Any) -> None:
    """The grammar of `audit verify`, `audit seal` and `audit dependencies`."""
    group = commands.add_parser("audit", help="vết kiểm toán, gói phần mềm / the trail, packages")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = actions.add_parser(
        "verify", help="kiểm tra toàn bộ vết / check the whole trail",
        description="Computes every link and every seal again; names the first broken one and ends with status 1.",
    )  # fmt: skip
    verify.set_defaults(run=run_verify)
    seal = actions.add_parser(
        "seal", help="niêm phong ngay / seal now", description="Seals every event that no seal covers yet."
    )
    seal.set_defaults(run=run_seal)
    dependencies = audit_dependencies.add_to(actions)
    for parser in (verify, seal, dependencies):
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run_verify(args: argparse.Namespace) -> int:
    """Follow the trail; 1 with the first broken link where it does not hold."""
    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.main import refuse

    boot.django()
    from haicap.kernel.audit.queries import verify

    verdict = verify()
    if args.json:
        print(json.dumps(verdict.as_json(), ensure_ascii=False))
    elif verdict.ok:
        print(f"the trail holds: {verdict.events} events, sealed on {verdict.days} days")
    if verdict.ok:
        return 0
    first = verdict.breaks[0]
    return refuse(
        f"the trail is broken at {first.where} ({first.kind}: {first.fault}). Keep this database as it is, compare it "
        "with the last backup, and report it."
    )


def run_seal(args: argparse.Namespace) -> int:
    """Seal in the name of today."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.kernel import clock
    from haicap.kernel.audit.commands import seal

    day = clock.today()
    events = seal(day)
    print(json.dumps({"day": day.isoformat(), "events": events}) if args.json else f"{events} events sealed ({day})")
    return 0
