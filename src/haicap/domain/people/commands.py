"""Accounts, posts, sign-ins and tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.db.models import F

from haicap.domain.people.errors import ScopeUnknown, SignInPaused, SignInRefused, TokenUnknown
from haicap.domain.people.models import Account, Agency, Appointment
from haicap.domain.people.queries import account_named, forget_actors
from haicap.domain.people.rules import (
    COMMUNE_AGENCIES,
    PROVINCE_AGENCIES,
    SESSION_LIFE,
    SIGN_IN_FAILURES_ALLOWED,
    SIGN_IN_PAUSE,
    agency_name,
)
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitKind, UnitLevel
from haicap.kernel import clock
from haicap.kernel.scope import Actor
from haicap.kernel.scope.models import Pass

TOKEN_SCOPES = ("dossiers:read", "dossiers:write", "procedures:write")
# A pass lives by the database's clock, which also says whether it is still alive.
_NEW_LIFE = """
SELECT scope_new_pass(%s, %s, %s, begins, ends), begins, ends
FROM (SELECT now() AS begins, now() + make_interval(secs => %s) AS ends) life
"""
_BEARER = Signer(salt="haicap.bearer")
# Compared against when the name is unknown, so that the answer takes as long as for a known one.
_NOBODYS_PASSWORD = ""


@dataclass(frozen=True)
class IssuedToken:
    """A bearer token, shown once."""

    token: str
    id: int
    expires: datetime


def establish_agencies(units: Iterable[Unit]) -> int:
    """Give each unit the agencies that the law gives it (Decree 150/2025/NĐ-CP); gives how many were new.

    The agency id is provisional (see `_identifier`) until an administrator enters the national one.
    """
    fresh = []
    for unit in units:
        province = unit.level == UnitLevel.PROVINCE
        head = _identifier(unit)
        for kind in PROVINCE_AGENCIES if province else COMMUNE_AGENCIES:
            # The center's id is the unit's own: dossier codes begin with it.
            identifier = head if kind == ("committee" if province else "center") else f"{head}.{kind}"
            name = agency_name(kind, unit.name, ward=unit.kind == UnitKind.WARD)
            fresh.append(Agency(unit=unit, kind=kind, name=name, identifier=identifier))
    before = Agency.objects.count()
    Agency.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    forget_actors()
    return Agency.objects.count() - before


def _identifier(unit: Unit) -> str:
    """ "province.commune", with the district between for a commune of the three-level time. An ended unit's id is never
    given to another, so a province of the past carries the day on which it ended."""
    if unit.level == UnitLevel.PROVINCE:
        return f"{unit.code}@{unit.valid_to}" if unit.valid_to else unit.code
    above = [unit.province_code, unit.parent_code] if unit.parent_code != unit.province_code else [unit.province_code]
    return ".".join([*filter(None, above), unit.code])


def open_account(*, name: str, full_name: str, password_hash: str, synthetic: bool = False) -> Account:
    """Open (or renew) an account; `password_hash` comes from `hash_password`."""
    account, _ = Account.objects.update_or_create(
        name=name.strip().lower(),
        defaults={"full_name": full_name, "password": password_hash, "active": True, "synthetic": synthetic},
        create_defaults={
            "full_name": full_name, "password": password_hash, "synthetic": synthetic, "created_at": clock.now(),
        },
    )  # fmt: skip
    return account


def hash_password(password: str) -> str:
    """The stored form of a password (argon2id)."""
    return make_password(password)


def appoint(*, account: Account, agency: Agency, role: str, valid_from: date, valid_to: date | None = None) -> None:
    """Give `account` a role in an agency from a day on; does nothing where it is so already."""
    Appointment.objects.get_or_create(
        account=account, agency=agency, role=role, valid_from=valid_from, defaults={"valid_to": valid_to}
    )
    end_passes(account.pk, keep_tokens=True)
    forget_actors()


def sign_in(name: str, password: str) -> tuple[Account, int]:
    """Check a name and password; gives the account and the number of its new session.

    Raises SignInRefused, or SignInPaused after too many failures in a row. Both take the time of one password check.
    """
    account = Account.objects.active().filter(name=name.strip().lower()).first()
    now = clock.now()
    if account and account.paused_until and account.paused_until > now:
        raise SignInPaused(minutes=int((account.paused_until - now).total_seconds() // 60) + 1)
    if not check_password(password, account.password if account else _nobodys_password()) or account is None:
        if account:
            _count_failure(account, now)
        raise SignInRefused(field="password")
    Account.objects.filter(pk=account.pk).update(failures=0, paused_until=None)
    return account, new_session(account.pk)


def new_session(account_id: int) -> int:
    """Open a session for an account whose password (or other proof) was checked; gives the number of its pass."""
    return int(_new_pass(account_id, Pass.Kind.SESSION, "*", SESSION_LIFE).pk)


def _nobodys_password() -> str:
    global _NOBODYS_PASSWORD  # noqa: PLW0603 - made once a process
    if not _NOBODYS_PASSWORD:
        _NOBODYS_PASSWORD = make_password(secrets.token_urlsafe())
    return _NOBODYS_PASSWORD


def _count_failure(account: Account, now: datetime) -> None:
    Account.objects.filter(pk=account.pk).update(failures=F("failures") + 1)
    if account.failures + 1 >= SIGN_IN_FAILURES_ALLOWED:
        Account.objects.filter(pk=account.pk).update(failures=0, paused_until=now + SIGN_IN_PAUSE)


def sign_out(actor: Actor) -> None:
    """End the actor's session, also for copies of its cookie."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_end_pass(%s, %s)", [actor.pass_id, actor.account_id])


def end_passes(account_id: int, *, keep_tokens: bool = False) -> None:
    """End all sessions (and tokens) of an account: its posts, password or standing have changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_end_all(%s, %s)", [account_id, keep_tokens])


def issue_token(*, account: str, scopes: Iterable[str], days: int) -> IssuedToken:
    """A bearer token for an account, with scopes of `TOKEN_SCOPES`, alive for `days`. Raises ScopeUnknown."""
    wanted = sorted(set(scopes)) or list(TOKEN_SCOPES)
    for scope in wanted:
        if scope not in TOKEN_SCOPES:
            raise ScopeUnknown(scope=scope, known=", ".join(TOKEN_SCOPES))
    holder = account_named(account)
    token = _new_pass(holder.pk, Pass.Kind.TOKEN, " ".join(wanted), timedelta(days=days))
    text = _BEARER.sign(f"{token.pk}.{holder.pk}.{'+'.join(wanted)}")
    return IssuedToken(f"hc_{text}", token.pk, token.expires_at)


@lru_cache(maxsize=4096)
def read_token(bearer: str) -> tuple[int, int, frozenset[str]] | None:
    """The pass, account and scopes that a bearer token names, or None for a forged one.

    Touches no database, and keeps what it has verified: whether the pass is still alive is asked of the database.
    """
    try:
        pass_id, account_id, scopes = _BEARER.unsign(bearer.removeprefix("hc_")).split(".", 2)
        return int(pass_id), int(account_id), frozenset(scopes.split("+"))
    except (BadSignature, ValueError):
        return None


def revoke_token(token_id: int) -> None:
    """End a token at once. Raises TokenUnknown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_revoke(%s)", [token_id])
        if not cursor.fetchone()[0]:
            raise TokenUnknown(id=token_id)


def _new_pass(account_id: int, kind: str, scopes: str, life: timedelta) -> Pass:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NEW_LIFE, [account_id, kind, scopes, life.total_seconds()])
        pk, begins, ends = cursor.fetchone()
    return Pass(pk=pk, actor_id=account_id, kind=kind, scopes=scopes, created_at=clock.local(begins),
                expires_at=clock.local(ends))  # fmt: skip
