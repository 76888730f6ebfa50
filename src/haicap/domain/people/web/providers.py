"""`/quan-tri/dinh-danh/`: the OpenID providers that people may sign in by."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_administer, can_switch_providers
from haicap.domain.people.commands.openid import set_provider_active
from haicap.domain.people.models import IdentityProvider
from haicap.kernel.access import allow
from haicap.kernel.language import bi

_TITLE = bi("Nhà cung cấp định danh", "Identity providers")


@require_safe
@allow(can_administer)
def providers(request: HttpRequest) -> HttpResponse:
    """Every provider with what it is trusted for; a province's administrator switches them. Two statements."""
    actor = request.actor  # type: ignore[attr-defined]
    return render(request, "people/providers.html", {
        "crumbs": [(bi("Quản trị", "Administration"), reverse("administration")), (_TITLE, "")], "title": _TITLE,
        "providers": list(IdentityProvider.objects.order_by("pk")), "may_switch": can_switch_providers(actor),
    })  # fmt: skip


@require_POST
@allow(can_switch_providers, writes=True)
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Switch a provider on (`bat=1`) or off."""
    set_provider_active(key, request.POST.get("bat") == "1")
    return HttpResponseRedirect(reverse("identity-providers"))
