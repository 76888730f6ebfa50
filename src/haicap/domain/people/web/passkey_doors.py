"""Signing in by a passkey: the challenge, and the door for those who use nothing else. After a password the key answers at the
page of the code (`second_step`)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.commands import ask_for_passkey, sign_in_by_passkey
from haicap.domain.people.errors import PasskeyRefused, PasskeysImpossible, SecondStepExpired
from haicap.domain.people.web import between, passkeys
from haicap.domain.people.web.arrivals import arrived
from haicap.domain.people.web.places import home_of, next_place
from haicap.domain.people.web.views import sign_in_form
from haicap.kernel.access import public
from haicap.kernel.web import problems

SECOND = "2"


@public
@require_safe
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """`/dang-nhap/khoa/thach-thuc/`: what `navigator.credentials.get` is given. `?buoc=2` after the right password: then the keys
    of that account; otherwise of nobody, so that it tells nothing of any account."""
    account_id = None
    if request.GET.get("buoc") == SECOND:
        account = between.account_between(request)
        if account is None:
            return problems.of_error(SecondStepExpired())
        account_id = account.pk
    try:
        ceremony = ask_for_passkey(account_id)
    except PasskeysImpossible as error:
        return problems.of_error(error)
    response = JsonResponse(ceremony.options)
    passkeys.keep_challenge(response, ceremony.challenge, account_id)
    return response


@public
@require_POST
@never_cache
def passkey_page(request: HttpRequest) -> HttpResponse:
    """`/dang-nhap/khoa/`: the answer of a passkey whose device verified its user stands for password and code."""
    try:
        account, pass_id = sign_in_by_passkey(passkeys.challenge_of(request, None), passkeys.answer_in(request))
    except (PasskeyRefused, PasskeysImpossible) as error:
        response = sign_in_form(request, problem=error.sentence(), status=422)
        passkeys.drop_challenge(response)
        return response
    target = next_place(request, home_of(account.pk))
    return arrived(request, HttpResponseRedirect(target), account_id=account.pk, pass_id=pass_id)
