"""The check at the end of `satuatap day`, on copies of a database after a short day: it names what was done to them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from satuatap.features.visits import actions
from satuatap.features.visits.models import Errand, Visit
from satuatap.features.visits.states import PriorityClass, Result, TransferReason
from satuatap.project.day import verify
from satuatap.project.day.client import Answered
from tests.factories.floors import BY, make_floor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database15]

Owner = psycopg.Connection[Any]
STEPS = {1: 8.0, 2: 6.0, 3: 10.0, 4: 5.0}
ELSEWHERE = 5  # only by transfer
SINCE = datetime.now(UTC) - timedelta(hours=1)


class Day:
    """A short day of 40 citizens, played through the actions: several errands, no-shows, a transfer, and a closing."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.answered: list[Answered] = []
        make_floor({**STEPS, ELSEWHERE: 4.0}, {1: [1, 2], 2: [3, 4], 3: [*STEPS, ELSEWHERE]})

    def told(self, what: str, key: UUID, visit: int, number: int | None = None) -> None:
        self.answered.append(Answered(str(key), f"/langsung/{what}", visit, number))

    def take(self) -> None:
        steps, key = self.rng.sample(sorted(STEPS), self.rng.choice([1, 1, 2, 3])), uuid4()
        after: list[list[int]] = [[s - 1] if s and self.rng.random() < 0.3 else [] for s in range(len(steps))]
        priority = PriorityClass(int(self.rng.random() < 0.2))
        visit = actions.issue_ticket(by=BY, mall=1, steps=steps, after=after, priority_class=priority, request=key)
        self.told("ambil", key, visit.pk, visit.number)

    def serve(self, desk: int) -> bool:
        key = uuid4()
        called = actions.call_next(by=BY, desk=desk, request=key)
        if called is None:
            return False
        self.told("loket/panggil", key, called.visit_id)
        key, chance = uuid4(), self.rng.random()
        if chance < 0.1:
            Errand.objects.filter(visit=called.visit_id, seq=called.fact["seq"]).update(
                recalls=2, recalled_at=datetime.now(UTC) - timedelta(minutes=5)
            )
            actions.mark_missed(by=BY, desk=desk, request=key)
            self.told("loket/terlewat", key, called.visit_id)
            actions.put_back(by=BY, visit=called.visit_id, seq=called.fact["seq"])
        elif chance < 0.15 and called.fact["step"] != ELSEWHERE:
            actions.transfer_errand(by=BY, desk=desk, step=ELSEWHERE, reason=TransferReason.WRONG_SERVICE, request=key)
            self.told("loket/alihkan", key, called.visit_id)
        else:
            actions.finish_errand(by=BY, desk=desk, result=Result.DONE, request=key)
            self.told("loket/selesai", key, called.visit_id)
        return True

    def play(self) -> None:
        for _ in range(40):
            self.take()
            self.serve(self.rng.choice([1, 2, 3]))
        for _ in range(20):  # and the rest of them until the mall closes
            self.serve(self.rng.choice([1, 2, 3]))
        actions.close_day(by=BY, mall=1)
        actions.drop_waiting(by=BY, mall=1)


@pytest.fixture
def day() -> Day:
    played = Day(seed=7)
    played.play()
    return played


@pytest.fixture
def copy(owner_url: str, day: Day) -> Iterator[Callable[[Callable[[Owner], Any]], verify.Check]]:
    """Copy the whole database, do something to the copy as its owner, and hold the copy to its journal."""
    s = connection.settings_dict
    name, source = f"copy_{uuid4().hex[:12]}", str(s["NAME"])
    made: list[str] = []

    @contextmanager
    def instead(database: str) -> Iterator[None]:
        connection.close()
        s["NAME"] = database
        try:
            yield
        finally:
            connection.close()
            s["NAME"] = source

    def check_copy(do: Callable[[Owner], Any]) -> verify.Check:
        made.append(f"{name}_{len(made)}")
        connection.close()
        with psycopg.connect(owner_url, autocommit=True) as server:
            words = sql.SQL("create database {} template {}").format(*map(sql.Identifier, (made[-1], source)))
            for _ in range(12):  # the server itself waits some seconds for who has just gone
                with suppress(psycopg.errors.ObjectInUse):
                    server.execute(words)
                    break
        with psycopg.connect(make_conninfo(owner_url, dbname=made[-1]), autocommit=True) as owner:
            do(owner)
        with instead(made[-1]):
            records, written = verify.read(1, SINCE)
            on = Visit.objects.values_list("day", flat=True)[0]
            return verify.check(records, verify.tables(1, on), day.answered, written, {})

    yield check_copy
    with psycopg.connect(owner_url, autocommit=True) as server:
        for database in made:
            server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(database)))


def an_errand(owner: Owner) -> tuple[int, int]:
    """The second errand of a visit that had several."""
    row = owner.execute("select visit_id, seq from visits_errand where seq = 1 order by visit_id offset 3 limit 1")
    visit, seq = row.fetchone() or pytest.fail("nobody had two errands")
    return int(visit), int(seq)


def test_an_untouched_copy_is_whole(copy: Callable[[Callable[[Owner], Any]], verify.Check], day: Day) -> None:
    found = copy(lambda owner: None)
    assert found.problems == []
    assert (found.lost, found.doubled) == (0, 0)
    assert found.tickets == 40
    assert found.errands == Errand.objects.count() > 55
    assert found.served == sum(a.address.endswith("selesai") for a in day.answered) > 25
    assert found.no_shows == sum(a.address.endswith("terlewat") for a in day.answered) >= 1
    assert sum(a.address.endswith("alihkan") for a in day.answered) >= 1


def test_a_removed_errand_and_a_repeated_number_are_both_named(
    copy: Callable[[Callable[[Owner], Any]], verify.Check],
) -> None:
    done: dict[str, Any] = {}

    def harm(owner: Owner) -> None:
        done["visit"], done["seq"] = an_errand(owner)
        owner.execute("delete from visits_errand where (visit_id, seq) = (%s, %s)", [done["visit"], done["seq"]])
        rows = owner.execute(
            "select id, visit_id from journal_entry where kind = 'ticket_issued' and fact::jsonb->>'number' "
            "in ('11', '12') order by id"
        ).fetchall()
        done["rows"] = [row for row, _visit in rows]
        owner.execute(
            "update journal_entry set fact = jsonb_set(fact::jsonb, '{number}', '11') where id = %s", [rows[1][0]]
        )
        done["twelfth"], done["day"] = rows[1][1], Visit.objects.values_list("day", flat=True)[0]

    found = copy(harm)
    assert sorted(found.problems) == sorted(
        [
            f"{done['day']}: number 11 was given 2 times (rows {done['rows']})",
            f"{done['day']}: number 12 is missing",
            f"visit {done['twelfth']} has number 12 in the table, 11 in the journal",
            f"errand {done['seq']} of visit {done['visit']} is in the journal, not in the table",
        ]
    )
    assert found.lost == 1
    assert found.doubled == 3


def test_a_number_repeated_in_the_table_only_is_named(
    copy: Callable[[Callable[[Owner], Any]], verify.Check],
) -> None:
    def harm(owner: Owner) -> None:
        owner.execute("alter table visits_visit drop constraint visits_one_number")
        owner.execute("update visits_visit set number = 5 where number = 9")

    ninth = Visit.objects.get(number=9).pk
    assert copy(harm).problems == [f"visit {ninth} has number 5 in the table, 9 in the journal"]


def test_a_row_taken_out_of_the_journal_is_named(
    copy: Callable[[Callable[[Owner], Any]], verify.Check], day: Day
) -> None:
    gone = next(a for a in day.answered if a.address.endswith("selesai"))

    def harm(owner: Owner) -> None:
        row = owner.execute("select id from journal_entry where request = %s", [gone.key]).fetchone()
        assert row is not None
        owner.execute("delete from journal_position where entry_id = %s", row)
        owner.execute("delete from journal_entry where id = %s", row)

    problems = copy(harm).problems
    assert f"an answered write is not in the journal ({gone.address}, key {gone.key})" in problems
    assert any(problem.startswith(f"visit {gone.visit}: a row is missing or doubled") for problem in problems)
    named = (f"visit {gone.visit}", f"of visit {gone.visit}", gone.key)
    assert all(any(name in problem for name in named) for problem in problems), problems


def test_an_answer_about_somebody_else_and_a_number_told_twice_are_named() -> None:
    one = Answered("k1", "/langsung/ambil", 1, 7)
    assert verify.not_written([one], {"k1": 1}) == []
    assert verify.not_written([one], {"k1": 2}) == ["/langsung/ambil answered visit 1, the journal says 2"]
    assert verify.told_twice([one, Answered("k2", "/langsung/ambil", 2, 8)]) == []
    twice = verify.told_twice([one, Answered("k2", "/langsung/ambil", 2, 7)])
    assert twice == ["number 7 was told to visits [1, 2]"]
