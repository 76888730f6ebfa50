"""Which heir of a divided unit answers for one thing: by the hamlets that the resolution names, by an address, else the
default heir. Always exactly one, so that nothing is in nobody's hands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import TextChoices

from haicap.domain.units import rules
from haicap.domain.units.models import Unit
from haicap.domain.units.queries.addresses import resolve
from haicap.domain.units.queries.heirs import default_heirs, settled_heirs
from haicap.domain.units.queries.units import Heir
from haicap.kernel.language import bi, bi_format

# The division may lie some steps below the unit that is asked for: every later edge that names hamlets counts.
_NAMED = """
WITH RECURSIVE flow (of, unit_id) AS (
    SELECT id, id FROM units_unit WHERE id = ANY(%(units)s)
    UNION
    SELECT f.of, l.successor_id FROM flow f JOIN units_lineage l ON l.predecessor_id = f.unit_id
    WHERE l.effective_on <= %(day)s
)
SELECT f.of, l.successor_id, l.hamlets FROM flow f JOIN units_lineage l ON l.predecessor_id = f.unit_id
WHERE l.effective_on <= %(day)s AND l.hamlets <> '{}' ORDER BY f.of, l.successor_id
"""


class DecidedBy(TextChoices):
    """What says which heir it is."""

    ONLY = "only", bi("chỉ có một đơn vị kế tiếp", "there is one heir only")
    HAMLET = "hamlet", bi("theo thôn, bản nêu trong nghị quyết", "by the hamlet that the resolution names")
    ADDRESS = "address", bi("theo địa chỉ", "by the address")
    DEFAULT = "default", bi("mặc định, vì địa chỉ chưa đủ để biết", "by default, since the address does not tell")


@dataclass(frozen=True, slots=True)
class Share:
    """The one heir that answers, and what says so; `told` is the hamlet or the address that decided."""

    heir: Unit
    decided_by: DecidedBy
    told: str = ""

    @property
    def why(self) -> Any:
        """The reason in one phrase."""
        if self.decided_by == DecidedBy.HAMLET:
            return bi_format(
                bi("{hamlet} về đơn vị này theo nghị quyết", "{hamlet} went here by the resolution"), hamlet=self.told
            )
        return self.decided_by.label


class Shares:
    """The heirs of some units on one day, asked about as many addresses as there are; see `shares_of`."""

    def __init__(
        self,
        day: date,
        asked: Collection[int],
        settled: Mapping[int, tuple[int, tuple[Heir, ...]]],
        hamlets: Mapping[int, tuple[tuple[str, int], ...]],
    ) -> None:
        self.day = day
        self._asked, self._settled = frozenset(asked), dict(settled)
        self._units = {heir.unit.pk: heir.unit for _, heirs in settled.values() for heir in heirs}
        self._heirs = {unit_id: tuple(heir.unit for heir in heirs) for unit_id, (_, heirs) in settled.items()}
        self._default = {unit_id: default for unit_id, (default, _) in settled.items()}
        self._hamlets = hamlets

    def knows(self, unit_id: int) -> bool:
        """True where the unit was asked for."""
        return unit_id in self._asked

    def and_of(self, others: Shares) -> Shares:
        """These and `others` together."""
        settled = self._settled | others._settled
        return Shares(self.day, self._asked | others._asked, settled, {**self._hamlets, **others._hamlets})

    def heirs(self, unit_id: int) -> tuple[Unit, ...]:
        """Who holds the unit's land on the day, by code; the unit itself while it stands, nobody before it is formed."""
        return self._heirs.get(unit_id, ())

    def is_divided(self, unit_id: int) -> bool:
        """True where several have a part of it."""
        return len(self.heirs(unit_id)) > 1

    def settle(self, unit_id: int, address: str = "") -> Share:
        """The heir that answers for a thing of `unit_id` whose person lives at `address`. Raises KeyError for a unit
        that was not asked for, or that was formed after the day."""
        default = self._default[unit_id]
        if not self.is_divided(unit_id):
            return Share(self._units[default], DecidedBy.ONLY)
        hamlet = hamlet_in(address, self._hamlets.get(unit_id, ()))
        if hamlet is not None:
            return Share(self._units[hamlet[1]], DecidedBy.HAMLET, hamlet[0])
        named = {one.unit_id for one in resolve(address, self.day).candidates} if address.strip() else set()
        near = [unit for unit in self.heirs(unit_id) if unit.pk in named]
        if len(near) == 1:
            return Share(near[0], DecidedBy.ADDRESS, address)
        return Share(self._units[default], DecidedBy.DEFAULT)


def shares_of(unit_ids: Collection[int], day: date) -> Shares:
    """What `Shares` needs to know of these units on `day`. Six statements at most for any number of units, one where none
    was divided."""
    settled = settled_heirs(unit_ids, day)
    divided = [unit_id for unit_id, (_, heirs) in settled.items() if len(heirs) > 1]
    return Shares(day, unit_ids, settled, _hamlets(divided, settled, day) if divided else {})


def _hamlets(
    divided: list[int], settled: Mapping[int, tuple[int, tuple[Heir, ...]]], day: date
) -> Mapping[int, tuple[tuple[str, int], ...]]:
    """For each divided unit the hamlets named in its resolutions, each with today's heir."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"units": divided, "day": day})
        rows = cursor.fetchall()
    later = default_heirs({successor for _, successor, _ in rows}, day) if rows else {}
    named: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for unit_id, successor, hamlets in rows:
        heir = later.get(successor)
        if heir in {one.unit.pk for one in settled[unit_id][1]}:
            named[unit_id] += [(hamlet, heir) for hamlet in hamlets]
    return {unit_id: tuple(pairs) for unit_id, pairs in named.items()}


# What stands before a hamlet's name and is left out; before a number it tells one hamlet from another and stays.
_KIND = re.compile(r"\b(?:thon|ban|ap|buon|lang|xom|khom|khu|soc|plei)\b (?!\d)")
_SHORT = {"to dan pho": "to", "tdp": "to", "khu pho": "kp", "tieu khu": "tk"}
_LONG = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b")


def hamlet_in(address: str, named: Collection[tuple[str, int]]) -> tuple[str, int] | None:
    """The hamlet of `named` (name, heir) in which `address` lies; None where it names none, or those of several heirs.

    Only what stands before the commune is looked at, so that a commune called after a hamlet decides nothing; a longer
    name goes before a shorter one inside it ("Bản Hịa 2" before "Bản Hịa").
    """
    place = _folded(_before_the_commune(address))
    found = [(_folded(name), name, heir) for name, heir in named]
    hits = [(key, name, heir) for key, name, heir in found if key and f" {key} " in f" {place} "]
    longest = max((len(key) for key, _, _ in hits), default=0)
    best = {heir: name for key, name, heir in hits if len(key) == longest}
    if len(best) != 1:
        return None
    heir, name = best.popitem()
    return name, heir


_COMMUNE = re.compile(r"[,;–-]?\s*\b(?:xã|phường|thị trấn|đặc khu|xa|phuong|thi tran|x\.|p\.|tt\.)\s", re.IGNORECASE)


def _before_the_commune(address: str) -> str:
    found = _COMMUNE.search(address)
    return address[: found.start()] if found else address.partition(",")[0]


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    """A hamlet as it is compared: "Bản Hịa" and "hia", "Tổ dân phố 5" and "TDP 5" are one; "Thôn 5" stays "thon 5"."""
    return _KIND.sub("", _LONG.sub(lambda match: _SHORT[match[0]], rules.search_key(text)))
