"""Two doors: pages pass through all of Django's middleware, the API through the one it needs.

Each wrapper stands in MIDDLEWARE in the place of what it wraps and lets requests under /api/ by: redirects to slashes,
static files, policies for scripts and CSRF cookies mean nothing to a program, and cost it a third of its time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

from haicap.kernel.web.middleware import API

Handler = Callable[[HttpRequest], HttpResponse]
DOCS = "/api/v1/docs"
PROBLEMS = "/api/problems/"


def is_program(request: HttpRequest) -> bool:
    """True for a call of the API; its pages for people are pages like all others."""
    path = request.path_info
    return path.startswith(API) and path != DOCS and not path.startswith(PROBLEMS)


class PagesOnly:
    """Passes pages through the middleware `wraps`, and calls of the API by it."""

    wraps: Any

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.wrapped = self.wraps(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_program(request):
            return self.get_response(request)
        answer: HttpResponse = self.wrapped(request)
        return answer


# What a page may ask of the browser: nothing but to sign in by a security key. Written where every answer can carry it.
PERMISSIONS = ", ".join((
    *(f"{power}=()" for power in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen",
        "geolocation", "gyroscope", "hid", "local-fonts", "magnetometer", "microphone", "midi", "payment",
        "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )),
    "publickey-credentials-create=(self)", "publickey-credentials-get=(self)",
))  # fmt: skip


class Security(PagesOnly):
    """HSTS, nosniff, the referrer policy, a window of one's own (COOP); nobody else embeds what is here, and no page asks
    for a camera."""

    wraps = SecurityMiddleware

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = super().__call__(request)
        if not is_program(request):
            answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return answer


class ContentPolicy(PagesOnly):
    """The content security policy."""

    wraps = CSPMiddleware


class StaticFiles(PagesOnly):
    """Static files from memory of where they lie."""

    wraps = WhiteNoiseMiddleware


class Compressed(PagesOnly):
    """Pages in gzip (with Django's random padding against guessing by length); papers and files are so already."""

    wraps = GZipMiddleware

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if is_program(request) or not answer.headers.get("Content-Type", "").startswith("text/html"):
            return answer
        packed: HttpResponse = self.wrapped.process_response(request, answer)
        return packed


class Common(PagesOnly):
    """Slashes at the end, the length of the content."""

    wraps = CommonMiddleware


class Frames(PagesOnly):
    """Nobody frames a page."""

    wraps = XFrameOptionsMiddleware


class Csrf(PagesOnly):
    """Forms carry a token of the house. The API judges it for itself, see callers.py."""

    wraps = CsrfViewMiddleware

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """The check itself."""
        return None if is_program(request) else self.wrapped.process_view(request, view, args, kwargs)


def programs(get_response: Handler) -> Handler:
    """What an answer of the API carries: it is never a page, never sniffed, never framed; the host must be ours."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    hsts = f"max-age={settings.SECURE_HSTS_SECONDS}" if settings.SECURE_HSTS_SECONDS else ""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_program(request):
            return get_response(request)
        request.get_host()  # raises DisallowedHost
        answer = get_response(request)
        for name, value in headers.items():
            answer.headers[name] = value
        if hsts and request.is_secure():
            answer.headers["Strict-Transport-Security"] = hsts
        if not answer.streaming:
            answer.headers["Content-Length"] = str(len(answer.content))
        return answer

    return middleware
