"""Answers that a process keeps: by arguments, for as long as the setting says."""

from __future__ import annotations

from unittest import mock

import pytest
from django.test import override_settings

from haicap.domain.units.queries import kept as room
from haicap.domain.units.queries.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> mock.Mock:
    question = mock.Mock(side_effect=lambda *args, **kwargs: (args, kwargs))
    question.__name__ = "question"
    return question


@override_settings(UNITS_KEPT_SECONDS=5)
def test_the_same_question_is_asked_once(asked):
    ask = kept(asked)
    assert ask(1, day="a") == ask(1, day="a") == ((1,), {"day": "a"})
    assert ask(2, day="a") != ask(1, day="b")
    assert asked.call_count == 3


@override_settings(UNITS_KEPT_SECONDS=5)
def test_an_answer_grows_old(asked, monkeypatch):
    ask, now = kept(asked), [100.0]
    monkeypatch.setattr(room, "monotonic", lambda: now[0])
    ask(1), ask(1)
    now[0] += 5
    ask(1)
    assert asked.call_count == 2


@override_settings(UNITS_KEPT_SECONDS=5)
def test_what_is_kept_is_bounded(asked, monkeypatch):
    monkeypatch.setattr(room, "MOST", 3)
    ask = kept(asked)
    for number in range(10):
        ask(number)
    ask(9)
    assert asked.call_count == 10


@override_settings(UNITS_KEPT_SECONDS=0)
def test_nothing_is_kept_where_the_setting_says_so(asked):
    ask = kept(asked)
    ask(1), ask(1)
    assert asked.call_count == 2
