"""Which unit an address lies in, on any day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from haicap.domain.units import rules
from haicap.domain.units.addresses import Answer, Candidate, Status
from haicap.domain.units.models import Unit
from haicap.domain.units.queries.units import heirs_of
from haicap.kernel import clock
from haicap.kernel.language import bi

_SEPARATORS = re.compile(r"[,;|/\n]+")


def resolve(address: str, on: date | None = None) -> Answer:
    """The unit, or every unit, that `address` lies in, as the units stand on the day `on` (default today)."""
    day = on or clock.today()
    parts = [rules.search_key(part) for part in _SEPARATORS.split(address) if part.strip()]
    found = {
        heir.unit.id: heir.unit
        for number, part in enumerate(parts)
        for unit in Unit.objects.filter(level="xa", search__startswith=f" {part} |")
        if all(f" {above}" in unit.search for above in parts[number + 1 :])
        for heir in heirs_of(unit, day)
    }
    status = Status.UNKNOWN if not found else Status.EXACT if len(found) == 1 else Status.AMBIGUOUS
    return Answer(status, tuple(_candidate(unit, len(found)) for unit in found.values()))


def resolve_many(addresses: Iterable[str], on: date | None = None) -> Iterator[Answer]:
    """Answers in the order of the addresses."""
    return (resolve(address, on) for address in addresses)


def _candidate(unit: Unit, several: int) -> Candidate:
    why = bi("Đơn vị khớp với địa chỉ.", "The unit fits the address.")
    return Candidate(
        unit.id, unit.code, unit.name, unit.kind, unit.province_name, unit.province_code, round(1 / several, 2), why
    )
