"""Addresses under `/api/`: version 1, its pages for people, and what problems mean."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from haicap.domain.dossiers.api import intake
from haicap.interfaces.api import views
from haicap.interfaces.api.v1 import api

_patterns, _app, _namespace = api.urls
_dossiers: Any = next(one.callback for one in _patterns if str(one.pattern) == "dossiers")


@csrf_exempt
def dossiers(request: HttpRequest) -> HttpResponse:
    """`/api/v1/dossiers`: receiving goes straight to its operation, all else through ninja; see `intake`."""
    if request.method != "POST":
        answer: HttpResponse = _dossiers(request)
        return answer
    try:
        return intake.receive(request)
    except Exception as error:
        return api.on_exception(request, error)


urlpatterns = [
    path("v1/dossiers", dossiers),
    path("v1/docs", views.docs, name="api-docs"),
    path("problems/<str:code>", views.problem, name="api-problem"),
    path("v1/", include((_patterns, _app), namespace=_namespace)),
    re_path(r"", views.nowhere),
]
