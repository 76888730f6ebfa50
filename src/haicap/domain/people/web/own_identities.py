"""One's own identities at OpenID providers, on `/tai-khoan/`: linked and taken away after the password was asked for again."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from haicap.domain.people.access import owns_account
from haicap.domain.people.commands import check_own_password
from haicap.domain.people.commands.openid import unlink_identity
from haicap.domain.people.openid_errors import ProviderRefused
from haicap.domain.people.queries.openid import provider_named
from haicap.domain.people.web.openid import leave_for
from haicap.domain.people.web.own_account import PAGE, actor_in, frame_of, page, typed
from haicap.kernel.access import SIGN_IN, allow, public
from haicap.kernel.errors import DomainError

TICKET_LIFE_S = 300
_SALT = "haicap.openid-link"


@allow(owns_account, writes=True)
@require_POST
@never_cache
def begin_link(request: HttpRequest) -> HttpResponse:
    """The password again, then a page with the link to the provider."""
    actor = actor_in(request)
    try:
        check_own_password(actor, typed(request, "password"))
        provider = provider_named(typed(request, "provider"))
    except DomainError as error:
        return page(request, "identities", error)
    ticket = signing.dumps([provider.key, actor.account_id, actor.pass_id], salt=_SALT)
    return render(request, "people/identity_link.html", {
        "frame": frame_of(request), "provider": provider, "ticket": ticket, "back": PAGE,
        "door": f"{SIGN_IN}dinh-danh/{provider.key}/lien-ket/",
    })  # fmt: skip


@public
@require_GET
@never_cache
def go(request: HttpRequest, key: str) -> HttpResponse:
    """`?ve=` is the ticket of the page before; on to the provider. The session that began it must come back."""
    actor = actor_in(request)
    try:
        provider = provider_named(key)
        ticket = _ticket(request.GET.get("ve", ""))
        if ticket != [provider.key, actor.account_id, actor.pass_id]:
            raise ProviderRefused(provider=provider.shown_name)
        return leave_for(request, provider, {"link": ticket[1:]})
    except DomainError as error:
        if actor.account_id is None:
            return HttpResponseRedirect(SIGN_IN)
        return HttpResponseRedirect(f"{PAGE}?xong={'khong-tra-loi' if error.status == 503 else 'het-han'}")


@allow(owns_account, writes=True)
@require_POST
def unlink(request: HttpRequest, identity_id: int) -> HttpResponse:
    """The password again, then one of one's own identities is taken away; another's is not there."""
    actor = actor_in(request)
    try:
        check_own_password(actor, typed(request, "password"))
        unlink_identity(actor=actor, identity_id=identity_id)
    except DomainError as error:
        return page(request, "identities", error)
    return HttpResponseRedirect(f"{PAGE}?xong=da-bo-lien-ket")


def _ticket(text: str) -> list[object] | None:
    try:
        found = signing.loads(text[:2000], salt=_SALT, max_age=TICKET_LIFE_S)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return found if isinstance(found, list) else None
