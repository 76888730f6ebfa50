"""Once a day: the trail is sealed, and what nobody needs is dropped."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections

from haicap.domain.units.models import Conversion
from haicap.flows.housekeeping import Swept, seal_past_days, sweep, sweep_conversions
from haicap.kernel import clock
from haicap.kernel.audit import commands as audit
from haicap.kernel.audit.models import Seal
from haicap.kernel.audit.queries import verify
from haicap.kernel.clock import ZONE
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
    assert sweep(clock.now()) == Swept(replies=3, messages=1, loose_files=0, orphans=0)
    assert sweep(clock.now()) == Swept(replies=0, messages=0, loose_files=0, orphans=0)


def test_files_of_addresses_go_after_their_day(as_worker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path))
    now = clock.now()
    facts = {"client": "c", "language": "vi", "size": 1, "state": "done", "asked_at": now}
    for name, left in (("old", timedelta(0)), ("young", timedelta(minutes=1))):
        Conversion.objects.create(key_digest=name, expires_at=now + left, **facts).folder.mkdir()
    assert sweep_conversions(now) == 1
    assert [path.name for path in (tmp_path / "conversions").iterdir()] == ["young"]
