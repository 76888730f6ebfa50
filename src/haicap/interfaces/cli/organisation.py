"""`haicap organisation`: the bodies and posts of units from a template, what stands, and whom the public calls."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haicap.interfaces.cli import boot
from haicap.kernel import vi
from haicap.kernel.language import bi

if TYPE_CHECKING:
    from datetime import date

    from haicap.domain.people.commands.organisation import Loaded
    from haicap.domain.people.queries.organisation import BodyShown, PostShown
    from haicap.domain.units.models import Unit

DONE = 0


def add_parser(subparsers: Any) -> None:
    """Add `organisation load`, `show` and `contact` to the command line."""
    group = subparsers.add_parser("organisation", help="tổ chức bộ máy / bodies and posts of units")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    load = actions.add_parser(
        "load",
        help="nạp tổ chức từ mẫu cho một tỉnh hay một xã / give units their organisation from a template",
        description="Give a province and all its communes, or one commune, the bodies and posts of a template from a day "
        "on. What differs from before ends on that day; the second time nothing changes.",
    )
    load.add_argument("--within", required=True, metavar="CODE", help="a province, with its communes, or one commune")
    load.add_argument("--on", metavar="DATE", help="YYYY-MM-DD; today when left out")
    load.add_argument("--template", metavar="FILE", help="a YAML template of your own; the packaged one when left out")
    load.add_argument("--with", dest="also", action="append", default=[], metavar="KEY",
                      help="also begin this optional body, for example political_center")  # fmt: skip
    load.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")
    load.set_defaults(run=run_load)
    show = actions.add_parser("show", help="tổ chức của một đơn vị / the organisation of a unit")
    show.add_argument("unit", metavar="UNIT", help="the code of a province or a commune")
    show.add_argument("--on", metavar="DATE", help="YYYY-MM-DD; today when left out")
    show.set_defaults(run=run_show)
    contact = actions.add_parser(
        "contact",
        help="số điện thoại, địa chỉ của một cơ quan / telephone and address of an agency",
        description="Enter the telephone number and the address that pages and slips show. An empty text takes one away.",
    )
    contact.add_argument("unit", metavar="UNIT", help="the code of a province or a commune")
    contact.add_argument("kind", metavar="AGENCY_KIND", help="committee, center, office, economy, so-tu-phap …")
    contact.add_argument("--phone", metavar="NUMBER")
    contact.add_argument("--address", metavar="TEXT")
    contact.set_defaults(run=run_contact)
    for parser in (load, show, contact):
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run_load(args: argparse.Namespace) -> int:
    """Load a template; faults of the template, a day before what is known and an unknown place refuse."""
    boot.django()
    from haicap.domain.people.commands.organisation import load_organisation
    from haicap.domain.people.commands.organisation_template import read_template
    from haicap.domain.units.queries import day_from
    from haicap.kernel.scope import entered, system

    template = read_template(Path(args.template) if args.template else None)
    day = day_from(args.on)
    began = time.perf_counter()
    with entered(system("shell")):
        told = load_organisation(_units(args.within, day), template, day, also=args.also, dry_run=args.dry_run)
    seconds = round(time.perf_counter() - began, 2)
    if args.json:
        print(
            json.dumps({**told.figures(), "dry_run": told.dry_run, "on": day.isoformat(), "seconds": seconds}, indent=1)
        )
    else:
        _tell(told, day, seconds)
    return DONE


def run_show(args: argparse.Namespace) -> int:
    """Print the organisation of a unit; an unknown or closed unit refuses."""
    boot.django()
    from haicap.domain.people.queries.organisation import chart_of
    from haicap.domain.units.queries import day_from, unit_on

    day = day_from(args.on)
    chart = chart_of(unit_on(args.unit, day), day)
    if args.json:
        print(json.dumps(chart.as_json(), ensure_ascii=False, indent=1))
        return DONE
    print(f"{chart.unit.code}  {chart.unit.shown_name}  ({vi.date_text(day)})")
    for block in chart.blocks:
        print(block.block.label)
        for body in block.bodies:
            _tell_body(body, 1)
    if not chart.blocks:
        print(
            bi("chưa nạp tổ chức: ./haicap organisation load", "not loaded: ./haicap organisation load"),
            file=sys.stderr,
        )
    return DONE


def run_contact(args: argparse.Namespace) -> int:
    """Enter a contact; an unknown unit or agency and what cannot be a telephone number refuse."""
    boot.django()
    from haicap.domain.people.commands.organisation import set_contact
    from haicap.domain.units.queries import unit_on
    from haicap.kernel.scope import entered, system

    with entered(system("shell")):
        agency = set_contact(unit_on(args.unit), args.kind, phone=args.phone, address=args.address)
    if args.json:
        facts = {"unit": args.unit, "agency": agency.kind, "name": agency.name, "phone": agency.phone,
                 "address": agency.address}  # fmt: skip
        print(json.dumps(facts, ensure_ascii=False, indent=1))
        return DONE
    phone = agency.phone or bi("chưa có số điện thoại", "no telephone number yet")
    print(f"{agency.name} · {phone} · {agency.address or bi('chưa có địa chỉ', 'no address yet')}")
    return DONE


def _units(code: str, day: date) -> list[Unit]:
    """The unit with `code`, and its communes where it is a province."""
    from haicap.domain.units.queries import communes_of, unit_on
    from haicap.domain.units.rules import UnitLevel

    unit = unit_on(code, day)
    return [unit, *communes_of(code, day)] if unit.level == UnitLevel.PROVINCE else [unit]


def _tell(told: Loaded, day: date, seconds: float) -> None:
    text = bi(
        "{n} đơn vị, {changed} có thay đổi từ {day}: thêm {bodies} cơ quan, {posts} vị trí; kết thúc {gone} cơ quan, "
        "{ended} vị trí; sửa {mended} dòng ({s} giây)",
        "{n} units, {changed} changed from {day}: {bodies} bodies and {posts} posts begin; {gone} bodies and {ended} posts "
        "end; {mended} rows mended ({s} s)",
    )
    print(text.format(n=told.units, changed=told.changed_units, day=vi.date_text(day), bodies=told.bodies,
                      posts=told.posts, gone=told.bodies_ended, ended=told.posts_ended, mended=told.mended,
                      s=seconds))  # fmt: skip
    if told.dry_run:
        print(bi("Chạy thử: chưa ghi gì.", "A dry run: nothing was written."), file=sys.stderr)


def _tell_body(body: BodyShown, depth: int) -> None:
    mark = " [K]" if body.is_unverified else ""
    print(f"{'  ' * depth}{body.shown_name}{mark}")
    for post in body.posts:
        _tell_post(post, depth + 1, told=body.is_unverified)
    for below in body.below:
        _tell_body(below, depth + 1)


def _tell_post(post: PostShown, depth: int, *, told: bool) -> None:
    seats = post.seats or (bi("theo biên chế", "by quota") if post.is_counted else "–")
    names = f" · {', '.join(post.holders)}" if post.holders else ""
    mark = " [K]" if post.is_unverified and not told else ""
    print(f"{'  ' * depth}- {post.shown_title}: {seats} ({post.staff_label}){mark}{names}")
