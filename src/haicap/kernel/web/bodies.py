"""Reading a JSON body: once, by pydantic, from the bytes as they came."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from pydantic import BaseModel, ValidationError

from haicap.kernel.errors import Invalid
from haicap.kernel.language import bi
from haicap.kernel.web.problems import BodyTooLarge, BodyUnreadable, of_pydantic, refuse_unstorable

Body = TypeVar("Body", bound=BaseModel)


class BodyNotJson(Invalid):
    """The body says that it is something else than JSON."""

    code = "request.not_json"
    status = 415
    template = bi(
        "Hãy gửi nội dung với Content-Type: application/json.", "Send the body as Content-Type: application/json."
    )


def read(request: HttpRequest, shape: type[Body], *, optional: bool = False) -> Body:
    """The request's body in its shape; with `optional` nothing at all stands for an empty object.

    Raises BodyNotJson, BodyTooLarge, BodyUnreadable, RequestInvalid with every fault at once.
    """
    try:
        raw = request.body
    except RequestDataTooBig:
        raise BodyTooLarge() from None
    except UnreadablePostError:
        raise BodyUnreadable() from None
    if not raw:
        if optional:
            return shape()
        raise BodyUnreadable()
    kind = request.content_type or ""
    if kind != "application/json" and not kind.endswith("+json"):
        raise BodyNotJson()
    try:
        body = shape.model_validate_json(raw)
    except ValidationError as error:
        raise of_pydantic(error.errors(include_url=False, include_input=False)) from None
    refuse_unstorable(raw, body)
    return body
