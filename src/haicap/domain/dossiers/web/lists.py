"""`/desk/ho-so/`: every dossier that the officer may see, narrowed; `/desk/tim/`: the search of the bar on top."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.access import can_see_lists
from haicap.domain.dossiers.queries import Filters
from haicap.domain.dossiers.rules import State
from haicap.domain.dossiers.web.rows import href_of, rows_of
from haicap.domain.procedures import queries as procedures
from haicap.domain.units import queries as units
from haicap.kernel.access import allow
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

WIDTH = 8  # columns of the table, with the unit's
PROVINCE_CODE = 2  # digits of a province's code; a commune's has five
FOUND = 50
UNITS = 5  # found beside the dossiers: who asks for a place means one of the nearest
LONGEST_QUERY = 300
_TRACKING = re.compile(r"/tra-cuu/([^/?#\s]+)")  # what the QR code of a slip holds


@require_safe
@allow(can_see_lists)
def all_dossiers(request: HttpRequest) -> HttpResponse:
    """Dossiers newest first; `?trang-thai= thu-tuc= qua-han=1 cua-toi=1` narrow, `?tiep=` goes on behind a cursor."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET
    state = asked.get("trang-thai", "")
    filters = Filters(
        state=state if state in State.values else "", procedure=clean(asked.get("thu-tuc", ""))[:40],
        overdue=asked.get("qua-han") == "1", mine=asked.get("cua-toi") == "1",
    )  # fmt: skip
    dossiers, following = queries.dossiers_page(actor, filters, cursor=asked.get("tiep", ""))
    context: dict[str, Any] = {
        "rows": rows_of(dossiers, actor), "next_cursor": following, "width": WIDTH, "show_unit": sees_many_units(actor),
        "cursor": asked.get("tiep", ""),
    }  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "dossiers/_rows.html", context)
    listed = [(item.code, f"{item.shown_name} · {item.code}") for item in procedures.listed_today()]
    context |= {
        "filters": filters,
        "states": State.choices,
        "procedures": listed,
        "active": _active(request, filters, dict(listed)),
    }
    return render(request, "dossiers/all.html", context)


def sees_many_units(actor: Actor) -> bool:
    """Officers of a province: their lists say where a dossier was received."""
    return len(actor.unit_code) == PROVINCE_CODE


def _active(request: HttpRequest, filters: Filters, names: dict[str, str]) -> list[tuple[Any, str]]:
    """Each filter in words with the address without it."""
    chosen = {
        "trang-thai": filters.state and State(filters.state).label,
        "thu-tuc": filters.procedure and names.get(filters.procedure, filters.procedure),
        "qua-han": filters.overdue and bi("Quá hạn", "Overdue"),
        "cua-toi": filters.mine and bi("Đang chờ tôi", "Waiting for me"),
    }
    active = []
    for name, label in chosen.items():
        if label:
            rest = request.GET.copy()
            for gone in (name, "tiep"):
                rest.pop(gone, None)
            active.append((label, f"?{rest.urlencode()}"))
    return active


@require_safe
@allow(can_see_lists)
def find(request: HttpRequest) -> HttpResponse:
    """Finds by code, name (accents optional), ID number or phone; a whole code or a slip's QR code opens the dossier.

    Units by any name they ever had stand below, since papers carry the old ones.
    """
    typed = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    code = code_in(typed)
    found = queries.search(code, request.actor, limit=FOUND)  # type: ignore[attr-defined]
    if exact := next((one for one in found if one.entry.code == code.upper()), None):
        return HttpResponseRedirect(href_of(exact.entry.code))
    context = {
        "search_text": typed,
        "rows": rows_of(found, request.actor),  # type: ignore[attr-defined]
        "width": WIDTH,
        "units": units.find(typed, UNITS) if any(letter.isalpha() for letter in typed) else [],
        "too_many": len(found) >= FOUND,
        "most": FOUND,
        "too_short": 0 < len(typed) < 2,
        "headline": bi_format(bi("Tìm “{text}”", "Search “{text}”"), text=typed) if typed else bi("Tìm", "Search"),
    }
    return render(request, "dossiers/found.html", context)


def code_in(text: str) -> str:
    """What to search for: the code inside a slip's tracking address, else the text itself."""
    found = _TRACKING.search(text)
    return unquote(found[1]) if found else text
