"""`haicap units resolve` and `haicap units convert`: which unit an address lies in, one by one and a million at a time."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haicap.interfaces.cli import boot
from haicap.kernel.language import bi

if TYPE_CHECKING:
    from haicap.domain.units.addresses import Answer
    from haicap.domain.units.commands.conversion import Tally

TOLD_EVERY_S, TOLD_EVERY_S_IN_A_LOG = 0.5, 10.0

HEADS = {
    "exact": bi("Chắc chắn: một đơn vị", "Certain: one unit"),
    "ambiguous": bi("Chưa chắc chắn: có thể là một trong các đơn vị sau", "Not certain: it may be one of these"),
    "unknown": bi("Không nhận ra địa chỉ này", "This address is not recognised"),
}


def add_to(actions: Any) -> None:
    """Add `units resolve` and `units convert` to the command line."""
    one = actions.add_parser(
        "resolve",
        help="địa chỉ cũ hoặc mới thuộc đơn vị nào / which unit an address lies in",
        description="The unit of an address, old or new style. One answer only where it is certain. The exit status is 0 "
        "also for an address that is ambiguous or unknown: that is an answer.",
    )
    one.add_argument("address", metavar="ADDRESS", help='for example "Xã Chiềng Đen, Thành phố Sơn La"')
    one.add_argument("--json", action="store_true", help="one JSON document on standard output")
    one.set_defaults(run=run_resolve)
    bulk = actions.add_parser(
        "convert",
        help="chuyển địa chỉ trong một tệp CSV / convert the addresses of a CSV file",
        description="Copies IN.csv to OUT.csv with the columns status, new_code, new_name, province_code, candidates. The "
        "first three after status are filled where the answer is certain; candidates holds the codes of all units that "
        "fit, joined by ';', for a certain answer the one. OUT.report.csv tells each row without one answer, and why.",
    )
    bulk.add_argument("source", metavar="IN.csv", type=Path, help="UTF-8; comma, semicolon or tab; a line of headings")
    bulk.add_argument("target", metavar="OUT.csv", type=Path, help="appears when all is done")
    bulk.add_argument("--column", metavar="NAME", help="the column of addresses (address, or địa chỉ)")
    bulk.add_argument("--report", metavar="FILE", type=Path, help="instead of OUT.report.csv")
    bulk.add_argument("--force", action="store_true", help="overwrite OUT.csv and the report")
    bulk.add_argument("--json", action="store_true", help="the figures as one JSON document on standard output")
    bulk.set_defaults(run=run_convert)
    for parser in (one, bulk):
        parser.add_argument("--on", metavar="DATE", help="as units stand that day, YYYY-MM-DD; today when left out")


def run_resolve(args: argparse.Namespace) -> int:
    """Print the answer. AddressMissing, AddressTooLong, AddressUnreadable, DateUnreadable and BeforeRecords refuse."""
    boot.django()
    from haicap.domain.units import queries  # Django is loaded only when a command runs
    from haicap.domain.units.queries import addresses
    from haicap.domain.units.queries.questions import address_from

    answer = addresses.resolve(address_from(args.address), queries.day_from(args.on))
    if args.json:
        print(json.dumps(answer.as_json(), ensure_ascii=False, indent=1))
    else:
        _print_answer(answer)
    return 0


def run_convert(args: argparse.Namespace) -> int:
    """Convert a file. What `convert` raises refuses; then neither OUT nor the report is there."""
    boot.django()
    from haicap.domain.units import queries
    from haicap.domain.units.commands.conversion import convert

    report = args.report or args.target.with_name(f"{args.target.stem}.report.csv")
    told = _Progress(args.source)
    try:
        tally = convert(
            args.source, args.target, report, column=args.column, on=queries.day_from(args.on), overwrite=args.force,
            watch=told,
        )  # fmt: skip
    finally:
        told.end()
    if args.json:
        print(json.dumps(tally.as_json() | {"out": str(args.target), "report": str(report)}, ensure_ascii=False))
    else:
        _print_tally(tally, args.target, report)
    return 0


def _print_answer(answer: Answer) -> None:
    print(HEADS[answer.status.value])
    if str(answer.note):
        print(f"  {answer.note}")
    for one in answer.candidates:
        print(f"  {one.code}  {one.name}, {one.province}  ({one.score:.0%})")
        print(f"         {one.why}")


def _print_tally(tally: Tally, target: Path, report: Path) -> None:
    words = bi(
        "{rows:,} dòng trong {seconds:.1f} giây ({speed:,.0f} dòng/giây): chắc chắn {exact:,}, nhiều khả năng {ambiguous:,}, "
        "không nhận ra {unknown:,}.\nKết quả: {target}\nTừng dòng chưa có một câu trả lời: {report}",
        "{rows:,} rows in {seconds:.1f} s ({speed:,.0f} rows/s): exact {exact:,}, ambiguous {ambiguous:,}, unknown "
        "{unknown:,}.\nResult: {target}\nEach row without one answer: {report}",
    )
    print(words.format(**vars(tally), speed=tally.per_second, target=target, report=report))


class _Progress:
    """How far it is, on standard error: one line that changes on a screen, a line now and then in a log."""

    def __init__(self, source: Path) -> None:
        self.size = source.stat().st_size if source.is_file() else 0
        self.screen = sys.stderr.isatty()
        self.pause = TOLD_EVERY_S if self.screen else TOLD_EVERY_S_IN_A_LOG
        self.tell_at = time.monotonic() + self.pause
        self.told = False

    def __call__(self, tally: Tally) -> bool:
        if time.monotonic() >= self.tell_at:
            self.tell_at = time.monotonic() + self.pause
            self.told = True
            share = tally.bytes_read / max(self.size, 1)
            line = bi(
                "{rows:,} dòng, {share:.0%}, {speed:,.0f} dòng/giây", "{rows:,} rows, {share:.0%}, {speed:,.0f} rows/s"
            )
            text = line.format(rows=tally.rows, share=share, speed=tally.per_second)
            print(f"\r{text}  " if self.screen else text, end="" if self.screen else "\n", file=sys.stderr, flush=True)
        return True

    def end(self) -> None:
        """Leave the line that changes."""
        if self.told and self.screen:
            print(file=sys.stderr)
