"""The second step of signing in: the code. Between the steps nothing is open; a signed cookie of five minutes says whose
password was right."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache

from haicap.domain.people.commands import take_second_step
from haicap.domain.people.errors import AccountUnknown, CodeRefused, SecondStepExpired, SignInPaused
from haicap.domain.people.models import Account
from haicap.domain.people.rules import SECOND_STEP_LIFE
from haicap.domain.people.web import identity
from haicap.domain.people.web.places import home_of, next_place
from haicap.kernel.access import SIGN_IN, public

COOKIE = "haicap_second_step"
PAGE = "/dang-nhap/ma/"
_SALT = "haicap.second-step"


def to_second_step(request: HttpRequest, account: Account) -> HttpResponse:
    """From the right password to the page of the code."""
    target = next_place(request, "")
    response = HttpResponseRedirect(f"{PAGE}?{urlencode({'next': target})}" if target else PAGE)
    response.set_cookie(
        COOKIE, signing.dumps([account.pk, _mark(account)], salt=_SALT), max_age=int(SECOND_STEP_LIFE.total_seconds()),
        path=SIGN_IN, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@public
@never_cache
def code_page(request: HttpRequest) -> HttpResponse:
    """`/dang-nhap/ma/`: the code of the telephone, or a recovery code."""
    account = _between(request)
    if account is None:
        return _from_the_start(request)
    problem, status = "", 200
    if request.method == "POST":
        try:
            opened = take_second_step(account.pk, request.POST.get("code", "")[:50])
        except (CodeRefused, SignInPaused) as error:
            problem, status = error.sentence(), error.status if error.status == 429 else 422
        except (SecondStepExpired, AccountUnknown):
            return _from_the_start(request)
        else:
            return _signed_in(request, account, opened.pass_id, opened.recovery_left)
    context = {"problem": problem, "next": next_place(request, "")}
    return render(request, "people/second_step.html", context, status=status)


def _signed_in(request: HttpRequest, account: Account, pass_id: int, recovery_left: int | None) -> HttpResponse:
    target = next_place(request, home_of(account.pk))
    response: HttpResponse = HttpResponseRedirect(target)
    if recovery_left is not None:
        response = render(request, "people/recovery_used.html", {"left": recovery_left, "target": target})
    response.delete_cookie(COOKIE, path=SIGN_IN, samesite="Strict")
    identity.remember(response, pass_id=pass_id, account_id=account.pk)
    return response


def _from_the_start(request: HttpRequest) -> HttpResponse:
    target = next_place(request, "")
    response = HttpResponseRedirect(f"{SIGN_IN}?{urlencode({'next': target})}" if target else SIGN_IN)
    response.delete_cookie(COOKIE, path=SIGN_IN, samesite="Strict")
    return response


def _between(request: HttpRequest) -> Account | None:
    """Whose password was right; None where it is too long ago, forged, or the password has changed since."""
    try:
        account_id, mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECOND_STEP_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    account = Account.objects.active().filter(pk=account_id).first()
    return account if account and constant_time_compare(mark, _mark(account)) else None


def _mark(account: Account) -> str:
    return salted_hmac(_SALT, f"{account.pk}.{account.password}", algorithm="sha256").hexdigest()
