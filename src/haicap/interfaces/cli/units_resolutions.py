"""`haicap units apply`, `undo`, `resolutions`, `schema`: change the administrative units by a resolution's file."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haicap.interfaces.cli import boot
from haicap.kernel.language import bi

if TYPE_CHECKING:
    from haicap.domain.units.commands.resolutions import Applied
    from haicap.flows.reorganisation.impact import Impact
    from haicap.kernel.errors import DomainError

DONE, REFUSED = 0, 1


def add_to(actions: Any) -> None:
    """Add the four commands to `units`."""
    apply = actions.add_parser(
        "apply",
        help="áp dụng một nghị quyết / apply a resolution",
        description="Judge the whole file, every fault with its line, then change the units in one transaction. A day in "
        "the future schedules it; the same file a second time does nothing.",
    )
    apply.add_argument("file", metavar="FILE.yaml", help="a resolution file, see docs/developers/resolution-file.md")
    apply.add_argument("--dry-run", action="store_true", help="report the effect, write nothing")
    apply.add_argument(
        "--confirm-uncertain", action="store_true", help="apply a file of certainty C, compared with the published text"
    )
    apply.set_defaults(run=run_apply)
    undo = actions.add_parser(
        "undo",
        help="hoàn tác một nghị quyết / undo a resolution",
        description="Restore units and lineage exactly as they were; refused with the reasons once anything depends on it.",
    )
    undo.add_argument("number", metavar="NUMBER", help="number and symbol: 1672/NQ-UBTVQH15")
    undo.set_defaults(run=run_undo)
    listing = actions.add_parser("resolutions", help="các nghị quyết đã biết / the resolutions that are known")
    listing.set_defaults(run=run_resolutions)
    for parser in (apply, undo, listing):
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    schema = actions.add_parser("schema", help="JSON Schema của tệp nghị quyết / the JSON Schema of resolution files")
    schema.set_defaults(run=run_schema)


def run_apply(args: argparse.Namespace) -> int:
    """Apply a file, or with --dry-run tell what it would do; faults come one a line on standard error."""
    boot.django()
    from haicap.domain.units.commands import resolutions
    from haicap.domain.units.errors import ResolutionFlawed
    from haicap.flows.reorganisation.impact import impact_of

    file = resolutions.open_file(Path(args.file))
    try:
        report = resolutions.apply(file, by=_caller(), confirm_uncertain=args.confirm_uncertain, dry_run=args.dry_run)
    except ResolutionFlawed as flawed:
        return _refuse(flawed, as_json=args.json)
    impact = impact_of(report.ended_ids, report.heirs) if args.dry_run else None
    if args.json:
        document = report.as_json() | ({"impact": impact.as_json()} if impact else {})
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        _print_report(report, impact)
    return DONE


def _caller() -> str:
    """Who runs the command, for the trail: the account of the machine."""
    return f"system:shell ({getpass.getuser()})"


def _refuse(error: DomainError, *, as_json: bool) -> int:
    """Each reason on its own line, the sentence last; with --json the same as a document."""
    for problem in error.problems:
        print(f"haicap: {problem.field}: {problem.message}", file=sys.stderr)
    print(f"haicap: {error.sentence()}", file=sys.stderr)
    if as_json:
        problems = [problem.as_json() for problem in error.problems]
        document = {"refused": error.code, "detail": error.sentence(), "problems": problems}
        print(json.dumps(document, ensure_ascii=False, indent=1))
    return REFUSED


def _print_report(report: Applied, impact: Impact | None) -> None:
    """The report in sentences; of a dry run also what the rooms hold of the units that end."""
    print(_headline(report).format(n=report.number, day=report.effective_on.isoformat()))
    if report.already:
        return
    for key, label in (("ended", bi("kết thúc", "end")), ("formed", bi("bắt đầu", "begin"))):
        line = bi("  {what}: {tinh} cấp tỉnh, {huyen} cấp huyện, {xa} cấp xã",
                  "  {what}: {tinh} provinces, {huyen} districts, {xa} communes")  # fmt: skip
        print(line.format(what=label, **report.counts[key]))
    print(bi("  đổi tên {renamed}, đổi loại {reclassified}, điều chỉnh địa giới {boundary_adjusted}, {lineages} cặp kế tiếp",
             "  {renamed} renamed, {reclassified} reclassified, {boundary_adjusted} boundaries adjusted, {lineages} pairs of "
             "lineage").format(**report.counts))  # fmt: skip
    for unit in report.divided:
        heirs = ", ".join(f"{heir['name']} ({heir['code']})" for heir in unit["heirs"])
        line = bi("  chia {name} ({code}): {heirs}", "  divided: {name} ({code}) among {heirs}")
        print(line.format(name=unit["name"], code=unit["code"], heirs=heirs))
    if impact:
        _print_impact(impact)
    if report.dry_run and report.unsure:
        print(bi("  Tệp chỉ có một nguồn: áp dụng cần thêm --confirm-uncertain.",
                 "  One source only: applying needs --confirm-uncertain."))  # fmt: skip


def _headline(report: Applied) -> str:
    if report.already:
        return str(bi("{n} đã được áp dụng, có hiệu lực từ {day}; không làm gì thêm.",
                      "{n} is already applied, in force from {day}; nothing was done."))  # fmt: skip
    if report.dry_run:
        return str(
            bi(
                "Chạy thử {n}, có hiệu lực từ {day}; chưa ghi gì.",
                "Dry run of {n}, in force from {day}; nothing written.",
            )
        )
    if report.scheduled:
        return str(bi("{n} đã được ghi nhận, sẽ có hiệu lực từ {day}.", "{n} is scheduled and takes effect on {day}."))
    return str(bi("{n} đã được áp dụng, có hiệu lực từ {day}.", "{n} is applied, in force from {day}."))


def _print_impact(impact: Impact) -> None:
    line = bi("  {label}: {n} (đang mở {open}); có một nơi nhận {whole}, chờ phân bổ {divided}",
              "  {label}: {n} ({open} open); {whole} with one heir, {divided} to be allotted")  # fmt: skip
    for total in impact.totals:
        print(line.format(label=total.holding.label, n=total.all.total, open=total.all.open, whole=total.whole.total,
                          divided=total.divided.total))  # fmt: skip


def run_undo(args: argparse.Namespace) -> int:
    """Undo a resolution; what depends on it comes one a line on standard error. ResolutionNotApplied refuses too."""
    boot.django()
    from haicap.domain.units.commands import resolutions
    from haicap.domain.units.errors import ResolutionNeeded

    try:
        done = resolutions.undo(args.number, by=_caller())
    except ResolutionNeeded as needed:
        return _refuse(needed, as_json=args.json)
    if args.json:
        print(json.dumps(done.as_json(), ensure_ascii=False))
    else:
        print(bi("{n} đã được hoàn tác: bỏ {removed} đơn vị mới, {restored} đơn vị cũ có lại.",
                 "{n} is undone: {removed} new units removed, {restored} earlier ones stand again.").format(
            n=done.number, removed=done.removed, restored=done.restored))  # fmt: skip
    return DONE


def run_resolutions(args: argparse.Namespace) -> int:
    """Print every resolution: applied, scheduled, undone, and carried without being applied."""
    boot.django()
    from haicap.domain.units.commands import resolutions

    found = resolutions.known_resolutions()
    if args.json:
        print(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1))
        return DONE
    for one in found:
        print(f"{one.effective_on}  {one.number:18}  {one.state.label}  {one.title}")
    return DONE


def run_schema(_args: argparse.Namespace) -> int:
    """Print the JSON Schema, for editors that check while one writes."""
    boot.django(database=False)
    from haicap.domain.units.commands.resolutions.shape import SCHEMA_FILE

    print(SCHEMA_FILE.read_text(encoding="utf-8"), end="")
    return DONE
