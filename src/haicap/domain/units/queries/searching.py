"""Finding units by any name that they have or ever had."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from haicap.domain.units import rules
from haicap.domain.units.models import Alias, Unit
from haicap.domain.units.queries.genealogy import FORMER_KINDS
from haicap.domain.units.queries.units import Heir, heirs_by_unit
from haicap.domain.units.rules import UnitKind

_KIND_KEYS = sorted({rules.search_key(rules.kind_word(kind)) for kind in UnitKind.values})
_ANY_KIND = "|".join(_KIND_KEYS)
OTHER_KINDS = (*FORMER_KINDS, "spelling")
"""Kinds of alias that people type; folded forms are for resolving addresses."""
CODE, NAME_AS_TYPED, NAME, FORMER_NAME, BEGIN, FORMER_BEGIN, PART, FORMER_PART = range(8)


@dataclass(frozen=True)
class Found:
    """A unit that a search found; `former` is the other name by which it was found, None for its own; `heirs` are those
    who hold its land today where it ended.
    """

    unit: Unit
    former: Alias | None = None
    heirs: tuple[Heir, ...] = ()


def find(q: str, limit: int = 20) -> list[Found]:
    """Units whose name, then and now or in former times, has every word of `q` (or the start of it), or whose code
    begins with it; with today's heirs. Three statements, none for a question without letters.

    Accents, case and TP./TX./TT. do not matter; words of the province may narrow it ("chieng an son la"). Best first:
    the exact name before a former one before a part of either, standing units before ended ones. An ended unit whose
    code and name go on is not listed beside its continuation; a unit is listed once.
    """
    found = _found(q, limit)
    heirs = heirs_by_unit([one.unit.id for one in found if not one.unit.is_current])
    return [replace(one, heirs=heirs.get(one.unit.id, ())) for one in found]


def search(q: str, limit: int = 20) -> list[Unit]:
    """The units of `find`, best first. Two statements."""
    return [found.unit for found in _found(q, limit)]


def _found(q: str, limit: int) -> list[Found]:
    key = rules.search_key(q)
    if not key:
        return []
    own = [(unit.rank, Found(unit)) for unit in _by_name(key, q.strip(), limit)]
    known = {(found.unit.code, found.unit.name) for _, found in own}
    former = [(name.rank, Found(name.unit, name)) for name in _by_former_name(key, limit)]
    ranked = own + [(rank, found) for rank, found in former if (found.unit.code, found.unit.name) not in known]
    return _each_once(found for _, found in sorted(ranked, key=lambda one: one[0]))[:limit]


def _each_once(found: Iterable[Found]) -> list[Found]:
    first: dict[int, Found] = {}
    for one in found:
        first.setdefault(one.unit.id, one)
    return list(first.values())


def _by_name(key: str, typed: str, limit: int) -> list[Any]:
    """Units by their own name, each with its `rank`."""
    matching = Q()
    for word in key.split():
        matching &= Q(search__contains=f" {word}")
    if key.isdigit():
        matching |= Q(code__startswith=key)
    continued = Unit.objects.filter(code=OuterRef("code"), name=OuterRef("name"), valid_from__gt=OuterRef("valid_from"))
    found = Unit.objects.with_parents().filter(matching, ~Exists(continued))
    whole, begin = _whole_name(key), _begin(key)
    rank = Case(
        When(code=typed, then=Value(CODE)),
        When(whole & Q(name__iendswith=typed), then=Value(NAME_AS_TYPED)),
        When(whole, then=Value(NAME)),
        When(begin, then=Value(BEGIN)),
        default=Value(PART),
        output_field=IntegerField(),
    )
    return list(found.annotate(rank=rank).order_by("rank", "-valid_from", "code")[:limit])


def _by_former_name(key: str, limit: int) -> list[Any]:
    """Former names with their units, each with its `rank`. One word at least is of the name, others may be of a place."""
    words = [f" {word}" for word in key.split()]
    matching = reduce(or_, (Q(search__contains=word) for word in words))
    for word in words:
        matching &= Q(search__contains=word) | Q(unit__search__contains=word)
    found = Alias.objects.filter(matching, kind__in=OTHER_KINDS)
    rank = Case(
        When(_whole_name(key), then=Value(FORMER_NAME)),
        When(_begin(key), then=Value(FORMER_BEGIN)),
        default=Value(FORMER_PART),
        output_field=IntegerField(),
    )
    named = found.select_related("unit__parent", "unit__province").annotate(rank=rank)
    return list(named.order_by("rank", "-unit__valid_from", "unit__code", "id")[:limit])


def _whole_name(key: str) -> Q:
    """The name before the bar is `key`, with or without its kind."""
    return Q(search__startswith=f" {key} |") | Q(search__regex=rf"^ ({_ANY_KIND}) {re.escape(key)} \|")


def _begin(key: str) -> Q:
    """The name begins with `key`, with or without its kind."""
    return Q(search__startswith=f" {key}") | Q(search__regex=f"^ ({_ANY_KIND}) {re.escape(key)}")
