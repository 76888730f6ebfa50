"""`/api/v1`: the rooms' operations under one roof, one shape of errors, one description."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import psycopg
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from haicap.domain.dossiers.api import router as dossiers
from haicap.domain.procedures.api import router as procedures
from haicap.domain.units.api import router as units
from haicap.interfaces.api import openapi
from haicap.kernel.errors import DomainError
from haicap.kernel.web import problems
from haicap.kernel.web.callers import SIGNED_IN

VERSION = "1.0"


class Renderer(JSONRenderer):
    """Vietnamese as it is written, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """Ninja's API with names of operations that clients generate readable methods from."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's own name: each operation has its own."""
        return operation.view_func.__name__

    @cached_property
    def description_document(self) -> dict[str, Any]:
        """The OpenAPI document, made once a process."""
        return openapi.completed(super().get_openapi_schema())

    def get_openapi_schema(self, **_: Any) -> Any:
        """The document with the errors that every operation may answer."""
        return self.description_document


api = Api(
    title="HaiCap API",
    version=VERSION,
    description=openapi.DESCRIPTION,
    auth=list(SIGNED_IN),
    docs_url=None,
    openapi_url="/openapi.json",
    renderer=Renderer(),
    urls_namespace="api-v1",
)
api.add_router("/units", units)
api.add_router("/procedures", procedures)
api.add_router("", dossiers)


@api.exception_handler(DomainError)
def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problems.of_error(error)


@api.exception_handler(ValidationError)
def _misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.of_error(problems.of_pydantic(error.errors, skip=1))


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.of_status(401)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return (
        problems.of_error(problems.BodyUnreadable())
        if error.status_code == 400
        else problems.of_status(error.status_code)
    )


@api.exception_handler(Http404)
def _unknown(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.of_status(404)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problems.of_error(problems.BodyTooLarge())


@api.exception_handler(BadRequest)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(DataError)
def _unusable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Also what no table can hold, should it have come past all checks."""
    return problems.of_status(400)


@api.exception_handler(OperationalError)
@api.exception_handler(psycopg.OperationalError)
def _database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database restarts or a lock was not got in time: nothing was saved, the same request may come again.

    The hot path works on the plain driver, past Django's own watch over broken connections: the next one is fresh.
    """
    if not connection.in_atomic_block:
        connection.close()
    return problems.of_status(503, {"Retry-After": "2"})
