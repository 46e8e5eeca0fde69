"""A key costs one query in two seconds, and a bucket fills evenly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from satuatap.features.commons import actions
from satuatap.features.commons.actions.clients import Limits
from satuatap.web import clients
from tests.factories.people import BY


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    clients.forget_clients()
    moment = [1000.0]
    monkeypatch.setattr(clients, "clock", lambda: moment[0])
    yield moment
    clients.forget_clients()


@pytest.mark.django_db
def test_a_key_is_looked_up_once_in_two_seconds_and_a_wrong_one_too(now, django_assert_num_queries) -> None:
    made = actions.make_client(by=BY, name="k", limits=Limits(["queue:read"]), now=datetime.now(UTC))
    for key in (made.key, made.key[:-1] + "~", made.key[:20] + "A" * 38):
        for moment, cost in ((1000.0, int(key[-1] != "~")), (1001.9, 0), (1002.1, int(key[-1] != "~"))):
            now[0] = moment
            with django_assert_num_queries(cost):
                found = clients.find_client(key)
            assert (found is not None) is (key == made.key)
    with django_assert_num_queries(0):
        assert clients.find_client("") is None


def test_memory_is_bounded(now, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MOST_REMEMBERED", 3)
    monkeypatch.setattr(clients.queries, "client_of_key", lambda key, moment: None)
    monkeypatch.setattr(clients, "close_old_connections", lambda: None)
    monkeypatch.setattr(clients, "connection", type("Closed", (), {"in_atomic_block": True}))
    for number in range(10):
        clients.find_client(f"sat_{number}")
    assert [clients.remembered_client(f"sat_{n}")[0] for n in (6, 7, 8, 9)] == [False, True, True, True]


def test_a_bucket_gives_its_amount_at_once_then_evenly(now) -> None:
    bucket = clients.Buckets()
    assert [bucket.take(1, 60) for _ in range(60)] == [0.0] * 60
    assert bucket.take(1, 60) == pytest.approx(1.0)
    assert bucket.take(2, 60) == 0.0, "another client has its own"
    now[0] += 0.5
    assert bucket.take(1, 60) == pytest.approx(0.5)
    now[0] += 0.5
    assert bucket.take(1, 60) == 0.0
    now[0] += 3600
    assert [bucket.take(1, 60) > 0 for _ in range(61)] == [False] * 60 + [True]


@pytest.mark.parametrize(("header", "key"), [
    ("Bearer sat_x", "sat_x"), ("bearer  sat_x ", "sat_x"), ("Basic sat_x", ""), ("sat_x", ""), ("", ""),
    ("Bearer", ""), ("Bearer " + "x" * 300, ""),
])  # fmt: skip
def test_a_header_is_read_strictly(header: str, key: str) -> None:
    assert clients.key_in(header) == key
