"""Accounts and signing in."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from haicap.domain.people.commands.passes import new_session
from haicap.domain.people.errors import SignInPaused, SignInRefused
from haicap.domain.people.models import Account
from haicap.domain.people.rules import SIGN_IN_FAILURES_ALLOWED, SIGN_IN_PAUSE
from haicap.kernel import clock

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
    return make_password(password)


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


def _nobodys_password() -> str:
    global _NOBODYS_PASSWORD  # noqa: PLW0603 - made once a process
    if not _NOBODYS_PASSWORD:
        _NOBODYS_PASSWORD = make_password(secrets.token_urlsafe())
    return _NOBODYS_PASSWORD


def _count_failure(account: Account, now: datetime) -> None:
    Account.objects.filter(pk=account.pk).update(failures=F("failures") + 1)
    if account.failures + 1 >= SIGN_IN_FAILURES_ALLOWED:
        Account.objects.filter(pk=account.pk).update(failures=0, paused_until=now + SIGN_IN_PAUSE)
