"""`haicap administrator`: the first account of an installation, from a shell; every other one is opened by page."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add_parser(commands: Any) -> None:
    """The grammar of `administrator open`."""
    group = commands.add_parser("administrator", help="tài khoản quản trị đầu tiên / the first administrator")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    first = actions.add_parser(
        "open",
        help="mở tài khoản quản trị đầu tiên của một đơn vị / open a unit's first administrator",
        description="Opens the account of whoever administers a unit that nobody administers yet, and prints a first "
        "password, which its owner replaces at the first sign-in. A province's administrator opens all others by page.",
    )
    first.add_argument("--unit", required=True, metavar="CODE", help="the code of a province or commune of today: 14")
    first.add_argument("--name", required=True, metavar="NAME", help="the sign-in name: quantri-14")
    first.add_argument("--full-name", required=True, metavar="NAME", help="the full name, with its accents")
    first.set_defaults(run=run_open)


def run_open(args: argparse.Namespace) -> int:
    """Give the unit (a province with its communes) its agencies, and open the account. UnitUnknown, AdministratorThere,
    NameTaken and PostRefused refuse."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people.commands.posts import establish_agencies, open_first_administrator
    from haicap.domain.units.queries import communes_of, unit_on
    from haicap.kernel import clock

    day = clock.today()
    unit = unit_on(args.unit, day)
    establish_agencies([unit, *communes_of(unit.code, day).select_related("province")])
    account, password = open_first_administrator(unit, name=args.name, full_name=args.full_name)
    print(f"{account.name}: {account.full_name}, {unit.shown_name}", file=sys.stderr)
    print(password)
    return 0
