"""Once a day: the trail is sealed, and what nobody needs is dropped."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from haicap.domain.units.models import Conversion
from haicap.flows.housekeeping import Swept, seal_past_days, sweep, sweep_conversions
from haicap.flows.retention import due_before
from haicap.kernel import clock
from haicap.kernel.audit import commands as audit
from haicap.kernel.audit.models import Event, Seal
from haicap.kernel.audit.queries import verify
from haicap.kernel.clock import ZONE
from haicap.kernel.readings.models import Reading
from haicap.kernel.scope import entered, system


def record() -> None:
    with entered(system("test")):
        audit.record("test:thing:do", subject="entry:1")


@pytest.fixture
def sealed(as_worker: str) -> str:
    """A trail with nothing unsealed."""
    audit.seal(clock.today())
    return as_worker


def midnight(days: int) -> datetime:
    return datetime.combine(clock.today() + timedelta(days=days), datetime.min.time(), tzinfo=ZONE)


def test_a_day_is_sealed_after_its_midnight_in_vietnam(sealed: str) -> None:
    record()
    tomorrow = midnight(1)
    assert seal_past_days(clock.now()) == 0
    assert seal_past_days(tomorrow - timedelta(microseconds=1)) == 0
    assert seal_past_days(tomorrow) == 1
    assert Seal.objects.latest("id").day == clock.today()
    assert seal_past_days(tomorrow) == 0
    assert verify().ok


def test_days_that_the_worker_slept_through_are_sealed_by_one_root(sealed: str) -> None:
    record()
    assert seal_past_days(midnight(4)) == 1
    assert Seal.objects.latest("id").day == clock.today() + timedelta(days=3)


def test_a_day_without_events_needs_no_seal(sealed: str) -> None:
    assert seal_past_days(midnight(1)) == 0


def test_old_replies_and_messages_go_and_young_ones_stay(
    sealed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path))
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE outbox_message CASCADE")
        cursor.execute(
            "INSERT INTO web_reply (actor_id, key, digest, status, body, at) "
            "SELECT 1, n::text, 'x', 201, '{}', now() - make_interval(days => n) FROM generate_series(28, 32) n"
        )
        cursor.execute(
            "INSERT INTO outbox_message (topic, key, payload, created_at, available_at, attempts, error, done_at) "
            "SELECT 't', n::text, '{}', now(), now(), 0, '', CASE WHEN n > 0 THEN now() - make_interval(days => n) END "
            "FROM unnest(ARRAY[0, 89, 91]) n"
        )
    assert sweep(clock.now()) == Swept(replies=3, messages=1, loose_files=0, orphans=0, readings=0)
    assert sweep(clock.now()) == Swept(replies=0, messages=0, loose_files=0, orphans=0, readings=0)


def test_files_of_addresses_go_after_their_day(as_worker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path))
    now = clock.now()
    facts = {"client": "c", "language": "vi", "size": 1, "state": "done", "asked_at": now}
    for name, left in (("old", timedelta(0)), ("young", timedelta(minutes=1))):
        Conversion.objects.create(key_digest=name, expires_at=now + left, **facts).folder.mkdir()
    assert sweep_conversions(now) == 1
    assert [path.name for path in (tmp_path / "conversions").iterdir()] == ["young"]


def test_looks_are_forgotten_when_their_time_is_over_and_the_trail_says_so(sealed: str, settings: Any) -> None:
    now = clock.now()
    settings.HAICAP_READINGS_KEPT_DAYS = 100
    with connections["owner"].cursor() as cursor:
        for days in (99, 101, 400):
            cursor.execute(
                "INSERT INTO readings_reading (entry_id, account_id, actor_name, post, unit_name, door, whole, purpose,"
                " detail, first_at, last_at, times) VALUES (1, 1, 'x', 'x', 'x', 'page', false, '', '', %s, %s, 1)",
                [now - timedelta(days=days)] * 2,
            )
    assert sweep(now).readings == 2
    assert [clock.local(row.last_at).date() for row in Reading.objects.all()] == [(now - timedelta(days=99)).date()]
    event = Event.objects.get(tag="readings:log:forget")
    assert (event.data["removed"], event.actor_name) == (2, "system:housekeeping")
    assert sweep(now).readings == 0


@pytest.mark.parametrize(
    ("today", "before"),
    [("2026-11-28T10:00:00+07:00", "2024-11-28"), ("2028-02-29T00:00:00+07:00", "2026-02-28")],
)
def test_the_day_before_which_dossiers_are_past_their_time(settings: Any, today: str, before: str) -> None:
    settings.HAICAP_DOSSIERS_KEPT_YEARS = 2
    assert clock.local(due_before(datetime.fromisoformat(today))).date().isoformat() == before
