"""`/desk/tiep-nhan/`: the counter. One page from the procedure to the receipt, by keyboard alone."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.commands import Receipt, decline_at_counter, receive
from haicap.domain.dossiers.commands.intake import judge
from haicap.domain.dossiers.errors import DossierInvalid
from haicap.domain.dossiers.web import counter_page as page
from haicap.domain.dossiers.web.forms import APPLICANT, problems_on_page, read_card, receipt_from_post, text
from haicap.domain.dossiers.web.rows import href_of
from haicap.domain.dossiers.web.uploads import with_uploads
from haicap.domain.people.access import can_receive
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Version
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import DomainError
from haicap.kernel.readings import Door, Note, Purpose
from haicap.kernel.readings import commands as readings
from haicap.kernel.scope import Actor
from haicap.kernel.web.errors import KeyReused

HOME = "/desk/tiep-nhan/"
KEY_LENGTH = 36
CHECK, DECLINE = "kiem-tra", "tu-choi"


@allow(can_receive, writes=True)
def receive_page(request: HttpRequest) -> HttpResponse:
    """The form (`?thu-tuc=` names the procedure); posted, it receives, declines (`lam=tu-choi`) or only checks.

    A receipt posted twice with its key leads to the same dossier. On faults everything typed and uploaded stays.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    posted = request.method == "POST"
    code = (request.POST if posted else request.GET).get("thu-tuc", "")[:40]
    if request.headers.get("HX-Request") and not posted:  # the procedure was chosen: a whole page, with its draft
        return HttpResponse(status=204, headers={"HX-Redirect": f"{HOME}?thu-tuc={code}"})
    version, refusal = _version(code)
    if version is None:
        return _choose(request, actor, code, refusal)
    if posted:
        return _posted(request, actor, version)
    return _form(request, actor, page.blank(version, actor.unit_code), version, key=str(uuid.uuid4()))


def _version(code: str) -> tuple[Version | None, str]:
    if not code:
        return None, ""
    try:
        return queries.version_on(code, clock.today()), ""
    except DomainError as error:
        return None, error.sentence()


def _posted(request: HttpRequest, actor: Actor, version: Version) -> HttpResponse:
    key, doing, reason = (
        text(request.POST, "khoa")[:KEY_LENGTH],
        text(request.POST, "lam"),
        text(request.POST, "reason"),
    )
    post, file_problems = with_uploads(request, version, actor)
    receipt = receipt_from_post(post, version, unit=actor.unit_code)
    shown: dict[str, Any] = {"key": key, "reason": reason, "declining": doing == DECLINE, "returned": True}
    if file_problems:
        return _form(request, actor, receipt, version, problems=file_problems, status=422, **shown)
    try:
        if doing == CHECK:
            judge(actor, receipt, clock.now())
            return _form(request, actor, receipt, version, checked=True, **shown)
        if doing == DECLINE:
            done = decline_at_counter(actor=actor, receipt=receipt, reason=reason, key=key)
        else:
            done = receive(actor=actor, receipt=receipt, key=key)
    except DossierInvalid as error:
        problems = problems_on_page(error.problems, receipt)
        return _form(request, actor, receipt, version, problems=problems, status=error.status, **shown)
    except KeyReused:
        return _form(request, actor, receipt, version, received_before=queries.code_received(actor, key), status=409,
                     **{**shown, "key": str(uuid.uuid4())})  # fmt: skip
    except DomainError as error:
        return _form(request, actor, receipt, version, refusal=error.sentence(), status=error.status, **shown)
    return HttpResponseRedirect(f"{href_of(done.code)}?moi=1")


def _choose(request: HttpRequest, actor: Actor, code: str, refusal: str) -> HttpResponse:
    context = {"code": code, "refusal": refusal, **_procedures(actor)}
    return render(request, "dossiers/receive.html", context, status=422 if refusal else 200)


def _procedures(actor: Actor) -> dict[str, Any]:
    """The list to choose from, the most used of late first, and those few as links of their own."""
    used = Counter(queries.procedures_of_late(actor))
    listed = sorted(procedures.listed_today(), key=lambda item: -used[item.code])
    return {
        "procedures": [(item.code, _said(item)) for item in listed],
        "often": [item for item in listed if used[item.code]][:6],
    }


def _said(item: procedures.Listed) -> str:
    """A procedure as a choice; in English with its Vietnamese name too, by which everybody asks for it."""
    names = dict.fromkeys((item.shown_name, item.name))
    return " · ".join([*names, item.code])


def _form(
    request: HttpRequest, actor: Actor, receipt: Receipt, version: Version, *, status: int = 200, **shown: Any
) -> HttpResponse:
    context = (
        {"checked": False} | page.context(actor, receipt, version, shown) | _procedures(actor) | {"code": version.code}
    )
    return render(request, "dossiers/receive.html", context, status=status)


@require_POST
@allow(can_receive, writes=True)
def applicant(request: HttpRequest) -> HttpResponse:
    """Fragments for the applicant's box: people known by this number or phone, masked, and dossiers that may be the same;
    `chon` fills the box from a dossier, which is noted; a scanned identity card fills it at once. Posted, so that no log
    of addresses keeps it."""
    if chosen := text(request.POST, "chon")[:80]:
        readings.note(request.actor, [Note(door=Door.COUNTER, code=chosen, whole=True, purpose=Purpose.WORK.value)])  # type: ignore[attr-defined]
        return _filled(request, page.applicant_of(chosen))
    typed = {key: text(request.POST, f"applicant.{key}")[:500] for key in APPLICANT}
    if read := read_card(typed["id_number"]):
        return _filled(request, {**typed, **read})
    number, phone = typed["id_number"], typed["phone"]
    known = queries.applicants_like(number) or queries.applicants_like(phone)
    context = {
        "known": [one.masked() for one in known if one.name != typed["name"] or one.phone != phone],
        "duplicates": queries.possible_duplicates(text(request.POST, "thu-tuc")[:40], number),
    }
    return render(request, "dossiers/_known.html", context)


def _filled(request: HttpRequest, values: dict[str, str]) -> HttpResponse:
    answer = render(
        request, "dossiers/_applicant.html", {"applicant": page.applicant_inputs(values, {}, focus="phone")}
    )
    answer.headers["HX-Retarget"] = "#applicant"
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


@require_POST
@allow(can_receive)
def summary(request: HttpRequest) -> HttpResponse:
    """Fragment: when the result would be due and what it would cost, for what is in the form now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    version, refusal = _version(text(request.POST, "thu-tuc")[:40])
    if version is None:
        return render(request, "components/notice.html", {"tone": "error", "text": refusal})
    receipt = receipt_from_post(request.POST, version, unit=actor.unit_code)
    return render(request, "dossiers/_summary.html", {"summary": page.summary_of(receipt, version)})
