"""Making the demonstration for real: once, again, broken off, and never over somebody's data."""

from __future__ import annotations

import pytest
from django.db import connections

from haicap.domain.dossiers import queries as dossiers
from haicap.domain.people import commands as people
from haicap.domain.people import queries as posts
from haicap.domain.people.models import Account
from haicap.flows.demonstration import build as building
from haicap.flows.demonstration import errors, marker, samples, staff
from haicap.flows.demonstration.figures import CITIZENS, Scale
from haicap.kernel.audit import queries as audit
from haicap.kernel.entries.models import Entry
from haicap.kernel.scope import entered

TINY = Scale("tiny", received=560, resolved=160, source="a test")
OTHER = Scale("other", received=600, resolved=180, source="a test")


@pytest.fixture
def scales(monkeypatch):
    monkeypatch.setitem(building.SCALES, "tiny", TINY)
    monkeypatch.setitem(building.SCALES, "other", OTHER)


def silent(what: str, done: int, of: int) -> None:
    """Tells nobody."""


def figures() -> tuple[int, int, int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*), count(decided_at), count(*) FILTER (WHERE synthetic) FROM dossiers_dossier")
        return cursor.fetchone()


@pytest.fixture
def built(own_database, scales):
    return building.build("tiny", silent)


def test_a_staffed_province_with_work_for_everybody(built):
    assert built.fresh
    assert figures() == (560, 160, 560)
    words = [word for word, _, _ in staff.COMMUNE_POSTS]
    names = set(Account.objects.values_list("name", flat=True))
    assert {f"{word}-03664" for word in words} <= names
    assert {"dieuhanh-14", "quantri-14", "sotuphap-14", "sotaichinh-14", "congdan-1", f"congdan-{CITIZENS}"} <= names
    assert len(names) == 75 * len(words) + len(staff.PROVINCE_POSTS) + CITIZENS
    for name in ("motcua-03664", "chuyenmon-03664", "lanhdao-04000", "chutich-03646", "sotuphap-14", "soyte-14"):
        assert waiting(name), name
    assert all(sample.path.startswith("/tra-cuu/14.03664-") for sample in samples.samples())
    assert len(samples.samples()) == 3


def waiting(name: str) -> bool:
    if not Account.objects.filter(name=name).exists():
        return True
    actor = posts.actor_for(posts.account_named(name).pk)
    with entered(actor, read_only=True):
        return any(
            (entry.holder_agency_id, entry.holder_role) in actor.roles for entry in Entry.objects.filter(closed_at=None)
        )


def test_the_one_password_opens_every_account(built):
    assert people.sign_in("chutich-03664", staff.password())[0].synthetic


def test_a_shown_dossier_can_be_followed(built):
    sample = samples.samples()[0]
    assert dossiers.track(sample.code, sample.secret) is not None


def test_the_trail_is_whole_and_sealed(built):
    report = audit.verify()
    assert report.ok


def test_the_second_time_nothing_is_made(built):
    before = figures()
    again = building.build(None, silent)
    assert (again.fresh, again.scale.name, figures()) == (False, "tiny", before)


def test_another_scale_is_refused(built):
    with pytest.raises(errors.OtherScaleThere, match="--reset"):
        building.build("other", silent)


def test_one_that_was_broken_off_is_finished(own_database, scales, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(building, "_tidy", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            building.build("tiny", silent)
    assert not marker.read().finished
    assert building.build(None, silent).fresh
    assert figures()[0] == 560


def test_a_database_in_use_is_left_alone(own_database, scales):
    people.open_account(name="nguoi-that", full_name="Người Thật", password_hash="x")
    with pytest.raises(errors.NotADemonstration):
        building.build("tiny", silent)
    assert figures() == (0, 0, 0)


def test_two_processes_bring_the_same(own_database, scales, monkeypatch):
    monkeypatch.setattr(building, "WORTH_TWO_PROCESSES", 100)
    told = []
    building.build("tiny", lambda what, done, of: told.append((what, done, of)))
    assert figures() == (560, 160, 560)
    assert ("dossiers", 560, 560) in told
