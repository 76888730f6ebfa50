"""`haicap units certificate`: make the certificate of conservation of a resolution, or check one that was handed out."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haicap.interfaces.cli import boot
from haicap.kernel.language import bi

if TYPE_CHECKING:
    from haicap.domain.units.ports import Holding, Item
    from haicap.flows.reorganisation.certificate import Certificate
    from haicap.flows.reorganisation.tally import Watcher


def add_to(actions: Any) -> None:
    """The grammar of `units certificate`."""
    parser = actions.add_parser(
        "certificate",
        help="chứng nhận bảo toàn hồ sơ khi sắp xếp / certificate of conservation of a reorganisation",
        description="Accounts for everything that the units ended by a resolution held: each thing with exactly one heir, "
        "in counts and hashes. With --verify a certificate is computed again from the database, and the first difference "
        "is named.",
    )
    parser.add_argument("number", nargs="?", metavar="NUMBER", help="the resolution's number, or its id")
    parser.add_argument("--as-of", metavar="DATETIME", help="who had what at this moment (ISO 8601); now when left out")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the JSON document to this file")
    parser.add_argument("--pdf", metavar="FILE", type=Path, help="write the paper to this file")
    parser.add_argument("--items", metavar="FILE", type=Path, help="write each thing with its hash and heir, as CSV")
    parser.add_argument("--verify", metavar="FILE", type=Path, help="check this JSON document instead")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.set_defaults(run=run_certificate, parser=parser)


def run_certificate(args: argparse.Namespace) -> int:
    """Make or check; a certificate that does not hold ends with status 1 and its first difference."""
    if (args.number is None) == (args.verify is None):
        args.parser.error("give a NUMBER, or --verify FILE")
    if args.verify and (args.out or args.pdf or args.items or args.as_of):
        args.parser.error("--verify goes with --json alone")
    boot.django(process="worker")  # the role that sees every unit's rows, and changes none of them
    return _verify(args) if args.verify else _make(args)


def _make(args: argparse.Namespace) -> int:
    from haicap.flows.reorganisation.certificate import make_certificate  # Django is loaded only when a command runs
    from haicap.flows.reorganisation.resolutions import find_resolution

    resolution, as_of = find_resolution(args.number), _moment(args)
    with ExitStack() as open_files:
        watch = _writer(args.items, open_files) if args.items else None
        made = make_certificate(resolution, as_of=as_of, watch=watch)
    document = json.dumps(made.as_json(), ensure_ascii=False, indent=1)
    if args.out:
        args.out.write_text(document + "\n", encoding="utf-8")
    if args.pdf:
        from haicap.flows.demonstration import marker
        from haicap.flows.reorganisation.papers import pdf

        args.pdf.write_bytes(pdf(made, synthetic=marker.is_marked()))
    if args.json:
        print(document)
    else:
        _tell(made)
    return 0


def _moment(args: argparse.Namespace) -> datetime | None:
    """The moment that was asked for; Vietnam's clock where it names no zone."""
    from haicap.kernel import clock

    if not args.as_of:
        return None
    try:
        moment = datetime.fromisoformat(args.as_of)
    except ValueError:
        args.parser.error("--as-of takes a moment such as 2025-07-01T08:00+07:00")
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


def _writer(path: Path, open_files: ExitStack) -> Watcher:
    """Writes a line for each thing: sorted, two such lists show by `diff` which thing changed."""
    from haicap.flows.reorganisation.resolutions import names_of_units

    table = csv.writer(open_files.enter_context(path.open("w", encoding="utf-8", newline="")))
    table.writerow(["holding", "made_under", "key", "sha256", "open", "unit", "heir", "basis"])
    names = names_of_units()

    def write(holding: Holding, item: Item, unit_id: int, heir_id: int, basis: str) -> None:
        units = (names[unit_id], names[heir_id])
        table.writerow([holding.code, names[item.unit_id], item.key, item.digest.hex(), int(item.open), *units, basis])

    return write


def _tell(made: Certificate) -> None:
    content = made.content
    head = bi(
        "Nghị quyết {number}, có hiệu lực từ {day}: bảo toàn đủ {n} loại",
        "Resolution {number}, in force from {day}: all {n} kinds are conserved",
    )
    resolution = content["resolution"]
    print(head.format(number=resolution["number"], day=resolution["effective_on"], n=len(content["holdings"])))
    labels = {one["code"]: str(bi(one["vi"], one["en"])) for one in content["holdings"]}
    for row in content["totals"]:
        line = bi(
            "  {what}: {count} (đang giải quyết {open}) trước và sau",
            "  {what}: {count} ({open} under way) before and after",
        )
        print(line.format(what=labels[row["holding"]], **{name: row["before"][name] for name in ("count", "open")}))
    print(bi("mã gốc {root}", "root {root}").format(root=made.root))
    print(bi("tính đến {at}", "as of {at}").format(at=content["as_of"]), file=sys.stderr)


def _verify(args: argparse.Namespace) -> int:
    from haicap.flows.reorganisation.verify import read_certificate, verify_document
    from haicap.interfaces.cli.main import refuse

    verdict = verify_document(read_certificate(args.verify))
    if args.json:
        print(json.dumps(verdict.as_json(), ensure_ascii=False, indent=1))
    elif verdict.ok:
        print(bi("giấy chứng nhận đúng: {root}", "the certificate holds: {root}").format(root=verdict.root))
    if verdict.ok:
        return 0
    count = bi("({n} chỗ khác)", "({n} differences)").format(n=len(verdict.differences))
    return refuse(f"{verdict.differences[0].sentence()} {count}")
