"""Telling people of something once: written down with the message that leaves, so that nobody is told twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from haicap.domain.people.models import Told
from haicap.kernel import clock
from haicap.kernel.outbox import commands as outbox
from haicap.kernel.outbox.commands import Leaving

BATCH: Final = 2_000


@dataclass(frozen=True)
class Matter:
    """Somebody is to be told of something: `key` names both, so that it happens once."""

    key: str
    official_id: int | None
    unit_id: int
    topic: str
    payload: dict[str, Any]


def tell_once(matters: Sequence[Matter]) -> int:
    """Write down and put out what was not told yet; gives how many. In one transaction."""
    known = set(Told.objects.filter(key__in=[one.key for one in matters]).values_list("key", flat=True))
    new = [one for one in matters if one.key not in known]
    with transaction.atomic():
        now = clock.now()
        Told.objects.bulk_create(
            (Told(official_id=one.official_id, unit_id=one.unit_id, key=one.key, told_at=now) for one in new),
            ignore_conflicts=True,
        )
        outbox.put([Leaving(one.topic, f"told:{one.key}", one.unit_id, one.payload) for one in new])
    return len(new)


def tell(matters: Iterable[Matter]) -> int:
    """The same in batches, each in its own transaction."""
    batch = list(matters)
    return sum(tell_once(batch[at : at + BATCH]) for at in range(0, len(batch), BATCH))
