"""`haicap second-factor`: for somebody who lost telephone, passkeys and recovery codes where no two administrators are there
to reset it on their page; from an administrator's shell only."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any


def add_parser(commands: Any) -> None:
    """The grammar of `second-factor off`."""
    group = commands.add_parser("second-factor", help="xác thực hai bước / second factor")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    off = actions.add_parser(
        "off",
        help="tắt cho một tài khoản / turn it off for an account",
        description="Turns an account's second factor off where phone, passkeys and recovery codes are lost. "
        "Make sure first who asks.",
    )
    off.add_argument("--account", required=True, metavar="NAME", help="the account's sign-in name")
    off.set_defaults(run=run_off)


def run_off(args: argparse.Namespace) -> int:
    """Turn it off; the trail names the shell. AccountUnknown and SecondFactorMissing refuse."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people.commands import turn_all_off
    from haicap.domain.people.queries import account_named, actor_for
    from haicap.kernel.scope import entered, system

    # The rows show themselves to their account alone, so the shell enters as it, under its own name.
    actor = replace(actor_for(account_named(args.account).pk), name=system("shell").name)
    with entered(actor):
        turn_all_off(actor=actor)
    print(f"the second factor of {args.account} is off")
    return 0
