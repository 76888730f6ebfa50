"""`haicap competence`: who decides a procedure at a place on a day, and by which law."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from haicap.interfaces.cli import boot
from haicap.kernel import vi
from haicap.kernel.language import bi

if TYPE_CHECKING:
    from haicap.domain.procedures.queries import CompetenceAnswer, Decider

DONE = 0


def add_parser(subparsers: Any) -> None:
    """Add `competence` to the command line."""
    command = subparsers.add_parser(
        "competence",
        help="ai giải quyết một thủ tục, ở đâu, ngày nào / who decides a procedure at a place on a day",
        description="Which unit and agency decides a procedure at a place on a day, by which law, and since when. "
        "An address that may lie in several units gives each with its own answer.",
    )
    command.add_argument("procedure", metavar="PROCEDURE_CODE", help="for example 1.001193")
    command.add_argument("--at", required=True, metavar="PLACE", help="an address, or the code of a unit of that day")
    command.add_argument("--on", metavar="DATE", help="YYYY-MM-DD; today when left out; known since 2025-01-01")
    command.add_argument("--json", action="store_true", help="one JSON document on standard output")
    command.set_defaults(run=run_competence)


def run_competence(args: argparse.Namespace) -> int:
    """Print who decides; an unknown procedure or place, a closed unit and a day without anybody refuse."""
    boot.django()
    from haicap.domain.procedures.queries import competence
    from haicap.domain.units.queries import day_from

    answer = competence(args.procedure, args.at, day_from(args.on))
    if args.json:
        print(json.dumps(answer.as_json(), ensure_ascii=False, indent=1))
    else:
        _tell(answer)
    return DONE


def _tell(answer: CompetenceAnswer) -> None:
    print(f"{answer.procedure.code}  {answer.procedure.shown_name}  ({vi.date_text(answer.day)})")
    for place in answer.places:
        print(f"{place.unit.shown_name} ({place.unit.code}), {place.unit.province_name}")
        for decider in place.deciders:
            _tell_decider(decider)
    for era in answer.changes:
        print(f"  · {era.words}")
    for note in answer.notes:
        print(note, file=sys.stderr)


def _tell_decider(decider: Decider) -> None:
    row = decider.row
    cited = "; ".join(law.cited for law in row.basis) or bi("chưa nhập căn cứ", "no legal basis entered")
    unsure = f" · {bi('chưa kiểm chứng', 'not verified')}" if row.is_unverified else ""
    print(f"  → {decider.agency} ({row.level_label})")
    print(f"    {cited} · {bi('từ', 'since')} {vi.date_text(row.valid_from)}{unsure}")
    if decider.note:
        print(f"    {decider.note}")
