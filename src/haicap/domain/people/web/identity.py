"""Who sends a request: a signed cookie or a bearer token, read without the database."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from haicap.domain.people.commands import read_token
from haicap.domain.people.errors import AccountUnknown, FirstStepsOwed
from haicap.domain.people.queries import Duty, actor_for
from haicap.domain.people.rules import SESSION_LIFE
from haicap.kernel.access import SIGN_IN
from haicap.kernel.scope import ANONYMOUS, Actor
from haicap.kernel.web import problems
from haicap.kernel.web.middleware import API

COOKIE = "haicap_session"
FIRST_STEPS = "/tai-khoan/buoc-dau/"
_SALT = "haicap.session"
# What a session opens that owes a step: the step itself, and the ways out. Everything else leads to the step.
_ALWAYS_OPEN = (SIGN_IN, "/dang-xuat/", "/ngon-ngu/", FIRST_STEPS, "/healthz", "/readyz")
_OPEN: dict[str, tuple[str, ...]] = {
    Duty.PASSWORD: ("/tai-khoan/mat-khau/",),
    Duty.FACTOR: ("/tai-khoan/xac-thuc/", "/tai-khoan/xac-thuc/bat/", "/tai-khoan/khoa/", "/tai-khoan/khoa/them/"),
}
_SAFE = ("GET", "HEAD")

Handler = Callable[[HttpRequest], HttpResponse]


def identity(get_response: Handler) -> Handler:
    """Sets `request.actor`. Whether the pass is still alive is asked by the first statement of the transaction."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        duty = duty_in(request)
        if duty and not request.path_info.startswith(_ALWAYS_OPEN) and request.path_info not in _OPEN[duty]:
            return _to_first_steps(request)
        return get_response(request)

    return middleware


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request: by bearer token on the API, by cookie otherwise; ANONYMOUS where neither holds."""
    bearer = _bearer(request)
    if bearer:
        token = read_token(bearer)
        return ANONYMOUS if token is None else _actor(token[1], token[0], token[2])
    pass_id, account_id, _ = _read(request)
    return _actor(account_id, pass_id, None) if pass_id else ANONYMOUS


def duty_in(request: HttpRequest) -> str:
    """What the session must do first, "" for nothing. Tokens owe nothing: they were made in a shell and carry scopes."""
    return "" if _bearer(request) else _read(request)[2]


def _bearer(request: HttpRequest) -> str:
    head: str = request.META.get("HTTP_AUTHORIZATION", "")
    return head[7:].strip() if head.startswith("Bearer ") else ""


def _read(request: HttpRequest) -> tuple[int, int, str]:
    """Pass, account and duty of the session's cookie; zeros where it is missing, forged or too old."""
    try:
        pass_id, account_id, *duty = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SESSION_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return 0, 0, ""
    return pass_id, account_id, duty[0] if duty and duty[0] in _OPEN else ""


def _to_first_steps(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(API):
        return problems.of_error(FirstStepsOwed())
    fragment = request.headers.get("HX-Request")
    wanted = request.get_full_path() if request.method in _SAFE and not fragment else ""
    target = f"{FIRST_STEPS}?{urlencode({'next': wanted})}" if wanted else FIRST_STEPS
    if fragment:
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def remember(response: HttpResponse, *, pass_id: int, account_id: int, duty: str | None = None) -> None:
    """Give the browser its session cookie; with a `duty` it opens that step alone."""
    response.set_cookie(
        COOKIE, cookie_value(pass_id=pass_id, account_id=account_id, duty=duty), max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def cookie_value(*, pass_id: int, account_id: int, duty: str | None = None) -> str:
    """What the session cookie holds: the pass, the account and what it owes first, signed."""
    return signing.dumps([pass_id, account_id, *([duty] if duty else [])], salt=_SALT)


def forget(response: HttpResponse) -> None:
    """Take the session cookie back."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _actor(account_id: int, pass_id: int, scopes: frozenset[str] | None) -> Actor:
    try:
        return actor_for(account_id).with_pass(pass_id, scopes)
    except AccountUnknown:
        return ANONYMOUS
