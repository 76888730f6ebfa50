"""The certificate of conservation: everything that ended units held is with exactly one heir, in counts and hashes.

What it says (`content`) follows from the database alone: the resolution, the moment at which the units ended, and the
moment `as_of` for which it is asked who has each thing. So whoever computes it again gets the same bytes and the same
root, which is the SHA-256 of `content` as canonical JSON. When it was made, and by which version, stands beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from haicap import __version__
from haicap.domain.units.models import Resolution, Unit
from haicap.domain.units.ports import holdings
from haicap.domain.units.rules import UnitLevel
from haicap.flows.reorganisation.errors import MomentOutside, NotYetInForce
from haicap.flows.reorganisation.resolutions import Ended, ended_by, name_of, takes_effect_at
from haicap.flows.reorganisation.tally import Flow, Moments, Tallied, Tally, Watcher, tally
from haicap.kernel import clock, multiset, vi
from haicap.kernel.language import speaking

SETTLING: Final = timedelta(minutes=1)
"""A certificate for "now" looks back by this much: what was being written at its moment is in the database by then."""
SCHEMA: Final = "haicap.certificate-of-conservation/1"
Document = dict[str, Any]


@dataclass(frozen=True)
class Certificate:
    """What is certified, when it was made, and by which version of the program."""

    content: Document
    made_at: datetime
    version: str

    @property
    def root(self) -> str:
        """The SHA-256 of the content, in hex: the one number that stands for all of it."""
        return root_of(self.content)

    def as_json(self) -> Document:
        """The document as it is handed out."""
        return {
            "schema": SCHEMA,
            "root": self.root,
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "haicap": self.version,
            "content": self.content,
        }


def canonical(content: Document) -> bytes:
    """`content` as bytes: JSON with sorted keys, no spaces, letters as they are, in UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root_of(content: Document) -> str:
    """The root that belongs to `content`, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def make_certificate(
    resolution: Resolution, *, as_of: datetime | None = None, watch: Watcher | None = None,
    only: Collection[str] | None = None,
) -> Certificate:  # fmt: skip
    """The certificate of an applied resolution; `as_of`: the moment for which it is asked who has what, a minute
    ago if not given.

    `only`: the holdings that are counted, all without it. `watch` is told of each thing with its heir and why. Needs a
    connection that sees every row (the worker's role); one statement a holding streams, some more for divided units.
    88,300 dossiers take about two seconds.

    Raises NotYetInForce, MomentOutside, NotConserved.
    """
    now = clock.now()
    effective_at = takes_effect_at(resolution)
    moment = clock.local(as_of or max(effective_at, now - SETTLING)).replace(microsecond=0)
    if effective_at > now:
        raise NotYetInForce(number=resolution.number, day=vi.date_text(resolution.effective_on))
    if not effective_at <= moment <= now:
        raise MomentOutside(first=vi.moment_text(effective_at), field="as_of")
    with _one_view():
        ended = ended_by(resolution, moment.date())
        moments = Moments(effective_at, moment)
        found = [
            tally(holding, ended, moments, watch) for holding in holdings() if only is None or holding.code in only
        ]
    content = _content(resolution, moments, ended, found)
    return Certificate(content, now, __version__)


@contextmanager
def _one_view() -> Iterator[None]:
    """A transaction in which every statement sees the same rows, where it is ours to begin one."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _content(resolution: Resolution, moments: Moments, ended: Ended, found: list[Tallied]) -> Document:
    return {
        "resolution": {
            "number": resolution.number,
            "body": resolution.body,
            "title": resolution.title,
            "adopted_on": resolution.adopted_on.isoformat(),
            "effective_on": resolution.effective_on.isoformat(),
            "file_sha256": resolution.digest,
        },
        "effective_at": moments.effective_at.isoformat(),
        "as_of": moments.as_of.isoformat(),
        "holdings": [{"code": one.holding.code, "vi": _label(one, "vi"), "en": _label(one, "en")} for one in found],
        "units": _units(ended, found),
        "before": [row for unit in ended.units.values() for row in _before(unit, found)],
        "after": [row for unit in ended.units.values() for row in _after(unit, ended, found)],
        "totals": [_totals(one) for one in found],
    }


def _label(found: Tallied, language: str) -> str:
    with speaking(language):
        return str(found.holding.label)


def _followers(unit: Unit, ended: Ended, found: list[Tallied]) -> list[Unit]:
    """The unit's heirs, and whoever else has something that had come to it from an earlier divided unit."""
    known = {heir.pk: heir for source in ended.sources.values() for heir in source.heirs}
    held = [heir_id for one in found for unit_id, heir_id in one.after if unit_id == unit.pk]
    return [known[heir_id] for heir_id in dict.fromkeys([*(heir.pk for heir in ended.heirs[unit.pk]), *held])]


def _units(ended: Ended, found: list[Tallied]) -> list[Document]:
    """Every unit that the document names, once: code, the day since which it bears it, name, province."""
    named: dict[str, Unit] = {}
    for unit in ended.units.values():
        for one in (unit, *_followers(unit, ended, found)):
            named.setdefault(name_of(one), one)
    return [
        {
            "unit": key,
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind,
            "valid_from": unit.valid_from.isoformat(),
            "province": unit.province_code,
        }
        for key, unit in named.items()
    ]


def _figures(tally: Tally) -> Document:
    return {"count": tally.count, "open": tally.open, "sum": multiset.hex_of(tally.fingerprint)}


def _before(unit: Unit, found: list[Tallied]) -> Iterator[Document]:
    """What a unit had in its last moment: a row a holding."""
    for one in found:
        yield {"unit": name_of(unit), "holding": one.holding.code, **_figures(one.before[unit.pk])}


def _after(unit: Unit, ended: Ended, found: list[Tallied]) -> Iterator[Document]:
    """What each heir has of a unit: a row an heir and holding, with how many came to it by which rule.

    A district that had nothing has no rows: it has an heir for each of its communes.
    """
    for heir in _followers(unit, ended, found):
        for one in found:
            flow: Flow = one.after[unit.pk, heir.pk]
            if unit.level == UnitLevel.DISTRICT and not flow.tally.count:
                continue
            yield {
                "unit": name_of(heir), "from": name_of(unit), "holding": one.holding.code,
                **_figures(flow.tally), "by": dict(sorted(flow.by.items())),
            }  # fmt: skip


def _totals(found: Tallied) -> Document:
    before, after = Tally(), Tally()
    for one in found.before.values():
        before.add(one)
    for flow in found.after.values():
        after.add(flow.tally)
    return {"holding": found.holding.code, "before": _figures(before), "after": _figures(after)}
