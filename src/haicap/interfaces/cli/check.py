"""`haicap check`: the doctor."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add_parser(commands: Any) -> None:
    """The grammar of `check`."""
    parser = commands.add_parser(
        "check", help="khám cấu hình và cơ sở dữ liệu / examine configuration and database",
        description="Looks at settings, disk, roles, row-level security, migrations, rules and calendar. Changes nothing.",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.set_defaults(run=run_check)


def run_check(args: argparse.Namespace) -> int:
    """One line a finding, with the cure of what is bad; 1 where anything is."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.flows.checkup import look
    from haicap.kernel.language import activate

    activate("en")  # as its cures are
    findings = list(look())
    well = all(finding.ok for finding in findings)
    if args.json:
        rows = [vars(f) | {"seen": str(f.seen), "cure": "" if f.ok else f.cure} for f in findings]
        print(json.dumps({"ok": well, "findings": rows}, ensure_ascii=False))
    else:
        for finding in findings:
            cure = "" if finding.ok else f" → {finding.cure}"
            print(f"{'ok ' if finding.ok else 'BAD'}  {finding.what}: {finding.seen}{cure}")
    return 0 if well else 1
