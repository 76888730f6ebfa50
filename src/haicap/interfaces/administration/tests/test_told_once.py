"""What the worker tells of training and of certificates: once each, and without personal data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections

from haicap.domain.people.commands.signing.warnings import warn_due
from haicap.domain.people.commands.training.reminders import remind_due
from haicap.domain.people.models import Told
from haicap.interfaces.administration.tests.test_signing import certified
from haicap.interfaces.administration.tests.test_training import NAMES, World
from haicap.kernel import clock


@pytest.fixture
def world(own_database) -> World:
    return World()


def test_classes_topics_and_ends_are_told_once_without_personal_data(world, request):
    world.enrol(world.people[0], held=world.open("L3", world.day(2)))
    world.enrol(world.people[1], held=world.open("L4", world.day(30)))
    row = certified(world, world.people[0], clock.today() + timedelta(days=29))
    certified(world, world.people[1], clock.today() + timedelta(days=90))
    client = world.here.client("counter")
    page = " ".join(client.get("/desk/lop-hoc/").content.decode().split())
    assert "Lớp bắt đầu" in page and "còn 29 ngày" in page
    request.getfixturevalue("as_worker")
    told = (remind_due(), warn_due())
    assert told[0] > 5 and told[1] == 1
    assert (remind_due(), warn_due()) == (0, 0)
    keys = set(Told.objects.exclude(key__startswith="topic:").values_list("key", "official_id"))
    assert {official for key, official in keys if key.startswith("class:")} == {world.people[0].pk}
    assert (f"certificate:{row.pk}:30", world.people[0].pk) in keys
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT topic, payload::text FROM outbox_message WHERE key LIKE 'told:%'")
        rows = cursor.fetchall()
    assert len(rows) == sum(told)
    assert {topic for topic, _ in rows} == {"training.class_begins", "training.topic_missing", "certificate.expires"}
    assert not any(name in text or "01419" in text for _, text in rows for name in NAMES)
