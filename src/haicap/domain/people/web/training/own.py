"""`/desk/lop-hoc/`: one's own classes; the paper of a certificate; and the public page that says whether it is valid."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_train, works_here
from haicap.domain.people.papers.completion import completion_pdf
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.queries.signing.own import own_signing
from haicap.domain.people.queries.training.own import completion_for, own_training, shown
from haicap.domain.people.web.training.common import actor_of
from haicap.kernel.access import allow, public

LONGEST_CODE = 40


@require_safe
@allow(works_here)
def mine(request: HttpRequest) -> HttpResponse:
    """Classes, topics, reminders and certificates of the person who looks."""
    actor = actor_of(request)
    return render(request, "people/training/mine.html", {"own": own_training(actor), "signing": own_signing(actor)})


@require_safe
@allow(works_here)
def paper(request: HttpRequest, completion_id: str) -> HttpResponse:
    """The certificate as PDF: one's own, or of a unit that one administers."""
    actor = actor_of(request)
    units = reach_of(actor).unit_ids if can_train(actor) else frozenset()
    row = completion_for(actor, int(completion_id), units)
    address = request.build_absolute_uri(reverse("completion", args=[row.code]))
    answer = HttpResponse(completion_pdf(row, address), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="chung-nhan-{row.year}-{row.number}.pdf"'
    return answer


@public
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """`/chung-nhan/<code>/`: whether a certificate of completion is valid; the name masked. One statement."""
    found = shown(code.upper()) if len(code) <= LONGEST_CODE and code.isascii() and code.isalnum() else None
    return render(request, "people/training/verify.html", {"found": found}, status=200 if found else 404)
