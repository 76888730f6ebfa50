"""Passes: the sessions and tokens of accounts, opened, read and ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.core.signing import BadSignature, Signer
from django.db import connection, transaction

from haicap.domain.people.errors import PassUnknown, ScopeUnknown, TokenForGuests, TokenUnknown
from haicap.domain.people.queries import account_named
from haicap.domain.people.queries.support import is_guest
from haicap.domain.people.rules import SESSION_LIFE
from haicap.kernel import clock
from haicap.kernel.audit.commands import record
from haicap.kernel.scope import Actor
from haicap.kernel.scope.models import Pass

TOKEN_SCOPES = ("dossiers:read", "dossiers:reveal", "dossiers:write", "procedures:write")
# A pass lives by the database's clock, which also says whether it is still alive.
_NEW_LIFE = """
SELECT scope_new_pass(%s, %s, %s, begins, ends), begins, ends
FROM (SELECT now() AS begins, now() + make_interval(secs => %s) AS ends) life
"""
_BEARER = Signer(salt="haicap.bearer")


@dataclass(frozen=True)
class IssuedToken:
    """A bearer token, shown once."""

    token: str
    id: int
    expires: datetime


def new_session(account_id: int) -> int:
    """Open a session for an account whose password (or other proof) was checked; gives the number of its pass."""
    kind = Pass.Kind.GUEST if is_guest(account_id) else Pass.Kind.SESSION
    return int(_new_pass(account_id, kind, "*", SESSION_LIFE).pk)


def sign_out(actor: Actor) -> None:
    """End the actor's session, also for copies of its cookie."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_end_pass(%s, %s)", [actor.pass_id, actor.account_id])


def end_passes(account_id: int, *, keep_tokens: bool = False) -> None:
    """End all sessions (and tokens) of an account: its posts, password or standing have changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_end_all(%s, %s)", [account_id, keep_tokens])


def end_own_pass(*, actor: Actor, pass_id: int) -> None:
    """End one session or token of the actor's own. Raises PassUnknown for one that has ended or is somebody else's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_end_own(%s)", [pass_id])
        kind = cursor.fetchone()[0]
    if kind is None:
        raise PassUnknown
    record(f"people:{kind}:end", subject=f"account:{actor.account_id}", unit_id=actor.unit_id, data={"pass": pass_id})


def end_other_sessions(*, actor: Actor) -> int:
    """End every session of the actor's but the one that asks; tokens stay. Gives how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_end_other_sessions(%s)", [actor.pass_id])
        ended = int(cursor.fetchone()[0])
    if ended:
        facts = {"ended": ended}
        record("people:session:end_others", subject=f"account:{actor.account_id}", unit_id=actor.unit_id, data=facts)
    return ended


def issue_token(*, account: str, scopes: Iterable[str], days: int) -> IssuedToken:
    """A bearer token for an account, with scopes of `TOKEN_SCOPES`, alive for `days`. Raises ScopeUnknown, TokenForGuests."""
    wanted = sorted(set(scopes)) or list(TOKEN_SCOPES)
    for scope in wanted:
        if scope not in TOKEN_SCOPES:
            raise ScopeUnknown(scope=scope, known=", ".join(TOKEN_SCOPES))
    holder = account_named(account)
    if is_guest(holder.pk):
        raise TokenForGuests()
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
