"""Where signing in leads: back to the page that asked, else to the desk or the portal."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from haicap.domain.people.queries import actor_for


def next_place(request: HttpRequest, otherwise: str) -> str:
    """The address of this house that the request names as `next`, else `otherwise`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return (
        target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/") else otherwise
    )


def home_of(account_id: int) -> str:
    """Where an account begins: a citizen has no desk, the portal is theirs."""
    return "/desk/" if actor_for(account_id).roles else "/"
