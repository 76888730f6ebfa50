"""What all operations on dossiers share: the router, the scopes, how moments are written."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from haicap.kernel import clock
from haicap.kernel.web.idempotency import REPLAYED

READ, WRITE, REVEAL = "dossiers:read", "dossiers:write", "dossiers:reveal"
ROOT = "/api/v1/dossiers"

router = Router(tags=["dossiers"])


def moment(at: datetime | None) -> str | None:
    """A moment with Vietnam's offset, to the second."""
    return clock.local(at).isoformat(timespec="seconds") if at else None


def origin(request: HttpRequest) -> str:
    """What addresses begin with on the host that the caller used."""
    return f"{request.scheme}://{request.get_host()}"


def answer(status: int, body: dict[str, Any], *, replayed: bool = False, location: str = "") -> HttpResponse:
    """`body` as JSON, which nobody on the way may keep."""
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    if replayed:
        response.headers[REPLAYED] = "true"
    if location:
        response.headers["Location"] = location
    return response
