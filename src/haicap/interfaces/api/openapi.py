"""The OpenAPI document completed: problem documents, and the schemas of bodies that operations read themselves."""

from __future__ import annotations

from typing import Any

from haicap.kernel.web import openapi

DESCRIPTION = """Units, procedures and dossiers of the two-level local government.

Moments carry +07:00, days are ISO 8601, texts are NFC UTF-8. Lists are `{"items": […], "next": cursor or null}`: send
`next` back as `cursor`. Errors are problem documents (RFC 9457) with a stable `type` and `code`, and a `detail` in the
language of `Accept-Language` (vi, en). A POST with an `Idempotency-Key` may be sent again safely. Programs send
`Authorization: Bearer …`; pages of a signed-in browser send its cookie and `X-CSRFToken`."""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
STATUSES = {
    "400": "Unreadable", "401": "Nobody is signed in", "403": "Not allowed", "404": "Not there, or not for you",
    "405": "Wrong method", "409": "Not possible now", "413": "Too large", "415": "Wrong type", "422": "Wrong input",
    "503": "The database is away; send it again",
}  # fmt: skip


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """`document` with the problem answers of every operation, and the schemas that operations named."""
    schemas = document["components"].setdefault("schemas", {})
    schemas.update(openapi.SCHEMAS, Problem=PROBLEM)
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if method in METHODS:
                answers = operation["responses"]
                for status, text in STATUSES.items():
                    answers.setdefault(status, {"description": text, "content": content})
    return document
