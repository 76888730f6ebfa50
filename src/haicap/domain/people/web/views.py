"""Signing in and out, and the language switch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from haicap.domain.people.commands import sign_in, sign_out
from haicap.domain.people.errors import SignInPaused, SignInRefused
from haicap.domain.people.queries.openid import providers_in_use
from haicap.domain.people.web import between, identity, leaving, passkeys
from haicap.domain.people.web.arrivals import arrived
from haicap.domain.people.web.browsers import source_of
from haicap.domain.people.web.places import home_of, next_place
from haicap.kernel.access import public
from haicap.kernel.language import LANGUAGES
from haicap.kernel.web.middleware import LANGUAGE_COOKIE

A_YEAR_S = 365 * 24 * 3600


@public
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """`/dang-nhap/`: name and password; what was typed (but the password) stays when they are wrong."""
    if request.method != "POST":
        return sign_in_form(request)
    name = request.POST.get("name", "")[:150]
    try:
        account, pass_id = sign_in(name, request.POST.get("password", "")[:500], source_of(request))
    except (SignInRefused, SignInPaused) as error:
        return sign_in_form(request, name, error.sentence(), error.status if error.status == 429 else 422)
    if pass_id is None:
        return between.to_second_step(request, account)
    target = next_place(request, home_of(account.pk))
    return arrived(request, HttpResponseRedirect(target), account_id=account.pk, pass_id=pass_id)


def sign_in_form(request: HttpRequest, name: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    """The form, with what was wrong above it."""
    context = {
        "name": name, "problem": problem, "next": next_place(request, ""), "passkeys_offered": passkeys.offered(request),
        "providers": providers_in_use(),
    }  # fmt: skip
    return render(request, "people/sign_in.html", context, status=status)


@public
@require_POST
def sign_out_page(request: HttpRequest) -> HttpResponse:
    """`/dang-xuat/`: ends the session here and for every copy of its cookie; whoever came by a provider may go on to
    its own sign-out."""
    if request.actor.pass_id is not None:  # type: ignore[attr-defined]
        sign_out(request.actor)  # type: ignore[attr-defined]
    response = leaving.signed_out(request)
    identity.forget(response)
    return response


@public
@require_POST
def language_page(request: HttpRequest) -> HttpResponse:
    """`/ngon-ngu/`: the other language, the same address."""
    response = HttpResponseRedirect(next_place(request, "/"))
    wanted = request.POST.get("language", "")
    if wanted in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, wanted, max_age=A_YEAR_S, samesite="Lax", httponly=True)
    return response
