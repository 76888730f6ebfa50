"""What is told to a person about their data: `/desk/du-lieu-ca-nhan/`, and who looked at a dossier."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from haicap.domain.dossiers import commands, queries
from haicap.domain.dossiers.access import may_give_out, may_read_log
from haicap.domain.dossiers.errors import DossierInvalid, NobodyKnown
from haicap.domain.dossiers.queries.looks import looks_at
from haicap.domain.dossiers.rules import HEADS
from haicap.domain.dossiers.web.forms import Input, text
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

FURTHEST = 18  # digits of a row's number


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_give_out, writes=True)
def person(request: HttpRequest) -> HttpResponse:
    """The form; posted with `lam=json` or `pdf`, the file itself. The number is posted, so that no log of addresses has it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _form(request, {}, [])
    form = "json" if text(request.POST, "lam") == "json" else "pdf"
    typed = {name: text(request.POST, name) for name in ("id_number", "reason", "identity")}
    try:
        given = commands.give_out(
            actor=actor, id_number=typed["id_number"], reason=typed["reason"],
            identity_checked=bool(typed["identity"]), form=form,
        )  # fmt: skip
    except (DossierInvalid, NobodyKnown) as error:
        problems = list(error.problems) or [Problem(error.field, error.sentence())]
        return _form(request, typed, problems, status=error.status)
    if form == "json":
        content = json.dumps(given.as_json(), ensure_ascii=False, indent=2).encode()
        return _file(content, "application/json", "du-lieu-ca-nhan.json")
    return _file(given.pdf(), "application/pdf", "du-lieu-ca-nhan.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_read_log, writes=True)
def looks(request: HttpRequest, code: str) -> HttpResponse:
    """Who looked at the dossier, newest first, `?tiep=` further back; posted with a reason, the paper for the person.

    Names are for who leads the agency or the unit; others read posts and units, as the person does. Two statements.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    problems: list[Problem] = []
    reason = text(request.POST, "reason")
    if request.method == "POST":
        try:
            paper, case = commands.give_out_looks(actor=actor, code=code, reason=reason)
            return _file(paper, "application/pdf", f"nguoi-xem-{case.entry.code}.pdf")
        except DossierInvalid as error:
            problems = list(error.problems)
    entry, _ = queries.find(code)
    behind = request.GET.get("tiep", "")
    rows, following = looks_at(entry.pk, before=int(behind) if behind.isdecimal() and len(behind) <= FURTHEST else None)
    context = {
        "entry": entry, "rows": rows, "next_cursor": following, "with_names": actor.has_role(*HEADS),
        "problems": problems, "reason_input": _reason(reason, _by_field(problems)),
    }  # fmt: skip
    return render(request, "dossiers/looks.html", context, status=422 if problems else 200)


def _form(request: HttpRequest, typed: dict[str, str], problems: list[Problem], *, status: int = 200) -> HttpResponse:
    errors = _by_field(problems)
    number = {"inputmode": "numeric", "autocomplete": "off", "autofocus": True}
    asked_by = bi("Số định danh của người yêu cầu", "ID number of who asks")
    checked = bi("Tôi đã đối chiếu giấy tờ tùy thân của người yêu cầu", "I compared the person's identity paper")
    inputs = [
        Input("id_number", asked_by, value=typed.get("id_number", ""), required=True,
              error=errors.get("id_number", ""), width="medium", attrs=number),
        _reason(typed.get("reason", ""), errors),
        Input("identity", checked, "check", typed.get("identity", ""), required=True, error=errors.get("identity", "")),
    ]  # fmt: skip
    return render(request, "dossiers/person.html", {"inputs": inputs, "problems": problems}, status=status)


def _reason(value: str, errors: dict[str, Any]) -> Input:
    hint = bi("Ví dụ: theo đơn ngày 05/9/2025 của người đó.", "For example: their request of 05/09/2025.")
    return Input("reason", bi("Lý do cung cấp", "Why it is given out"), value=value, required=True, hint=hint,
                 error=errors.get("reason", ""), attrs={"maxlength": 300, "autocomplete": "off"})  # fmt: skip


def _by_field(problems: list[Problem]) -> dict[str, Any]:
    return {problem.field: problem.message for problem in problems}


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
