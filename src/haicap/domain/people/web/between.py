"""Between the two steps of signing in nothing is open; a signed cookie of five minutes says whose password was right."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare, salted_hmac

from haicap.domain.people.models import Account
from haicap.domain.people.queries import account_at_door, stored_password
from haicap.domain.people.rules import SECOND_STEP_LIFE
from haicap.domain.people.web.places import next_place
from haicap.kernel.access import SIGN_IN

COOKIE = "haicap_second_step"
PAGE = "/dang-nhap/ma/"
_SALT = "haicap.second-step"


def to_second_step(request: HttpRequest, account: Account, wanted: str | None = None) -> HttpResponse:
    """From the first proof (a password, a provider) to the page of the code; then on to `wanted`, or what the request names."""
    target = next_place(request, "") if wanted is None else wanted
    response = HttpResponseRedirect(f"{PAGE}?{urlencode({'next': target})}" if target else PAGE)
    response.set_cookie(
        COOKIE, signing.dumps([account.pk, _mark(account)], salt=_SALT), max_age=int(SECOND_STEP_LIFE.total_seconds()),
        path=SIGN_IN, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def account_between(request: HttpRequest) -> Account | None:
    """Whose password was right; None where it is too long ago, forged, or the password has changed since."""
    try:
        account_id, mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECOND_STEP_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    account = account_at_door(number=account_id)
    return account if account and constant_time_compare(mark, _mark(account)) else None


def forget(response: HttpResponse) -> None:
    """The step is passed, or must begin anew."""
    response.delete_cookie(COOKIE, path=SIGN_IN, samesite="Strict")


def _mark(account: Account) -> str:
    return salted_hmac(_SALT, f"{account.pk}.{stored_password(account.pk)}", algorithm="sha256").hexdigest()
