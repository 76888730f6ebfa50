"""Describing to OpenAPI what an operation reads by itself: bodies judged by pydantic, headers, media other than JSON."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel

REFERENCE: Final = "#/components/schemas/{model}"
SCHEMAS: Final[dict[str, Any]] = {}
"""Schemas that operations refer to beside those that ninja finds; the API adds them to its components."""

KEY_HEADER: Final[dict[str, Any]] = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
    "description": "The same key with the same request gives the same answer and changes nothing; "
                   "the answer then carries `Idempotency-Replayed: true`.",
}  # fmt: skip


def reads(body: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """The description of an operation that reads `body` as JSON and takes an idempotency key."""
    schema = body.model_json_schema(ref_template=REFERENCE)
    SCHEMAS.update(schema.pop("$defs", {}))
    SCHEMAS[body.__name__] = schema
    content = {"application/json": {"schema": {"$ref": REFERENCE.format(model=body.__name__)}}}
    return {"requestBody": {"content": content, "required": required}, "parameters": [KEY_HEADER]}


def takes_file() -> dict[str, Any]:
    """The description of an operation that takes one file as the form field `file`, and an idempotency key."""
    part = {
        "type": "object", "required": ["file"],
        "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    }  # fmt: skip
    return {
        "requestBody": {"content": {"multipart/form-data": {"schema": part}}, "required": True},
        "parameters": [KEY_HEADER],
    }


def gives(media_type: str, description: str) -> dict[str, Any]:
    """The description of an operation that answers 200 with bytes of `media_type`."""
    return {"responses": {200: {"description": description, "content": {media_type: {"schema": {}}}}}}
