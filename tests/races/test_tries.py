"""Two server processes count failed tries together: the sixth is refused, whoever asks at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connections

from satuatap.features.people.actions import Counted, count_try, tries
from satuatap.features.people.models import Try
from satuatap.features.people.trying import AGES
from satuatap.plumbing.limits import Rate, wait_of
from tests.races.crowd import conninfo

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MOST = 5
HERE = Counted("here", "ab" * 32, "", (Rate(MOST, 3600),))
EVERYWHERE = Counted("name", "cd" * 32, "", (Rate(1000, 3600),))


def sees(process: psycopg.Connection[Any]) -> float:
    """How long a try would have to wait, as this process reads the table now."""
    return wait_of(HERE.rates, [age for _key, age in process.execute(AGES, [[HERE.key]]).fetchall()])


def counts(process: psycopg.Connection[Any]) -> None:
    process.execute(tries.COUNT, [[HERE.scope], [HERE.key], [HERE.owner]])


def test_without_the_lock_two_processes_let_one_try_too_many_through() -> None:
    for _ in range(MOST - 1):
        assert count_try([HERE]) == 0
    with psycopg.connect(**conninfo()) as one, psycopg.connect(**conninfo()) as other:
        assert sees(one) == sees(other) == 0
        counts(one)
        counts(other)
    assert Try.objects.count() == MOST + 1


def test_with_the_lock_the_second_waits_and_is_refused() -> None:
    for _ in range(MOST - 1):
        assert count_try([HERE]) == 0
    with psycopg.connect(**conninfo()) as one, psycopg.connect(**conninfo()) as other:
        one.execute(tries.HOLD, [[HERE.number]])
        assert other.execute("select pg_try_advisory_xact_lock(%s::bigint)", [HERE.number]).fetchone() == (False,)
        assert sees(one) == 0
        counts(one)
        one.commit()
        other.execute(tries.HOLD, [[HERE.number]])
        assert sees(other) > 0
    assert Try.objects.count() == MOST


def test_a_crowd_gets_exactly_as_many_as_the_rate_allows() -> None:
    def process(number: int) -> list[float]:
        keys = [HERE, EVERYWHERE] if number % 2 else [EVERYWHERE, HERE]  # whatever the order, nobody waits for ever
        try:
            return [count_try(keys) for _ in range(4)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        waits = [wait for some in pool.map(process, range(6)) for wait in some]
    assert sorted(waits)[:MOST] == [0] * MOST and sum(wait <= 0 for wait in waits) == MOST
    assert Try.objects.filter(scope="here").count() == Try.objects.filter(scope="name").count() == MOST
