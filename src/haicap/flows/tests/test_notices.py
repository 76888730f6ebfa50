"""On the day: each open dossier of an ended unit gives one message, once, whatever happens to the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connections

from haicap.domain.dossiers.tests.factories import moved, received
from haicap.flows.reorganisation import notices
from haicap.flows.reorganisation.certificate import make_certificate
from haicap.flows.reorganisation.notices import TOPIC, carry_out_due, is_carried_out
from haicap.flows.reorganisation.verify import verify_document
from haicap.flows.tests.reorganised import (
    NEW_ONE,
    NEW_TWO,
    NEWEST,
    NUMBER,
    OLD_ONE,
    OLD_TWO,
    World,
    as_the_worker,
    ended_again,
    others_are_done,
    reorganised,
    tamper,
)
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.audit.queries import verify
from haicap.kernel.outbox import commands as outbox
from haicap.kernel.outbox.models import Message


class Crash(BaseException):
    """The power goes."""


@pytest.fixture
def made(own_database) -> World:
    others_are_done()
    return reorganised()


@pytest.fixture
def world(made, as_worker) -> World:
    return made


def messages() -> dict[str, Message]:
    return {message.payload["code"]: message for message in Message.objects.filter(topic=TOPIC)}


def test_each_open_dossier_gives_one_message_with_who_has_it_now(world):
    (done,) = carry_out_due()
    assert (done.number, done.told) == (NUMBER, 5)
    told = messages()
    assert set(told) == {*world.dossiers[OLD_ONE][:2], *world.dossiers[OLD_TWO]}
    one = told[world.dossiers[OLD_ONE][0]]
    assert one.key == f"dossier:{world.dossiers[OLD_ONE][0]}:responsible:{world.resolution.pk}"
    assert one.payload["was"] == {"code": OLD_ONE, "name": "Xã Cũ Một", "province": "Tỉnh Sơn La"}
    assert one.payload["responsible"]["name"] == "Xã Mới Một"
    assert one.payload["responsible"]["agency"] == "Trung tâm Phục vụ hành chính công xã Mới Một"
    assert (one.payload["basis"], one.payload["resolution"], one.payload["effective_on"]) == (
        "whole", NUMBER, "2026-03-01",
    )  # fmt: skip
    assert one.payload["due"].startswith("2026-02-2")
    assert not {"applicant", "phone", "applicant_name"} & set(one.payload)
    heirs = {told[code].payload["responsible"]["code"] for code in world.dossiers[OLD_TWO]}
    assert heirs <= {NEW_ONE, NEW_TWO}
    assert told[world.dossiers[OLD_TWO][0]].payload["responsible"]["code"] == NEW_ONE  # the hamlet went there
    assert told[world.dossiers[OLD_TWO][2]].payload["responsible"]["code"] == NEW_TWO  # the rest


def test_the_trail_keeps_the_root_of_the_certificate_and_nothing_is_told_twice(world):
    list(carry_out_due())
    assert is_carried_out(world.resolution)
    (event,) = Event.objects.filter(subject=notices.subject_of(world.resolution))
    again = make_certificate(world.resolution, as_of=datetime.fromisoformat(event.data["as_of"]))
    assert event.data["root"] == again.root
    assert (event.data["told"], event.data["counts"]["dossiers"]) == (5, 6)
    tamper("DELETE FROM outbox_message")  # the outbox forgets after some months
    assert list(carry_out_due()) == []
    assert messages() == {}
    assert verify().ok


def test_what_is_closed_or_came_later_is_not_told(made, request):
    moved(made.actor(f"motcua-{NEW_ONE}"), made.dossiers[OLD_ONE][0], "withdraw", note="Công dân xin rút")
    received(made.actor(f"motcua-{NEW_ONE}"))
    request.getfixturevalue("as_worker")
    (done,) = carry_out_due()
    assert done.told == 4
    assert made.dossiers[OLD_ONE][0] not in messages()


def test_a_worker_that_stops_on_the_way_leaves_the_rest_for_the_next(world, monkeypatch):
    monkeypatch.setattr(notices, "BATCH", 2)
    asked = iter([True, False])
    assert list(carry_out_due(lambda: next(asked))) == []
    assert len(messages()) == 2
    assert not is_carried_out(world.resolution)
    (done,) = carry_out_due()
    assert (done.told, len(messages())) == (5, 5)


def test_no_other_worker_takes_the_same_resolution(world):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [notices._LOCK_SPACE, world.resolution.pk])
        assert list(carry_out_due()) == []
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [notices._LOCK_SPACE, world.resolution.pk])
    assert len(list(carry_out_due())) == 1


def test_a_worker_that_dies_between_batches_leaves_whole_batches(world, monkeypatch):
    monkeypatch.setattr(notices, "BATCH", 2)
    put = outbox.put
    left = iter([True, False])

    def put_or_die(rows):
        if not next(left):
            raise Crash
        return put(rows)

    with monkeypatch.context() as dying:
        dying.setattr(notices.outbox, "put", put_or_die)
        with pytest.raises(Crash):
            list(carry_out_due())
    connections["default"].close()  # its lock goes with it
    assert len(messages()) == 2
    (done,) = carry_out_due()
    assert (done.told, len(messages()), Message.objects.filter(topic=TOPIC).count()) == (5, 5, 5)


@pytest.mark.parametrize("undone", [False, True], ids=["scheduled", "undone"])
def test_what_is_not_in_force_is_not_carried_out(own_database, role_passwords, undone):
    others_are_done()
    day = clock.today() + timedelta(days=0 if undone else 1)
    world = reorganised(effective_on=day, dossiers=False)
    if undone:
        tamper("UPDATE units_resolution SET undone_at = now() WHERE id = %s", world.resolution.pk)
    with as_the_worker(role_passwords):
        assert list(carry_out_due()) == []


def test_a_second_change_tells_of_what_had_come_from_the_first(made, role_passwords):
    with as_the_worker(role_passwords):
        assert len(list(carry_out_due())) == 1
    again = ended_again(made)
    with as_the_worker(role_passwords):
        (done,) = carry_out_due()
        told = {m.payload["code"]: m for m in Message.objects.filter(key__endswith=f":responsible:{again.pk}")}
        rows = {
            (row["unit"][:5], row["from"][:5], row["holding"]): row["count"]
            for row in make_certificate(again).content["after"]
            if row["count"]
        }
        first = make_certificate(made.resolution)
        assert verify_document(first.as_json()).ok
    here = {*made.dossiers[OLD_ONE][:2], made.dossiers[OLD_TWO][0]}  # two by the whole, one by its hamlet
    assert (done.told, set(told)) == (3, here)
    one = told[made.dossiers[OLD_TWO][0]].payload
    assert (one["was"]["code"], one["responsible"]["code"]) == (NEW_ONE, NEWEST)
    assert rows == {(NEWEST, NEW_ONE, "dossiers"): 4, (NEWEST, NEW_ONE, "files"): 1, (NEWEST, NEW_ONE, "people"): 4}
    assert {row["unit"][:5] for row in first.content["after"]} == {NEWEST, NEW_TWO}
