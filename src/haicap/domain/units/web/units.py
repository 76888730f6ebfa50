"""Public pages: find a unit by any name it ever had, and read what it is, was and became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.units import queries
from haicap.domain.units.models import Unit
from haicap.domain.units.ports import committee_contact
from haicap.domain.units.queries import Generation
from haicap.domain.units.queries.genealogy import Family, families_of
from haicap.domain.units.rules import UnitChange, UnitLevel
from haicap.domain.units.web.flows import tree
from haicap.kernel import vi
from haicap.kernel.access import public
from haicap.kernel.language import bi
from haicap.kernel.text import clean
from haicap.kernel.web.flowchart import Drawing

SHOWN = 30
"""So many finds fit one look; beyond that a person types the province too."""
LONGEST_QUERY = 100


@dataclass(frozen=True)
class Chapter:
    """One unit that bore the code; `family` and `tree` are those that no chapter above it has shown."""

    told: Generation
    family: Family | None
    tree: Drawing | None


@public
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Units by name or code (`?q=`), accents optional; without a question the provinces of today."""
    typed = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    found = queries.find(typed, SHOWN + 1)
    context: dict[str, Any] = {
        "q": typed,
        "finds": found[:SHOWN],
        "more": len(found) > SHOWN,
        "shown": SHOWN,
    }
    if not typed:
        context["provinces"] = _by_name(queries.units_on().of_level(UnitLevel.PROVINCE))
    return render(request, "units/find.html", context)


@public
@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """All that a code has named, the present first. UnitUnknown for a code never used."""
    chapters = _told(queries.lineage_of(code).generations)
    latest = chapters[0]
    return render(
        request,
        "units/unit.html",
        {
            "unit": latest.unit,
            "latest": latest,
            "chapters": told_once(chapters),
            "compare": _compare(latest.unit),
            "crumbs": _crumbs(latest.unit),
            "inside": _inside(latest.unit),
            "responsible": _responsible(latest),
            "contact": committee_contact(latest.unit.pk) if latest.unit.is_current else None,
        },
    )


def told_once(chapters: Sequence[Generation]) -> list[Chapter]:
    """Each chapter with its family, save where a family above has it already: a code that went on has one tree."""
    families = families_of([chapter.unit for chapter in chapters])
    told: set[int] = set()
    found = []
    for chapter in chapters:
        family = families[chapter.unit.id]
        shown = None if chapter.unit.id in told else family
        found.append(Chapter(chapter, shown, tree(family) if shown else None))
        told |= {member.id for member in family.members}
    return found


def _compare(place: Unit) -> str:
    """The address of the page that shows its province before and after; of a commune, of its own row there."""
    if place.level == UnitLevel.COMMUNE:
        return f"{reverse('units:reorganisation', args=[place.province_code])}?q={place.code}#bang"
    return reverse("units:reorganisation", args=[place.code])


def _told(generations: Sequence[Generation]) -> list[Generation]:
    """The generations that a page tells, newest first: one that only went on as it was is told by the later one."""
    later = (*generations[1:], None)
    went_on = [bool(after and after.change == UnitChange.KEPT) for after in later]
    return [one for one, same in zip(generations, went_on, strict=True) if not same][::-1]


def _inside(place: Unit) -> list[Unit]:
    """The communes of a province of today or of a district of old; none for a commune or an ended province."""
    if place.level == UnitLevel.COMMUNE or (place.level == UnitLevel.PROVINCE and not place.is_current):
        return []
    day = None if place.is_current else place.valid_from
    return _by_name(queries.units_on(day, within=place.code).of_level(UnitLevel.COMMUNE))


def _crumbs(place: Unit) -> list[tuple[Any, str]]:
    """The way from the finder over the units above down to `place`."""
    above = [one for one in (place.province, place.parent) if one]
    if place.parent_id == place.province_id:
        above = above[:1]
    links = [(one.shown_name, reverse("units:unit", args=[one.code])) for one in above]
    return [(bi("Tìm đơn vị", "Find a unit"), reverse("units:find")), *links, (place.shown_name, "")]


def _responsible(chapter: Generation) -> dict[str, str] | None:
    """Whom a citizen turns to: the people's committee of the unit, or of its one heir; None where several hold it."""
    if chapter.unit.is_current:
        return {"name": chapter.unit.committee}
    return {"name": chapter.heirs[0].unit.committee} if len(chapter.heirs) == 1 else None


def _by_name(units: Any) -> list[Unit]:
    return sorted(units, key=lambda one: (vi.sort_key(one.short_name), one.code))
