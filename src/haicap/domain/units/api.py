"""Units over HTTP, public: who stands on a day, and what became of whom. Mounted at `/api/v1/units`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import BaseModel, ConfigDict, Field

from haicap.domain.units import queries
from haicap.domain.units.models import Unit
from haicap.domain.units.queries import addresses
from haicap.domain.units.queries.questions import LONGEST_ADDRESS, MOST_ADDRESSES, address_from
from haicap.kernel.errors import Invalid, Problem
from haicap.kernel.limits.rules import Door
from haicap.kernel.limits.web import take
from haicap.kernel.web import bodies, openapi
from haicap.kernel.web.idempotency import key_of
from haicap.kernel.web.problems import RequestInvalid

router = Router(tags=["units"])

On = Annotated[str | None, Field(description="The day asked for, YYYY-MM-DD; today when left out.")]
Within = Annotated[str | None, Field(description="Only inside the province or district with this code.")]
Kind = Annotated[str | None, Field(description="Only this kind, for example `xa` or `phuong`.")]


class UnitOut(Schema):
    """A unit: its code means it from `valid_from` up to, not including, `valid_to`."""

    code: str
    name: str
    kind: str
    level: str
    parent_code: str | None
    province_code: str
    valid_from: date
    valid_to: date | None


class UnitDetail(UnitOut):
    """A unit with what is known about its place."""

    province_name: str
    lat: float | None
    lon: float | None
    area_km2: float | None


class UnitList(Schema):
    """One page of units; `next` is the `cursor` of the page behind it."""

    items: list[UnitOut]
    next: str | None


class Step(Schema):
    """A unit before or after, and how much of which went where by which resolution."""

    code: str
    name: str
    kind: str
    province_code: str
    share: str
    resolution: str
    on: date


class HeirOut(Schema):
    """Who holds today the whole or a part of the land of a unit that ended."""

    code: str
    name: str
    kind: str
    province_code: str
    share: str


class HistoryOut(Schema):
    """All that one code has named, oldest first, with every step to and from these units."""

    code: str
    units: list[UnitOut]
    predecessors: list[Step]
    successors: list[Step]
    heirs: list[HeirOut]


class CandidateOut(Schema):
    """A unit of the day asked for that the address may lie in; `score` from 0 to 1, `why` in the caller's language."""

    code: str
    name: str
    kind: str
    province: str
    province_code: str
    score: float
    why: str


class AnswerOut(Schema):
    """`exact` with one candidate, `ambiguous` with every unit that fits, `unknown` rather than a guess."""

    status: str
    candidates: list[CandidateOut]
    note: str


class AnswerList(Schema):
    """The answers in the order of the addresses."""

    items: list[AnswerOut]


class AddressesIn(BaseModel):
    """Addresses to ask about at once; a longer list goes as a CSV file through the page or the command line."""

    model_config = ConfigDict(extra="forbid")

    addresses: list[Annotated[str, Field(max_length=LONGEST_ADDRESS)]] = Field(min_length=1, max_length=MOST_ADDRESSES)
    on: str | None = Field(None, description="The day asked for, YYYY-MM-DD; today when left out.")


@router.get("", response=UnitList, auth=None, summary="Units of a day")
def list_units(
    request: HttpRequest,
    on: On = None,
    within: Within = None,
    kind: Kind = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Provinces, then districts, then communes, by code."""
    found = queries.units_on(queries.day_from(on), within=within, kind=kind)
    units, following = queries.page_of_units(found, cursor, limit)
    return {"items": [unit.as_json() for unit in units], "next": following}


@router.get("/resolve", response=AnswerOut, auth=None, summary="The unit of an address")
def resolve_address(
    request: HttpRequest,
    address: Annotated[
        str, Field(max_length=LONGEST_ADDRESS, description="Old or new style, accents and commas optional.")
    ],
    on: On = None,
) -> dict[str, Any]:
    """One answer only where it is certain. A divided commune gives all its heirs, each with why."""
    return addresses.resolve(address_from(address), queries.day_from(on)).as_json()


@router.post(
    "/resolve", response=AnswerList, auth=None, summary="The units of many addresses",
    openapi_extra=openapi.reads(AddressesIn),
)  # fmt: skip
def resolve_addresses(request: HttpRequest) -> dict[str, Any]:
    """Up to 1,000 addresses at once. A question that changes nothing: an idempotency key is taken, nothing is kept for it."""
    key_of(request)
    take(request, Door.BULK)
    asked = bodies.read(request, AddressesIn)
    day = queries.day_from(asked.on)
    return {"items": [answer.as_json() for answer in addresses.resolve_many(_judged(asked.addresses), day)]}


@router.get("/{code}", response=UnitDetail, auth=None, summary="The unit of a code on a day")
def get_unit(request: HttpRequest, code: str, on: On = None) -> dict[str, Any]:
    """A code may have named another unit on another day."""
    return _detail(queries.unit_on(code, queries.day_from(on)))


@router.get("/{code}/lineage", response=HistoryOut, auth=None, summary="What a code has named, and what became of it")
def get_lineage(request: HttpRequest, code: str) -> dict[str, Any]:
    """Predecessors and successors, each `whole` or `part`, with the resolution."""
    return queries.lineage_of(code).as_json()


def _detail(unit: Unit) -> dict[str, Any]:
    place = {key: getattr(unit, key) for key in ("lat", "lon", "area_km2")}
    return unit.as_json() | {"province_name": unit.province.name if unit.province else unit.name} | place


def _judged(texts: list[str]) -> list[str]:
    """The addresses as they are asked for; raises RequestInvalid naming each that cannot be."""
    judged, wrong = [], []
    for number, text in enumerate(texts):
        try:
            judged.append(address_from(text))
        except Invalid as refusal:
            wrong.append(Problem(f"addresses.{number}", refusal.sentence()))
    if wrong:
        raise RequestInvalid(problems=wrong)
    return judged
