"""`haicap openid`: the providers that people may sign in by; entered from an administrator's shell alone."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add_parser(commands: Any) -> None:
    """The grammar of `openid add`, `list`, `disable`, `enable`."""
    group = commands.add_parser("openid", help="đăng nhập qua nhà cung cấp định danh / sign-in by OpenID providers")
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add(actions)
    lists = actions.add_parser("list", help="liệt kê / list them", description="Lists the providers.")
    lists.add_argument("--json", action="store_true", help="one JSON document on standard output")
    lists.set_defaults(run=run_list)
    for name, words, active in (("disable", "tắt / switch off", False), ("enable", "bật / switch on", True)):
        switch = actions.add_parser(
            name, help=words, description="Identities stay; nobody signs in by one that is off."
        )
        switch.add_argument("key", metavar="KEY", help="the provider's key")
        switch.set_defaults(run=run_switch, active=active)


def _add(actions: Any) -> None:
    add = actions.add_parser(
        "add", help="thêm hoặc sửa / enter or change one",
        description="Enters a provider (or changes the one with this key), after asking it what it says of itself.",
    )  # fmt: skip
    add.add_argument("key", metavar="KEY", help="a short name in addresses: small letters, digits, hyphens")
    add.add_argument("--name", required=True, help="as people read it")
    add.add_argument("--name-en", default="", help="the same in English")
    add.add_argument("--issuer", required=True, metavar="URL", help="as its discovery document says")
    add.add_argument("--client-id", required=True)
    add.add_argument("--secret-from", default="", metavar="env:NAME|file:PATH", help="where the client's secret lies")
    add.add_argument("--for", dest="audience", required=True, choices=("staff", "citizens"))
    add.add_argument("--claim", default="", help="which claim says who it is; for citizens the ID number's")
    add.add_argument("--scopes", default="openid profile", help="with blanks between (openid profile)")
    add.add_argument("--acr", default="", help="levels of assurance that are accepted, with blanks between")
    add.add_argument("--both-factors", action="store_true", help="a sign-in there counts as both steps")
    add.set_defaults(run=run_add)


def run_add(args: argparse.Namespace) -> int:
    """Enter a provider. Refused where it does not answer, names another issuer, or its secret is not readable."""
    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.main import refuse

    boot.django()
    from django.conf import settings

    from haicap.domain.people.commands.openid import client_secret, enter_provider
    from haicap.interfaces.gateways.openid import fetch
    from haicap.kernel import openid
    from haicap.kernel.scope import entered, system

    facts = {name: getattr(args, name) for name in (
        "key", "name", "name_en", "issuer", "client_id", "secret_from", "audience", "claim", "scopes", "acr",
        "both_factors")}  # fmt: skip
    try:
        with entered(system("shell")):
            provider = enter_provider(**facts)
            client_secret(provider)
            openid.discovered(provider.issuer, fetch)
    except (openid.Unreachable, openid.Untrusted) as error:
        return refuse(f"{args.issuer} does not answer as an OpenID provider: {error}. Nothing was entered.")
    print(f"{provider.key} is entered. Give the provider this address to come back to:")
    print(f"  {settings.HAICAP_BASE_URL.rstrip('/')}/dang-nhap/dinh-danh/{provider.key}/tra-ve/")
    return 0


def run_list(args: argparse.Namespace) -> int:
    """List the providers."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people.models import IdentityProvider

    shown = ("key", "name", "issuer", "client_id", "audience", "claim", "acr", "both_factors", "active")
    rows = list(IdentityProvider.objects.order_by("pk").values(*shown))
    if args.json:
        print(json.dumps({"items": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        state = "" if row["active"] else " (off)"
        print(f"{row['key']}{state}: {row['name']}, {row['issuer']}, for {row['audience']}")
    return 0


def run_switch(args: argparse.Namespace) -> int:
    """Switch one on or off. ProviderUnknown refuses."""
    from haicap.interfaces.cli import boot

    boot.django()
    from haicap.domain.people.commands.openid import set_provider_active
    from haicap.kernel.scope import entered, system

    with entered(system("shell")):
        provider = set_provider_active(args.key, args.active)
    print(f"{provider.key} is {'on' if provider.active else 'off'}")
    return 0
