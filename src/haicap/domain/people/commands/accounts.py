"""Accounts and signing in."""

from __future__ import annotations

import secrets
from datetime import datetime
from unicodedata import normalize

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from haicap.domain.people.commands.passes import end_other_sessions, new_session
from haicap.domain.people.errors import (
    PasswordIsName,
    PasswordLength,
    PasswordsDiffer,
    PasswordWrong,
    SignInPaused,
    SignInRefused,
)
from haicap.domain.people.models import Account
from haicap.domain.people.queries import account_of, actor_for, second_factor_of
from haicap.domain.people.rules import (
    PASSWORD_LEAST,
    PASSWORD_MOST,
    SIGN_IN_FAILURES_ALLOWED,
    SIGN_IN_PAUSE,
    is_the_name,
)
from haicap.kernel import clock
from haicap.kernel.audit.commands import record
from haicap.kernel.scope import Actor, entered

# Compared against when the name is unknown, so that the answer takes as long as for a known one.
_NOBODYS_PASSWORD = ""


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
    return make_password(normalize("NFC", password))


def sign_in(name: str, password: str) -> tuple[Account, int | None]:
    """Check a name and password; gives the account and the number of its new session, None while it owes a second step
    (`take_second_step`): until then nothing is open.

    Raises SignInRefused, or SignInPaused after too many failures in a row. Both take the time of one password check.
    """
    account = Account.objects.active().filter(name=name.strip().lower()).first()
    now = clock.now()
    if account:
        _refuse_pause(account, now)
    if not _is_right(password, account.password if account else _nobodys_password()) or account is None:
        if account:
            _count_failure(account, now)
        raise SignInRefused(field="password")
    Account.objects.filter(pk=account.pk).update(failures=0, paused_until=None)
    with entered(actor_for(account.pk)):
        owes = second_factor_of(account.pk).on_since is not None
    return account, None if owes else new_session(account.pk)


def check_own_password(actor: Actor, password: str) -> Account:
    """Somebody who is signed in proves again that they know their password; gives their account.

    Raises PasswordWrong, or SignInPaused: wrong ones count as at the door. Let the transaction commit, or they do not.
    """
    account, now = account_of(actor), clock.now()
    _refuse_pause(account, now)
    if not _is_right(password, account.password):
        _count_failure(account, now)
        raise PasswordWrong(field="password")
    Account.objects.filter(pk=account.pk).update(failures=0, paused_until=None)
    return account


def change_password(*, actor: Actor, old: str, new: str, again: str) -> None:
    """Give the actor's account another password; ends its other sessions, its tokens stay.

    Raises what `check_own_password` does, PasswordsDiffer, PasswordLength, PasswordIsName.
    """
    account = check_own_password(actor, old)
    if new != again:
        raise PasswordsDiffer(field="again")
    if not PASSWORD_LEAST <= len(normalize("NFC", new)) <= PASSWORD_MOST:
        raise PasswordLength(field="new", least=PASSWORD_LEAST, most=PASSWORD_MOST)
    if is_the_name(new, account.name) or is_the_name(new, account.full_name):
        raise PasswordIsName(field="new")
    Account.objects.filter(pk=account.pk).update(password=hash_password(new))
    end_other_sessions(actor=actor)
    record("people:password:change", subject=f"account:{account.pk}", unit_id=actor.unit_id)


def _is_right(password: str, stored: str) -> bool:
    return check_password(normalize("NFC", password), stored)


def _refuse_pause(account: Account, now: datetime) -> None:
    if account.paused_until and account.paused_until > now:
        raise SignInPaused(minutes=int((account.paused_until - now).total_seconds() // 60) + 1)


def _nobodys_password() -> str:
    global _NOBODYS_PASSWORD  # noqa: PLW0603 - made once a process
    if not _NOBODYS_PASSWORD:
        _NOBODYS_PASSWORD = make_password(secrets.token_urlsafe())
    return _NOBODYS_PASSWORD


def _count_failure(account: Account, now: datetime) -> None:
    Account.objects.filter(pk=account.pk).update(failures=F("failures") + 1)
    if account.failures + 1 >= SIGN_IN_FAILURES_ALLOWED:
        Account.objects.filter(pk=account.pk).update(failures=0, paused_until=now + SIGN_IN_PAUSE)
