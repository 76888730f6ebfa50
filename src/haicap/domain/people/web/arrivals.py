"""The end of every way in: all steps are passed, the browser gets its session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from haicap.domain.people.queries import duty_of
from haicap.domain.people.web import between, browsers, identity, passkeys


def arrived(request: HttpRequest, response: HttpResponse, *, account_id: int, pass_id: int) -> HttpResponse:
    """Give the browser the session `pass_id`, held to what the account owes first; know the browser again from now on."""
    identity.remember(response, pass_id=pass_id, account_id=account_id, duty=duty_of(account_id))
    browsers.know_again(request, response, account_id)
    between.forget(response)
    passkeys.drop_challenge(response)
    return response
