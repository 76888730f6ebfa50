"""Accounts and signing in."""

from __future__ import annotations

import secrets
from unicodedata import normalize

from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.db import IntegrityError, connection, transaction

from haicap.domain.people.commands.attempts import Attempts, Source
from haicap.domain.people.commands.passes import end_other_sessions, new_session
from haicap.domain.people.errors import (
    NameTaken,
    PasswordIsName,
    PasswordIsOld,
    PasswordLength,
    PasswordsDiffer,
    PasswordWrong,
    SignInRefused,
)
from haicap.domain.people.models import Account
from haicap.domain.people.queries import account_at_door, account_of, actor_for, second_factor_of, stored_password
from haicap.domain.people.rules import PASSWORD_LEAST, PASSWORD_MOST, is_the_name
from haicap.kernel import clock
from haicap.kernel.audit.commands import record
from haicap.kernel.scope import Actor, entered

# Compared against when the name is unknown, so that the answer takes as long as for a known one.
_NOBODYS_PASSWORD = ""
NOWHERE = Source()


def open_account(
    *, name: str, full_name: str, password_hash: str, synthetic: bool = False, first: bool = False
) -> Account:
    """Open an account; `password_hash` comes from `hash_password`. `first`: whoever acts hands the password over, and its owner
    must choose another. Raises NameTaken. Two statements."""
    name, now = name.strip().lower(), clock.now()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT people_open_account(%s, %s, %s, %s, %s, %s)",
                           [name, full_name, password_hash, now, synthetic, first])  # fmt: skip
            number = cursor.fetchone()[0]
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    account = account_at_door(number=number)
    assert account is not None  # noqa: S101 - made a statement ago
    return account


def hash_password(password: str) -> str:
    """The stored form of a password (argon2id)."""
    return make_password(normalize("NFC", password))


def sign_in(name: str, password: str, source: Source = NOWHERE) -> tuple[Account, int | None]:
    """Check a name and password; gives the account and the number of its new session, None while it owes a second step
    (`take_second_step`, `take_passkey_step`): until then nothing is open.

    Raises SignInRefused, or SignInPaused while `source` has failed too often at this name. A wrong password and a name that
    nobody has, has no longer, or that signs in elsewhere take the same statements, one password check and one sentence.
    """
    name = name.strip().lower()
    account = account_at_door(name=name)
    attempts = Attempts.at(name, source.of(account.pk if account else None))
    attempts.refuse_pause()
    if not _is_right(password, account) or account is None:
        attempts.count()
        raise SignInRefused(field="password")
    attempts.forget()
    with entered(actor_for(account.pk)):
        owes = second_factor_of(account.pk).on_since is not None
    return account, None if owes else new_session(account.pk)


def check_own_password(actor: Actor, password: str) -> Account:
    """Somebody who is signed in proves again that they know their password; gives their account.

    Raises PasswordWrong, or SignInPaused: wrong ones count as at the door, for this session alone. Let the transaction
    commit, or they do not.
    """
    account = account_of(actor)
    attempts = Attempts.at(account.name, f"pass:{actor.pass_id}")
    attempts.refuse_pause()
    if not _is_right(password, account):
        attempts.count()
        raise PasswordWrong(field="password")
    attempts.forget()
    return account


def change_password(*, actor: Actor, old: str, new: str, again: str) -> None:
    """Give the actor's account another password; ends its other sessions, its tokens stay.

    Raises what `check_own_password` does, PasswordsDiffer, PasswordLength, PasswordIsName, PasswordIsOld.
    """
    account = check_own_password(actor, old)
    if new != again:
        raise PasswordsDiffer(field="again")
    if not PASSWORD_LEAST <= len(normalize("NFC", new)) <= PASSWORD_MOST:
        raise PasswordLength(field="new", least=PASSWORD_LEAST, most=PASSWORD_MOST)
    if is_the_name(new, account.name) or is_the_name(new, account.full_name):
        raise PasswordIsName(field="new")
    if new == old:
        raise PasswordIsOld(field="new")
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_choose_password(%s)", [hash_password(new)])
    end_other_sessions(actor=actor)
    record("people:password:change", subject=f"account:{account.pk}", unit_id=actor.unit_id)


def _is_right(password: str, account: Account | None) -> bool:
    """One password check, whoever is asked for: also for nobody, and for somebody who has no password here."""
    nobodys = _nobodys_password()  # made here for everybody, lest the first name without a password be told by its time
    stored = stored_password(account.pk if account else 0)  # asked for nobody too: the same statements, the same time
    stored = stored if is_password_usable(stored) else ""
    return check_password(normalize("NFC", password), stored or nobodys) and bool(stored)


def _nobodys_password() -> str:
    global _NOBODYS_PASSWORD  # noqa: PLW0603 - made once a process
    if not _NOBODYS_PASSWORD:
        _NOBODYS_PASSWORD = make_password(secrets.token_urlsafe())
    return _NOBODYS_PASSWORD
