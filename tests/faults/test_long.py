"""A long run at full speed while server and PostgreSQL are killed at random moments: nothing lost, doubled or torn."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.faults.test_kill import ask, kill
from tests.project.server import Served, copy, serving
from tests.web.live.caller import Caller

pytestmark = pytest.mark.fault

KIOSKS, OFFICERS = 2, 10
LINE = 60  # waiting errands; fewer, and the kiosks give numbers again
AWAY = (500, 502, 503, 504)
STANDS_STILL_S = 120


@dataclass
class Crowd:
    """What all clients together were answered; the truth that the database is held to."""

    most: int
    services: list[str]
    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: list[dict[str, Any]] = field(default_factory=list)
    said_no: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    waiting: int = 0
    broken: list[BaseException] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def note(self, what: str, key: str, visit: int | None, number: int | None, line: int) -> None:
        with self.lock:
            self.answers.append({"what": what, "key": key, "visit": visit, "number": number})
            self.waiting += line
            if len(self.answers) >= self.most:
                self.over.set()


def press(crowd: Crowd, caller: Caller, address: str, what: str, **said: Any) -> dict[str, Any] | None:
    """One step with one key, tried until somebody answers; ``None`` when the house said no."""
    key, began = str(uuid4()), time.monotonic()
    while True:
        try:
            answer = caller.post(address, {"key": key, **said})
            if answer.status_code not in AWAY:
                break
        except httpx.HTTPError:
            pass
        assert time.monotonic() - began < STANDS_STILL_S, f"{address} was not answered for {STANDS_STILL_S} s"
        with crowd.lock:
            crowd.retried += 1
        time.sleep(0.05)
    body: dict[str, Any] = answer.json()
    if answer.status_code not in (200, 201):
        with crowd.lock:
            crowd.said_no[f"{what}: {body.get('code')}"] += 1
        return None
    row = body if what == "issued" else body[what]
    if row is None:
        return None
    crowd.note(
        what, key, row["visit"], row.get("number"), {"issued": len(said.get("services", ())), "called": -1}.get(what, 0)
    )
    return body


def worker(crowd: Crowd, work: Callable[..., None], *words: Any) -> threading.Thread:
    """A client; one that breaks ends the whole run."""

    def go() -> None:
        try:
            work(crowd, *words)
        except BaseException as problem:
            crowd.broken.append(problem)
            crowd.over.set()

    return threading.Thread(target=go, daemon=True)


def kiosk(crowd: Crowd, caller: Caller, seed: int) -> None:
    rng = random.Random(seed)
    while not crowd.over.is_set():
        if crowd.waiting > LINE:
            time.sleep(0.01)
            continue
        press(crowd, caller, "/langsung/ambil", "issued", services=rng.sample(crowd.services, rng.choice([1, 1, 2, 3])))


def officer(crowd: Crowd, caller: Caller, desk: int, seed: int) -> None:
    rng = random.Random(seed)
    while not crowd.over.is_set():
        called = press(crowd, caller, f"/langsung/loket/{desk}/panggil", "called")
        if called is None:
            time.sleep(0.03)
            continue
        if rng.random() < 0.7:
            press(crowd, caller, f"/langsung/loket/{desk}/mulai", "started")
        meant = {"visit": called["called"]["visit"], "seq": called["called"]["seq"]}
        press(
            crowd,
            caller,
            f"/langsung/loket/{desk}/selesai",
            "finished",
            result=rng.choice(["done", "done_pickup"]),
            **meant,
        )


def staff(served: Served) -> tuple[list[Caller], list[tuple[Caller, int]], list[str]]:
    """Signed-in kiosks and officers at open desks, and the services that those desks can serve."""
    rows = json.loads((served.home / "accounts.json").read_text())["accounts"]
    device = next(row for row in rows if row["username"] == "informasi")
    kiosks = [Caller(served.url).sign_in("informasi", device["password"]) for _ in range(KIOSKS)]
    officers = []
    for row in [row for row in rows if row["desk"] and row.get("password")][:OFFICERS]:
        caller = Caller(served.url).sign_in(row["username"], row["password"])
        words = {"idempotency_key": str(uuid4()), "x_csrftoken": caller.csrf()}
        assert caller.post(f"/loket/{row['desk']}/buka", {}, **words).status_code == 200
        officers.append((caller, int(row["desk"])))
    desks = [desk for _caller, desk in officers]
    found = ask(
        served.home,
        "select s.code from catalogue_service s join catalogue_step t on t.service_id = s.id group by s.code "
        "having bool_and(exists (select from visits_desk d where d.id = any(%s) and t.id = any(d.skills)))",
        desks,
    )
    return kiosks, officers, [code for (code,) in found]


def deaths(served: Served, crowd: Crowd, kills: int, seed: int) -> Counter[str]:
    """Kill one of the two whenever the crowd has come so far: spread over the whole run, at moments of chance."""
    rng, done = random.Random(seed), Counter[str]()
    for number in range(kills):
        due = crowd.most * (number + rng.random()) / kills
        while len(crowd.answers) < due and not crowd.over.is_set():
            time.sleep(0.003)
        if crowd.over.is_set():
            break
        who = rng.choice(["server", "postgres"])
        kill(served, who)
        done[who] += 1
    return done


WRITTEN = """
select request::text, count(*), max(kind), max(visit_id) from journal_entry where request is not null group by 1
"""
TWICE = """
select count(*) from (
  select kind, lag(kind) over (partition by visit_id order by id) as before from journal_entry
  where kind in ('called', 'finished')) steps
where kind = 'called' and before = 'called'
"""
NUMBERS = """
select count(*), count(distinct (fact::jsonb->>'number')::int), max((fact::jsonb->>'number')::int)
from journal_entry where kind = 'ticket_issued'
"""
PLACES = "select count(*), coalesce(max(position), 0) from journal_position"
UNNUMBERED = """
select count(*) from journal_entry e where not exists (select from journal_position p where p.entry_id = e.id)
"""


def hold(served: Served, crowd: Crowd) -> dict[str, int]:
    """Lost, doubled and torn, counted from the tables alone."""
    home = served.home
    written = {key: rest for key, *rest in ask(home, WRITTEN)}
    other = 0
    for answer in crowd.answers:
        _count, kind, visit = written.get(answer["key"], (0, "", None))
        other += bool(kind) and (visit != answer["visit"] or (answer["what"] == "issued") != (kind == "ticket_issued"))
    issued = [(a["visit"], a["number"]) for a in crowd.answers if a["what"] == "issued"]
    tickets, numbers, newest = ask(home, NUMBERS)[0]
    places, last = ask(home, PLACES)[0]
    return {
        "lost": sum(written.get(a["key"], (0,))[0] != 1 for a in crowd.answers),
        "answered_otherwise": other,
        "duplicate_numbers": len(issued) - len(set(issued)) + tickets - numbers,
        "gaps_in_numbers": newest - tickets,
        "double_calls": ask(home, TWICE)[0][0],
        "gaps_in_positions": last - places,
        "without_a_position": ask(home, UNNUMBERED)[0][0],
    }


def run(like: Path, tmp_path: Path, *, operations: int, kills: int, seed: int) -> None:
    with serving(copy(like, tmp_path / "home")) as served:
        kiosks, officers, services = staff(served)
        crowd = Crowd(operations, services)
        threads = [worker(crowd, kiosk, caller, seed + n) for n, caller in enumerate(kiosks)]
        threads += [worker(crowd, officer, caller, desk, seed + desk) for caller, desk in officers]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        done = deaths(served, crowd, kills, seed)
        while not crowd.over.wait(1):
            assert time.monotonic() - began < 40 + operations / 20, f"only {len(crowd.answers)} steps were answered"
        for thread in threads:
            thread.join(STANDS_STILL_S)
            assert not thread.is_alive()
        seconds = time.monotonic() - began
        assert not crowd.broken, crowd.broken
        served.wait()
        until = time.monotonic() + 60
        with suppress(IndexError):
            while (found := hold(served, crowd))["without_a_position"] and time.monotonic() < until:
                time.sleep(0.3)
        planted = Crowd(1, [], answers=[*crowd.answers, {"what": "called", "key": str(uuid4()), "visit": 1}])
        assert hold(served, planted)["lost"] == found["lost"] + 1, "the check does not see a lost step"
        print(
            f"\n{len(crowd.answers)} steps in {seconds:.0f} s, {sum(done.values())} deaths {dict(done)}, "
            f"{crowd.retried} retries, no: {dict(crowd.said_no)}, {found}"
        )
    assert sum(done.values()) == kills
    assert crowd.retried > 0
    assert set(found.values()) == {0}, found


def test_two_thousand_steps_and_four_deaths(first_morning: Path, tmp_path: Path) -> None:
    run(first_morning, tmp_path, operations=2_000, kills=4, seed=2711)


@pytest.mark.soak
def test_a_hundred_thousand_steps_and_two_hundred_deaths(first_morning: Path, tmp_path: Path) -> None:
    run(
        first_morning,
        tmp_path,
        operations=int(os.environ.get("SOAK_STEPS", "100000")),
        kills=int(os.environ.get("SOAK_DEATHS", "200")),
        seed=2712,
    )
