"""Making the demonstration in bad weather: broken off, by two processes, and never over somebody's data."""

from __future__ import annotations

import pytest

from haicap.domain.people import commands as people
from haicap.flows.demonstration import build as building
from haicap.flows.demonstration import errors, marker, reset
from haicap.flows.demonstration.tests.factories import figures, silent, tiny_scales


@pytest.fixture
def scales(own_database):
    with tiny_scales():
        yield


def test_one_that_was_broken_off_is_finished(scales, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(building, "_tidy", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            building.build("tiny", silent)
    assert not marker.read().finished
    assert building.build(None, silent).fresh
    assert figures()[0] == 560


def test_a_database_in_use_is_left_alone(scales):
    people.open_account(name="nguoi-that", full_name="Người Thật", password_hash="x")
    with pytest.raises(errors.NotADemonstration):
        building.build("tiny", silent)
    assert figures() == (0, 0, 0)


def test_two_processes_bring_the_same(scales, monkeypatch):
    monkeypatch.setattr(building, "WORTH_TWO_PROCESSES", 100)
    told = []
    building.build("tiny", lambda what, done, of: told.append((what, done, of)))
    assert figures() == (560, 160, 560)
    assert ("dossiers", 560, 560) in told


def test_a_database_in_use_is_not_emptied(scales):
    people.open_account(name="nguoi-that", full_name="Người Thật", password_hash="x")
    with pytest.raises(errors.NotADemonstration):
        reset.reset()


def test_a_demonstration_may_be_emptied(scales, monkeypatch):
    """On somebody else's server (DATABASE_URL): the schema goes, the next build finds nothing."""
    emptied = []
    monkeypatch.setattr(reset, "_drop_database", lambda: emptied.append("database"))
    marker.write(marker.BEGUN, "tiny")
    people.open_account(name="motcua-03664", full_name="Lò Thị Ánh", password_hash="x")
    reset.reset()
    assert emptied == ["database"]
