"""What every page knows without asking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from haicap.kernel import clock, language
from haicap.kernel.scope import ANONYMOUS


def page(request: HttpRequest) -> dict[str, Any]:
    """Language, actor, whether this is a demonstration, and what is lent to guests now."""
    actor = getattr(request, "actor", ANONYMOUS)
    return {
        "language": language.active(),
        "actor": actor,
        "demo": settings.HAICAP_DEMO,
        "watches": [watch for watch in actor.watches if watch.until > clock.now()] if actor.watches else (),
    }
