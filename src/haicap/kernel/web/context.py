"""What every page knows without asking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from haicap.kernel import language
from haicap.kernel.scope import ANONYMOUS


def page(request: HttpRequest) -> dict[str, Any]:
    """Language, actor, and whether this is a demonstration."""
    return {
        "language": language.active(),
        "actor": getattr(request, "actor", ANONYMOUS),
        "demo": settings.HAICAP_DEMO,
    }
