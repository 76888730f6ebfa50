"""Counting what the ended units held and who has it now, in one pass over each holding.

Memory grows with the number of units and holdings, not with what they hold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from haicap.domain.units.ports import Count, Holding, Item, Settled
from haicap.flows.reorganisation.errors import NotConserved
from haicap.flows.reorganisation.resolutions import Ended
from haicap.kernel import multiset
from haicap.kernel.language import bi

PAGE = 500
WHOLE = "whole"


@dataclass
class Tally:
    """How many things, how many of them under way, and the fingerprint of all."""

    count: int = 0
    open: int = 0
    fingerprint: int = 0

    def take(self, number: int, *, under_way: bool) -> None:
        """One more thing, whose digest adds `number`."""
        self.count += 1
        self.open += under_way
        self.fingerprint = multiset.total(self.fingerprint, number)

    def add(self, other: Tally) -> None:
        """All of another tally."""
        self.count += other.count
        self.open += other.open
        self.fingerprint = multiset.total(self.fingerprint, other.fingerprint)


@dataclass
class Flow:
    """What one heir has of one ended unit, and by which rules it came to it."""

    tally: Tally = field(default_factory=Tally)
    by: Counter[str] = field(default_factory=Counter)


Watcher = Callable[[Holding, Item, int, int, str], None]
"""Told of each thing: its holding, itself, the ended unit that had it, its heir, and why it is the heir's."""


@dataclass(frozen=True)
class Moments:
    """The moment at which the units ended, and the one for which it is asked who has what."""

    effective_at: datetime
    as_of: datetime

    @property
    def eve(self) -> datetime:
        """The last moment before."""
        return self.effective_at - timedelta(microseconds=1)


@dataclass
class Tallied:
    """One holding: what each ended unit had, and what each heir has of each (ended unit, heir)."""

    holding: Holding
    before: dict[int, Tally]
    after: dict[tuple[int, int], Flow]


def tally(holding: Holding, ended: Ended, moments: Moments, watch: Watcher | None = None) -> Tallied:
    """Count one holding of the ended units; raises NotConserved where a thing has no heir, or was not counted once.

    A unit has what was made under it, and what had come to it from units before it. Streams; asks the room for the unit
    of a thing only where that thing's unit was divided, some hundred at a time.
    """
    found = Tallied(holding, {unit_id: Tally() for unit_id in ended.units}, defaultdict(Flow))
    for unit_id, heirs in ended.heirs.items():
        if unit_id in ended.units:
            found.after.update({(unit_id, heir.pk): Flow() for heir in heirs})
    streamed: Counter[int] = Counter()
    for page in _pages(holding.items(list(ended.sources), moments.effective_at)):
        streamed.update(item.unit_id for item in page)
        held = _held(holding, ended, page, moments.eve)
        kept = [item for item in page if held.get(item.key) in ended.units]
        settled = _settled(holding, ended, kept, moments.as_of)
        for item in kept:
            _count(found, item, held[item.key], settled[item.key])
            if watch:
                watch(holding, item, held[item.key], settled[item.key].unit_id, settled[item.key].basis)
    _require_counted(holding, ended, streamed, holding.count(list(ended.sources), moments.effective_at))
    _require_conserved(found, ended)
    return found


def _pages(items: Iterator[Item]) -> Iterator[list[Item]]:
    while page := list(islice(items, PAGE)):
        yield page


def _count(found: Tallied, item: Item, unit_id: int, settled: Settled) -> None:
    number = multiset.element(item.digest)
    found.before[unit_id].take(number, under_way=item.open)
    flow = found.after[unit_id, settled.unit_id]
    flow.tally.take(number, under_way=item.open)
    flow.by[settled.basis] += 1


def _held(holding: Holding, ended: Ended, items: list[Item], eve: datetime) -> Mapping[str, int]:
    """For each thing the unit in whose care it was on the eve."""
    held, asked = {}, []
    for item in items:
        alone = ended.sources[item.unit_id].held_by
        if alone is None:
            asked.append(item)
        else:
            held[item.key] = alone
    answers = holding.heirs(asked, eve) if asked else {}
    return held | {key: answer.unit_id for key, answer in answers.items()}


def _settled(holding: Holding, ended: Ended, items: list[Item], as_of: datetime) -> Mapping[str, Settled]:
    """For each thing the one unit that answers for it, which must be one of those that followed."""
    settled, asked = {}, []
    for item in items:
        heirs = ended.sources[item.unit_id].heirs
        if len(heirs) == 1:
            settled[item.key] = Settled(heirs[0].pk, WHOLE)
        else:
            asked.append(item)
    settled |= holding.heirs(asked, as_of) if asked else {}
    for item in items:
        source, answer = ended.sources[item.unit_id], settled.get(item.key)
        if answer is None or answer.unit_id not in {heir.pk for heir in source.heirs}:
            problem = bi("{key} không có đơn vị tiếp nhận", "{key} has no heir").format(key=item.key)
            raise NotConserved(holding=holding.label, unit=source.unit.shown_name, what=problem)
    return settled


def _require_counted(holding: Holding, ended: Ended, streamed: Counter[int], counted: Mapping[int, Count]) -> None:
    """What streamed past is what the database counts by itself."""
    for unit_id, source in ended.sources.items():
        told = counted.get(unit_id, Count()).total
        if told != streamed[unit_id]:
            what = bi("{a} được đọc, {b} theo phép đếm", "{a} read, {b} counted").format(a=streamed[unit_id], b=told)
            raise NotConserved(holding=holding.label, unit=source.unit.shown_name, what=what)


def _require_conserved(found: Tallied, ended: Ended) -> None:
    """What the heirs have is what the unit had."""
    after: dict[int, Tally] = defaultdict(Tally)
    for (unit_id, _), flow in found.after.items():
        after[unit_id].add(flow.tally)
    for unit_id, before in found.before.items():
        if after[unit_id] != before:
            what = bi("{a} trước, {b} sau", "{a} before, {b} after").format(a=before.count, b=after[unit_id].count)
            raise NotConserved(holding=found.holding.label, unit=ended.units[unit_id].shown_name, what=what)
