"""The run of the day: sets the clock, signs everybody in, lets them work, closes, and holds the day to its journal."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
from asgiref.sync import sync_to_async
from django.db import connection
from django.db.utils import InterfaceError, OperationalError

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import queries as malls
from satuatap.features.visits import queries as visits
from satuatap.project.database import Addresses, as_owner
from satuatap.project.day import play, script, verify
from satuatap.project.day.client import PATIENCE_S, Browser, Log, NotSignedIn, accounts
from satuatap.project.day.material import read_material

BY = Actor.system("day")
BEFORE_OPENING = timedelta(minutes=5)
SERVES_TRIES = 6
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for."""

    visits: int
    speed: float
    seed: int
    base: str
    accounts: Path
    folder: Path
    addresses: Addresses  # only the owner may set the clock
    stay: bool
    quiet: bool


class NotADemo(Refusal):
    code = "not_a_demo"


class NothingServes(Refusal):
    code = "nothing_serves"


class NotThisMall(Refusal):
    code = "not_this_mall"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def require_serving(base: str) -> None:
    """The day is played against what runs already; it starts nothing itself."""
    for _try in range(SERVES_TRIES):
        with suppress(httpx.HTTPError):
            if httpx.get(f"{base}/healthz", timeout=5, trust_env=False).status_code == 200:
                return
        time.sleep(0.5)
    raise NothingServes(
        f"Tidak ada satuatap yang melayani di {base}. Jalankan `make run` di terminal lain (dengan PORT dan "
        "SATUATAP_HOME yang sama), lalu ulangi."
    )


def find_mall() -> Any:
    """The demo's mall; the command refuses anywhere else."""
    rows = malls.malls()
    if not rows:
        raise NotADemo("Belum ada mal. Jalankan `make run` lebih dulu.")
    if not rows[0].demo:
        raise NotADemo("`satuatap day` hanya untuk mal contoh: di mal yang sungguh tidak ada jam yang diatur.")
    return rows[0]


def next_opening(mall: Any) -> datetime:
    """When the played day opens: today if its opening still lies ahead, else the next working day."""
    now = malls.now(mall.id)
    day = malls.local(now, mall.zone_name).date()
    for _ in range(60):
        hours = malls.open_hours(mall.id, day)
        opens, _closes = malls.opening_moments(hours, mall.zone_name)
        if opens is not None and opens - BEFORE_OPENING >= now:
            return opens
        day += timedelta(days=1)
    raise Refusal("Tidak ada hari kerja dalam 60 hari ke depan. Periksa kalender mal.")


def patiently(do: Callable[[], T]) -> T:
    """Ask the database, which may have been killed a moment ago: it comes back by itself, with all that it held."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return do()
        except (OperationalError, InterfaceError):
            if time.monotonic() > end:
                raise
            connection.close()
            time.sleep(0.1)


asked = sync_to_async(patiently)


class Clock:
    """The demo's clock, set through the owner's connection."""

    def __init__(self, wish: Wish, mall: int) -> None:
        self.wish, self.mall = wish, mall
        self._one = asyncio.Lock()

    def set(self, *, speed: float | None = None, jump_to: datetime | None = None) -> datetime:
        with as_owner(self.wish.addresses):
            return malls_actions.set_clock(by=BY, mall=self.mall, speed=speed, jump_to=jump_to)

    async def slow(self, pace: play.Pace, speed: float) -> None:
        """Let the mall's clock, and the hands with it, go slower from now on."""
        async with self._one:
            pace.anchor(await asked(lambda: self.set(speed=speed)), speed)

    async def look(self, hall: play.Hall) -> datetime:
        """The mall's time; a server that was started again has set the speed back to the world's: it is set again."""
        async with self._one:
            now, speed = await asked(lambda: (malls.now(self.mall), malls.speed(self.mall)))
            if speed != hall.pace.speed:
                hall.restored += 1
                now = await asked(lambda: self.set(speed=hall.pace.speed))
            hall.pace.anchor(now, hall.pace.speed)
            return now


@dataclass
class Cast:
    """Everybody who plays, signed in."""

    kiosks: list[Browser]
    phone: Browser
    help_desk: Browser
    manager: Browser
    officers: list[tuple[Browser, int, list[str]]]

    @property
    def browsers(self) -> list[Browser]:
        return [*self.kiosks, self.phone, self.help_desk, self.manager, *(b for b, _d, _t in self.officers)]


def accounts_by_role(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Who plays; without the demo accounts this is not the installation that serves."""
    by_role: dict[str, list[dict[str, Any]]] = {}
    try:
        for row in accounts(str(path)):
            by_role.setdefault(row["role"], []).append(row)
    except (OSError, ValueError, KeyError, TypeError):
        by_role = {}
    missing = [role for role in ("kiosk", "help_desk", "manager", "officer") if role not in by_role]
    if missing:
        raise NotThisMall(
            f"Akun contoh ({', '.join(missing)}) tidak ada di {path}. Berkas itu dibuat saat `make run` pertama kali "
            "membuka kota contoh; pakai SATUATAP_HOME yang sama."
        )
    return by_role


async def gather_cast(wish: Wish, log: Log) -> Cast:
    """Sign in the kiosk, the help desk, the manager and an officer for each desk."""
    by_role = accounts_by_role(wish.accounts)

    async def signed(row: dict[str, Any]) -> Browser:
        browser = Browser(wish.base, log)
        try:
            if row.get("link"):
                await browser.activate(row["link"])
            else:
                await browser.sign_in(row["username"], row["password"])
        except NotSignedIn as problem:
            await browser.close()
            raise NotThisMall(
                f"Akun contoh {problem} tidak dikenal di {wish.base}. Pakai SATUATAP_HOME dan PORT yang sama "
                "dengan `make run`."
            ) from None
        return browser

    kiosk, help_desk, manager = [await signed(by_role[role][0]) for role in ("kiosk", "help_desk", "manager")]
    officers: list[tuple[Browser, int, list[str]]] = []
    taken: set[int] = set()
    for row in by_role.get("officer", []):
        browser = await signed(row)
        desks = [d for d in (await browser.look("/loket"))["desks"] if d["id"] not in taken]
        own = next((d for d in desks if str(d["sign"]) == str(row.get("desk", ""))), desks[0] if desks else None)
        if own is None:
            await browser.close()
            continue
        taken.add(own["id"])
        officers.append((browser, own["id"], own.get("transfer_services", [])))
    return Cast([kiosk, kiosk], Browser(wish.base, log), help_desk, manager, officers)


async def progress(hall: play.Hall, clock: Clock, total: int, ends: datetime, zone: str, quiet: bool) -> None:
    """One line that moves: mall time, numbers given, errands served."""
    while not hall.over.is_set():
        await asyncio.sleep(0.5)
        now = await clock.look(hall)
        if not quiet:
            local = malls.local(now, zone)
            done = min(1.0, hall.issued / max(1, total))
            bar = "#" * int(30 * done) + "." * (30 - int(30 * done))
            print(
                f"\r[{bar}] {local:%H.%M}  {hall.issued}/{total} nomor, {hall.served} urusan selesai, "
                f"{hall.missed} terlewat, jam {hall.pace.speed:.0f}x   ",
                end="", file=sys.stderr, flush=True,
            )  # fmt: skip
        if now >= ends:
            return


async def play_day(wish: Wish) -> tuple[play.Hall, Log, int, datetime]:
    """Play the whole day; returns what the hands saw, and since when the journal tells of it."""
    mall = await sync_to_async(find_mall)()
    opens = await sync_to_async(next_opening)(mall)
    steps = await sync_to_async(visits.step_names)(mall.id)
    expected = {step: name.expected_ms / 60_000 for step, name in steps.items()}
    material = read_material(wish.folder, {name.service_code for name in steps.values()})
    day = script.draw_day(material, wish.visits, wish.seed)
    log, clock = Log(), Clock(wish, mall.id)
    say(f"satuatap day: {wish.visits} kunjungan, benih {wish.seed}, jam {wish.speed:.0f} kali lebih cepat.")
    cast = await gather_cast(wish, log)
    since = opens - BEFORE_OPENING
    await sync_to_async(clock.set)(speed=1.0, jump_to=since)
    await day_begun(mall.id, opens)
    now = await sync_to_async(clock.set)(speed=wish.speed)
    pace = play.Pace(wish.speed, now, asyncio.get_running_loop().time())
    hall = play.Hall(pace, expected, random.Random(wish.seed))
    closes = await sync_to_async(closing_of)(mall, opens)
    try:
        await _act(Stage(wish, cast, hall, clock, log), day, opens, closes + timedelta(minutes=28), mall.zone_name)
        await _close(cast, hall, clock)
    finally:
        with suppress(Exception):
            await asked(lambda: clock.set(speed=1.0))
        for browser in set(cast.browsers):
            await browser.close()
    return hall, log, mall.id, since


async def day_begun(mall: int, opens: datetime) -> None:
    """The mall's heart beats once a second: in a fast clock that would turn the first citizens away."""
    for _ in range(40):
        if (await asked(lambda: visits.hall(mall, fresh=True))).open_from == opens:
            return
        await asyncio.sleep(0.1)


def closing_of(mall: Any, opens: datetime) -> datetime:
    """When the day that opens then closes."""
    hours = malls.open_hours(mall.id, malls.local(opens, mall.zone_name).date())
    closes = malls.opening_moments(hours, mall.zone_name)[1]
    assert closes is not None
    return closes


@dataclass(frozen=True, slots=True)
class Stage:
    """Who plays where, and what they share."""

    wish: Wish
    cast: Cast
    hall: play.Hall
    clock: Clock
    log: Log


async def _act(stage: Stage, day: list[script.Coming], opens: datetime, ends: datetime, zone: str) -> None:
    cast, hall, clock = stage.cast, stage.hall, stage.clock
    midnight = malls.local(opens, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    officers = [play.Officer(hall, b, desk, cast.help_desk, targets) for b, desk, targets in cast.officers]
    work = [asyncio.create_task(o.work()) for o in officers]
    lags = partial(_lags_after, clock.mall, opens - BEFORE_OPENING)
    lag = asyncio.create_task(play.watch_lag(hall, lags, lambda speed: clock.slow(hall.pace, speed), say, stage.log))
    coming = asyncio.create_task(play.arrivals(hall, cast.kiosks, cast.phone, day, midnight, opens))
    try:
        await progress(hall, clock, len(day), ends, zone, stage.wish.quiet)
        await coming
    finally:
        hall.over.set()
        lag.cancel()
        coming.cancel()
        done = await asyncio.gather(*work, coming, lag, return_exceptions=True)
        hall.problems += [f"{type(p).__name__}: {p}" for p in done
                          if isinstance(p, Exception) and not isinstance(p, asyncio.CancelledError)]  # fmt: skip


async def _lags_after(mall: int, since: datetime, after: datetime) -> list[float]:
    records, _written = await asked(lambda: verify.read(mall, since))
    return [lag for at, lag in verify.lags(records) if at > after]


async def _close(cast: Cast, hall: play.Hall, clock: Clock) -> None:
    """The manager closes; who is still at a desk is finished; the house lists the rest."""
    with suppress(play.Refused):
        await cast.manager.write("/pantauan/tutup")
    for _ in range(120):
        view = await asked(lambda: visits.hall(clock.mall, fresh=True))
        if view.in_mall == 0:
            return
        await asyncio.sleep(0.25)
    hall.problems.append(f"{view.in_mall} kunjungan belum berakhir sesudah tutup")


def check_day(hall: play.Hall, log: Log, mall: int, since: datetime) -> verify.Check:
    """Hold what was seen against the journal and the tables."""
    zone = malls.mall(mall).zone_name
    records, written = patiently(lambda: verify.read(mall, since))
    stands = patiently(lambda: verify.tables(mall, malls.local(since + BEFORE_OPENING, zone).date()))
    shown = {place: (s.low, s.high) for place, s in hall.shown.items()}
    found = verify.check(records, stands, log.answered, written, shown)
    found.problems += hall.problems[:20]
    return found
