"""The server and its PostgreSQL are killed while a day is played: no answered request is lost, no number is doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.board import Board
from tests.project.server import Served, copy, environment, serving, start

pytestmark = pytest.mark.fault

FIRST, LAST = 10.0, 440.0  # mall minutes after the first number of the day; it closes after 480


@dataclass
class Played:
    """What the day said, and what stands in the database."""

    said: dict[str, Any]
    answers: list[dict[str, Any]]
    kills: list[str] = field(default_factory=list)


def connect(home: Path) -> psycopg.Connection[Any]:
    password = (home / "postgres/passwords/satuatap_app").read_text()
    where = home / "postgres/run"
    return psycopg.connect(
        f"host={where} port=5432 dbname=satuatap user=satuatap_app password={password}", autocommit=True
    )


def ask(home: Path, sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Ask the database, which may be dead at the moment."""
    until = time.monotonic() + 240  # a start takes long on a machine that others use too
    while True:
        try:
            with connect(home) as connection:
                return connection.execute(sql, params).fetchall()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def moments(server: int, postgres: int, seed: int) -> list[tuple[float, str]]:
    """At which mall minutes whom to kill: the same for the same seed, however fast this machine is."""
    rng = random.Random(seed)
    whom = ["server"] * server + ["postgres"] * postgres
    rng.shuffle(whom)
    span = (LAST - FIRST) / len(whom)
    return [(FIRST + span * (place + rng.random() * 0.8), who) for place, who in enumerate(whom)]


def wait_for(home: Path, minutes: float, day: subprocess.Popen[str]) -> bool:
    """Until so many mall minutes have passed since the day's first number; ``False`` if the day was over before."""
    while day.poll() is None:
        now, first = ask(
            home, "select mall_now(1::smallint), (select min(at) from journal_entry where kind = 'ticket_issued')"
        )[0]
        if isinstance(first, datetime) and now >= first + timedelta(minutes=minutes):
            return True
        time.sleep(0.02)
    return False


def port_of(served: Served) -> int:
    return int(served.url.rsplit(":", 1)[1])


def kill(served: Served, who: str) -> None:
    """Kill it; the server is started again at once, as a service manager does, PostgreSQL must come back by itself."""
    if who == "postgres":
        before = served.postmaster()
        with suppress(ProcessLookupError):
            os.kill(before, signal.SIGKILL)
        served.wait_for_another(before)
        assert served.process.poll() is None, "the server died with its PostgreSQL"
        return
    served.process.kill()
    served.process.wait()
    served.process = start(served.home, port_of(served)).process
    served.wait()


def play(served: Served, *, visits: int, speed: float, seed: int, kills: list[tuple[float, str]]) -> Played:
    """A day with deaths in it."""
    home = served.home
    answers = home / "answers.jsonl"
    words = ["day", "--json", f"--visits={visits}", f"--speed={speed}", f"--seed={seed}", f"--answers={answers}"]
    day = subprocess.Popen(
        [sys.executable, "-m", "satuatap.project.cli.main", *words],
        env=environment(home, port_of(served)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    done: list[str] = []
    try:
        for minutes, who in kills:
            if not wait_for(home, minutes, day):
                break
            kill(served, who)
            done.append(who)
        out, err = day.communicate(timeout=28800 / speed + 240)
    finally:
        if day.poll() is None:
            day.kill()
            day.wait()
    assert out.strip(), f"the day said nothing (code {day.returncode}):\n{err[-3000:]}"
    said = json.loads(out.strip().splitlines()[-1])
    return Played(said, [json.loads(line) for line in answers.read_text().splitlines()], done)


def hold_to_the_journal(home: Path, played: Played) -> None:
    """The client's list is the truth; this reads the tables itself, not by the day's own check."""
    written = {key: (count, visit) for key, count, visit in ask(
        home, "select request::text, count(*), max(visit_id) from journal_entry where request is not null group by 1")
    }  # fmt: skip
    for answer in played.answers:
        count, visit = written.get(answer["key"], (0, None))
        assert count == 1, f"{answer['address']} was answered and is {count} times in the journal"
        assert answer["visit"] in (None, visit), f"{answer['address']} answered somebody else"
    days = ask(
        home,
        "select fact::jsonb->>'day', count(*), count(distinct (fact::jsonb->>'number')::int), "
        "max((fact::jsonb->>'number')::int) from journal_entry where kind = 'ticket_issued' group by 1",
    )
    assert days
    for day, tickets, numbers, newest in days:
        assert tickets == numbers == newest, f"{day}: {tickets} tickets, {numbers} numbers, the newest is {newest}"


def hold_to_the_board(home: Path, board: Board) -> None:
    """Every call was shown exactly once, or the board was told to start afresh after it."""
    calls = {position for (position,) in ask(
        home, "select p.position from journal_position p join journal_entry e on e.id = p.entry_id "
        "where e.kind in ('called', 'recalled') and p.position > %s", board.first,
    )}  # fmt: skip
    assert calls
    assert board.caught_up(max(calls), within=15)
    doubled = {position: times for position, times in board.calls.items() if times > 1}
    assert doubled == {}
    assert set(board.calls) <= calls
    afresh = max(board.afresh, default=0)
    missed = sorted(position for position in calls - set(board.calls) if position > afresh)
    assert missed == [], f"{len(missed)} of {len(calls)} calls never reached the board"


def deaths(like: Path, tmp_path: Path, *, visits: int, speed: float, seed: int, each: int) -> Played:
    """A whole day in an installation of its own, with so many deaths of each kind, held to what stands at the end."""
    kills = moments(each, each, seed)
    with serving(copy(like, tmp_path / "home")) as served:
        board = Board(served.url)
        board.start()
        played = play(served, visits=visits, speed=speed, seed=seed, kills=kills)
        hold_to_the_journal(served.home, played)
        hold_to_the_board(served.home, board)
        board.stop()
    said = played.said
    assert played.kills == [who for _minutes, who in kills], "the day was over before everybody had died"
    assert (said["lost"], said["doubled"], said["problems"]) == (0, 0, []), said
    assert said["restored"] >= each, "the clock's speed was not set again after each start"
    assert said["retried"] > 0
    assert board.joined > each
    assert said["tickets"] + said["turned_away"] == visits
    assert len(played.answers) > 3 * said["tickets"]
    return played


def test_a_day_with_two_deaths_each_loses_nothing(first_morning: Path, tmp_path: Path) -> None:
    deaths(first_morning, tmp_path, visits=60, speed=1200, seed=2611, each=2)


@pytest.mark.soak
def test_a_day_with_twenty_deaths_each_loses_nothing(first_morning: Path, tmp_path: Path) -> None:
    deaths(first_morning, tmp_path, visits=500, speed=120, seed=2620, each=20)
