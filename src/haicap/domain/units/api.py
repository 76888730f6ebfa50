"""Units over HTTP, public: who stands on a day, and what became of whom. Mounted at `/api/v1/units`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from haicap.domain.units import queries
from haicap.domain.units.models import Unit

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
