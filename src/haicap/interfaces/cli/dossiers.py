"""`haicap dossiers`: bringing in another system's dossiers."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

FAULTS_SHOWN = 20


def add_parser(commands: Any) -> None:
    """Add `dossiers import` to the command line."""
    group = commands.add_parser("dossiers", help="hồ sơ / dossiers")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    bring = actions.add_parser(
        "import",
        help="nhập hồ sơ từ hệ thống cũ / bring in another system's dossiers",
        description="Brings in dossiers with their history. Run it again after a break: what is there is not imported "
        "twice. How to write the mapping stands in docs/howto/import-dossiers.md.",
    )
    bring.add_argument("file", metavar="FILE", help="a .csv or .xlsx file, one dossier a row")
    bring.add_argument("--mapping", required=True, metavar="M.yaml", help="which column is which field")
    bring.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
    bring.add_argument("--account", default="quantri-14", metavar="NAME", help="in whose name (quantri-14)")
    bring.add_argument("--report", metavar="OUT.csv", help="every refused row and every oddity, line by line")
    bring.add_argument("--json", action="store_true", help="one JSON document on standard output")
    bring.set_defaults(run=run_import)


def run_import(args: argparse.Namespace) -> int:
    """Import a file; 1 where rows were refused. ImportDenied, MappingUnreadable, SourceUnreadable, ColumnsMissing and
    AccountUnknown refuse the whole."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.dossiers.commands.importing import import_dossiers  # Django is loaded only when a command runs
    from haicap.domain.people import queries as people

    actor = people.actor_for(people.account_named(args.account).pk)
    done = import_dossiers(
        args.file, actor=actor, mapping=args.mapping, dry_run=args.dry_run, report=args.report, on_progress=_progress
    )
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if args.json:
        print(json.dumps(done.as_json(), ensure_ascii=False, indent=1))
    else:
        _print(done)
    return 1 if done.refused else 0


def _progress(done: Any) -> None:
    if sys.stderr.isatty():
        print(f"\r{done.read} dòng / rows", end="", file=sys.stderr, flush=True)


def _print(done: Any) -> None:
    from haicap.kernel.language import bi

    if done.dry_run:
        print(bi("Chạy thử: không ghi gì vào cơ sở dữ liệu.", "A dry run: nothing was written."))
    print(bi("Đọc {read} dòng: nhập {imported}, đã có {already_there}, từ chối {refused}; cần xem lại {warned}; "
             "cấp mã mới {recoded}.",
             "{read} rows read: {imported} imported, {already_there} there already, {refused} refused; {warned} with "
             "oddities; {recoded} under a new code.").format(**vars(done)))  # fmt: skip
    for fault in done.faults[:FAULTS_SHOWN]:
        line = bi("Dòng {line}, {field}: {sentence}", "Line {line}, {field}: {sentence}").format(
            line=fault.line, field=fault.field, sentence=fault.sentence
        )
        print(line, file=sys.stderr)
    if len(done.faults) > FAULTS_SHOWN:
        print(
            bi("… còn nữa: dùng --report để có danh sách đầy đủ.", "… and more: --report gives the whole list."),
            file=sys.stderr,
        )
