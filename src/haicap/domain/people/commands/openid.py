"""Signing in by an OpenID provider, linking one's identity there, and the providers themselves.

A provider for officials never opens an account: who is not known is told how to become known. One for citizens opens the
account of whoever comes first with a personal identification number, for the services of citizens alone.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from haicap.domain.people.commands.accounts import open_account
from haicap.domain.people.commands.passes import new_session
from haicap.domain.people.models import Account, Citizen, Identity, IdentityProvider
from haicap.domain.people.openid_errors import (
    AssuranceTooLow,
    CitizenUnclear,
    IdentityTaken,
    IdentityUnlinked,
    ProviderInvalid,
    ProviderUnknown,
)
from haicap.domain.people.queries import account_at_door, actor_for, second_factor_of
from haicap.domain.people.queries.openid import (
    account_by_email,
    account_by_name,
    account_of_citizen,
    account_of_identity,
)
from haicap.domain.people.rules import LONGEST_FULL_NAME
from haicap.kernel import clock, vi
from haicap.kernel.audit.commands import record
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor, entered
from haicap.kernel.text import clean

EMAIL = "email"
KEY = re.compile(r"[a-z0-9][a-z0-9-]{1,39}", re.ASCII)
Claims = Mapping[str, Any]


def client_secret(provider: IdentityProvider) -> str:
    """The client's secret, read from where the provider's row says it lies; "" for a public client.

    Raises ProviderInvalid where it is not there: the secret itself stands in no row.
    """
    where, _, name = provider.secret_from.partition(":")
    try:
        if where == "env":
            return os.environ[name]
        if where == "file":
            return Path(name).read_text(encoding="utf-8").strip()
    except (KeyError, OSError, UnicodeError) as error:
        raise ProviderInvalid(
            why=bi("không đọc được mật khẩu của ứng dụng", "its client secret is not readable"), field="secret_from"
        ) from error
    return ""


def sign_in_by(provider: IdentityProvider, claims: Claims) -> tuple[Account, int | None]:
    """The account of whom the provider vouches for, and the number of its new session, None while it owes a second step.

    `claims` were checked by `kernel.openid`. Raises AssuranceTooLow, IdentityUnlinked (also for a closed account, in the
    same words), CitizenUnclear.
    """
    _judge_assurance(provider, claims)
    account = _account_for(provider, claims)
    with entered(actor_for(account.pk)):
        _note_use(provider, account, str(claims["sub"]))
        owes = not _asked_for_both(provider, claims) and second_factor_of(account.pk).on_since is not None
    return account, None if owes else new_session(account.pk)


def lacks_claims(provider: IdentityProvider, claims: Claims) -> bool:
    """True where the identity token does not say all that tells who somebody unknown here is, so that the provider's userinfo
    address has to be asked."""
    return any(claims.get(name) is None for name in _telling(provider)) and account_of_identity(
        provider, str(claims["sub"])
    ) is None  # fmt: skip


def completed(provider: IdentityProvider, claims: Claims, told: Claims) -> Claims:
    """The identity token's claims, and from the userinfo address those that tell who it is; how somebody signed in is the
    token's word alone. An e-mail and whether it is verified come from one of the two together."""
    wanted = {name: told[name] for name in _telling(provider) if told.get(name) is not None}
    if provider.claim == EMAIL:
        return {**claims, **wanted} if EMAIL in wanted and told.get("email_verified") is not None else claims
    return {**wanted, **{name: value for name, value in claims.items() if value is not None}}


def link_identity(*, actor: Actor, provider: IdentityProvider, claims: Claims) -> Identity:
    """Link an identity to the actor's own account; they proved both. Raises AssuranceTooLow, ProviderUnknown for a provider
    that is not for officials, IdentityTaken. Runs inside `entered(actor)`."""
    if provider.audience != IdentityProvider.Audience.STAFF or actor.account_id is None:
        raise ProviderUnknown
    _judge_assurance(provider, claims)
    return _linked(provider, actor.account_id, str(claims["sub"]))


def unlink_identity(*, actor: Actor, identity_id: int) -> None:
    """Take one of the actor's own identities away; another's is not there. Raises ProviderUnknown.

    Who has no password here keeps it: they could not come back.
    """
    identity = (
        Identity.objects.select_related("provider").filter(pk=identity_id, account_id=actor.account_id or 0).first()
    )
    if identity is None or identity.provider.audience != IdentityProvider.Audience.STAFF:
        raise ProviderUnknown
    identity.delete()
    _tell("unlink", identity.provider, actor.account_id or 0)


def enter_provider(**facts: Any) -> IdentityProvider:
    """Enter a provider, or change the one with its key; `facts` as the columns of IdentityProvider. Raises ProviderInvalid."""
    given = {name: clean(value) if isinstance(value, str) else value for name, value in facts.items()}
    if why := _fault(given):
        raise ProviderInvalid(why=why)
    key = given.pop("key")
    with transaction.atomic():
        same = IdentityProvider.objects.filter(issuer=given["issuer"], audience=given["audience"])
        if same.exclude(key=key).exists():
            raise ProviderInvalid(why=bi("đã có nhà cung cấp với issuer này", "another one has this issuer"))
        provider, _ = IdentityProvider.objects.update_or_create(
            key=key, defaults=given, create_defaults=given | {"created_at": clock.now()}
        )
        record("people:provider:enter", subject=f"provider:{key}", data={**given, "active": provider.active})
    return provider


def set_provider_active(key: str, active: bool) -> IdentityProvider:
    """Switch a provider on or off; identities stay. Raises ProviderUnknown."""
    with transaction.atomic():
        provider = IdentityProvider.objects.select_for_update().filter(key=key).first()
        if provider is None:
            raise ProviderUnknown
        if provider.active != active:
            provider.active = active
            provider.save(update_fields=["active"])
            record(f"people:provider:{'on' if active else 'off'}", subject=f"provider:{key}")
    return provider


def _telling(provider: IdentityProvider) -> tuple[str, ...]:
    """The claims that tell who somebody is; none where officials link their identities themselves."""
    if provider.audience == IdentityProvider.Audience.CITIZENS:
        return (provider.claim, "name")
    return (EMAIL, "email_verified") if provider.claim == EMAIL else (provider.claim,) if provider.claim else ()


def _asked_for_both(provider: IdentityProvider, claims: Claims) -> bool:
    """True where the provider is trusted with both steps and says that it took them: by the level that was asked for, or
    by "mfa" among the ways (`amr`, RFC 8176). A password alone there is one step, as here."""
    ways = claims.get("amr")
    return provider.both_factors and (bool(provider.acr) or (isinstance(ways, list) and "mfa" in ways))


def _judge_assurance(provider: IdentityProvider, claims: Claims) -> None:
    if provider.acr and claims.get("acr") not in provider.acr.split():
        raise AssuranceTooLow(provider=provider.shown_name)


def _account_for(provider: IdentityProvider, claims: Claims) -> Account:
    found = account_of_identity(provider, str(claims["sub"]))
    if found is None and provider.audience == IdentityProvider.Audience.CITIZENS:
        return _citizen(provider, claims)
    if found is None:
        found = _matched(provider, claims)
    account = account_at_door(number=found or 0)
    if account is None:
        raise IdentityUnlinked(provider=provider.shown_name)
    return account


def _matched(provider: IdentityProvider, claims: Claims) -> int | None:
    """An official told by a claim that the provider answers for: a verified e-mail, or the sign-in name."""
    told = claims.get(provider.claim) if provider.claim else None
    if not isinstance(told, str) or not told:
        return None
    if provider.claim == EMAIL:
        return account_by_email(clean(told)) if claims.get("email_verified") is True else None
    return account_by_name(clean(told).lower())


def _citizen(provider: IdentityProvider, claims: Claims) -> Account:
    """The citizen's account, opened for whoever comes first with this number."""
    number, name = claims.get(provider.claim), claims.get("name")
    number = clean(number) if isinstance(number, str) else ""
    name = vi.tidy_name(clean(name)) if isinstance(name, str) else ""
    if not number or vi.id_number_problem(number) or not 0 < len(name) <= LONGEST_FULL_NAME:
        raise CitizenUnclear(provider=provider.shown_name)
    known = account_of_citizen(number)
    if known is None:
        try:
            return _opened(provider, number, name)
        except IntegrityError:  # the same person came by another door at this moment
            known = account_of_citizen(number)
    account = account_at_door(number=known or 0)
    if account is None:
        raise IdentityUnlinked(provider=provider.shown_name)
    return account


def _opened(provider: IdentityProvider, id_number: str, full_name: str) -> Account:
    with transaction.atomic():
        account = open_account(
            name=f"cd-{secrets.token_hex(8)}", full_name=full_name, password_hash=make_password(None)
        )
        with entered(actor_for(account.pk)):
            Citizen.objects.create(account=account, id_number=id_number)
            record("people:citizen:open", subject=f"account:{account.pk}", data={"provider": provider.key})
    return account


def _note_use(provider: IdentityProvider, account: Account, subject: str) -> None:
    now = clock.now()
    used = Identity.objects.filter(provider=provider, subject=subject, account=account).update(last_used_at=now)
    if not used:
        identity = _linked(provider, account.pk, subject)
        Identity.objects.filter(pk=identity.pk).update(last_used_at=now)
    _tell("sign_in", provider, account.pk)


def _linked(provider: IdentityProvider, account_id: int, subject: str) -> Identity:
    try:
        with transaction.atomic():
            identity = Identity.objects.create(
                provider=provider, subject=subject, account_id=account_id, linked_at=clock.now()
            )
    except IntegrityError as error:
        raise IdentityTaken(provider=provider.shown_name) from error
    _tell("link", provider, account_id)
    return identity


def _tell(what: str, provider: IdentityProvider, account_id: int) -> None:
    unit_id = actor_for(account_id).unit_id
    record(f"people:identity:{what}", subject=f"account:{account_id}", unit_id=unit_id, data={"provider": provider.key})


def _fault(given: Mapping[str, Any]) -> Any:
    """What is wrong with a provider as given; None where nothing is."""
    issuer = urlsplit(given["issuer"])
    at_home = settings.HAICAP_DEMO and issuer.scheme == "http" and issuer.hostname in {"localhost", "127.0.0.1", "::1"}
    if not KEY.fullmatch(given["key"]):
        return bi("khóa gồm 2–40 chữ thường, số, gạch nối", "a key has 2–40 small letters, digits, hyphens")
    if not issuer.hostname or issuer.query or issuer.fragment or not (issuer.scheme == "https" or at_home):
        return bi("issuer là một địa chỉ https", "the issuer is an https address")
    if given["audience"] not in IdentityProvider.Audience.values:
        return bi("dành cho staff hoặc citizens", "it is for staff or for citizens")
    if given["audience"] == IdentityProvider.Audience.CITIZENS and not given.get("claim"):
        return bi("ghi claim chứa số định danh", "name the claim with the personal identification number")
    if given.get("secret_from") and given["secret_from"].partition(":")[0] not in {"env", "file"}:
        return bi("nơi để mật khẩu ứng dụng: env:TÊN hoặc file:ĐƯỜNG DẪN", "a secret lies in env:NAME or file:PATH")
    if not given["client_id"] or not given["name"]:
        return bi("ghi tên và client_id", "give a name and a client_id")
    if "openid" not in given.get("scopes", "openid").split():
        return bi("scopes phải có openid", "the scopes must have openid")
    return None
