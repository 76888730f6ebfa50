"""`/quan-tri/chung-thu/so/`: the register; requests, what the issuer sent back, renewals and revocations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_keep_certificates
from haicap.domain.people.commands import signing
from haicap.domain.people.commands.signing import Answer, RequestFacts
from haicap.domain.people.models import Body, DigitalCertificate, SigningDevice
from haicap.domain.people.papers.requests import requests_pdf, requests_xlsx
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.queries.signing import register as queries
from haicap.domain.people.queries.signing.register import FILTERS, PAGE, Wanted
from haicap.domain.people.signing_errors import CertificateUnknown, SigningRefused
from haicap.domain.people.signing_files import MOST_BYTES
from haicap.domain.people.signing_rules import AGENCY_BODY, IN_FORCE, ISSUER, MOVES, OPEN, Carrier, State, Why, stage
from haicap.domain.people.signing_trust import FALSE, Chain, Listed
from haicap.domain.people.web.looks import note_taken_away
from haicap.domain.people.web.signing.common import REGISTER, crumbs
from haicap.domain.people.web.training.common import (
    LONGEST_INPUT,
    actor_of,
    at_fields,
    communes_and_own,
    number_of,
    page_of,
    reach,
    wrong,
)
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_FILES = 200
OF_AGENCY = "co-quan"
LIST_TONES = {Listed.NONE: "neutral", Listed.GOOD: "success", Listed.STALE: "warning", Listed.HELD: "danger",
              Listed.REVOKED: "danger"}  # fmt: skip


@require_safe
@allow(can_keep_certificates)
def index(request: HttpRequest) -> HttpResponse:
    """The register; `?q= don-vi= trang-thai= trang=`."""
    return _list(request)


@require_POST
@allow(can_keep_certificates, writes=True)
def send(request: HttpRequest) -> HttpResponse:
    """Note the letter by which all waiting requests left."""
    own = reach(request)
    waiting = queries.waiting_to_leave(own).values_list("pk", flat=True)
    try:
        signing.send(
            actor=own.actor, certificate_ids=list(waiting), number=request.POST.get("number", "")[:LONGEST_INPUT]
        )
    except SigningRefused as refused:
        return _list(request, problems=refused.problems)
    return HttpResponseRedirect(f"{reverse('certificates')}?trang-thai={State.SENT.value}")


@require_POST
@allow(can_keep_certificates, writes=True)
def answers(request: HttpRequest) -> HttpResponse:
    """Certificate files that came back, each put to its request; with `chung-thu` to that one."""
    files = request.FILES.getlist("tep")[:MOST_FILES]
    number = number_of(request.POST.get("chung-thu", "")) or None
    if not files:
        problems = [Problem("tep", bi("Chọn tệp chứng thư số.", "Choose the certificate's file."))]
    else:
        given = [Answer((file.name or "")[:80], file.read(MOST_BYTES + 1), number) for file in files]
        try:
            taken = signing.take_answers(actor=actor_of(request), files=given)
            target = (
                reverse("certificate", args=[taken[0].certificate_id]) if len(taken) == 1 else reverse("certificates")
            )
            return HttpResponseRedirect(f"{target}?xong={len(taken)}")
        except SigningRefused as refused:
            places = {f"files[{at}]": one.name for at, one in enumerate(given)}
            problems = [Problem("tep", f"{places.get(one.field, '')}: {one.message}") for one in refused.problems]
    return _page(request, number, problems) if number else _list(request, problems=problems)


@require_safe
@allow(can_keep_certificates, notes_itself=True)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The list of requests that were not sent yet, for the issuer: pdf or xlsx."""
    own = reach(request)
    rows = list(queries.waiting_to_leave(own))
    note_taken_away(own.actor, (row.official_id for row in rows if row.official_id), "đề nghị cấp chứng thư số")
    unit = next(unit for unit in own.units.values() if unit.pk == own.actor.unit_id)
    body = requests_pdf(unit, rows) if form == "pdf" else requests_xlsx(rows)
    answer = HttpResponse(body, content_type="application/pdf" if form == "pdf" else XLSX)
    name = f"de-nghi-chung-thu-so-{clock.today().isoformat()}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@allow(can_keep_certificates, writes=True)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a certificate: choose the unit, then a person or the agency; `?gia-han=` renews one."""
    own = reach(request)
    given = request.POST if request.method == "POST" else request.GET
    earlier = _one(own, number_of(given.get("gia-han", ""))) if given.get("gia-han") else None
    code = given.get("don-vi", "")[:10]
    unit = (
        earlier.unit
        if earlier
        else own.unit(code)
        if code
        else next(iter(own.units.values()))
        if len(own.units) == 1
        else None
    )
    typed = {name: clean(given.get(name, ""))[:LONGEST_INPUT] for name in ("nguoi", "carrier", "device")}
    if request.method != "POST" or unit is None:
        return _new(request, own, unit, earlier, typed, [])
    try:
        (row,) = signing.request_certificates(actor=own.actor, requests=[_facts(unit, earlier, typed)])
    except SigningRefused as refused:
        return _new(request, own, unit, earlier, typed, refused.problems)
    return HttpResponseRedirect(reverse("certificate", args=[row.pk]))


@require_safe
@allow(can_keep_certificates)
def show(request: HttpRequest, certificate_id: str) -> HttpResponse:
    """One certificate and what can be done."""
    return _page(request, int(certificate_id))


@require_POST
@allow(can_keep_certificates, writes=True)
def withdraw(request: HttpRequest, certificate_id: str) -> HttpResponse:
    """Take a request back."""
    signing.move(actor=actor_of(request), certificate_id=int(certificate_id), step="withdraw")
    return HttpResponseRedirect(reverse("certificate", args=[certificate_id]))


@require_POST
@allow(can_keep_certificates, writes=True)
def bring_file(request: HttpRequest, certificate_id: str) -> HttpResponse:
    """The file of a certificate that is in the register without one."""
    file = request.FILES.get("tep")
    if file is None:
        problems: Sequence[Problem] = [Problem("tep", bi("Chọn tệp chứng thư số.", "Choose the certificate's file."))]
        return _page(request, int(certificate_id), problems)
    try:
        signing.bring_file(actor=actor_of(request), certificate_id=int(certificate_id), data=file.read(MOST_BYTES + 1))
    except SigningRefused as refused:
        return _page(request, int(certificate_id), refused.problems)
    return HttpResponseRedirect(f"{reverse('certificate', args=[certificate_id])}?xong=1")


@require_POST
@allow(can_keep_certificates, writes=True)
def revoke(request: HttpRequest, certificate_id: str) -> HttpResponse:
    """Block a certificate and ask for its revocation; `xac-nhan=1`: the issuer has revoked it."""
    try:
        signing.revoke(
            actor=actor_of(request), certificate_id=int(certificate_id), why=request.POST.get("why", "")[:40],
            confirmed=request.POST.get("xac-nhan") == "1",
        )  # fmt: skip
    except SigningRefused as refused:
        return _page(request, int(certificate_id), refused.problems)
    return HttpResponseRedirect(reverse("certificate", args=[certificate_id]))


def _one(own: Reach, certificate_id: int) -> DigitalCertificate:
    rows = DigitalCertificate.objects.filter(unit_id__in=own.unit_ids)
    row = (
        queries.with_names(rows.select_related("official", "unit", "device", "anchor").defer("file", "anchor__file"))
        .filter(pk=certificate_id)
        .first()
    )
    if row is None:
        raise CertificateUnknown
    return row


def _list(request: HttpRequest, *, problems: Sequence[Problem] = ()) -> HttpResponse:
    own, asked = reach(request), request.GET
    code, state = asked.get("don-vi", "")[:10], asked.get("trang-thai", "")
    wanted = Wanted(
        words=clean(asked.get("q", ""))[:120], unit_id=own.unit(code).pk if code else 0,
        state=state if state in dict(FILTERS) else "",
    )  # fmt: skip
    page = Paginator(queries.certificates(own, wanted), PAGE).get_page(page_of(request))
    now = clock.now()
    return render(request, "people/signing/list.html", {
        "crumbs": crumbs((REGISTER, "")), "title": REGISTER, "page": page, "wanted": wanted, "code": code,
        "lines": [(row, look_of(row)) for row in page], "states": FILTERS, "issuer": ISSUER,
        "units": [(unit.code, unit.shown_name) for unit in communes_and_own(own)],
        "waiting": queries.waiting_to_leave(own).count(),
        "problems": problems, "wrong": wrong(problems), "done": number_of(asked.get("xong", "")), "now": now,
        "narrowed": any((wanted.words, wanted.unit_id, wanted.state)),
    }, status=422 if problems else 200)  # fmt: skip


def look_of(row: DigitalCertificate) -> tuple[str, Any]:
    """Tone and words of where a certificate stands today."""
    if row.state == State.ISSUED and (row.listed == Listed.HELD or row.chain in FALSE):
        return "danger", (Listed.HELD if row.listed == Listed.HELD else Chain(row.chain)).label
    if row.state == State.ISSUED and row.valid_to:
        if row.valid_to <= clock.now():
            return "danger", bi("Đã hết hạn", "Expired")
        if stage(row.valid_to, clock.today()) is not None:
            left = (clock.local(row.valid_to).date() - clock.today()).days
            return "warning", bi("Còn {n} ngày", "{n} days left").format(n=left)
        return "success", State.ISSUED.label
    tones = {State.BLOCKED: "danger", State.REVOKED: "danger", State.SENT: "info", State.REQUESTED: "info"}
    return tones.get(State(row.state), "neutral"), State(row.state).label


def _page(request: HttpRequest, certificate_id: int, problems: Sequence[Problem] = ()) -> HttpResponse:
    own = reach(request)
    row = _one(own, certificate_id)
    later = DigitalCertificate.objects.filter(renews=row).order_by("-pk").first()
    name = (
        row.official.full_name if row.official else f"{getattr(row, 'body_name', '') or row.body_key} {row.unit.name}"
    )
    return render(request, "people/signing/certificate.html", {
        "crumbs": crumbs((REGISTER, reverse("certificates")), (name, "")), "row": row, "name": name, "look": look_of(row),
        "carrier": Carrier(row.carrier).label, "why": Why(row.why).label if row.why else "", "reasons": Why.choices,
        "chain": Chain(row.chain).label, "listed": Listed(row.listed).label, "trusted": row.chain == Chain.TRUSTED,
        "false": row.chain in FALSE, "unchecked": row.chain == Chain.UNCHECKED and row.state in IN_FORCE,
        "has_list": row.listed != Listed.NONE, "list_tone": LIST_TONES[Listed(row.listed)],
        "open": row.state in OPEN,
        "may_block": row.state in MOVES["block"][0], "may_revoke": row.state in MOVES["revoke"][0],
        "later": later, "problems": problems, "wrong": wrong(problems), "done": request.GET.get("xong", ""),
    }, status=422 if problems else 200)  # fmt: skip


def _facts(unit: Unit, earlier: DigitalCertificate | None, typed: Mapping[str, str]) -> RequestFacts:
    person = number_of(typed["nguoi"]) or None
    body = AGENCY_BODY if typed["nguoi"] == OF_AGENCY else ""
    if earlier:
        person, body = earlier.official_id, earlier.body_key
    return RequestFacts(
        unit=unit, official_id=person, body_key=body, carrier=typed["carrier"], device_id=number_of(typed["device"]) or None,
        renews_id=earlier.pk if earlier else None,
    )  # fmt: skip


def _new(
    request: HttpRequest, own: Reach, unit: Unit | None, earlier: DigitalCertificate | None, typed: Mapping[str, str],
    problems: Sequence[Problem],
) -> HttpResponse:  # fmt: skip
    people: list[tuple[str, Any]] = []
    if unit:
        body = Body.objects.on(clock.today()).filter(unit=unit, key=AGENCY_BODY).first()
        own_key = bi("Chứng thư số của cơ quan: {name}", "The agency's certificate: {name}")
        people = [(OF_AGENCY, own_key.format(name=body.name))] if body else []
        people += queries.people_of(unit.pk)
    devices = SigningDevice.objects.filter(unit=unit, lost_on=None).order_by("serial") if unit else []
    return render(request, "people/signing/new.html", {
        "crumbs": crumbs((REGISTER, reverse("certificates")), (bi("Đề nghị cấp", "Request"), "")), "unit": unit,
        "units": [(one.code, one.shown_name) for one in communes_and_own(own)], "people": people, "typed": typed,
        "carriers": Carrier.choices, "devices": [(str(one.pk), one.serial) for one in devices], "earlier": earlier,
        "problems": at_fields(problems), "wrong": wrong(problems),
    }, status=422 if problems else 200)  # fmt: skip
