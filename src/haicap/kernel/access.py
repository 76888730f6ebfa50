"""Who may open a page: every view says so by a decorator, and what says nothing is refused.

A view's rule also decides its transaction: `public` pages read facts that nobody needs to sign in for; all others run
inside `entered(request.actor)`, so that row-level security binds them, and read-only unless they say `writes`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from haicap.kernel.errors import Denied, SignInNeeded
from haicap.kernel.scope import Actor, entered

View = Callable[..., HttpResponse]
Predicate = Callable[[Actor], bool]

SIGN_IN = "/dang-nhap/"
_SAFE = {"GET", "HEAD", "OPTIONS"}


def require(allowed: bool, error: Denied | None = None) -> None:
    """Raise Denied (or `error`) unless `allowed`."""
    if not allowed:
        raise error or Denied()


def public(view: View) -> View:
    """Anybody may open this page."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def allow(predicate: Predicate, *, writes: bool = False) -> Callable[[View], View]:
    """Only actors for whom `predicate` holds may open this page; others sign in or are told why not.

    `writes`: the view may change data when it is posted to. Reads run in a read-only transaction.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if actor.is_anonymous:
                return to_sign_in(request)
            require(predicate(actor))
            try:
                with entered(actor, read_only=not writes or request.method in _SAFE):
                    answer = view(request, *args, **kwargs)
                    if hasattr(answer, "render"):
                        answer.render()
                    return answer
            except SignInNeeded:
                return to_sign_in(request)

        guarded.access = predicate  # type: ignore[attr-defined]
        return guarded

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a fragment tells the browser to go there as a whole."""
    target = f"{SIGN_IN}?{urlencode({'next': request.get_full_path() if request.method in _SAFE else '/desk/'})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
