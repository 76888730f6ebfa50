"""`haicap units`: which units stand on a day, and what became of whom."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from haicap.interfaces.cli import boot, units_addresses, units_certificate, units_resolutions
from haicap.kernel.language import bi

if TYPE_CHECKING:
    from haicap.domain.units.models import Unit
    from haicap.domain.units.queries import CodeHistory, Generation

KINDS = "tinh thanh_pho huyen quan thi_xa tp_thuoc_tinh xa phuong thi_tran dac_khu"


def add_parser(subparsers: Any) -> None:
    """Add `units list` and `units lineage` to the command line."""
    group = subparsers.add_parser("units", help="đơn vị hành chính / administrative units")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser(
        "list",
        help="các đơn vị của một ngày / the units of a day",
        description="The units of a day: provinces, districts, communes, by code. Records begin on 2025-01-01.",
    )
    listing.add_argument("--on", metavar="DATE", help="YYYY-MM-DD; today when left out")
    listing.add_argument("--within", metavar="CODE", help="only inside the province or district with this code")
    listing.add_argument("--kind", metavar="K", help=f"one of: {KINDS}")
    listing.set_defaults(run=run_list)
    lineage = actions.add_parser(
        "lineage",
        help="đơn vị trước và sau của một mã / what a code came from and became",
        description="Predecessors and successors of the units that a code has named, each whole or part.",
    )
    lineage.add_argument("code", metavar="CODE", help="an official code: 2, 3 or 5 digits")
    lineage.set_defaults(run=run_lineage)
    for parser in (listing, lineage):
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    units_addresses.add_to(actions)
    units_certificate.add_to(actions)
    units_resolutions.add_to(actions)


def run_list(args: argparse.Namespace) -> int:
    """Print the units of a day. BeforeRecords, DateUnreadable, KindUnknown, UnitUnknown and UnitClosed refuse."""
    boot.django()
    from haicap.domain.units import queries  # Django is loaded only when a command runs

    day = queries.day_from(args.on)
    units = list(queries.units_on(day, within=args.within, kind=args.kind))
    if args.json:
        _print_json([unit.as_json() for unit in units])
        return 0
    _print_table([_row(unit) for unit in units])
    count = bi("{n} đơn vị vào ngày {day}", "{n} units on {day}").format(n=len(units), day=day.isoformat())
    print(count, file=sys.stderr)
    return 0


def run_lineage(args: argparse.Namespace) -> int:
    """Print what a code has named, and each step to and from these units. UnitUnknown refuses."""
    boot.django()
    from haicap.domain.units import queries

    history = queries.lineage_of(args.code)
    if args.json:
        _print_json(history.as_json())
    else:
        _print_history(history)
    return 0


def _print_json(document: object) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=1))


def _row(unit: Unit) -> Sequence[str]:
    place = unit.parent.shown_name if unit.parent else ""
    if unit.parent and unit.province and unit.parent != unit.province:
        place += f", {unit.province.shown_name}"
    return unit.code, unit.shown_name, place


def _print_history(history: CodeHistory) -> None:
    for generation in history.generations:
        unit = generation.unit
        until = unit.valid_to.isoformat() if unit.valid_to else bi("nay", "now")
        print(f"{unit.code}  {unit.shown_name}, {unit.province_name}  ({unit.valid_from} → {until})")
        _print_steps(generation)


def _print_steps(generation: Generation) -> None:
    before = [(line, line.predecessor) for line in generation.predecessors]
    after = [(line, line.successor) for line in generation.successors]
    for head, steps in ((bi("  từ", "  from"), before), (bi("  thành", "  became"), after)):
        rows = [
            (str(head), other.code, other.shown_name, str(line.get_share_display()), line.resolution)
            for line, other in steps
        ]
        _print_table(rows)
    today = [(str(bi("  hôm nay", "  today")), heir.unit.code, heir.unit.shown_name) for heir in generation.later_heirs]
    _print_table(today)


def _print_table(rows: Iterable[Sequence[str]]) -> None:
    """The rows in columns, as wide as their longest cell."""
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
