"""`/quan-tri/quyen/`: role, action, scope in one table that people can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_administer, works_here
from haicap.domain.people.rules import Role
from haicap.interfaces.administration import rights
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor


@dataclass(frozen=True)
class Look:
    """How a cell says it: in words, an icon and a tone."""

    words: Any
    icon: str
    tone: str


LOOKS = {
    rights.YES: Look(bi("Có", "Yes"), "check", "success"),
    rights.NO: Look(bi("Không", "No"), "minus", "none"),
    rights.AT_PROVINCE: Look(bi("Chỉ ở tỉnh", "In the province"), "check", "info"),
    rights.LENT: Look(bi("Khi được cho xem", "When lent"), "eye", "warning"),
    rights.VACANT: Look(bi("Khi khuyết", "If vacant"), "circle-help", "warning"),
}


@require_safe
@allow(works_here)
def permissions(request: HttpRequest) -> HttpResponse:
    """Every action with its cell for each role; `?vai-tro=` one role. Open to all who work here. No statement."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("vai-tro", "")
    chosen = Role(asked) if asked in Role.values else None
    shown = rights.roles(chosen.value if chosen else "")
    home = reverse("administration") if can_administer(actor) else ""
    return render(request, "administration/permissions.html", {
        "crumbs": [(bi("Quản trị", "Administration"), home), (bi("Quyền", "Permissions"), "")],
        "roles": list(Role), "chosen": chosen, "shown": shown, "mine": actor.role_names,
        "actions": _rows(rights.actions(), shown), "moves": _rows(rights.moves(), shown),
        "sights": [sight for sight in rights.sights() if sight.role in shown],
    })  # fmt: skip


def _rows(lines: list[rights.Line], shown: list[Role]) -> list[tuple[rights.Line, list[tuple[Role, Look]]]]:
    return [(line, [(role, LOOKS[line.cells[role.value]]) for role in shown]) for line in lines]
