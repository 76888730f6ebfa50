"""Signing in by an OpenID provider: out to it, and back. Between the two a signed cookie of ten minutes says what was begun.

The way out is a link, not a form: the page's policy lets no form lead to another host.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from haicap.domain.people.commands.openid import client_secret, completed, lacks_claims, link_identity, sign_in_by
from haicap.domain.people.models import IdentityProvider
from haicap.domain.people.openid_errors import ProviderCancelled, ProviderRefused, ProviderSilent
from haicap.domain.people.ports import fetch_from_provider
from haicap.domain.people.queries.openid import provider_named
from haicap.domain.people.web import between, leaving
from haicap.domain.people.web.arrivals import arrived
from haicap.domain.people.web.places import home_of, next_place
from haicap.domain.people.web.views import sign_in_form
from haicap.kernel import clock, openid
from haicap.kernel.access import SIGN_IN, public
from haicap.kernel.errors import DomainError
from haicap.kernel.scope import Actor, entered

COOKIE = "haicap_openid"
LIFE_S = 600
LONGEST_ANSWER = 4096
_SALT = "haicap.openid"
T = TypeVar("T")
_log = logging.getLogger(__name__)


@public
@require_GET
@never_cache
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """`/dang-nhap/dinh-danh/<key>/`: to the provider's page. `?next=` is where to go afterwards."""
    try:
        return leave_for(request, provider_named(key), {"next": next_place(request, "")})
    except DomainError as error:
        return sign_in_form(request, problem=error.sentence(), status=error.status)


def leave_for(request: HttpRequest, provider: IdentityProvider, carried: Mapping[str, Any]) -> HttpResponse:
    """The redirect to the provider, with the cookie that brings `carried` back. Raises ProviderSilent, ProviderRefused."""
    fresh = openid.begun()
    address = _asking(
        provider,
        lambda metadata: openid.authorization_address(
            metadata, client_id=provider.client_id, redirect_uri=_back_to(provider), scopes=provider.scopes,
            begun=fresh, acr=provider.acr,
        ),
    )  # fmt: skip
    response = HttpResponseRedirect(address)
    value = {
        "provider": provider.key,
        "state": fresh.state,
        "nonce": fresh.nonce,
        "verifier": fresh.verifier,
        **carried,
    }
    response.set_cookie(
        COOKIE, signing.dumps(value, salt=_SALT), max_age=LIFE_S, path=SIGN_IN, httponly=True,
        samesite="Lax",  # the way back comes from another site
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@public
@require_GET
@never_cache
def come_back(request: HttpRequest, key: str) -> HttpResponse:
    """`/dang-nhap/dinh-danh/<key>/tra-ve/`: from the provider's page; what was begun is over, whatever comes of it."""
    try:
        provider = provider_named(key)
        response = _arrive(request, provider, _begun(request, provider))
    except DomainError as error:
        response = sign_in_form(request, problem=error.sentence(), status=error.status)
    response.delete_cookie(COOKIE, path=SIGN_IN, samesite="Lax")
    return response


def _arrive(request: HttpRequest, provider: IdentityProvider, begun: Mapping[str, Any]) -> HttpResponse:
    claims = _claims(request, provider, begun)
    if begun.get("link"):
        return _link(request, provider, claims, begun["link"])
    account, pass_id = sign_in_by(provider, claims)
    wanted = str(begun.get("next", ""))
    if pass_id is None:
        response = between.to_second_step(request, account, wanted)
    else:
        target = HttpResponseRedirect(wanted or home_of(account.pk))
        response = arrived(request, target, account_id=account.pk, pass_id=pass_id)
    leaving.came_by(response, provider)
    return response


def _link(request: HttpRequest, provider: IdentityProvider, claims: Mapping[str, Any], link: Any) -> HttpResponse:
    """The very session that began it links the identity."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if link != [actor.account_id, actor.pass_id]:
        raise ProviderRefused(provider=provider.shown_name)
    with entered(actor):
        link_identity(actor=actor, provider=provider, claims=claims)
    return HttpResponseRedirect(f"{reverse('own-account')}?{urlencode({'xong': 'da-lien-ket'})}")


def _begun(request: HttpRequest, provider: IdentityProvider) -> Mapping[str, Any]:
    """What this browser began. Raises ProviderRefused for another browser's, an old or a finished one."""
    try:
        begun: Mapping[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFE_S)
    except (signing.BadSignature, ValueError, TypeError):
        raise ProviderRefused(provider=provider.shown_name) from None
    state = request.GET.get("state", "")[:LONGEST_ANSWER]
    if begun["provider"] != provider.key or not constant_time_compare(state, begun["state"]):
        raise ProviderRefused(provider=provider.shown_name)
    return begun


def _claims(request: HttpRequest, provider: IdentityProvider, begun: Mapping[str, Any]) -> Mapping[str, Any]:
    code = request.GET.get("code", "")[:LONGEST_ANSWER]
    if not code:
        raise ProviderCancelled(provider=provider.shown_name)

    def believed(metadata: openid.Metadata) -> Mapping[str, Any]:
        named = request.GET.get("iss")
        if (named is not None or metadata.names_itself) and named != provider.issuer:
            raise openid.Untrusted("the answer comes from another issuer")
        fetch = fetch_from_provider()
        tokens = openid.exchanged(
            metadata, fetch, client_id=provider.client_id, secret=client_secret(provider), code=code,
            redirect_uri=_back_to(provider), verifier=begun["verifier"],
        )  # fmt: skip
        claims = openid.claims_of(
            tokens.identity, metadata, fetch, client_id=provider.client_id, nonce=begun["nonce"], now=clock.now()
        )
        if begun.get("link") or not lacks_claims(provider, claims):
            return claims
        told = openid.told_at_userinfo(metadata, fetch, access=tokens.access, subject=str(claims["sub"]))
        return completed(provider, claims, told)

    return _asking(provider, believed)


def _asking(provider: IdentityProvider, ask: Callable[[openid.Metadata], T]) -> T:
    """What `ask` gives; its refusals as sentences for people, why in the log."""
    try:
        return ask(openid.discovered(provider.issuer, fetch_from_provider()))
    except openid.Unreachable as error:
        _log.warning("provider %s: %s", provider.key, error)
        raise ProviderSilent(provider=provider.shown_name) from error
    except openid.Untrusted as error:
        _log.warning("provider %s: %s", provider.key, error)
        raise ProviderRefused(provider=provider.shown_name) from error


def _back_to(provider: IdentityProvider) -> str:
    return settings.HAICAP_BASE_URL.rstrip("/") + reverse("openid-back", args=[provider.key])
