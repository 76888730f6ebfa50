"""`/tai-khoan/buoc-dau/`: what somebody must do after signing in before any other page opens.

The session's cookie says so, signed: it opens these steps and nothing else, until they are done and it is replaced.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from haicap.domain.people.access import owns_account
from haicap.domain.people.commands import new_session, sign_out
from haicap.domain.people.queries import Duty, account_of, duty_of
from haicap.domain.people.queries.duties import must_have_factor
from haicap.domain.people.rules import PASSWORD_LEAST, PASSWORD_MOST
from haicap.domain.people.web import identity, passkeys
from haicap.domain.people.web.places import home_of, next_place
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

PAGE = identity.FIRST_STEPS


@allow(owns_account)
@require_GET
@never_cache
def owed(request: HttpRequest) -> HttpResponse:
    """The step that is owed; on to the page that was asked for where none is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    account_id = account_of(actor).pk
    duty = duty_of(account_id)
    if duty is None:
        response = HttpResponseRedirect(next_place(request, home_of(account_id)))
        if identity.duty_in(request) and actor.pass_id is not None:
            identity.remember(response, pass_id=actor.pass_id, account_id=account_id)
        return response
    return page(request, duty)


def page(request: HttpRequest, duty: str, problems: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The page of a step, with what was wrong at its fields."""
    account = account_of(request.actor)  # type: ignore[attr-defined]
    factor_too = must_have_factor(account)
    at_password = duty == Duty.PASSWORD
    steps = [
        {"label": bi("Đặt mật khẩu của bạn", "Choose your password"), "state": "current" if at_password else "done"}
    ]
    if factor_too:
        steps.append({"label": bi("Bật xác thực hai bước", "Turn the second factor on"),
                      "state": "todo" if at_password else "current"})  # fmt: skip
    steps.append({"label": bi("Vào làm việc", "Go to work"), "state": "todo"})
    context = {
        "account": account, "at_password": at_password, "steps": steps, "next": next_place(request, ""),
        "least": PASSWORD_LEAST, "new_attrs": {"autocomplete": "new-password", "maxlength": PASSWORD_MOST},
        "passkeys_offered": passkeys.offered(request), **(problems or {}),
    }  # fmt: skip
    return render(request, "people/first_steps.html", context, status=status)


def after_password(request: HttpRequest) -> HttpResponse:
    """A password was chosen: a new session in place of the one that the handed-over one opened, and the next step."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    account_id = account_of(actor).pk
    sign_out(actor)
    duty, target = duty_of(account_id), next_place(request, "")
    there = f"{PAGE}?{urlencode({'next': target})}" if target else PAGE
    response = HttpResponseRedirect(there if duty else target or home_of(account_id))
    identity.remember(response, pass_id=new_session(account_id), account_id=account_id, duty=duty)
    return response
