"""Public pages under `/dia-chi/`: where an address lies today. One address, a pasted list, or a file in the queue."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.units.addresses import Answer, Status
from haicap.domain.units.commands.conversion import ADDED, jobs
from haicap.domain.units.errors import ConversionFileMissing, ConversionTooLarge, ConversionUnknown, TooManyAddresses
from haicap.domain.units.models import Conversion
from haicap.domain.units.queries import addresses
from haicap.domain.units.queries.conversions import ahead_of, conversion_of
from haicap.domain.units.queries.questions import LONGEST_ADDRESS, MOST_ADDRESSES, address_from
from haicap.domain.units.web.arriving import Arriving
from haicap.kernel.access import public
from haicap.kernel.errors import DomainError
from haicap.kernel.language import active, bi
from haicap.kernel.limits.rules import Door
from haicap.kernel.limits.web import limited
from haicap.kernel.text import clean

STOP_POLLING = 286
"""What htmx takes for an answer that is shown and not asked for again."""
ROOM_FOR_FIELDS = 64 * 1024


@dataclass(frozen=True)
class Line:
    """One line of a pasted list: what was written, the answer, or why there was nothing to ask."""

    number: int
    text: str
    answer: Answer
    fault: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as the downloaded table has it: the address and the five columns of every conversion."""
        one = self.answer.unit
        found = (one.code, one.name, one.province_code) if one else ("", "", "")
        return (self.text, self.answer.status.value, *found, ";".join(self.answer.codes))


@public
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """`/dia-chi/`: three ways to ask; with `?q=` the answer for one address, alone where htmx asks for it."""
    typed = request.GET.get("q", "")
    context: dict[str, Any] = {"q": clean(typed)[:LONGEST_ADDRESS]}
    status = 200
    if "q" in request.GET:
        try:
            context["asked"] = address_from(typed, field="q")
            context["answer"] = addresses.resolve(context["asked"])
        except DomainError as refusal:
            context["fault"], status = refusal.sentence(), refusal.status
    template = "units/addresses/_answer.html" if request.headers.get("HX-Request") else "units/addresses/page.html"
    return _shown(request, template, context, status)


@limited(Door.BULK)
@public
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """`POST /dia-chi/danh-sach/`: the answers to a pasted list, one address a line; with `tai` as a CSV to keep.

    Nothing of it is stored.
    """
    pasted = request.POST.get("danh-sach", "")
    context: dict[str, Any] = {"pasted": pasted, "open": "list"}
    try:
        lines = _lines(pasted)
    except DomainError as refusal:
        return _refused(request, context, refusal, "list_fault", "units/addresses/_list.html")
    if "tai" in request.POST:
        return _table(lines)
    context |= {"lines": lines, "counts": {one.value: 0 for one in Status}}
    for line in lines:
        context["counts"][line.answer.status.value] += 1
    template = "units/addresses/_list.html" if request.headers.get("HX-Request") else "units/addresses/page.html"
    return _shown(request, template, context, 200)


@limited(Door.BULK)
@public
@require_POST
@csrf_exempt
def send(request: HttpRequest) -> HttpResponse:
    """`POST /dia-chi/tep/`: a CSV file goes into the queue; on to its own page, whose address only its sender knows.

    Refused before it is read: a browser whose last file is not finished, a full queue, a body larger than the limit.
    The token of the form is checked in `_send`, once the file has a place to go to.
    """
    most = settings.HAICAP_CONVERSION_MAX_BYTES
    arriving = Arriving(request, most)
    request.upload_handlers = [arriving]
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > most + ROOM_FOR_FIELDS:
            raise ConversionTooLarge(most=most // 2**20, field="tep")
        jobs.refuse_if_full(_client(request))
        return _send(request)
    except DomainError as refusal:
        return _refused(request, {"open": "file", "column": arriving.column}, refusal, "file_fault", "")
    finally:
        arriving.clean()


@csrf_protect
def _send(request: HttpRequest) -> HttpResponse:
    column = clean(request.POST.get("cot", ""))[:200]
    file = request.FILES.get("tep")
    arriving: Arriving = request.upload_handlers[0]  # type: ignore[assignment]
    arriving.column = column
    if arriving.too_large:
        raise ConversionTooLarge(most=arriving.most // 2**20, field="tep")
    if file is None or arriving.path is None:
        raise ConversionFileMissing(field="tep")
    key = jobs.ask(arrived=arriving.path, column=column, client=_client(request), language=active())
    return HttpResponseRedirect(reverse("addresses:file", args=[key]))


@public
@require_safe
def file(request: HttpRequest, key: str) -> HttpResponse:
    """`/dia-chi/tep/<key>/`: how far a file is, then its result. Two statements at most.

    htmx asks for the inner part every second until it is finished; without it the page reloads itself.
    """
    fragment = bool(request.headers.get("HX-Request"))
    try:
        conversion = conversion_of(key)
    except ConversionUnknown as gone:
        if not fragment:
            raise
        return _shown(request, "units/addresses/_gone.html", {"sentence": gone.sentence()}, STOP_POLLING)
    crumbs = [(bi("Địa chỉ cũ – mới", "Old and new addresses"), reverse("addresses:ask")), (bi("Tệp", "File"), "")]
    context = {"conversion": conversion, "key": key, "ahead": ahead_of(conversion), "fragment": fragment,
               "crumbs": crumbs}  # fmt: skip
    if not fragment:
        return _shown(request, "units/addresses/file.html", context, 200)
    return _shown(request, "units/addresses/_file.html", context, STOP_POLLING if conversion.is_finished else 200)


@public  # type: ignore[arg-type] # a file is streamed
@require_safe
def result(request: HttpRequest, key: str) -> HttpResponseBase:
    """`/dia-chi/tep/<key>/ket-qua.csv`: the converted table. ConversionUnknown unless it is done."""
    return _saved(conversion_of(key), "result", "dia-chi-moi.csv")


@public  # type: ignore[arg-type] # a file is streamed
@require_safe
def report(request: HttpRequest, key: str) -> HttpResponseBase:
    """`/dia-chi/tep/<key>/bao-cao.csv`: each row without one answer, and why."""
    return _saved(conversion_of(key), "report", "dia-chi-chua-ro.csv")


@public
@require_POST
def forget(request: HttpRequest, key: str) -> HttpResponse:
    """`POST /dia-chi/tep/<key>/xoa/`: the file and its results go now, also in the middle."""
    jobs.forget(key)
    return HttpResponseRedirect(reverse("addresses:ask"))


def _lines(pasted: str) -> list[Line]:
    """The lines of a pasted list with their answers, empty ones left out. TooManyAddresses; AddressMissing for none."""
    texts = [text for text in pasted.splitlines() if text.strip()]
    if len(texts) > MOST_ADDRESSES:
        raise TooManyAddresses(n=len(texts), most=MOST_ADDRESSES, field="danh-sach")
    if not texts:
        address_from("", field="danh-sach")
    judged = [_judged(text) for text in texts]
    answers = iter(addresses.resolve_many([address for address, fault in judged if not fault]))
    return [
        Line(number, address, Answer(Status.UNKNOWN) if fault else next(answers), fault)
        for number, (address, fault) in enumerate(judged, start=1)
    ]


def _judged(text: str) -> tuple[str, str]:
    """An address as it is asked for, and why it cannot be."""
    try:
        return address_from(text), ""
    except DomainError as refusal:
        return clean(text)[:LONGEST_ADDRESS], refusal.sentence()


def _table(lines: Sequence[Line]) -> HttpResponse:
    """The answers as a CSV that Excel opens."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("address", *ADDED))
    writer.writerows(line.cells for line in lines)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="dia-chi-moi.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _saved(conversion: Conversion, what: str, name: str) -> HttpResponseBase:
    if not conversion.is_done:
        raise ConversionUnknown()
    try:
        content = getattr(conversion, what).open("rb")
    except FileNotFoundError:
        raise ConversionUnknown() from None
    response = FileResponse(content, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _client(request: HttpRequest) -> str:
    """The secret that this browser holds for its forms; one that holds none gets a fresh one."""
    get_token(request)
    return str(request.META["CSRF_COOKIE"])


def _refused(
    request: HttpRequest, context: dict[str, Any], refusal: DomainError, at: str, fragment: str
) -> HttpResponse:
    """The page again with what was typed and the refusal at its form."""
    template = fragment if fragment and request.headers.get("HX-Request") else "units/addresses/page.html"
    return _shown(request, template, context | {at: refusal.sentence()}, refusal.status)


def _shown(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    """A page that nobody on the way keeps: it holds addresses that somebody asked about."""
    limits = {
        "most_addresses": MOST_ADDRESSES, "most_rows": jobs.MOST_ROWS, "most_letters": LONGEST_ADDRESS,
        "most_mb": settings.HAICAP_CONVERSION_MAX_BYTES // 2**20, "hours": jobs.KEPT // timedelta(hours=1),
    }  # fmt: skip
    response = render(request, template, limits | context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


app_name = "addresses"
urlpatterns = [
    path("", ask, name="ask"),
    path("danh-sach/", many, name="many"),
    path("tep/", send, name="send"),
    path("tep/<str:key>/", file, name="file"),
    path("tep/<str:key>/ket-qua.csv", result, name="result"),
    path("tep/<str:key>/bao-cao.csv", report, name="report"),
    path("tep/<str:key>/xoa/", forget, name="forget"),
]
