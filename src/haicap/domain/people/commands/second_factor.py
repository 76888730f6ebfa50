"""The second factor: turned on and off, its recovery codes, and the second step of signing in."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from haicap.domain.people.commands.attempts import minutes_until
from haicap.domain.people.commands.passes import new_session
from haicap.domain.people.errors import (
    CodeRefused,
    SecondFactorMissing,
    SecondFactorStands,
    SecondStepExpired,
    SignInPaused,
)
from haicap.domain.people.models import Passkey, RecoveryCode, SecondFactor
from haicap.domain.people.queries import actor_for
from haicap.domain.people.rules import RECOVERY_CODES, pause_after
from haicap.kernel import clock, totp
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import DomainError
from haicap.kernel.scope import Actor, entered

SECRET_BYTES = 20  # RFC 4226, 4: at least 128 bits, 160 recommended
_SEED_BYTES = 16
_CODE_BYTES = 10  # 80 bits, 16 letters of base32


@dataclass(frozen=True)
class Opened:
    """A second step that was passed: the new session, and, where a recovery code did it, how many are left."""

    pass_id: int
    recovery_left: int | None = None


def new_seed() -> bytes:
    """What a new second factor is derived from."""
    return secrets.token_bytes(_SEED_BYTES)


def secret_of(account_id: int, seed: bytes, *, key: str | bytes | None = None) -> bytes:
    """The secret that an account's telephone holds, derived from the installation's secret key (HMAC-SHA-256 as a
    pseudo-random function): the database alone, or a copy of it, makes no codes."""
    derived = salted_hmac("haicap.totp", f"{account_id}.{seed.hex()}", secret=key, algorithm="sha256")
    return derived.digest()[:SECRET_BYTES]


def turn_on(*, actor: Actor, seed: bytes, code: str) -> list[str]:
    """Turn codes by time on, once the telephone shows the right one; gives the recovery codes, to be shown once, or none
    where passkeys have brought them already.

    Raises SecondFactorStands, or CodeRefused. Runs inside `entered(actor)`, as its neighbours do.
    """
    own = own_account_id(actor)
    factor = SecondFactor.objects.select_for_update().filter(pk=own).first()
    if factor and factor.seed is not None:
        raise SecondFactorStands
    step = _matching_step(own, seed, code, after=-1)
    if step is None:
        raise CodeRefused(field="code")
    if factor:
        SecondFactor.objects.filter(pk=own).update(seed=seed, last_step=step)
    else:
        SecondFactor.objects.create(account_id=own, seed=seed, on_since=clock.now(), last_step=step)
    tell(actor, "second_factor:on")
    return [] if factor else fresh_codes(own)


def turn_off(*, actor: Actor) -> None:
    """Turn codes by time off; with the last factor its recovery codes go too. Raises SecondFactorMissing."""
    own = own_account_id(actor)
    if not SecondFactor.objects.filter(pk=own, seed__isnull=False).update(seed=None, last_step=-1):
        raise SecondFactorMissing
    off_where_bare(own)
    tell(actor, "second_factor:off")


def turn_all_off(*, actor: Actor) -> None:
    """Turn the second factor off altogether: codes, passkeys, recovery codes. Raises SecondFactorMissing."""
    own = own_account_id(actor)
    if not SecondFactor.objects.filter(pk=own).exists():
        raise SecondFactorMissing
    Passkey.objects.filter(account_id=own).delete()
    SecondFactor.objects.filter(pk=own).update(seed=None)
    off_where_bare(own)
    tell(actor, "second_factor:off")


def off_where_bare(own: int) -> None:
    """Without a telephone and without passkeys there is no second step, and nothing for recovery codes to stand in for."""
    if Passkey.objects.filter(account_id=own).exists():
        return
    if SecondFactor.objects.filter(pk=own, seed=None).delete()[0]:
        RecoveryCode.objects.filter(account_id=own).delete()


def renew_recovery_codes(*, actor: Actor) -> list[str]:
    """New recovery codes in place of the old ones, used or not; to be shown once. Raises SecondFactorMissing."""
    own = own_account_id(actor)
    if not SecondFactor.objects.select_for_update().filter(pk=own).exists():
        raise SecondFactorMissing
    tell(actor, "recovery_codes:renew")
    return fresh_codes(own)


def take_second_step(account_id: int, code: str) -> Opened:
    """Open a session for an account whose password was right, if `code` is its telephone's or an unused recovery code.

    Raises CodeRefused, SignInPaused after `CODES_ALLOWED` wrong ones, SecondStepExpired where there is no second factor
    any more. Wrong codes are counted on a row that only this account's password leads to: nobody else can lock it.
    """
    actor = actor_for(account_id)
    with entered(actor):  # what was counted stays, so the refusal is raised outside
        answer = _judged(actor, account_id, code)
    if isinstance(answer, DomainError):
        raise answer
    return Opened(new_session(account_id), answer)


def _judged(actor: Actor, own: int, code: str) -> DomainError | int | None:
    now = clock.now()
    # The lock makes two copies of one request two requests: the second one finds the code used.
    factor = SecondFactor.objects.select_for_update().filter(pk=own).first()
    if factor is None:
        return SecondStepExpired()
    if factor.paused_until and factor.paused_until > now:
        return _paused(factor.paused_until, now)
    step = _matching_step(own, bytes(factor.seed), code, after=factor.last_step) if factor.seed is not None else None
    if step is not None:
        SecondFactor.objects.filter(pk=own).update(last_step=step, failures=0, paused_until=None)
        return None
    unused = RecoveryCode.objects.filter(account_id=own, used_at=None)
    if unused.filter(digest=_digest(code)).update(used_at=now):
        SecondFactor.objects.filter(pk=own).update(failures=0, paused_until=None)
        left = unused.count()
        tell(actor, "recovery_code:use", left=left)
        return left
    return _counted(actor, factor, now)


def _counted(actor: Actor, factor: SecondFactor, now: datetime) -> DomainError:
    failures = factor.failures + 1
    pause = pause_after(failures)
    until = now + pause if pause else None
    SecondFactor.objects.filter(pk=factor.pk).update(failures=failures, paused_until=until)
    if until is None:
        return CodeRefused(field="code")
    tell(actor, "second_factor:pause", failures=failures)
    return _paused(until, now)


def _paused(until: datetime, now: datetime) -> SignInPaused:
    return SignInPaused(minutes=minutes_until(until, now))


def _matching_step(own: int, seed: bytes, code: str, *, after: int) -> int | None:
    """The step of a typed code, by the present secret key or, while keys change, by one before it."""
    typed, now = "".join(code.split()), clock.now()
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        step = totp.matching_step(secret_of(own, seed, key=key), typed, now, after=after)
        if step is not None:
            return step
    return None


def fresh_codes(own: int) -> list[str]:
    """New recovery codes in place of all old ones."""
    RecoveryCode.objects.filter(account_id=own).delete()
    letters = [base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    codes = ["-".join(text[i : i + 4] for i in range(0, len(text), 4)) for text in letters]
    RecoveryCode.objects.bulk_create(RecoveryCode(account_id=own, digest=_digest(code)) for code in codes)
    return codes


def _digest(code: str) -> bytes:
    return hashlib.sha256("".join(c for c in code.upper() if c.isalnum()).encode()).digest()


def own_account_id(actor: Actor) -> int:
    """The actor's account. Raises SecondFactorMissing for the public and for jobs."""
    if actor.account_id is None:
        raise SecondFactorMissing
    return actor.account_id


def tell(actor: Actor, what: str, **facts: Any) -> None:
    """A line in the trail of the actor's account."""
    record(f"people:{what}", subject=f"account:{actor.account_id}", unit_id=actor.unit_id, data=facts)
