"""What happens around every page: the language, and errors that become pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from haicap.kernel import language as languages
from haicap.kernel.errors import DomainError
from haicap.kernel.text import is_storable
from haicap.kernel.web import problems

LANGUAGE_COOKIE = "haicap_language"
API = "/api/"

Handler = Callable[[HttpRequest], HttpResponse]


def language(get_response: Handler) -> Handler:
    """Pages speak the language of the switch (a cookie), the API that of Accept-Language; Vietnamese otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(API):
            wanted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:2]
        else:
            wanted = request.COOKIES.get(LANGUAGE_COOKIE, "")
        languages.activate(wanted)
        translation.activate(languages.active())
        answer = get_response(request)
        answer.headers.setdefault("Content-Language", languages.active())
        return answer

    return middleware


class Errors:
    """A DomainError that a view let through becomes a page (or a fragment) with its sentence; nothing was changed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_storable(request):
            raise BadRequest("text that cannot be stored")
        answer = self.get_response(request)
        if answer.status_code >= 400 and request.path_info.startswith(API) and not _is_problem(answer):
            allow = answer.headers.get("Allow")
            return problems.of_status(answer.status_code, {"Allow": allow} if allow else None)
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Deny by default: a view without a rule is a programming error, not an open door."""
        if not request.path_info.startswith(API) and not hasattr(view, "access"):
            raise RuntimeError(f"{view.__module__}.{view.__name__} says nothing about who may open it")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal."""
        if not isinstance(error, DomainError):
            return None
        return error_page(request, error)


def error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal as a page, or as a notice where htmx asked for a fragment."""
    fragment = bool(request.headers.get("HX-Request"))
    template = "components/notice.html" if fragment else "error.html"
    sentence = error.sentence()
    context = {"kind": "error", "status": error.status, "title": str(error.title), "sentence": sentence, "text": sentence,
               "body": sentence, "problems": error.problems, "denial": error.members()}  # fmt: skip
    answer = render(request, template, context, status=error.status)
    for name, value in error.headers().items():
        answer.headers[name] = value
    return answer


def _is_problem(answer: HttpResponse) -> bool:
    return answer.headers.get("Content-Type", "").startswith(problems.MEDIA_TYPE)


def _is_storable(request: HttpRequest) -> bool:
    """False for an address or query with NUL or lone surrogates, which no table can hold."""
    try:
        if not is_storable(request.path):
            return False
        if not request.META.get("QUERY_STRING"):
            return True
        return all(is_storable(text) for key, values in request.GET.lists() for text in (key, *values))
    except (SuspiciousOperation, UnicodeError):
        return False
