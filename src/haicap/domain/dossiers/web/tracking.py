"""Public pages: a citizen follows a dossier with the code and the secret on the slip. Under `/tra-cuu/`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.errors import DossierUnknown
from haicap.domain.dossiers.queries.cases import CODE_MAX
from haicap.kernel.access import public
from haicap.kernel.text import clean

SECRET_MAX = 20


@public
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """`/tra-cuu/`: the form; with `?ma=` on to the dossier's own address, which can be kept."""
    code, secret = _typed(request.GET.get("ma", ""), CODE_MAX), _typed(request.GET.get("s", ""), SECRET_MAX)
    if code and "/" not in code:
        query = f"?{urlencode({'s': secret})}" if secret else ""
        return HttpResponseRedirect(f"/tra-cuu/{quote(code)}/{query}")
    return _page(request, code=code, secret=secret, unknown=bool(code), status=404 if code else 200)


@public
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """`/tra-cuu/<code>/?s=<secret>`: state and dates; with the right secret also what concerns the citizen alone.

    A wrong secret shows what no secret shows, and a hint to look at both again. Four statements at most.
    """
    code, secret = _typed(code, CODE_MAX), _typed(request.GET.get("s", ""), SECRET_MAX)
    try:
        found = queries.tracked(code, secret)
    except DossierUnknown:
        return _page(request, code=code, secret=secret, unknown=True, status=404)
    return _page(request, code=found.code, secret=secret, found=found, contact=found.contact, status=200)


def _page(request: HttpRequest, *, status: int, **context: Any) -> HttpResponse:
    response = render(request, "dossiers/tracking.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _typed(text: str, most: int) -> str:
    """What was typed, without the spaces that copying brings, in capitals as on the slip."""
    return "".join(clean(text).split()).upper()[:most]
