"""Passkeys of an account: made, removed, and used, after a password or in place of one (WebAuthn Level 3).

A challenge lives `CHALLENGE_LIFE`, belongs to one browser (whoever calls sees to both) and counts once: what was answered
is kept until it would have died anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from haicap.domain.people.commands.passes import new_session
from haicap.domain.people.commands.second_factor import (
    Opened,
    fresh_codes,
    off_where_bare,
    own_account_id,
    tell,
)
from haicap.domain.people.errors import (
    PasskeyRefused,
    PasskeysFull,
    PasskeysImpossible,
    PasskeyStands,
    PasskeyUnknown,
    PasskeyUnreadable,
)
from haicap.domain.people.models import Account, Passkey, SecondFactor, SpentChallenge
from haicap.domain.people.queries import account_at_door, account_of, actor_for
from haicap.domain.people.rules import CHALLENGE_LIFE, LONGEST_PASSKEY_NAME, PASSKEYS_MOST, counts_on
from haicap.kernel import clock, webauthn
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor, entered
from haicap.kernel.text import clean

_HANDLE_BYTES = 8
_NAMELESS = bi("Khóa truy cập", "Passkey")


@dataclass(frozen=True)
class Ceremony:
    """What the browser is given, and the challenge in it that its answer must have signed."""

    options: Mapping[str, Any]
    challenge: bytes


def site() -> webauthn.Site:
    """What passkeys are bound to here. Raises PasskeysImpossible where the installation's address is a number."""
    found = webauthn.site_of(settings.HAICAP_BASE_URL)
    if found is None:
        raise PasskeysImpossible
    return found


def begin_passkey(*, actor: Actor) -> Ceremony:
    """Ask for a new passkey of the actor's account. Raises PasskeysFull, PasskeysImpossible. Inside `entered(actor)`."""
    account, here = account_of(actor), site()
    held = _numbers(account.pk)
    if len(held) >= PASSKEYS_MOST:
        raise PasskeysFull(most=PASSKEYS_MOST)
    challenge = webauthn.new_challenge()
    handle = account.pk.to_bytes(_HANDLE_BYTES, "big")
    options = webauthn.creation(here, challenge, handle=handle, name=account.name, shown=account.full_name, held=held)
    return Ceremony(options, challenge)


def add_passkey(*, actor: Actor, challenge: bytes, answer: Mapping[str, Any], name: str) -> list[str]:
    """Keep the passkey that the browser made; gives the recovery codes, to be shown once, where it is the first factor.

    Raises PasskeyUnreadable, PasskeyStands, PasskeysFull. Inside `entered(actor)`.
    """
    own = own_account_id(actor)
    factor = SecondFactor.objects.select_for_update().filter(pk=own).first()
    try:
        made = webauthn.made(site(), challenge, answer)
    except webauthn.Refused:
        raise PasskeyUnreadable from None
    if not _spent_now(own, challenge):
        raise PasskeyUnreadable
    held = _numbers(own)
    if made.number in held:
        raise PasskeyStands
    if len(held) >= PASSKEYS_MOST:
        raise PasskeysFull(most=PASSKEYS_MOST)
    now = clock.now()
    # Another account's key of this number cannot be seen; the database refuses it: numbers are random, so it is no accident.
    kept = Passkey.objects.bulk_create(
        [Passkey(account_id=own, name=clean(name)[:LONGEST_PASSKEY_NAME] or str(_NAMELESS), credential_id=made.number,
                 credential=made.credential, sign_count=made.count, created_at=now)], ignore_conflicts=True,
    )  # fmt: skip
    if not kept or not Passkey.objects.filter(account_id=own, credential_id=made.number).exists():
        raise PasskeyStands
    tell(actor, "passkey:add")
    if factor:
        return []
    SecondFactor.objects.create(account_id=own, seed=None, on_since=now, last_step=-1)
    return fresh_codes(own)


def remove_passkey(*, actor: Actor, passkey_id: int) -> None:
    """Remove one of the actor's own; with the last factor its recovery codes go too. Raises PasskeyUnknown."""
    own = own_account_id(actor)
    if not Passkey.objects.filter(pk=passkey_id, account_id=own).delete()[0]:
        raise PasskeyUnknown
    off_where_bare(own)
    tell(actor, "passkey:remove")


def ask_for_passkey(account_id: int | None = None) -> Ceremony:
    """A challenge for the second step of an account whose password was right, or (None) for somebody who has said nothing
    yet: then any key of this site will do, and the device must verify who holds it. Raises PasskeysImpossible."""
    challenge = webauthn.new_challenge()
    if account_id is None:
        return Ceremony(webauthn.request(site(), challenge, held=None, must_verify=True), challenge)
    with entered(actor_for(account_id)):
        held = _numbers(account_id)
    return Ceremony(webauthn.request(site(), challenge, held=held, must_verify=False), challenge)


def take_passkey_step(account_id: int, challenge: bytes, answer: Mapping[str, Any]) -> Opened:
    """Open a session for an account whose password was right, if one of its passkeys signed. Raises PasskeyRefused."""
    _insist(account_id, challenge, answer, must_verify=False)
    return Opened(new_session(account_id))


def sign_in_by_passkey(challenge: bytes, answer: Mapping[str, Any]) -> tuple[Account, int]:
    """Open a session by a passkey alone, whose device verified its user: possession and fingerprint (or PIN) are two
    factors. Gives the account and the session. Raises PasskeyRefused, for closed and unknown accounts alike."""
    try:
        _, handle = webauthn.number_of(answer)
    except webauthn.Refused:
        raise PasskeyRefused from None
    number = int.from_bytes(handle, "big") if len(handle) == _HANDLE_BYTES else 0
    account = account_at_door(number=number) if number < 2**63 else None
    if account is None:
        raise PasskeyRefused
    _insist(account.pk, challenge, answer, must_verify=True)
    return account, new_session(account.pk)


def _insist(account_id: int, challenge: bytes, answer: Mapping[str, Any], *, must_verify: bool) -> None:
    actor = actor_for(account_id)
    with entered(actor):  # what was noted stays, so the refusal is raised outside
        opens = _opens(actor, account_id, challenge, answer, must_verify)
    if not opens:
        raise PasskeyRefused


def _opens(actor: Actor, own: int, challenge: bytes, answer: Mapping[str, Any], must_verify: bool) -> bool:
    try:
        number, _ = webauthn.number_of(answer)
        # The lock makes two copies of one answer two requests: the second one finds the challenge spent.
        passkey = Passkey.objects.select_for_update().filter(account_id=own, credential_id=number).first()
        if passkey is None:
            return False
        said = webauthn.asserted(
            site(), challenge, answer, credential=bytes(passkey.credential), must_verify=must_verify
        )
    except webauthn.Refused:
        return False
    if not _spent_now(own, challenge):
        return False
    if not counts_on(passkey.sign_count, said.count):
        tell(actor, "passkey:counter", passkey=passkey.pk, kept=passkey.sign_count, said=said.count)
        return False
    Passkey.objects.filter(pk=passkey.pk).update(sign_count=said.count, last_used_at=clock.now())
    return True


def _spent_now(own: int, challenge: bytes) -> bool:
    """True the first time that the account answers `challenge`."""
    now = clock.now()
    SpentChallenge.objects.filter(account_id=own, spent_at__lt=now - 2 * CHALLENGE_LIFE).delete()
    digest = hashlib.sha256(challenge).digest()
    _, fresh = SpentChallenge.objects.get_or_create(account_id=own, digest=digest, defaults={"spent_at": now})
    return fresh


def _numbers(own: int) -> list[bytes]:
    return [bytes(one) for one in Passkey.objects.filter(account_id=own).values_list("credential_id", flat=True)]
