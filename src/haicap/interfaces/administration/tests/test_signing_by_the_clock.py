"""What the worker does each day with certificates, as its own role: the database lets it write what it found."""

from __future__ import annotations

from datetime import timedelta

from cryptography import x509

from haicap.domain.people.models import DigitalCertificate, RevocationList
from haicap.domain.people.queries.signing.trust import out_of_date
from haicap.domain.people.signing_rules import State
from haicap.domain.people.signing_trust import Listed
from haicap.flows.jobs import BY_NAME
from haicap.interfaces.administration.tests.test_signing_trust import MIDDLE, listing, taken, trusted
from haicap.interfaces.administration.tests.test_training import World
from haicap.kernel import clock


def test_the_worker_finds_what_the_days_bring_and_tells_only_news(own_database, request):
    world = World()
    trusted(world)
    row, serial = taken(world, 0)
    listing(world, MIDDLE.list_of({}))
    request.getfixturevalue("as_worker")
    work = BY_NAME["certificates"].work
    assert work(lambda: True) == {"certificates": 1, "changed": 0, "revoked": 0}
    kept = RevocationList.objects.using("owner")
    kept.update(next_update=clock.now() - timedelta(days=1))
    assert work(lambda: True) == {"certificates": 1, "changed": 1, "revoked": 0}
    assert DigitalCertificate.objects.get(pk=row.pk).listed == Listed.STALE
    assert [one.anchor.name for one in out_of_date(clock.now())] == ["Trung gian thử"]
    kept.update(file=MIDDLE.list_of({serial: x509.ReasonFlags.superseded}, number=9))
    assert work(lambda: True)["revoked"] == 1
    assert DigitalCertificate.objects.get(pk=row.pk).state == State.REVOKED
    assert work(lambda: True) == {"certificates": 0, "changed": 0, "revoked": 0}
