"""What components work out before they are drawn."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from haicap.kernel.clock import ZONE
from haicap.kernel.language import speaking
from haicap.kernel.web import components

NOW = datetime(2025, 9, 4, 9, 0, tzinfo=ZONE)


def stand(due, **options):
    return components.deadline(due, now=NOW, zone=ZONE, **options)


@pytest.mark.parametrize(
    ("due", "options", "standing"),
    [
        (NOW + timedelta(days=9), {"days_left": 7}, "plenty"),
        (NOW + timedelta(days=9), {}, "plenty"),
        (NOW + timedelta(days=4), {"days_left": 2}, "soon"),
        (NOW.replace(hour=17), {"days_left": 0}, "today"),
        (NOW - timedelta(minutes=1), {}, "overdue"),
        (NOW - timedelta(days=3), {"paused": True}, "paused"),
        (None, {"paused": True}, "paused"),
        (None, {}, "none"),
    ],
)
def test_the_standing_of_a_moment(due, options, standing):
    assert stand(due, **options).standing == standing


def test_an_object_that_knows_its_standing_is_believed():
    known = SimpleNamespace(standing="soon", days_left=1, due=NOW)
    assert stand(known) == components.Deadline("soon", 1, NOW)


def test_the_words_of_each_standing_in_both_languages():
    said = [
        ("plenty", 3, "Còn 3 ngày làm việc", "3 working days left"),
        ("soon", 1, "Còn 1 ngày làm việc", "1 working day left"),
        ("today", 0, "Hạn hôm nay", "Due today"),
        ("overdue", -2, "Quá hạn 2 ngày làm việc", "2 working days overdue"),
        ("overdue", 0, "Quá hạn", "Overdue"),
        ("paused", None, "Tạm dừng tính hạn", "Clock paused"),
    ]
    for standing, days, vietnamese, english in said:
        stands = components.Deadline(standing, days)
        assert str(stands.words) == vietnamese
        with speaking("en"):
            assert str(stands.words) == english
        assert stands.icon


def test_a_state_has_its_look_and_an_unknown_one_is_neutral():
    assert components.state_look("refused")[0] == "danger"
    assert components.state_look("never heard of") == ("neutral", "minus")
    assert components.state_look("refused", tone="info")[0] == "info"


@pytest.mark.parametrize(
    ("number", "last", "numbers"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (3, 5, [1, 2, 3, 4, 5]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_page_numbers_around_the_present_one(number, last, numbers):
    assert components.page_numbers(number, last) == numbers


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (7, 10), (12, 20), (240, 250), (1240, 2000), (0.3, 0.5)])
def test_an_axis_ends_on_a_round_number(value, top):
    assert components.ceiling(value) == pytest.approx(top)


def test_bars_are_measured_against_the_longest_and_a_small_one_still_shows():
    rows = components.bars([{"label": "a", "value": 200}, {"label": "b", "value": 0.001}, {"label": "c", "value": 0},
                            {"label": "d", "value": None}])["rows"]  # fmt: skip
    assert [row["length"] for row in rows] == [100, 0.5, 0, 0]
    assert components.bars([])["rows"] == []


def test_a_line_of_one_point_or_none_can_be_drawn():
    assert components.line([])["path"] == ""
    assert components.line([{"label": "x", "value": 5}])["points"][0]["x"] == components.line([])["left"]
