"""Who sends a request: a signed cookie or a bearer token, read without the database."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from haicap.domain.people.commands import read_token
from haicap.domain.people.errors import AccountUnknown
from haicap.domain.people.queries import actor_for
from haicap.domain.people.rules import SESSION_LIFE
from haicap.kernel.scope import ANONYMOUS, Actor

COOKIE = "haicap_session"
_SALT = "haicap.session"

Handler = Callable[[HttpRequest], HttpResponse]


def identity(get_response: Handler) -> Handler:
    """Sets `request.actor`. Whether the pass is still alive is asked by the first statement of the transaction."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request: by bearer token on the API, by cookie otherwise; ANONYMOUS where neither holds."""
    bearer = request.META.get("HTTP_AUTHORIZATION", "")
    if bearer.startswith("Bearer "):
        token = read_token(bearer[7:].strip())
        return ANONYMOUS if token is None else _actor(token[1], token[0], token[2])
    cookie = request.COOKIES.get(COOKIE)
    if not cookie:
        return ANONYMOUS
    try:
        pass_id, account_id = signing.loads(cookie, salt=_SALT, max_age=SESSION_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return ANONYMOUS
    return _actor(account_id, pass_id, None)


def remember(response: HttpResponse, *, pass_id: int, account_id: int) -> None:
    """Give the browser its session cookie."""
    response.set_cookie(
        COOKIE, cookie_value(pass_id=pass_id, account_id=account_id), max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def cookie_value(*, pass_id: int, account_id: int) -> str:
    """What the session cookie holds: the pass and the account, signed."""
    return signing.dumps([pass_id, account_id], salt=_SALT)


def forget(response: HttpResponse) -> None:
    """Take the session cookie back."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _actor(account_id: int, pass_id: int, scopes: frozenset[str] | None) -> Actor:
    try:
        return actor_for(account_id).with_pass(pass_id, scopes)
    except AccountUnknown:
        return ANONYMOUS
