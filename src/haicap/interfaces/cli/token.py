"""`haicap token`: bearer tokens for the API, from an administrator's shell only."""

from __future__ import annotations

import argparse
import json
from typing import Any

DAYS, MOST_DAYS = 90, 3650


def add_parser(commands: Any) -> None:
    """The grammar of `token create` and `token revoke`."""
    group = commands.add_parser("token", help="mã truy cập API / API tokens")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser(
        "create", help="cấp mã / issue one", description="Issues a bearer token for an account. It is shown this once."
    )
    create.add_argument("--account", required=True, metavar="NAME", help="the account's sign-in name")
    create.add_argument("--scopes", nargs="+", default=[], metavar="SCOPE", help="dossiers:read … (all when left out)")
    create.add_argument("--days", type=days, default=DAYS, metavar="N", help=f"how long it lives ({DAYS})")
    create.add_argument("--json", action="store_true", help="one JSON document on standard output")
    create.set_defaults(run=run_create)
    revoke = actions.add_parser("revoke", help="thu hồi / revoke one", description="Ends a token at once.")
    revoke.add_argument("id", type=int, metavar="ID", help="the number that create gave")
    revoke.set_defaults(run=run_revoke)


def run_create(args: argparse.Namespace) -> int:
    """Issue a token and note it in the trail. AccountUnknown and ScopeUnknown refuse."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people.commands import issue_token
    from haicap.kernel.audit.commands import record
    from haicap.kernel.scope import entered, system

    scopes = [scope for words in args.scopes for scope in words.split(",") if scope]
    with entered(system("shell")):
        issued = issue_token(account=args.account, scopes=scopes, days=args.days)
        record(
            "people:token:issue", subject=f"pass:{issued.id}", data={"account": args.account, "expires": issued.expires}
        )
    if args.json:
        print(json.dumps({"token": issued.token, "id": issued.id, "expires": issued.expires.isoformat()}))
    else:
        print(f"{issued.token}\nid {issued.id}, until {issued.expires.isoformat(timespec='minutes')}")
    return 0


def run_revoke(args: argparse.Namespace) -> int:
    """End a token and note it in the trail. TokenUnknown refuses."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people.commands import revoke_token
    from haicap.kernel.audit.commands import record
    from haicap.kernel.scope import entered, system

    with entered(system("shell")):
        revoke_token(args.id)
        record("people:token:revoke", subject=f"pass:{args.id}")
    print(f"token {args.id} is revoked")
    return 0


def days(text: str) -> int:
    """A whole number of days."""
    number = int(text)
    if not 1 <= number <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"give 1 to {MOST_DAYS} days")
    return number
