"""The arithmetic of limits and whose address a request has: no database, no clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.kernel.limits.errors import TooMany
from haicap.kernel.limits.rules import LIMITS, Counters, Door, Limit, configured, source_address


def test_every_door_has_a_limit_and_a_reason():
    assert set(LIMITS) == set(Door)
    assert all(limit.reason and limit.most > 0 and limit.period > 0 for limit in LIMITS.values())


@given(
    most=st.integers(1, 50),
    period=st.integers(1, 600),
    pauses=st.lists(st.floats(0, 60, allow_nan=False), min_size=1, max_size=200),
)
def test_no_period_ever_holds_more_than_twice_the_limit_and_a_wait_is_exact(most, period, pauses):
    """A full bucket and its refill: never more than `most` at once, `2 × most` in any one period."""
    counters, limit, now, passed = Counters(), Limit(most, period, ""), 1000.0, []
    for pause in pauses:
        now += pause
        wait = counters.take("a", limit, now)
        if wait:
            assert 0 < wait <= limit.each + 1e-6
            assert counters.take("a", limit, now + wait * 0.5) > 0  # still too early
        else:
            passed.append(now)
    for at in passed:
        assert sum(at - period < other <= at for other in passed) <= 2 * most


def test_who_waits_as_long_as_told_is_let_in_and_others_never_wait():
    counters, limit = Counters(), Limit(3, 60, "")
    assert [counters.take("a", limit, 0.0) for _ in range(3)] == [0, 0, 0]
    wait = counters.take("a", limit, 0.0)
    assert wait == pytest.approx(20)
    assert counters.take("b", limit, 0.0) == 0
    assert counters.take("a", limit, wait) == 0
    assert counters.take("a", limit, wait + 600) == 0


def test_the_counters_of_a_process_stay_small():
    counters, limit = Counters(most=100), Limit(10, 60, "")
    for number in range(1000):
        counters.take(str(number), limit, number * 0.001)
    assert len(counters) <= 100


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "source"),
    [
        ("192.0.2.7", "", 0, "192.0.2.7"),
        ("192.0.2.7", "203.0.113.9", 0, "192.0.2.7"),  # no proxy is trusted: the header is anybody's invention
        ("127.0.0.1", "203.0.113.9", 1, "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),  # what the sender put before it does not count
        ("10.0.0.2", "6.6.6.6, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("127.0.0.1", "", 1, None),  # the proxy says nothing: unknown, not "everybody is the proxy"
        ("127.0.0.1", "203.0.113.9", 2, None),
        ("127.0.0.1", "unknown", 1, None),
        ("", "", 0, None),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("127.0.0.1", "[2001:db8:1:2::9]:4711", 1, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", 0, "fe80::/64"),
        ("::ffff:192.0.2.7", "", 0, "192.0.2.7"),
        ("192.0.2.7:51234", "", 0, "192.0.2.7"),
    ],
)
def test_whose_address_a_request_has(remote, forwarded, proxies, source):
    assert source_address(remote, forwarded, proxies) == source


@given(st.text(max_size=80), st.text(max_size=80), st.integers(0, 3))
def test_no_header_breaks_it(remote, forwarded, proxies):
    source_address(remote, forwarded, proxies)


def test_settings_change_single_doors_and_nonsense_is_refused_with_a_sentence():
    limits = configured("sign_in=5/60, api_token=off")
    assert (limits[Door.SIGN_IN].most, limits[Door.SIGN_IN].period, limits[Door.SIGN_IN].failures_only) == (5, 60, True)
    assert Door.API_TOKEN not in limits and limits[Door.READING] == LIMITS[Door.READING]
    assert configured("") == LIMITS
    for wrong in ("sign_in", "gate=1/1", "sign_in=0/60", "sign_in=1/0", "sign_in=-1/60", "tracking=1e9/1"):
        with pytest.raises(ValueError, match="HAICAP_LIMITS"):
            configured(wrong)


@pytest.mark.parametrize(("wait", "vi", "en"), [(0.2, "1 giây", "1 second"), (59.1, "1 phút", "1 minute"),
                                                (45, "45 giây", "45 seconds"), (61, "2 phút", "2 minutes")])  # fmt: skip
def test_the_sentence_says_how_long_in_both_languages(wait, vi, en):
    from haicap.kernel.language import speaking

    refusal = TooMany(door="reading", wait=wait)
    assert vi in refusal.sentence()
    with speaking("en"):
        assert en in refusal.sentence()
