"""The outbox is emptied: each message to each subscriber once when nothing breaks, at least once when something does."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, connections

from haicap.flows.delivery import deliver_due
from haicap.kernel.outbox import commands, queries, rules
from haicap.kernel.outbox.errors import AddressNotDeliverable
from haicap.kernel.outbox.models import Message, Subscription
from haicap.kernel.scope import Actor, entered, system

SECRET = "a shared secret"


class Recorder:
    """The carrier's twin: remembers what it was given and answers as it is told."""

    def __init__(self, answer: int | Callable[[str], int] = 204) -> None:
        self.answer = answer
        self.carried: list[tuple[str, bytes, dict[str, str]]] = []
        self._lock = threading.Lock()

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        with self._lock:
            self.carried.append((url, body, dict(headers)))
        return self.answer(url) if callable(self.answer) else self.answer

    def keys(self, url: str = "") -> Counter[str]:
        return Counter(headers["Idempotency-Key"] for to, _, headers in self.carried if to.startswith(url))


class Crash(BaseException):
    """The power goes."""


@pytest.fixture
def outbox(as_worker: str) -> str:
    """An empty outbox, seen by the worker's role."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE outbox_message CASCADE")
    return as_worker


def put(count: int = 1, topic: str = "dossier.receive") -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_message (topic, key, unit_id, payload, created_at, available_at, attempts, error) "
            "SELECT %s, %s || ':' || n, 1, jsonb_build_object('code', 'H' || n, 'ghi chú', 'đã nhận'), now(), now(), 0, '' "
            "FROM generate_series(1, %s) n",
            [topic, topic, count],
        )


def want(name: str = "one", url: str = "http://one.example/", prefix: str = "dossier.") -> Subscription:
    return commands.subscribe(name=name, topic_prefix=prefix, url=url, secret=SECRET)


def make_due() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE outbox_message SET available_at = now() WHERE done_at IS NULL")


def waiting() -> int:
    return Message.objects.filter(done_at=None).count()


def test_a_message_that_nobody_wants_leaves_at_once(outbox: str) -> None:
    put(2500)
    want(prefix="tasks.")
    carry = Recorder()
    assert deliver_due(carry) == 2500
    assert waiting() == 0 and carry.carried == []


def test_each_subscriber_gets_what_it_asked_for_signed(outbox: str) -> None:
    want("all", "http://all.example/", "")
    want("receipts", "http://receipts.example/", "dossier.receive")
    put(1, "dossier.receive")
    put(1, "dossier.approve")
    carry = Recorder()
    assert deliver_due(carry) == 2
    assert carry.keys("http://all") == Counter({"dossier.receive:1": 1, "dossier.approve:1": 1})
    assert carry.keys("http://receipts") == Counter({"dossier.receive:1": 1})
    _, body, headers = carry.carried[0]
    assert headers["X-HaiCap-Signature"] == rules.signature(body, SECRET)
    content = json.loads(body)
    assert content["payload"]["ghi chú"] == "đã nhận" and content["key"] == headers["Idempotency-Key"]
    assert content["at"].endswith("+07:00")


def test_a_subscription_that_is_switched_off_gets_nothing(outbox: str) -> None:
    subscription = want()
    Subscription.objects.using("owner").filter(pk=subscription.pk).update(active=False)
    put()
    carry = Recorder()
    assert deliver_due(carry) == 1 and carry.carried == []


def test_two_workers_deliver_each_message_once(outbox: str) -> None:
    put(60)
    want()
    carry, sums = Recorder(), []

    def work() -> None:
        sums.append(deliver_due(carry))
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sums) == 60 and waiting() == 0
    assert set(carry.keys().values()) == {1} and len(carry.keys()) == 60


def test_a_crash_after_the_post_delivers_again_with_the_same_key_and_bytes(outbox: str) -> None:
    put(3)
    want()
    carry = Recorder()

    def carried_then_dead(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        carry(url, body, headers)
        raise Crash

    with pytest.raises(Crash):
        deliver_due(carried_then_dead)
    assert deliver_due(carry) == 0, "the dead worker's lease still runs"
    make_due()
    assert deliver_due(carry) == 3 and waiting() == 0
    counted = carry.keys()
    assert len(counted) == 3 and sorted(counted.values()) == [1, 1, 2]
    again = [(body, headers) for _, body, headers in carry.carried if counted[headers["Idempotency-Key"]] == 2]
    assert again[0] == again[1]


def test_a_refusal_waits_longer_each_time_and_spares_those_who_have_it(outbox: str) -> None:
    want("good", "http://good.example/")
    want("bad", "http://bad.example/")
    put()
    carry = Recorder(lambda url: 204 if "good" in url else 503)
    pauses = []
    for _ in range(4):
        assert deliver_due(carry) == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM available_at - now()), error, attempts FROM outbox_message")
            pause, error, attempts = cursor.fetchone()
        assert error == "bad: answered 503" and attempts == len(pauses) + 1
        pauses.append(float(pause))
        make_due()
    assert all(later > earlier * 1.8 for earlier, later in pairwise(pauses)) and 9 < pauses[0] <= 10
    assert carry.keys("http://good") == Counter({"dossier.receive:1": 1})
    assert queries.queue().failing == 1
    carry.answer = 200
    assert deliver_due(carry) == 1
    assert Message.objects.get().error == "" and queries.queue().waiting == 0


def test_a_worker_told_to_end_leaves_the_rest_waiting(outbox: str) -> None:
    put(5)
    want()
    carry = Recorder()
    assert deliver_due(carry, go_on=lambda: len(carry.carried) < 2) == 2
    assert waiting() == 3


def test_the_queue_is_counted_for_the_application_which_sees_no_message(own_database: str) -> None:
    put(3)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE outbox_message SET available_at = now() - interval '90 s'")
    assert Message.objects.count() == 0
    standing = queries.queue()
    assert standing.waiting >= 3 and 89 < standing.late.total_seconds() < 120


def test_an_actor_sees_their_units_messages_and_may_not_change_them(own_database: str) -> None:
    put(2)
    with entered(Actor(name="x", account_id=1, unit_ids=(1,))):
        assert Message.objects.filter(topic="dossier.receive").count() == 2
        with pytest.raises(DatabaseError, match="permission denied"):
            Message.objects.update(error="x")


def test_the_application_reads_no_subscribers_secret(own_database: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), entered(system("x")), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM outbox_subscription")


def test_a_beat_is_heard(outbox: str) -> None:
    assert queries.worker_silence() is None
    commands.beat("one")
    commands.beat("one")
    silence = queries.worker_silence()
    assert silence is not None and silence.total_seconds() < 5


@pytest.mark.parametrize("url", ["file:///etc/passwd", "nowhere"])
def test_a_subscription_to_no_address_is_refused(outbox: str, url: str) -> None:
    with pytest.raises(AddressNotDeliverable):
        want(url=url)
