"""Pages for the people who write programs against the API, drawn from its own description; and nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from haicap.interfaces.api import openapi
from haicap.interfaces.api.v1 import api
from haicap.kernel import language as languages
from haicap.kernel.access import public
from haicap.kernel.errors import DomainError
from haicap.kernel.web import problems
from haicap.kernel.web.middleware import LANGUAGE_COOKIE


@dataclass(frozen=True)
class Call:
    """One operation as the page tells it."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    open: bool
    parameters: tuple[dict[str, Any], ...]
    body: str
    media_type: str
    answers: tuple[tuple[str, str, str], ...]


@public
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """`/api/v1/docs`: every call, its inputs and answers, the schemas, the problems. No script, no other host."""
    document = api.get_openapi_schema()
    context = {
        "document": document,
        "groups": _groups(document),
        "schemas": [_schema(name, one) for name, one in sorted(document["components"]["schemas"].items())],
        "problems": sorted({error.code: error for error in _errors()}.values(), key=lambda error: error.code),
    }
    _speak(request)
    return render(request, "api/docs.html", context)


@public
@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """`/api/problems/<code>`: what the `type` of a problem document means."""
    found = next((error for error in _errors() if error.code == code), None)
    if found is None:
        for status, (known, title, text) in problems.STATUSES.items():
            if known == code:
                return render(
                    request, "api/problem.html", {"code": code, "title": title, "status": status, "text": text}
                )
        raise Http404
    _speak(request)
    context = {"code": code, "title": found.title, "status": found.status, "text": found.template}
    return render(request, "api/problem.html", context)


@public
@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """Any other address under /api/."""
    return problems.of_status(404)


def _speak(request: HttpRequest) -> None:
    """A person reads this page: the switch on the portal decides, not the browser's list of languages."""
    if chosen := request.COOKIES.get(LANGUAGE_COOKIE):
        languages.activate(chosen)


def _errors(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for error in kind.__subclasses__():
        yield error
        yield from _errors(error)


def _groups(document: dict[str, Any]) -> list[tuple[str, list[Call]]]:
    groups: dict[str, list[Call]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in openapi.METHODS:
                groups.setdefault((operation.get("tags") or ["other"])[0], []).append(_call(path, method, operation))
    return list(groups.items())


def _call(path: str, method: str, operation: dict[str, Any]) -> Call:
    media_type, body = _content(operation.get("requestBody", {}))
    return Call(
        id=operation["operationId"], method=method.upper(), path=path, summary=operation["summary"],
        text=operation.get("description", ""), open="security" not in operation,
        parameters=tuple({**one, "type": _type(one["schema"])} for one in operation.get("parameters", ())),
        body=_type(body.get("schema", {})), media_type=media_type,
        answers=tuple(_answer(str(status), one) for status, one in operation["responses"].items() if str(status) < "300"),
    )  # fmt: skip


def _answer(status: str, answer: dict[str, Any]) -> tuple[str, str, str]:
    media_type, content = _content(answer)
    return status, answer.get("description", ""), _type(content.get("schema", {})) or media_type


def _content(described: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The first media type of a body or an answer, and what it holds."""
    for media_type, content in described.get("content", {}).items():
        return media_type, content
    return "", {}


def _schema(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    rows = [
        {"name": field, "type": _type(one), "required": field in required, "text": one.get("description", "")}
        for field, one in schema.get("properties", {}).items()
    ]
    return {"name": name, "text": schema.get("description", ""), "rows": rows}


def _type(schema: dict[str, Any]) -> str:
    """A JSON Schema in a few words; the name of a schema of its own."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        words = [word for one in schema["anyOf"] for word in _type(one).split(" | ")]
        return " | ".join(dict.fromkeys(words))
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))}[]"
    kind = schema.get("type", "")
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
