"""What somebody sees of their own account. Each asks inside `entered(actor)`: the database shows nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from haicap.domain.people.errors import AccountUnknown
from haicap.domain.people.models import Account, FactorReset, Passkey, RecoveryCode, SecondFactor
from haicap.domain.people.queries.doors import with_names
from haicap.kernel import clock
from haicap.kernel.scope import Actor

RESETS_SHOWN = 5


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
    """The second factor of an account: since when (None for off), by a telephone's codes or not, by how many passkeys, and
    how many recovery codes are unused."""

    on_since: datetime | None
    telephone: bool = False
    passkeys: int = 0
    recovery_left: int = 0


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
    """The standing of the second factor. One statement, three where it is on."""
    factor = SecondFactor.objects.filter(pk=account_id).values_list("on_since", "seed").first()
    if factor is None:
        return Standing(None)
    passkeys = Passkey.objects.filter(account_id=account_id).count()
    left = RecoveryCode.objects.filter(account_id=account_id, used_at=None).count()
    return Standing(factor[0], factor[1] is not None, passkeys, left)


def own_passkeys(actor: Actor) -> list[Passkey]:
    """The actor's passkeys, the oldest first. One statement."""
    return list(Passkey.objects.filter(account_id=actor.account_id or 0).order_by("pk"))


def own_resets(actor: Actor) -> list[FactorReset]:
    """What administrators asked and decided about the actor's second factor, the newest first. Two statements."""
    rows = FactorReset.objects.filter(account_id=actor.account_id or 0)
    return with_names(rows.order_by("-pk")[:RESETS_SHOWN], "asked_by", "decided_by")
