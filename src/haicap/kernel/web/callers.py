"""Who calls the API: a program with a bearer token, or a page of this house with its session and CSRF token."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from ninja.security.base import AuthBase

from haicap.kernel.access import GuestsOnlyRead, Predicate, View, insist
from haicap.kernel.errors import SignInNeeded
from haicap.kernel.scope import Actor
from haicap.kernel.web.errors import CsrfRefused, ScopeMissing

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_csrf = CsrfViewMiddleware(lambda request: HttpResponse())


def _any_view(request: HttpRequest) -> HttpResponse:
    """Stands for the view in Django's check: nothing about it is exempt."""
    raise NotImplementedError


def caller(request: HttpRequest, scope: str = "") -> Actor:
    """The signed-in actor of an API request. Raises SignInNeeded, CsrfRefused, ScopeMissing.

    A browser sends its cookie with any request that a foreign page makes it send, so a request that changes something
    must prove that it comes from a page of ours; a bearer token is proof by itself.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.is_anonymous:
        raise SignInNeeded()
    if actor.guest:
        raise GuestsOnlyRead()  # pages, of which each view is noted, are their only door
    if request.method not in _SAFE and not is_bearer(request):
        _csrf.process_request(request)
        request.csrf_processing_done = False  # type: ignore[attr-defined]
        if _csrf.process_view(request, _any_view, (), {}) is not None:
            raise CsrfRefused()
    if scope and not actor.may(scope):
        raise ScopeMissing(scope=scope)
    return actor


def needs(scope: str, predicate: Predicate) -> Callable[[View], View]:
    """An operation for callers whose pass carries `scope` and for whom `predicate` holds; written below the route.

    `request.actor` is then the caller. Both rules stay on the function, where the table of permissions reads them.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            insist(predicate, caller(request, scope))
            return view(request, *args, **kwargs)

        # Ninja reads the parameters' types where the wrapper stands, not where the operation was written.
        guarded.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        guarded.access, guarded.scope = predicate, scope  # type: ignore[attr-defined]
        return guarded

    return decorate


def is_bearer(request: HttpRequest) -> bool:
    """True where the request names its caller by a token."""
    return bool(request.META.get("HTTP_AUTHORIZATION", "").startswith("Bearer "))


class Bearer(AuthBase):
    """`Authorization: Bearer …`: a token made by `haicap token create`, with scopes."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The actor, or None where no token was sent."""
        return caller(request) if is_bearer(request) else None


class SessionCookie(AuthBase):
    """The cookie of a signed-in browser; requests that change something carry `X-CSRFToken` too."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "haicap_session"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The actor; raises SignInNeeded where nobody is signed in."""
        return caller(request)


SIGNED_IN = (Bearer(), SessionCookie())
