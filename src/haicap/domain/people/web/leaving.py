"""Signing out, for those who came by an OpenID provider: it may still know them, so its own sign-out is offered."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from haicap.domain.people.models import IdentityProvider
from haicap.domain.people.openid_errors import ProviderUnknown
from haicap.domain.people.ports import fetch_from_provider
from haicap.domain.people.queries.openid import provider_named
from haicap.domain.people.rules import SESSION_LIFE
from haicap.kernel import openid
from haicap.kernel.scope import ANONYMOUS

COOKIE = "haicap_came_by"
_SALT = "haicap.came-by"
_log = logging.getLogger(__name__)


def came_by(response: HttpResponse, provider: IdentityProvider) -> None:
    """Let the browser bring the provider's key to the address of signing out, and nowhere else."""
    response.set_cookie(
        COOKIE, signing.dumps(provider.key, salt=_SALT), max_age=int(SESSION_LIFE.total_seconds()),
        path=reverse("sign-out"), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def signed_out(request: HttpRequest) -> HttpResponse:
    """The answer to whoever has signed out here: the way on to their provider's sign-out, where it has one; else home."""
    provider = _provider(request)
    there = _way_out(provider) if provider else ""
    response: HttpResponse = HttpResponseRedirect("/")
    if there:
        request.actor = ANONYMOUS  # type: ignore[attr-defined] # nobody is signed in on this page any more
        response = render(request, "people/signed_out.html", {"provider": provider, "there": there})
    response.delete_cookie(COOKIE, path=reverse("sign-out"), samesite="Lax")
    return response


def _provider(request: HttpRequest) -> IdentityProvider | None:
    try:
        key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SESSION_LIFE)
        return provider_named(str(key))
    except (signing.BadSignature, ValueError, ProviderUnknown):
        return None


def _way_out(provider: IdentityProvider) -> str:
    """The provider's sign-out; "" where it has none, or does not answer: signing out here waits for nobody."""
    try:
        metadata = openid.discovered(provider.issuer, fetch_from_provider())
    except (openid.Unreachable, openid.Untrusted) as error:
        _log.warning("provider %s: %s", provider.key, error)
        return ""
    back = settings.HAICAP_BASE_URL.rstrip("/") + "/"
    return openid.end_session_address(metadata, client_id=provider.client_id, back=back)
