"""The portal's door, and what stands where an address leads nowhere."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.kernel import clock
from haicap.kernel.access import public
from haicap.kernel.web import problems
from haicap.kernel.web.middleware import API

SECURITY_TXT_LIFE = timedelta(days=180)
CLOSED_TO_ROBOTS = ("/desk/", "/quan-tri/", "/dieu-hanh/", "/tra-cuu/", "/dia-chi/tep/", "/dang-nhap/", "/api/")


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/`: three questions that bring people here, each with its own field. No statement."""
    return render(request, "portal/home.html")


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`: procedures and units may be found by search engines, nothing about persons."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS)]
    return _text("\n".join(lines) + "\n")


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """`/.well-known/security.txt` (RFC 9116): whom to tell of a weakness; 404 where the installation named nobody."""
    contact = settings.HAICAP_SECURITY_CONTACT.strip()
    if not contact:
        raise Http404
    expires = (clock.now() + SECURITY_TXT_LIFE).replace(hour=0, minute=0, second=0, microsecond=0)
    return _text(
        f"Contact: {contact}\nExpires: {expires.isoformat()}\nPreferred-Languages: vi, en\n"
        f"Canonical: {settings.HAICAP_BASE_URL}/.well-known/security.txt\n"
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 400."""
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 403."""
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 404."""
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of 500; its page needs neither the database nor the reader's language."""
    return _error(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: most often a page that stood open too long."""
    return _error(request, 403)


def _error(request: HttpRequest, status: int) -> HttpResponse:
    """A page for people, a problem document under /api/."""
    if request.path_info.startswith(API):
        return problems.of_status(status)
    return render(request, f"{status}.html", {"status": status}, status=status)


def _text(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
