"""`haicap training`: the list of topics, and classes or attendance from a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

FAULTS_SHOWN = 20


def add_parser(commands: Any) -> None:
    """Add `training topics` and `training import` to the command line."""
    group = commands.add_parser("training", help="đào tạo, bồi dưỡng / training")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    topics = actions.add_parser("topics", help="nạp chuyên đề và vị trí cần học / load topics and who needs them")
    topics.add_argument("--plan", metavar="FILE", help="a YAML file like the packaged one, which is taken without this")
    topics.add_argument("--account", default="quantri-14", metavar="NAME", help="in whose name (quantri-14)")
    topics.set_defaults(run=run_topics)
    bring = actions.add_parser(
        "import", help="nạp lớp học hoặc điểm danh / bring in classes or attendance",
        description="Reads a .xlsx or .csv file with the headings of a template of /quan-tri/dao-tao/nap/. All rows are "
        "written or none; every fault is told with its row.",
    )  # fmt: skip
    bring.add_argument("file", metavar="FILE", help="classes, or attendance")
    bring.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
    bring.add_argument("--account", default="quantri-14", metavar="NAME", help="in whose name (quantri-14)")
    bring.set_defaults(run=run_import)


def run_topics(args: argparse.Namespace) -> int:
    """Load a plan's topics that are not there yet. TrainingRefused, AccountUnknown, Denied refuse the whole."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people import queries as people
    from haicap.domain.people.commands import training
    from haicap.kernel.language import bi
    from haicap.kernel.scope import entered

    actor = people.actor_for(people.account_named(args.account).pk)
    plan = training.read_plan(Path(args.plan)) if args.plan else training.read_plan()
    with entered(actor):
        many = training.load_plan(actor=actor, plan=plan)
    print(bi("Nạp mới {n} chuyên đề; chuyên đề đã có giữ nguyên.", "{n} new topics; those there stay.").format(n=many))
    return 0


def run_import(args: argparse.Namespace) -> int:
    """Import a file; 1 where rows have faults. SheetUnreadable, AccountUnknown, Denied refuse the whole."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people import queries as people
    from haicap.domain.people.commands.training import importing
    from haicap.domain.people.commands.training.sheet import read_sheet
    from haicap.interfaces.cli.main import refuse
    from haicap.kernel.scope import entered

    actor = people.actor_for(people.account_named(args.account).pk)
    path = Path(args.file)
    if not path.is_file():
        return refuse(f"{path}: no such file.")
    with path.open("rb") as stream:
        sheet = read_sheet(stream, path.name, path.stat().st_size)
    with entered(actor, read_only=args.dry_run):
        work = importing.judge if args.dry_run else importing.write
        judged = work(actor=actor, sheet=sheet)
    return _tell(judged, args.dry_run)


def _tell(judged: Any, dry_run: bool) -> int:
    import sys

    from haicap.kernel.language import bi

    for fault in judged.faults[:FAULTS_SHOWN]:
        place = f"{bi('Dòng', 'Row')} {fault.line}, {fault.column}: " if fault.line else ""
        print(f"{place}{fault.message}", file=sys.stderr)
    if len(judged.faults) > FAULTS_SHOWN:
        more = bi("… và {n} lỗi nữa.", "… and {n} more faults.").format(n=len(judged.faults) - FAULTS_SHOWN)
        print(more, file=sys.stderr)
    if judged.faults:
        print(bi("Không ghi dòng nào.", "Nothing was written."))
        return 1
    if dry_run:
        print(bi("Chạy thử: không ghi gì.", "A dry run: nothing was written."))
    if judged.sheet.kind == "classes":
        text = bi("{n} lớp mới, {m} lớp đã có.", "{n} new classes, {m} there already.")
        print(text.format(n=len(judged.classes), m=judged.skipped))
    else:
        text = bi("Điểm danh {n} người, ghi danh mới {m}.", "Attendance of {n} people, {m} newly enrolled.")
        print(text.format(n=len(judged.attended), m=judged.newcomers))
    return 0
