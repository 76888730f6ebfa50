"""`haicap certificates`: issuers of digital certificates that are trusted, and their revocation lists, from files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    """Add `certificates trust`, `revocations` and `issuers` to the command line."""
    group = commands.add_parser(
        "certificates", help="nơi cấp chứng thư số, danh sách thu hồi / issuers of certificates"
    )
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    trust = actions.add_parser(
        "trust", help="tin cậy một nơi cấp / trust an issuer",
        description="Takes a root's or an intermediate's certificate in. Its SHA-256, as the issuer published it, must be "
        "given too. Every certificate is checked again.",
    )  # fmt: skip
    trust.add_argument("file", metavar="FILE", help="a .cer, .crt or .pem file")
    trust.add_argument(
        "--sha256", required=True, metavar="HEX", help="its fingerprint from another source than the file"
    )
    trust.set_defaults(run=run_trust)
    lists = actions.add_parser(
        "revocations", help="nạp danh sách thu hồi / take a revocation list in",
        description="Checks the list's signature, keeps it, and looks every certificate up in it. Run it by a timer after "
        "whatever fetches the file.",
    )  # fmt: skip
    lists.add_argument("file", metavar="FILE", help="a complete .crl file")
    lists.set_defaults(run=run_revocations)
    for one in (trust, lists):
        one.add_argument("--account", default="quantri-14", metavar="NAME", help="in whose name (quantri-14)")
    shows = actions.add_parser("issuers", help="liệt kê / list them", description="Lists issuers and their lists.")
    shows.add_argument("--json", action="store_true", help="one JSON document on standard output")
    shows.set_defaults(run=run_issuers)


def run_trust(args: argparse.Namespace) -> int:
    """Trust an issuer. SigningRefused, AccountUnknown, Denied refuse, and a fingerprint that differs does."""
    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.main import refuse

    boot.django()
    from haicap.domain.people import queries as people
    from haicap.domain.people.commands import signing
    from haicap.kernel.scope import entered

    actor, path = people.actor_for(people.account_named(args.account).pk), Path(args.file)
    if not path.is_file():
        return refuse(f"{path}: no such file.")
    with entered(actor):
        facts = signing.look_at_anchor(actor=actor, data=path.read_bytes())
        if args.sha256.replace(":", "").replace(" ", "").lower() != facts.fingerprint:
            return refuse(
                f"the file's SHA-256 is {facts.fingerprint_in_pairs}: not what you gave. Nothing was entered."
            )
        signing.trust(actor=actor, data=facts.file)
    print(f"{facts.name} is trusted until {facts.valid_to:%d/%m/%Y}")
    return 0


def run_revocations(args: argparse.Namespace) -> int:
    """Take a list in. SigningRefused, AccountUnknown, Denied refuse."""
    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.main import refuse

    boot.django()
    from haicap.domain.people import queries as people
    from haicap.domain.people.commands import signing
    from haicap.kernel.scope import entered

    actor, path = people.actor_for(people.account_named(args.account).pk), Path(args.file)
    if not path.is_file():
        return refuse(f"{path}: no such file.")
    with entered(actor):
        row, judged = signing.take_list(actor=actor, data=path.read_bytes())
    print(f"list {row.number or '-'} of {row.anchor.name}: {row.entries} serials, until {row.next_update:%d/%m/%Y %H:%M} UTC; "
          f"{judged.certificates} certificates looked up, {judged.revoked} newly revoked")  # fmt: skip
    return 0


def run_issuers(args: argparse.Namespace) -> int:
    """List the issuers."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people.queries.signing.trust import anchors
    from haicap.kernel.scope import entered, system

    with entered(system("shell")):
        rows = [
            {
                "name": one.name, "root": one.is_root, "sha256": one.fingerprint, "valid_to": one.valid_to.isoformat(),
                "trusted": one.withdrawn_at is None,
                "list_until": one.revocation_list.next_update.isoformat() if hasattr(one, "revocation_list") else None,
            }
            for one in anchors()
        ]  # fmt: skip
    if args.json:
        print(json.dumps({"items": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        state = "" if row["trusted"] else " (trusted no more)"
        print(f"{row['name']}{state}: until {row['valid_to']}, list until {row['list_until'] or '-'}, {row['sha256']}")
    return 0
