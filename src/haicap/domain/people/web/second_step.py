"""The second step of signing in: a code, or a passkey's answer."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from haicap.domain.people.commands import Opened, take_passkey_step, take_second_step
from haicap.domain.people.errors import (
    AccountUnknown,
    CodeRefused,
    PasskeyRefused,
    PasskeysImpossible,
    SecondStepExpired,
    SignInPaused,
)
from haicap.domain.people.models import Account
from haicap.domain.people.queries import Standing, actor_for, second_factor_of
from haicap.domain.people.web import between, passkeys
from haicap.domain.people.web.arrivals import arrived
from haicap.domain.people.web.places import home_of, next_place
from haicap.kernel.access import SIGN_IN, public
from haicap.kernel.scope import entered


@public
@never_cache
def code_page(request: HttpRequest) -> HttpResponse:
    """`/dang-nhap/ma/`: the code of the telephone, a recovery code, or a passkey's answer (`credential`)."""
    account = between.account_between(request)
    if account is None:
        return _from_the_start(request)
    problem, status = "", 200
    if request.method == "POST":
        try:
            return _signed_in(request, account, _passed(request, account))
        except (CodeRefused, PasskeyRefused, PasskeysImpossible, SignInPaused) as error:
            problem, status = error.sentence(), error.status if error.status == 429 else 422
        except (SecondStepExpired, AccountUnknown):
            return _from_the_start(request)
    standing = _standing(account)
    context = {
        "problem": problem, "next": next_place(request, ""), "standing": standing,
        "passkeys_offered": bool(standing.passkeys) and passkeys.offered(request),
    }  # fmt: skip
    response = render(request, "people/second_step.html", context, status=status)
    if request.method == "POST":
        passkeys.drop_challenge(response)
    return response


def _passed(request: HttpRequest, account: Account) -> Opened:
    if "credential" in request.POST:
        return take_passkey_step(account.pk, passkeys.challenge_of(request, account.pk), passkeys.answer_in(request))
    return take_second_step(account.pk, request.POST.get("code", "")[:50])


def _standing(account: Account) -> Standing:
    with entered(actor_for(account.pk), read_only=True):
        return second_factor_of(account.pk)


def _signed_in(request: HttpRequest, account: Account, opened: Opened) -> HttpResponse:
    target = next_place(request, home_of(account.pk))
    response: HttpResponse = HttpResponseRedirect(target)
    if opened.recovery_left is not None:
        response = render(request, "people/recovery_used.html", {"left": opened.recovery_left, "target": target})
    return arrived(request, response, account_id=account.pk, pass_id=opened.pass_id)


def _from_the_start(request: HttpRequest) -> HttpResponse:
    target = next_place(request, "")
    response = HttpResponseRedirect(f"{SIGN_IN}?{urlencode({'next': target})}" if target else SIGN_IN)
    between.forget(response)
    return response
