"""The kinds of message on the page are those that really leave, each with the fields that it really has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from haicap.domain.people.commands.signing.warnings import warn_due
from haicap.domain.people.commands.training.reminders import remind_due
from haicap.flows.reorganisation.notices import carry_out_due
from haicap.flows.tests.reorganised import others_are_done, reorganised
from haicap.interfaces.administration.template_page import MESSAGES
from haicap.interfaces.administration.tests.test_signing import certified
from haicap.interfaces.administration.tests.test_training import World
from haicap.kernel import clock

API = Path(__file__).resolve().parents[5] / "docs" / "developers" / "api.md"


def test_each_kind_has_the_fields_that_the_page_tells(own_database: str, request: pytest.FixtureRequest) -> None:
    others_are_done()
    reorganised()  # receives dossiers
    world = World()
    world.enrol(world.people[0], held=world.open("L3", world.day(2)))
    certified(world, world.people[0], clock.today() + timedelta(days=29))
    request.getfixturevalue("as_worker")
    assert list(carry_out_due()) and remind_due() and warn_due()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT DISTINCT topic, ARRAY(SELECT jsonb_object_keys(payload) ORDER BY 1) FROM outbox_message")
        left = cursor.fetchall()
    shown = {kind.topic: sorted(kind.fields) for kind in MESSAGES}
    met = set()
    for topic, fields in left:
        kind = topic if topic in shown else f"{topic.partition('.')[0]}.*"
        assert shown[kind] == sorted(fields), topic
        met.add(kind)
    assert met == set(shown)


def test_each_kind_and_field_is_described_for_makers_of_receivers() -> None:
    text = API.read_text(encoding="utf-8").partition("## What leaves by itself")[2].partition("\n## ")[0]
    for kind in MESSAGES:
        assert f"`{kind.topic}`" in text
        row = next(line for line in text.splitlines() if line.startswith(f"| `{kind.topic}`"))
        assert [field for field in kind.fields if f"`{field}`" not in row] == [], kind.topic
