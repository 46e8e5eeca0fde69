"""Limits count what is tried, refuse what is too much, and forget in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from satuatap.plumbing.limits import Limiter, Limits, Rate, client_address, household


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_sixth_try_waits_for_the_first_to_grow_old():
    clock = Clock()
    limiter = Limiter(Rate(5, 300), clock=clock)
    for _ in range(5):
        assert limiter.take("a") == 0
        clock.now += 10
    assert limiter.take("a") == pytest.approx(250)
    assert limiter.take("b") == 0
    clock.now += 250.001
    assert limiter.take("a") == 0


def test_a_refused_try_is_not_counted():
    clock = Clock()
    limiter = Limiter(Rate(1, 60), clock=clock)
    limiter.take("a")
    for _ in range(100):
        clock.now += 0.1
        assert limiter.take("a") > 0
    clock.now += 50.1
    assert limiter.take("a") == 0


def test_two_rates_both_hold():
    clock = Clock()
    limiter = Limiter(Rate(2, 10), Rate(3, 100), clock=clock)
    assert [limiter.take("a") > 0 for _ in range(3)] == [False, False, True]
    clock.now += 10.5
    assert limiter.take("a") == 0
    clock.now += 10.5
    assert limiter.take("a") == pytest.approx(79, abs=0.01)


@given(st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=60))
def test_in_no_window_more_than_allowed(steps):
    clock, taken = Clock(), []
    limiter = Limiter(Rate(3, 20), clock=clock)
    for pause, back in steps:
        clock.now += pause
        if limiter.take("a") == 0:
            taken.append(clock.now)
            if back:
                limiter.give_back("a")
                taken.pop()
    for moment in taken:
        assert sum(moment - 20 < other <= moment for other in taken) <= 3


def test_several_limits_agree_or_none_counts():
    clock = Clock()
    narrow, wide = Limiter(Rate(1, 60), clock=clock), Limiter(Rate(3, 60), clock=clock)
    both = Limits(narrow, wide)
    assert both.take(("x", "all")) == 0
    for _ in range(5):
        assert both.take(("x", "all")) > 0
    assert both.take(("y", "all")) == 0
    assert both.take(("z", "all")) == 0
    assert both.take(("q", "all")) > 0
    assert narrow.peek("q") == 0


def test_memory_stays_bounded():
    limiter = Limiter(Rate(1, 60), most_keys=100)
    for number in range(1000):
        limiter.take(str(number))
    assert len(limiter._tries) == 100


def test_threads_share_one_count():
    limiter = Limiter(Rate(10, 60))
    with ThreadPoolExecutor(16) as pool:
        allowed = sum(wait == 0 for wait in pool.map(lambda _: limiter.take("a"), range(200)))
    assert allowed == 10


def test_an_ipv6_household_is_one_caller():
    assert household("2001:db8:1:2:aaaa::1") == household("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::"
    assert household("2001:db8:1:3::1") != household("2001:db8:1:2::1")
    assert household("::ffff:10.0.0.7") == "10.0.0.7"
    assert household("not an address") == household("") == "unknown"


def test_forwarded_addresses_are_believed_only_behind_our_own_proxies(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 7.7.7.7")
    settings.TRUSTED_PROXIES = 0
    assert client_address(request) == "10.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert client_address(request) == "7.7.7.7"
    settings.TRUSTED_PROXIES = 3
    assert client_address(request) == "10.0.0.1"
