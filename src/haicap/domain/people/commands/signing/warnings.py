"""Warnings 60, 30 and 7 days before a certificate ends, once each. Run by the worker.

The message in the outbox (`certificate.expires`) carries numbers and days alone; holder and administrator read the rest on
their pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from haicap.domain.people.commands.telling import Matter, tell
from haicap.domain.people.models import DigitalCertificate
from haicap.domain.people.signing_rules import WARN_DAYS, State, stage
from haicap.kernel import clock

EXPIRES: Final = "certificate.expires"


def warn_due() -> int:
    """Tell of every certificate that ends soon and was not renewed, each of the stages once; gives how many. Worker only."""
    return tell(_ending())


def _ending() -> Iterator[Matter]:
    now = clock.now()
    rows = DigitalCertificate.objects.filter(
        state=State.ISSUED, valid_to__gt=now, valid_to__lt=now + timedelta(days=max(WARN_DAYS) + 1)
    ).exclude(renewed_by__state=State.ISSUED)
    for row in rows.iterator():
        days = stage(row.valid_to, now.date()) if row.valid_to else None
        if days is not None and row.valid_to is not None:
            yield Matter(f"certificate:{row.pk}:{days}", row.official_id, row.unit_id, EXPIRES, {
                "certificate": row.pk, "days": days, "valid_to": row.valid_to.isoformat(),
            })  # fmt: skip
