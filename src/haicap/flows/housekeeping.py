"""What the worker does by the clock: seal the trail, drop what nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from haicap.domain.units.commands.conversion import jobs
from haicap.kernel import clock
from haicap.kernel.audit import commands as audit
from haicap.kernel.audit import queries as trail
from haicap.kernel.files import commands as files
from haicap.kernel.limits import commands as limits
from haicap.kernel.outbox import commands as outbox
from haicap.kernel.readings import commands as readings
from haicap.kernel.scope import entered, system
from haicap.kernel.web.models import Reply

REPLIES_KEPT_DAYS = 30
MESSAGES_KEPT_DAYS = 90
LOOSE_FILES_KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Swept:
    """What one round removed."""

    replies: int
    messages: int
    loose_files: int
    orphans: int
    readings: int


def seal_past_days(now: datetime) -> int:
    """Seal the trail where an event of a day before `now`'s (Vietnam's days) is not sealed yet; gives how many events.

    The seal bears yesterday's date, also where the worker slept for several days: one root then covers them all.
    """
    today = clock.local(now).date()
    first = trail.first_unsealed_at()
    if first is None or first >= datetime.combine(today, time.min, tzinfo=clock.ZONE):
        return 0
    return audit.seal(_day_before(today), alias="default")


def sweep(now: datetime) -> Swept:
    """Remove old idempotency replies, messages that left long ago, files that hang nowhere, and looks whose time is over.

    The disk is swept before the table: bytes go a day after their last row at the earliest, so that a dossier which is
    being received meanwhile never loses what it is about to hang up.
    """
    orphans = files.sweep_disk(older_than=now - LOOSE_FILES_KEPT)
    return Swept(
        replies=Reply.objects.filter(at__lt=now - timedelta(days=REPLIES_KEPT_DAYS)).delete()[0],
        messages=outbox.forget_done(MESSAGES_KEPT_DAYS),
        loose_files=files.forget_loose(older_than=now - LOOSE_FILES_KEPT),
        orphans=orphans,
        readings=_forget_readings(now),
    )


def _forget_readings(now: datetime) -> int:
    """Looks at personal data whose time is over go, and the trail says how many: a log must not shrink in silence."""
    before = now - timedelta(days=settings.HAICAP_READINGS_KEPT_DAYS)
    with entered(system("housekeeping")):
        gone = readings.forget(before)
        if gone:
            audit.record("readings:log:forget", subject="readings", data={"before": before, "removed": gone})
    return gone


def sweep_sources() -> int:
    """Remove what was counted of sources that have rested since; gives how many. Each hour."""
    return limits.sweep()


def sweep_conversions(now: datetime) -> int:
    """Remove files of addresses, and their results, whose day has passed; gives how many. Each hour."""
    return jobs.sweep(now)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
