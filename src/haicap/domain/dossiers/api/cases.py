"""One dossier and the moves on it: `GET /dossiers/{code}`, `POST /dossiers/{code}/transitions/{name}`."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from haicap.domain.dossiers import commands, queries, rules
from haicap.domain.dossiers.access import can_see_lists, can_see_whole, can_work
from haicap.domain.dossiers.api import slips
from haicap.domain.dossiers.api.base import READ, REVEAL, ROOT, WRITE, answer, moment, router
from haicap.domain.dossiers.api.lists import NamedOut, ResponsibleOut, responsible_json
from haicap.domain.dossiers.personal import COLUMNS, LABELS, Situation
from haicap.domain.dossiers.queries import Details, Responsible
from haicap.domain.dossiers.rules import MoveRule
from haicap.kernel.language import bi
from haicap.kernel.readings import Door, Note
from haicap.kernel.scope import Actor, entered
from haicap.kernel.web import bodies, openapi
from haicap.kernel.web.callers import needs
from haicap.kernel.web.idempotency import Keyed

INT_MAX = 2**31 - 1

# The further inputs of moves as JSON Schema; commands/move.py judges them.
_INPUTS: dict[str, dict[str, Any]] = {
    "items": {"type": "array", "items": {"type": "string", "maxLength": 500}, "minItems": 1, "maxItems": 30},
    "until": {"type": "string", "format": "date"},
    "result_number": {"type": "string", "maxLength": 500},
    "received_by": {"type": "string", "maxLength": 500},
    **{part.value: {"type": "string", "maxLength": 500} for part in COLUMNS},
}
_TITLES: dict[str, Any] = {
    "items": bi("Giấy tờ cần bổ sung", "Papers to supplement"),
    "until": bi("Hạn mới (ngày làm việc)", "New deadline (a working day)"),
    "result_number": bi("Số ký hiệu kết quả", "Number of the result"),
    "received_by": bi("Người nhận kết quả", "Who took the result"),
    **{part.value: LABELS[part] for part in COLUMNS},
    "expected_no": bi("Số của bước cuối mà bạn đã thấy", "The number of the last move that you saw"),
}
_NEEDED = frozenset({"items", "until"})


class UnitThenAndNow(Schema):
    """The unit that received, under its name of that day, and who answers for it today."""

    code: str
    name: str
    name_now: str
    now: list[NamedOut]
    responsible: ResponsibleOut


class HolderOut(Schema):
    """Whose move it is."""

    agency: str
    role: str
    text: str
    pending: bool


class MoveOut(Schema):
    """One line of the timeline: who did what, when, under which agency's name of that day."""

    no: int
    name: str
    label: str
    at: str
    from_state: str
    to_state: str
    actor: str
    agency: str
    role: str
    note: str
    due: str | None
    data: dict[str, Any]


class OfferedOut(Schema):
    """A move that this caller may make now; `fields` is the JSON Schema of its body."""

    name: str
    label: str
    fields: dict[str, Any]


class AttachmentOut(Schema):
    """A file of the dossier."""

    id: int
    name: str
    media_type: str
    size: int
    paper: str
    url: str


class SlipOut(Schema):
    """A numbered paper that was issued."""

    form: str
    number: int
    year: int
    at: str
    url: str


class DossierOut(Schema):
    """A dossier with its whole life. `masked` names the fields of personal data that are masked or left out;
    `can_reveal`: `POST /dossiers/{code}/reveal` gives them to this caller."""

    code: str
    state: str
    state_label: str
    procedure: NamedOut
    procedure_version: int
    unit: UnitThenAndNow
    received_at: str
    due: str | None
    step_due: str | None
    paused_at: str | None
    decided_at: str | None
    returned_at: str | None
    closed_at: str | None
    standing: str
    holder: HolderOut | None
    step: str
    move_no: int
    channel: str
    priority: bool
    applicant: dict[str, str]
    proxy: dict[str, Any]
    form: dict[str, Any]
    checklist: list[dict[str, Any]]
    quantity: int
    fee: int
    return_method: str
    result_number: str
    synthetic: bool
    masked: list[str]
    can_reveal: bool
    timeline: list[MoveOut]
    moves: list[OfferedOut]
    attachments: list[AttachmentOut]
    slips: list[SlipOut]


class TransitionIn(BaseModel):
    """The inputs of a move; which ones it takes is told by `moves` of the dossier. Nothing is right for most."""

    model_config = ConfigDict(extra="forbid", strict=True)

    note: str = Field("", max_length=20_000)
    items: list[str] | None = Field(None, max_length=100)
    until: str | None = Field(None, max_length=20, description="A day, 2025-09-05")
    result_number: str | None = Field(None, max_length=2000)
    received_by: str | None = Field(None, max_length=2000)
    name: str | None = Field(
        None, max_length=2000, description="Of `correct_applicant`: only what changes; `-` removes."
    )
    id_number: str | None = Field(None, max_length=2000)
    phone: str | None = Field(None, max_length=2000)
    email: str | None = Field(None, max_length=2000)
    address: str | None = Field(None, max_length=2000)
    expected_no: int | None = Field(
        None, ge=1, le=INT_MAX, description="`move_no` as the caller saw it; 409 where somebody was quicker."
    )


@router.get("/dossiers/{code}", response=DossierOut, summary="One dossier", operation_id="get_dossier")
@needs(READ, can_see_lists)
def get_dossier(request: HttpRequest, code: str) -> HttpResponse:
    """With its timeline and the moves that you may make now. Personal data are masked; the look is noted.

    Needs the scope `dossiers:read`.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    with entered(actor, read_only=True, note=Note(door=Door.API, code=code)):
        return answer(200, as_json(queries.details(code, actor)))


class RevealIn(BaseModel):
    """What the applicant's data are needed for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    purpose: Literal["work", "contact", "request", "check"] = "work"


@router.post(
    "/dossiers/{code}/reveal", response=DossierOut, summary="One dossier with its applicant's data whole",
    operation_id="reveal_dossier", openapi_extra=openapi.reads(RevealIn, required=False),
)  # fmt: skip
@needs(REVEAL, can_see_whole)
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """For who is at work on it (403 for others). Each call is noted with its purpose and shown to the applicant on request.

    Needs the scope `dossiers:reveal`.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    purpose = bodies.read(request, RevealIn, optional=True).purpose
    with entered(actor, note=Note(door=Door.API, code=code, whole=True, purpose=purpose)):
        return answer(200, as_json(queries.details(code, actor, Situation.SHOWN)))


@router.post(
    "/dossiers/{code}/transitions/{name}", response=DossierOut, summary="Make a move", operation_id="make_move",
    openapi_extra=openapi.reads(TransitionIn, required=False),
)  # fmt: skip
@needs(WRITE, can_work)
def make_move(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One step of the dossier; gives it as it is afterwards. 409 with the reason where it is not possible now.

    Needs the scope `dossiers:write`.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    body = bodies.read(request, TransitionIn, optional=True)
    keyed = Keyed.of(request, "move", code, name, body.model_dump())
    with entered(actor):
        if (known := keyed.known()) is not None:
            return answer(known[0], known[1], replayed=True)
        fields = body.model_dump(exclude={"note", "expected_no"}, exclude_none=True)
        commands.make_move(
            actor=actor, code=code, move=name, note=body.note, fields=fields, expected_no=body.expected_no
        )
        told = as_json(queries.details(code, actor))
        keyed.remember(200, told)
    return answer(200, told)


def as_json(case: Details) -> dict[str, Any]:
    """A dossier as the API tells it."""
    entry, dossier, unit = case.entry, case.dossier, case.dossier.receiving_unit
    heirs = list(case.heirs) or [unit]
    answers = case.answers or Responsible(unit, rules.Basis.OWN)
    return {
        "code": entry.code,
        "state": entry.state,
        "state_label": str(rules.State(entry.state).label),
        "procedure": {"code": dossier.procedure_code, "name": case.version.shown_name},
        "procedure_version": case.version.number,
        "unit": {
            "code": unit.code,
            "name": unit.name,
            "name_now": "; ".join(heir.name for heir in heirs),
            "now": [{"code": heir.code, "name": heir.name} for heir in heirs],
            "responsible": responsible_json(answers),
        },
        "received_at": moment(dossier.received_at),
        "due": moment(entry.due_at),
        "step_due": moment(entry.step_due_at),
        "paused_at": moment(entry.paused_at),
        "decided_at": moment(dossier.decided_at),
        "returned_at": moment(dossier.returned_at),
        "closed_at": moment(entry.closed_at),
        "standing": case.standing,
        "holder": _holder(case),
        "step": entry.step,
        "move_no": entry.move_no,
        "timeline": [_move(case, move) for move in case.moves],
        "masked": list(case.masked),
        "can_reveal": case.can_show and not case.is_whole,
        "moves": [offered(rule) for rule in case.offered],
        **_brought(case),
    }


def _brought(case: Details) -> dict[str, Any]:
    """What the applicant brought, and what was issued."""
    dossier = case.dossier
    base = f"{ROOT}/{quote(case.entry.code)}"
    plain = ("channel", "priority", "proxy", "form", "checklist", "quantity", "fee", "return_method", "result_number",
             "synthetic")  # fmt: skip
    return {name: getattr(dossier, name) for name in plain} | {
        "applicant": {
            name: getattr(dossier, f"applicant_{name}") for name in ("name", "id_number", "phone", "email", "address")
        },
        "attachments": [
            {name: getattr(file, name) for name in ("id", "name", "media_type", "size", "paper")}
            | {"url": f"{base}/files/{file.pk}"}
            for file in case.attachments
        ],
        "slips": [
            {
                "form": slips.BOOKS[slip.form],
                "number": slip.number,
                "year": slip.year,
                "at": moment(slip.at),
                "url": slips.address(case.entry.code, slips.BOOKS[slip.form], slip.move_no),
            }
            for slip in case.slips
        ],
    }


def _holder(case: Details) -> dict[str, Any] | None:
    entry = case.entry
    agency = case.agencies.get(entry.holder_agency_id or 0)
    if agency is None:
        return None
    return {"agency": agency.name, "role": entry.holder_role, "text": case.holder, "pending": entry.pending}


def _move(case: Details, move: Any) -> dict[str, Any]:
    agency = case.agencies.get(move.agency_id or 0)
    return {
        "no": move.no,
        "name": move.name,
        "label": str(rules.label_of(move.name)),
        "at": moment(move.at),
        "from_state": move.from_state,
        "to_state": move.to_state,
        "actor": move.actor_name,
        "agency": agency.name if agency else "",
        "role": move.role,
        "note": move.note,
        "due": moment(move.due_at),
        "data": move.data,
    }


def offered(rule: MoveRule) -> dict[str, Any]:
    """A move with the JSON Schema of its body, titles in the caller's language."""
    note: dict[str, Any] = {"type": "string", "title": str(rule.note_label), "maxLength": 4000}
    if rule.needs_note:
        note["minLength"] = 1
    properties = {"note": note}
    for name in rule.fields:
        properties[name] = {"title": str(_TITLES[name]), **_INPUTS[name]}
    properties["expected_no"] = {"type": "integer", "title": str(_TITLES["expected_no"]), "minimum": 1}
    required = [name for name in properties if name in _NEEDED or (name == "note" and rule.needs_note)]
    shape = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    if rule.name == rules.CORRECT:  # something must change
        shape["anyOf"] = [{"required": [name]} for name in rule.fields]
    return {"name": rule.name, "label": str(rule.label), "fields": shape}
