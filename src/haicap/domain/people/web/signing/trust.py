"""`/quan-tri/chung-thu/noi-cap/`: issuers that are trusted and their revocation lists.

A province's administrator changes them, by files; whoever keeps certificates reads them.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_keep_anchors, can_keep_certificates
from haicap.domain.people.commands import signing
from haicap.domain.people.queries.signing import trust as queries
from haicap.domain.people.queries.signing.register import FALSE_ONES, TRUSTED_ONES, UNSURE
from haicap.domain.people.signing_authorities import MOST_LIST_BYTES, AuthorityFacts, in_pairs
from haicap.domain.people.signing_errors import SigningRefused
from haicap.domain.people.signing_files import MOST_BYTES
from haicap.domain.people.web.signing.common import ISSUERS, crumbs
from haicap.domain.people.web.training.common import actor_of, number_of, reach, wrong
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi


@require_safe
@allow(can_keep_certificates)
def index(request: HttpRequest) -> HttpResponse:
    """The issuers, their lists, and how many certificates are of them."""
    return _index(request)


@require_POST
@allow(can_keep_anchors)
def look(request: HttpRequest) -> HttpResponse:
    """What a file would add; its fingerprint is to be compared before it is trusted. Writes nothing."""
    file = request.FILES.get("tep")
    if file is None:
        return _index(
            request, [Problem("tep", bi("Chọn tệp chứng thư của nơi cấp.", "Choose the issuer's certificate."))]
        )
    data = file.read(MOST_BYTES + 1)
    try:
        return _confirm(request, signing.look_at_anchor(actor=actor_of(request), data=data))
    except SigningRefused as refused:
        return _index(request, refused.problems)


@require_POST
@allow(can_keep_anchors, writes=True)
def trust(request: HttpRequest) -> HttpResponse:
    """Trust what was looked at; the certificate comes along in the form and is judged again."""
    actor = actor_of(request)
    try:
        data = b64decode(request.POST.get("chung-thu", "")[: MOST_BYTES * 2], validate=True)
    except (NotBase64, ValueError):
        data = b""
    try:
        facts = signing.look_at_anchor(actor=actor, data=data)
        if request.POST.get("da-doi-chieu") != "1":
            text = bi(
                "Đối chiếu SHA-256 với nơi cấp công bố, rồi đánh dấu.", "Compare the SHA-256 first, then tick this."
            )
            return _confirm(request, facts, [Problem("da-doi-chieu", text)])
        signing.trust(actor=actor, data=data)
    except SigningRefused as refused:
        return _index(request, refused.problems)
    return HttpResponseRedirect(f"{reverse('signing-issuers')}?xong=nhan")


@require_POST
@allow(can_keep_anchors, writes=True)
def distrust(request: HttpRequest, anchor_id: str) -> HttpResponse:
    """Trust an issuer no more."""
    signing.distrust(actor=actor_of(request), anchor_id=int(anchor_id))
    return HttpResponseRedirect(f"{reverse('signing-issuers')}?xong=bo")


@require_POST
@allow(can_keep_anchors, writes=True)
def take_list(request: HttpRequest) -> HttpResponse:
    """Keep a revocation list, and look every certificate up in it."""
    file = request.FILES.get("list")
    if file is None:
        return _index(request, [Problem("list", bi("Chọn tệp .crl của nơi cấp.", "Choose the issuer's .crl file."))])
    try:
        _, judged = signing.take_list(actor=actor_of(request), data=file.read(MOST_LIST_BYTES + 1))
    except SigningRefused as refused:
        return _index(request, [Problem("list", one.message) for one in refused.problems])
    return HttpResponseRedirect(f"{reverse('signing-issuers')}?xong=danh-sach&thu-hoi={judged.revoked}")


def _index(request: HttpRequest, problems: Sequence[Problem] = ()) -> HttpResponse:
    now, asked = clock.now(), request.GET
    return render(request, "people/signing/issuers.html", {
        "crumbs": crumbs((ISSUERS, "")), "title": ISSUERS, "now": now, "problems": problems, "wrong": wrong(problems),
        "rows": [(one, in_pairs(one.fingerprint)) for one in queries.anchors()],
        "counts": queries.standing_of(reach(request).unit_ids), "may": can_keep_anchors(actor_of(request)),
        "unsure": UNSURE, "of_trusted": TRUSTED_ONES, "untrusted": FALSE_ONES, "done": asked.get("xong", ""),
        "revoked": number_of(asked.get("thu-hoi", "")),
    }, status=422 if problems else 200)  # fmt: skip


def _confirm(request: HttpRequest, facts: AuthorityFacts, problems: Sequence[Problem] = ()) -> HttpResponse:
    context: dict[str, Any] = {
        "crumbs": crumbs((ISSUERS, reverse("signing-issuers")), (facts.name, "")), "facts": facts,
        "file": b64encode(facts.file).decode(), "problems": problems, "wrong": wrong(problems),
    }  # fmt: skip
    return render(request, "people/signing/issuer.html", context, status=422 if problems else 200)
