"""`haicap procedures`: load the catalogue from a file, and list it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haicap.interfaces.cli import boot
from haicap.kernel.language import bi

if TYPE_CHECKING:
    from haicap.domain.procedures.commands import ImportReport

DONE, REFUSED = 0, 1


def add_parser(subparsers: Any) -> None:
    """Add `procedures import`, `procedures list` and `procedures template` to the command line."""
    group = subparsers.add_parser("procedures", help="thủ tục hành chính / administrative procedures")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    load = actions.add_parser(
        "import",
        help="nạp danh mục / load a catalogue",
        description="Load procedures from .yaml or .xlsx. Each procedure is taken whole or refused with its reasons; "
        "a changed one needs a later valid_from, and ends the version before it.",
    )
    load.add_argument("file", metavar="FILE", help=".yaml, .xlsx, or a folder of .yaml")
    load.add_argument("--dry-run", action="store_true", help="report, write nothing")
    load.add_argument("--json", action="store_true", help="one JSON document on standard output")
    load.set_defaults(run=run_import)
    listing = actions.add_parser("list", help="thủ tục của một ngày / the procedures of a day")
    listing.add_argument("--on", metavar="DATE", help="YYYY-MM-DD; today when left out")
    listing.add_argument("--level", choices=("xa", "tinh"), help="xa: commune, tinh: province")
    listing.add_argument("--json", action="store_true", help="one JSON document on standard output")
    listing.set_defaults(run=run_list)
    template = actions.add_parser("template", help="tệp mẫu .xlsx / a template workbook")
    template.add_argument("file", metavar="FILE", help="where to write it (.xlsx)")
    template.set_defaults(run=run_template)


def run_import(args: argparse.Namespace) -> int:
    """Load a file; 1 where any procedure was refused. FileUnreadable refuses the whole."""
    boot.django()
    from haicap.domain.procedures.commands import import_procedures
    from haicap.kernel.scope import system

    report = import_procedures(Path(args.file), actor=system("cli"), dry_run=args.dry_run)
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        print(_summary(report))
    for row in report.refused:
        for problem in row.problems:
            print(f"haicap: {row.code or row.where}: {problem.field}: {problem.message}", file=sys.stderr)
    return REFUSED if report.refused else DONE


def _summary(report: ImportReport) -> str:
    text = bi(
        "{dry}Thủ tục mới: {created}; phiên bản mới: {new}; phiên bản kết thúc: {ended}; không đổi: {same}; "
        "không nhận: {refused}.",
        "{dry}New procedures: {created}; new versions: {new}; versions ended: {ended}; unchanged: {same}; "
        "refused: {refused}.",
    )
    return str(text).format(
        dry=bi("Chạy thử, chưa ghi gì. ", "Dry run, nothing written. ") if report.dry_run else "",
        created=len(report.created), new=len(report.new_versions), ended=len(report.ended),
        same=report.unchanged, refused=len(report.refused),
    )  # fmt: skip


def run_list(args: argparse.Namespace) -> int:
    """Print the procedures in force on a day. DateUnreadable and BeforeRecords refuse."""
    boot.django()
    from haicap.domain.procedures import queries
    from haicap.domain.procedures.rules import limit_words
    from haicap.domain.units.queries import day_from

    day = day_from(args.on)
    versions = [version for version in queries.all_on(day) if args.level in (None, version.level)]
    if args.json:
        rows = [
            {
                "code": v.code, "name": v.name, "name_en": v.name_en, "area": v.area, "level": v.level,
                "version": v.number, "valid_from": v.valid_from.isoformat(),
                "valid_to": v.valid_to.isoformat() if v.valid_to else None,
                "time_limit": v.time_limit and {"kind": v.time_limit.kind, "amount": v.time_limit.amount},
                "receivable": v.receivable, "boundary_free": v.boundary_free, "certainty": v.grade.certainty,
            }
            for v in versions
        ]  # fmt: skip
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return DONE
    for version in versions:
        print(f"{version.code}  {version.level:4}  {version.shown_name}  ({limit_words(version.time_limit)})")
    count = bi("{n} thủ tục vào ngày {day}", "{n} procedures on {day}").format(n=len(versions), day=day.isoformat())
    print(count, file=sys.stderr)
    return DONE


def run_template(args: argparse.Namespace) -> int:
    """Write the template workbook."""
    boot.django(database=False)
    from haicap.domain.procedures.commands import write_template

    write_template(Path(args.file))
    print(args.file, file=sys.stderr)
    return DONE
