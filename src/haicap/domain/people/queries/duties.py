"""What somebody who has signed in must do before anything else, and whose roles ask for a second factor."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from haicap.domain.people.errors import AccountUnknown
from haicap.domain.people.models import Account
from haicap.domain.people.queries.actors import actor_for
from haicap.domain.people.queries.doors import account_at_door
from haicap.domain.people.rules import Role


class Duty(StrEnum):
    """One step before the work begins."""

    PASSWORD = "password"  # noqa: S105 - a duty, not a secret
    FACTOR = "factor"


def roles_that_must() -> tuple[Role, ...]:
    """The roles whose holders must have a second factor: the setting HAICAP_SECOND_FACTOR_ROLES. Raises ImproperlyConfigured
    for a role that does not exist; asked once at the start, so that a slip of the pen stops there."""
    unknown = sorted(set(settings.HAICAP_SECOND_FACTOR_ROLES) - set(Role.values))
    if unknown:
        raise ImproperlyConfigured(
            f"HAICAP_SECOND_FACTOR_ROLES names {', '.join(unknown)}; the roles are {', '.join(Role.values)} (with blanks between)"
        )
    return tuple(Role(name) for name in settings.HAICAP_SECOND_FACTOR_ROLES)


def must_have_factor(account: Account) -> bool:
    """True for a holder of such a role today. Synthetic accounts share a password that everybody may read, so a second
    factor would guard nothing: they are exempt."""
    actor = actor_for(account.pk)
    held = actor.role_names.union(one.role for one in actor.stands_in_part)
    return not account.synthetic and not held.isdisjoint(roles_that_must())


def duty_of(account_id: int) -> Duty | None:
    """The first thing that the account must do; None where it may go to work. At most two statements (and the actor's).
    Raises AccountUnknown."""
    account = account_at_door(number=account_id)
    if account is None:
        raise AccountUnknown(name=account_id)
    if account.password_is_first:
        return Duty.PASSWORD
    return Duty.FACTOR if must_have_factor(account) and not with_second_factor([account_id]) else None


def with_second_factor(account_ids: Collection[int]) -> set[int]:
    """Those of the accounts that have a second factor. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_with_second_factor(%s)", [list(account_ids)])
        return {found for (found,) in cursor.fetchall()}
