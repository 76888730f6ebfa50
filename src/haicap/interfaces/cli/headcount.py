"""`haicap headcount`: quotas, cases of streamlining and service units from files; quota against who is there."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from haicap.interfaces.cli import boot
from haicap.kernel.language import bi

FAULTS_SHOWN = 50
DONE, REFUSED = 0, 1
# The words of the command line, and the name of the table.
_TABLES = {"quota": "bien-che", "cases": "tinh-gian", "service-units": "don-vi-su-nghiep"}


def add_parser(subparsers: Any) -> None:
    """Add `headcount quota|cases|service-units load` and `headcount show` to the command line."""
    group = subparsers.add_parser("headcount", help="biên chế, nghỉ theo sắp xếp / quotas, streamlining, service units")
    parts = group.add_subparsers(dest="part", required=True, metavar="PART")
    for part, help_text in (
        ("quota", "biên chế được giao / quotas"),
        ("cases", "hồ sơ nghỉ theo sắp xếp / cases of streamlining"),
        ("service-units", "đơn vị sự nghiệp / service units"),
    ):
        actions = parts.add_parser(part, help=help_text).add_subparsers(dest="action", required=True, metavar="ACTION")
        load = actions.add_parser(
            "load", help="nạp từ tệp / load a file",
            description="Judges every row, and writes all of them or none. The second time nothing changes.",
        )  # fmt: skip
        load.add_argument("file", metavar="FILE", help="a .csv, .xlsx or .yaml file with the template's headings")
        load.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
        load.set_defaults(run=run_load)
        _shared(load)
    show = parts.add_parser("show", help="biên chế và có mặt / quota against who is there")
    show.add_argument("--on", metavar="DATE", help="YYYY-MM-DD; today when left out")
    show.set_defaults(run=run_show)
    _shared(show)


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", default="quantri-14", metavar="NAME", help="in whose name (quantri-14)")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run_load(args: argparse.Namespace) -> int:
    """Load a file; 1 where rows have faults, and then nothing is written."""
    boot.django()
    from haicap.domain.people.commands.headcount.reading import read_table
    from haicap.domain.people.queries import account_named, actor_for
    from haicap.domain.people.queries.reach import reach_of
    from haicap.domain.people.web.headcount.tables import TABLES
    from haicap.kernel.scope import entered

    table, path = TABLES[_TABLES[args.part]], Path(args.file)
    with path.open("rb") as stream:
        rows = read_table(stream, path.name, path.stat().st_size, table.columns)
    actor = actor_for(account_named(args.account).pk)
    with entered(actor, read_only=args.dry_run):
        reach = reach_of(actor)
        judged = table.judge(reach, rows)
        written = 0 if judged.faults or args.dry_run else table.write(reach, judged)
    told = {"rows": len(rows), "changes": judged.changes, "written": written, "faults": len(judged.faults)}
    if args.json:
        print(json.dumps({**told, "dry_run": args.dry_run}, indent=1))
    else:
        text = bi("Đọc {rows} dòng: {changes} có thay đổi, ghi {written}, lỗi {faults}.",
                  "{rows} rows read: {changes} change something, {written} written, {faults} faults.")  # fmt: skip
        print(text.format(**told))
    for fault in judged.faults[:FAULTS_SHOWN]:
        line = bi("Dòng {line}, {column}: {message}", "Row {line}, {column}: {message}")
        print(line.format(line=fault.line, column=fault.column, message=fault.message), file=sys.stderr)
    return REFUSED if judged.faults else DONE


def run_show(args: argparse.Namespace) -> int:
    """Print each unit's quota and who is there on a day."""
    boot.django()
    from haicap.domain.people.queries import account_named, actor_for
    from haicap.domain.people.queries.headcount.staffing import staffing_of, units_seen
    from haicap.domain.units.queries import day_from
    from haicap.kernel.scope import entered

    day, actor = day_from(args.on), actor_for(account_named(args.account).pk)
    with entered(actor, read_only=True):
        lines = staffing_of(units_seen(actor, day), day)
    if args.json:
        document = [
            {"unit": line.unit.code, "quota": line.total.quota, "actual": line.total.actual,
             "blocks": {block.value: [one.quota, one.actual] for block, one in line.blocks.items()}}
            for line in lines
        ]  # fmt: skip
        print(json.dumps(document, indent=1))
        return DONE
    for line in lines:
        total = line.total
        quota = "–" if total.quota is None else total.quota
        print(f"{line.unit.code:<6}{line.unit.shown_name:<40} {quota:>6} {total.actual:>6}  {total.words}")
    return DONE
