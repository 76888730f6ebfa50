"""What somebody sees of their own account. Each asks inside `entered(actor)`: the database shows nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from haicap.domain.people.errors import AccountUnknown
from haicap.domain.people.models import Account, RecoveryCode, SecondFactor
from haicap.kernel import clock
from haicap.kernel.scope import Actor


@dataclass(frozen=True)
class OwnPass:
    """A session or token that is alive; `here`: the one that asks."""

    id: int
    kind: str
    scopes: str
    since: datetime
    until: datetime
    here: bool

    @property
    def is_token(self) -> bool:
        """True for an API token."""
        return self.kind == "token"


@dataclass(frozen=True)
class Standing:
    """The second factor of an account: since when (None for off), and how many recovery codes are unused."""

    on_since: datetime | None
    recovery_left: int


def account_of(actor: Actor) -> Account:
    """The actor's account. Raises AccountUnknown for the public and for jobs."""
    account = Account.objects.active().filter(pk=actor.account_id or 0).first()
    if account is None:
        raise AccountUnknown(name=actor.name)
    return account


def own_passes(actor: Actor) -> list[OwnPass]:
    """The actor's sessions and tokens that are alive, the newest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, scopes, created_at, expires_at FROM scope_own_passes()")
        return [
            OwnPass(pk, kind, scopes, clock.local(since), clock.local(until), pk == actor.pass_id)
            for pk, kind, scopes, since, until in cursor.fetchall()
        ]


def second_factor_of(account_id: int) -> Standing:
    """The standing of the second factor. Two statements."""
    since = SecondFactor.objects.filter(pk=account_id).values_list("on_since", flat=True).first()
    return Standing(since, RecoveryCode.objects.filter(account_id=account_id, used_at=None).count() if since else 0)
