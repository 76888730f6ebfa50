"""`/desk/ho-so/<code>/`: one dossier, whose move it is, the moves that this officer may make, and its whole story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.dossiers import queries, rules
from haicap.domain.dossiers.access import can_see_lists, can_see_whole, may_read_log
from haicap.domain.dossiers.commands import make_move
from haicap.domain.dossiers.errors import DossierInvalid, DossierUnknown, MoveUnknown
from haicap.domain.dossiers.personal import Situation
from haicap.domain.dossiers.web import case_page as page
from haicap.domain.dossiers.web.forms import text
from haicap.domain.dossiers.web.rows import href_of
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import DomainError
from haicap.kernel.readings import Door, Note, Purpose
from haicap.kernel.readings import commands as readings
from haicap.kernel.scope import Actor


def page_note(request: HttpRequest, code: str, name: str = "") -> Note:
    """A look at a dossier's page, its applicant's data masked."""
    return Note(door=Door.PAGE, code=code)


@require_safe
@allow(can_see_lists, notes=page_note)
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """The dossier; `?moi=1` right after it was received, `?da=<move>` after a move. At most 14 statements."""
    return _page(request, code, page.Attempt())


@require_POST
@allow(can_see_whole, writes=True)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The dossier with its applicant's data whole, once: it is noted with the purpose (`muc-dich`) before it is shown."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = text(request.POST, "muc-dich")
    purpose = asked if asked in Purpose.values else Purpose.WORK.value
    details = queries.details(code, actor, Situation.SHOWN)
    readings.note(actor, [Note(door=Door.PAGE, code=code, whole=True, purpose=purpose)])
    return _drawn(request, details, page.Attempt(), 200)


@require_POST
@allow(can_see_lists, writes=True, notes=page_note)
def move(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Make a move with the inputs of its form; `so` is the number of the last move that the page showed.

    A refusal shows the dossier as it stands now with what was typed.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if name not in rules.MOVES:
        raise MoveUnknown(move=name)
    typed = {field: text(request.POST, field) for field in ("note", *rules.MOVES[name].fields)}
    seen = text(request.POST, "so")
    try:
        with transaction.atomic():  # a refusal must leave the page's transaction usable
            make_move(actor=actor, code=code, move=name, note=typed["note"], fields=_fields(typed),
                      expected_no=int(seen) if seen.isdecimal() and len(seen) < 9 else None)  # fmt: skip
    except DossierUnknown:
        raise
    except DossierInvalid as error:
        return _page(request, code, page.Attempt(name, typed, tuple(error.problems)), status=error.status)
    except DomainError as error:
        problems = (page.problem_of(error),) if error.field else ()
        attempt = page.Attempt(name, typed, problems, "" if problems else error.sentence())
        return _page(request, code, attempt, status=error.status)
    return HttpResponseRedirect(f"{href_of(code)}?da={name}")


def _fields(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in typed.items() if name != "note"}


def _page(request: HttpRequest, code: str, attempt: page.Attempt, *, status: int = 200) -> HttpResponse:
    return _drawn(request, queries.details(code, request.actor), attempt, status)  # type: ignore[attr-defined]


def _drawn(request: HttpRequest, details: queries.Details, attempt: page.Attempt, status: int) -> HttpResponse:
    done = rules.MOVES.get(request.GET.get("da", ""))
    context: dict[str, Any] = page.context(details, attempt, clock.now()) | {
        "fresh": request.GET.get("moi") == "1",
        "done": done.label if done else "",
        "may_read_log": may_read_log(request.actor),  # type: ignore[attr-defined]
    }
    return render(request, "dossiers/case.html", context, status=status)
