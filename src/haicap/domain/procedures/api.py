"""The catalogue over HTTP, public. Mounted at `/api/v1/procedures`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from haicap.domain.procedures import queries
from haicap.domain.procedures.rules import Paper, Version, limit_words
from haicap.domain.units.queries import day_from
from haicap.kernel.workdays import TimeLimit

router = Router(tags=["procedures"])

ON = Query(None, description="The day asked for, YYYY-MM-DD; today when left out.")


class LimitOut(Schema):
    """A time limit: `amount` of `kind`, and in words of the caller's language."""

    kind: str
    amount: float
    text: str


class ProcedureOut(Schema):
    """One line of the catalogue. `level`: `xa` (commune) or `tinh` (province)."""

    code: str
    name: str
    name_en: str
    area: str
    level: str
    time_limit: LimitOut | None
    receivable: bool
    boundary_free: bool
    online: str
    valid_from: date


class ProcedureList(Schema):
    """One page; `next` is the `cursor` of the page behind it."""

    items: list[ProcedureOut]
    next: str | None
    total: int


class PaperOut(Schema):
    """A paper; `skipped_if` names the database whose data replace it."""

    code: str
    name: str
    name_en: str
    originals: int
    copies: int
    required: bool
    show_only: bool
    e_form: bool
    skipped_if: str
    certainty: str


class ChoiceOut(Schema):
    """One answer to choose."""

    value: str
    label: str
    label_en: str


class FieldOut(Schema):
    """A field of the form, to be sent in `form` when a dossier is filed."""

    name: str
    label: str
    label_en: str
    type: str
    required: bool
    choices: list[ChoiceOut]
    max_length: int | None
    hint: str
    hint_en: str
    min: float | str | None
    max: float | str | None
    integer: bool


class FeeOut(Schema):
    """A fee in đồng."""

    code: str
    name: str
    name_en: str
    amount: int
    per: str
    channel: str
    rule: str
    exempt: str
    exempt_en: str
    province_decides: bool
    certainty: str


class StepOut(Schema):
    """A step: the kind of agency, the role, and its share of the time limit."""

    key: str
    name: str
    name_en: str
    agency: str
    role: str
    share: float


class LawOut(Schema):
    """A legal basis."""

    number: str
    name: str
    name_en: str
    certainty: str


class PeriodOut(Schema):
    """A version and the days on which it stands; `valid_to` is not included."""

    number: int
    valid_from: date
    valid_to: date | None


class ProcedureDetail(ProcedureOut):
    """Everything about a procedure on a day. `certainty`: A, B, C sourced; K not verified."""

    version: int
    valid_to: date | None
    verification: LimitOut | None
    applicants: list[str]
    channels: list[str]
    deciding_agency: str
    result: str
    papers: list[PaperOut]
    fields: list[FieldOut]
    fees: list[FeeOut]
    steps: list[StepOut]
    basis: list[LawOut]
    certainty: str
    time_limit_certainty: str
    source: str
    why_not_receivable: str
    versions: list[PeriodOut]


class PlaceOut(Schema):
    """A unit of the day."""

    code: str
    name: str
    kind: str
    province: str
    province_code: str


class DecidingAgencyOut(Schema):
    """The agency; `id` where it is established here, `kind` empty for agencies that ended with the districts; `phone`
    and `address` as entered, empty for a unit that has ended."""

    id: int | None
    kind: str | None
    name: str
    phone: str = ""
    address: str = ""


class BasisOut(Schema):
    """A law that gives the competence; `article` empty where only the law is known."""

    number: str
    name: str
    article: str
    cited: str


class DeciderOut(Schema):
    """Who decides, since when (`until` is not included), and how sure that is. `shared`: another level decides too."""

    level: str
    unit: PlaceOut
    agency: DecidingAgencyOut
    signer: str
    basis: list[BasisOut]
    since: date
    until: date | None
    shared: bool
    certainty: str
    source: str
    note: str


class CandidateOut(PlaceOut):
    """A unit that the place is, or may be, with those who decide there."""

    score: float
    why: str
    deciders: list[DeciderOut]


class ChangeOut(Schema):
    """Days on which other agencies decide."""

    from_: date = Field(serialization_alias="from", validation_alias="from")
    to: date | None
    agencies: list[str]
    text: str


class NamedProcedureOut(Schema):
    """A procedure by code and name."""

    code: str
    name: str


class CompetenceOut(Schema):
    """Who decides a procedure at a place on a day. `level unit agency signer basis since until certainty` are those of the
    first of `deciders`, and empty where an ambiguous address leads to several: then see `candidates`."""

    procedure: NamedProcedureOut
    at: str
    on: date
    status: str
    level: str | None
    unit: PlaceOut | None
    agency: DecidingAgencyOut | None
    signer: str | None
    basis: list[BasisOut] | None
    since: date | None
    until: date | None
    certainty: str | None
    deciders: list[DeciderOut]
    candidates: list[CandidateOut]
    note: str
    boundary_free: bool
    changes: list[ChangeOut]


@router.get("", response=ProcedureList, auth=None, summary="Procedures in force on a day")
def list_procedures(
    request: HttpRequest,
    q: str = Query("", max_length=200, description="Words or a code, accents optional."),
    level: str = Query("", description="`xa` or `tinh`."),
    area: str = Query("", description="The code of an area.", max_length=40),
    on: str | None = ON,
    cursor: str | None = None,
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:
    """The best matches first; without `q` by area and code."""
    found = queries.search(q, level=level, area=area, day=day_from(on), limit=limit, cursor=cursor)
    return {"items": [_listed(item) for item in found.items], "next": found.next, "total": found.total}


@router.get("/{code}", response=ProcedureDetail, auth=None, summary="A procedure on a day")
def get_procedure(request: HttpRequest, code: str, on: str | None = ON) -> dict[str, Any]:
    """Papers, form, fees, time limit, steps, legal basis, and all its versions. A local suffix of the code is ignored."""
    version = queries.published_on(code, day_from(on))
    return _detail(version, queries.versions_of(code))


@router.get("/{code}/competence", response=CompetenceOut, auth=None, by_alias=True, summary="Who decides, and where")
def get_competence(
    request: HttpRequest,
    code: str,
    at: str = Query("", max_length=300, description="An address, or the code of a unit of that day."),
    on: str | None = ON,
) -> dict[str, Any]:
    """The unit and the agency that decides the procedure at a place on a day, with the legal basis; known since 2025-01-01."""
    return queries.competence(code, at, day_from(on)).as_json()


def _limit(limit: TimeLimit | None) -> dict[str, Any] | None:
    return None if limit is None else {"kind": limit.kind, "amount": limit.amount, "text": str(limit_words(limit))}


def _listed(item: queries.Listed | Version) -> dict[str, Any]:
    keys = ("code", "name", "name_en", "area", "level", "receivable", "boundary_free", "online", "valid_from")
    return {key: getattr(item, key) for key in keys} | {"time_limit": _limit(item.time_limit)}


def _paper(paper: Paper) -> dict[str, Any]:
    return {key: getattr(paper, key) for key in PaperOut.model_fields}


def _detail(version: Version, versions: tuple[Version, ...]) -> dict[str, Any]:
    return _listed(version) | {
        "version": version.number,
        "valid_to": version.valid_to,
        "verification": _limit(version.verification),
        "applicants": list(version.applicants),
        "channels": list(version.channels),
        "deciding_agency": version.deciding_agency,
        "result": version.shown_result,
        "papers": [_paper(paper) for paper in version.papers],
        "fields": [
            {key: getattr(field, key) for key in FieldOut.model_fields if key != "choices"}
            | {"choices": [{"value": c.value, "label": c.label, "label_en": c.label_en} for c in field.choices]}
            for field in version.fields
        ],
        "fees": [{key: getattr(fee, key) for key in FeeOut.model_fields} for fee in version.fees],
        "steps": [{key: getattr(step, key) for key in StepOut.model_fields} for step in version.steps],
        "basis": [{key: getattr(law, key) for key in LawOut.model_fields} for law in version.basis],
        "certainty": version.grade.certainty,
        "time_limit_certainty": version.time_grade.certainty,
        "source": version.grade.source,
        "why_not_receivable": str(queries.why_not_receivable(version)),
        "versions": [{"number": v.number, "valid_from": v.valid_from, "valid_to": v.valid_to} for v in versions],
    }
