"""`/quan-tri/nguoi-dung/an-toan/`: who must have a second factor, who has none, and lost ones reset by two administrators."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_manage_accounts
from haicap.domain.people.commands import recovery
from haicap.domain.people.errors import PostRefused
from haicap.domain.people.queries import roles_that_must
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.queries.safety import PAGE, waiting_resets, without_factor
from haicap.domain.people.rules import Role
from haicap.domain.people.web.staff import account_page, actor_of, crumbs, handed
from haicap.kernel.access import allow
from haicap.kernel.language import bi

_TITLE = bi("Đăng nhập an toàn", "Safe sign-in")


@require_safe
@allow(can_manage_accounts)
def safety(request: HttpRequest) -> HttpResponse:
    """Requests that wait, the rule, and those who must have a second factor and have none, by pages. Six statements."""
    reach = reach_of(actor_of(request))
    asked = request.GET.get("trang", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 and int(asked) else 1
    people, counted = without_factor(reach, page=number)
    must = set(roles_that_must())
    pages = Paginator(range(counted), PAGE)
    return render(request, "people/accounts/safety.html", {
        "crumbs": crumbs((_TITLE, "")), "title": _TITLE, "waiting": waiting_resets(reach), "people": people,
        "counted": counted, "page": pages.get_page(number), "roles": [(role.label, role in must) for role in Role],
    })  # fmt: skip


@require_POST
@allow(can_manage_accounts, writes=True)
def ask(request: HttpRequest, account_id: str) -> HttpResponse:
    """Ask for a colleague's lost second factor to be taken off."""
    reach, number = reach_of(actor_of(request)), int(account_id)
    reach.account(number)
    try:
        recovery.ask_for_reset(reach, number, reason=request.POST.get("reason", "")[:2000])
    except PostRefused as refused:
        return account_page(request, reach, number, problems=refused.problems, resetting=True)
    return HttpResponseRedirect(reverse("account", args=[number]))


@require_POST
@allow(can_manage_accounts, writes=True)
def confirm(request: HttpRequest, reset_id: str) -> HttpResponse:
    """The second administrator's yes; the new first password, shown once."""
    return handed(
        request, recovery.confirm_reset(reach_of(actor_of(request)), int(reset_id)), again=True, factor_off=True
    )


@require_POST
@allow(can_manage_accounts, writes=True)
def refuse(request: HttpRequest, reset_id: str) -> HttpResponse:
    """A second administrator's no, or the asker's own change of mind."""
    recovery.refuse_reset(reach_of(actor_of(request)), int(reset_id))
    return HttpResponseRedirect(reverse("safety"))
