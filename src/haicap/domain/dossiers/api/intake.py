"""`POST /dossiers`, the hot path: the body is judged once and written by one statement, nothing else is asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from haicap.domain.dossiers import commands
from haicap.domain.dossiers.api.base import ROOT, WRITE, answer, origin, router
from haicap.domain.dossiers.commands import Receipt
from haicap.domain.people.access import can_receive
from haicap.kernel.web import bodies, openapi
from haicap.kernel.web.callers import needs
from haicap.kernel.web.idempotency import key_of


class ApplicantIn(TypedDict, total=False):
    """The applicant. `name` is required."""

    name: str
    id_number: str
    phone: str
    email: str
    address: str


class ProxyIn(TypedDict, total=False):
    """Who files for the applicant, and the paper that authorises them."""

    name: str
    id_number: str
    phone: str
    paper: str


class PaperIn(TypedDict, total=False):
    """How much was brought of one paper. `reused`: taken from a database instead."""

    paper: str
    originals: int
    copies: int
    reused: bool


class AttachmentIn(TypedDict, total=False):
    """A file that was uploaded with `POST /files`: `file` is its SHA-256, `paper` the paper that it is."""

    file: str
    name: str
    paper: str


class ReceiptIn(BaseModel):
    """A dossier as the counter takes it in. Answers of the form go by the names in `GET /procedures/{code}`.

    Texts in Unicode NFC; dates as 2025-09-05 or 05/09/2025.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    procedure: str = Field(max_length=40, description="The procedure's code, as 1.001193")
    unit: str = Field(max_length=10, description="The code of the unit that receives, as 03664")
    applicant: ApplicantIn
    form: dict[str, Any] = Field(default_factory=dict, max_length=300)
    channel: str = Field("direct", max_length=20, description="direct, online or postal")
    checklist: list[PaperIn] = Field(default_factory=list, max_length=200)
    attachments: list[AttachmentIn] = Field(default_factory=list, max_length=200)
    proxy: ProxyIn = Field(default_factory=ProxyIn)
    priority: bool = False
    quantity: int = Field(1, description="Sets of papers, 1 to 999")
    return_method: str = Field("counter", max_length=20, description="counter, postal or electronic")
    note: str = Field("", max_length=4000)


class ReceivedOut(Schema):
    """The dossier's code, how it stands, when it is due, the slip to print, and where the citizen follows it."""

    code: str
    state: str
    due: str | None
    receipt_url: str
    track_url: str


@router.post(
    "/dossiers", response={201: ReceivedOut}, summary="Receive a dossier at the counter",
    operation_id="receive_dossier", openapi_extra=openapi.reads(ReceiptIn),
)  # fmt: skip
@needs(WRITE, can_receive)
def receive(request: HttpRequest) -> HttpResponse:
    """Only counter officers, each in the name of their own unit. Needs the scope `dossiers:write`."""
    key = key_of(request)
    body = bodies.read(request, ReceiptIn)
    got = commands.receive(actor=request.actor, receipt=Receipt(**vars(body)), key=key)  # type: ignore[attr-defined]
    path, host = f"{ROOT}/{quote(got.code)}", origin(request)
    return answer(
        201,
        {
            "code": got.code,
            "state": got.state,
            "due": got.due.isoformat(timespec="seconds") if got.due else None,
            "receipt_url": f"{host}{path}/slips/receipt.pdf",
            "track_url": f"{host}/tra-cuu/{quote(got.code)}/?s={got.secret}",
        },
        replayed=got.replayed,
        location=path,
    )
