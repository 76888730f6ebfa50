"""What every page of the desk may ask of dossiers: whether work of divided units waits to be taken over."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from haicap.domain.dossiers import queries
from haicap.kernel.scope import ANONYMOUS, Actor


def divided_work(request: HttpRequest) -> dict[str, Any]:
    """`divided_work`: how much of the allotment list there is; asked by one statement, and only for heirs of divided
    units and officers of their provinces."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    if not actor.inheritance.shared_agency_ids:
        return {}
    return {"divided_work": cache(lambda: queries.untaken_count(actor))}  # a template calls it, and again
