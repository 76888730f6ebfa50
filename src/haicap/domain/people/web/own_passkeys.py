"""Passkeys of one's own, on `/tai-khoan/`: made and removed after the password was asked for again."""

from __future__ import annotations

import json

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from haicap.domain.people.access import owns_account
from haicap.domain.people.commands import add_passkey, begin_passkey, check_own_password, remove_passkey
from haicap.domain.people.errors import PasskeyUnreadable
from haicap.domain.people.rules import CHALLENGE_LIFE, LONGEST_PASSKEY_NAME
from haicap.domain.people.web import identity, passkeys
from haicap.domain.people.web.own_account import PAGE, actor_in, frame_of, page, show_codes, typed
from haicap.domain.people.web.places import next_place
from haicap.kernel.access import allow
from haicap.kernel.errors import DomainError

_SALT = "haicap.new-passkey"


@allow(owns_account, writes=True)
@require_POST
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """The password again and a name for the device, then the page from which the browser makes the key."""
    actor = actor_in(request)
    try:
        check_own_password(actor, typed(request, "password"))
        ceremony = begin_passkey(actor=actor)
    except DomainError as error:
        return page(request, "passkeys", error)
    name = typed(request, "name")[:LONGEST_PASSKEY_NAME]
    ticket = [actor.account_id, actor.pass_id, ceremony.challenge.hex(), name]
    context = {
        "frame": frame_of(request), "options": json.dumps(ceremony.options), "ticket": signing.dumps(ticket, salt=_SALT),
        "next": next_place(request, ""), "back": identity.FIRST_STEPS if identity.duty_in(request) else PAGE,
    }  # fmt: skip
    return render(request, "people/passkey_new.html", context)


@allow(owns_account, writes=True)
@require_POST
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """The key that the browser made; with the first factor come the recovery codes, shown this once."""
    try:
        challenge, name = _asked(request)
        codes = add_passkey(actor=actor_in(request), challenge=challenge, answer=passkeys.answer_in(request), name=name)
    except DomainError as error:
        return page(request, "passkeys", error)
    return show_codes(request, codes, fresh=True) if codes else HttpResponseRedirect(f"{PAGE}?xong=da-them")


@allow(owns_account, writes=True)
@require_POST
def remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """The password again, then one of one's own keys is removed; another's is not there."""
    actor = actor_in(request)
    try:
        check_own_password(actor, typed(request, "password"))
        remove_passkey(actor=actor, passkey_id=passkey_id)
    except DomainError as error:
        return page(request, "passkey", error)
    return HttpResponseRedirect(f"{PAGE}?xong=da-xoa")


def _asked(request: HttpRequest) -> tuple[bytes, str]:
    """The challenge that this very session was given, and the name. Raises PasskeyUnreadable for an old or foreign one."""
    actor = actor_in(request)
    try:
        account_id, pass_id, challenge, name = signing.loads(
            request.POST.get("ticket", ""), salt=_SALT, max_age=CHALLENGE_LIFE
        )
    except (signing.BadSignature, ValueError, TypeError):
        raise PasskeyUnreadable from None
    if (account_id, pass_id) != (actor.account_id, actor.pass_id):
        raise PasskeyUnreadable
    return bytes.fromhex(challenge), name
