"""The hands of the day: citizens at the kiosk, officers at their desks, the help desk. Only HTTP, only mall time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from satuatap.project.day import script
from satuatap.project.day.client import Browser, Log, Refused
from satuatap.project.day.script import Coming

SLOWEST_LAG_S = 60.0
LOOK_AT_LAG_S = 3.0
FEWEST_LAGS, MOST_LAGS = 20, 150
SLOWEST_SPEED = 30.0
LOOK_AT_CLOCK_S = 1.0


@dataclass
class Shown:
    """The range beside an errand when its ticket was taken."""

    low: float
    high: float
    basis: str


@dataclass
class Pace:
    """Mall time against real time; slowed down when desks cannot keep up, set anew after the mall was away."""

    speed: float
    at: datetime  # mall time ...
    since: float  # ... at this moment of the loop

    def minutes_until(self, moment: datetime) -> float:
        """Mall minutes from now until a moment of the mall, as far as the hands know."""
        real = asyncio.get_running_loop().time() - self.since
        return (moment - self.at).total_seconds() / 60 - real * self.speed / 60

    def anchor(self, at: datetime, speed: float) -> None:
        """The mall's clock was read: from now on it is this moment and goes at this speed."""
        self.at, self.speed, self.since = at, speed, asyncio.get_running_loop().time()

    def now(self) -> datetime:
        """The mall's time, as far as the hands know."""
        return self.at + timedelta(seconds=(asyncio.get_running_loop().time() - self.since) * self.speed)

    async def until(self, moment: datetime) -> None:
        """Wait for a moment of the mall, though its clock may be slowed or set back meanwhile."""
        while (left := self.minutes_until(moment) * 60 / self.speed) > 0:
            await asyncio.sleep(min(left, LOOK_AT_CLOCK_S))

    async def sleep(self, minutes: float) -> None:
        """Let so many mall minutes pass."""
        await self.until(self.at + timedelta(minutes=minutes - self.minutes_until(self.at)))


@dataclass
class Hall:
    """What the hands share."""

    pace: Pace
    expected: dict[int, float]  # minutes by step
    rng: random.Random
    tickets: dict[int, Coming] = field(default_factory=dict)  # visit -> who
    shown: dict[tuple[int, int], Shown] = field(default_factory=dict)
    returned: set[tuple[int, int]] = field(default_factory=set)
    issued: int = 0
    served: int = 0
    missed: int = 0
    refused: int = 0
    restored: int = 0  # so often the clock was set again, because the server had been started anew
    over: asyncio.Event = field(default_factory=asyncio.Event)
    problems: list[str] = field(default_factory=list)
    errands_outside: list[asyncio.Task[None]] = field(default_factory=list)  # kept, or they would be collected


async def citizen(hall: Hall, kiosk: Browser, phone: Browser, coming: Coming) -> None:
    """Take one number for everything, look at the slip, open the live page once."""
    try:
        ticket = await kiosk.write("/langsung/ambil", services=list(coming.services), **{"class": int(coming.priority)})
    except Refused as refusal:
        hall.refused += 1
        if refusal.code not in ("mall_closed", "booth_ended"):  # who comes after the hours goes home
            hall.problems.append(f"ticket for {'+'.join(coming.services)}: {refusal}")
        return
    hall.tickets[ticket["visit"]] = coming
    hall.issued += 1
    try:
        seen = await phone.look(f"/kunjungan/{ticket['token']}")
    except httpx.HTTPError as problem:
        hall.problems.append(f"live page of {ticket['number']}: {problem}")
        return
    for errand in seen["errands"]:
        if errand.get("low") is not None:
            hall.shown[ticket["visit"], errand["seq"]] = Shown(errand["low"], errand["high"], errand["basis"])


async def arrivals(
    hall: Hall, kiosks: list[Browser], phone: Browser, day: list[Coming], midnight: datetime, opens: datetime
) -> None:
    """Everybody comes at her minute, and before the opening stands at the kiosk until it gives numbers."""
    tasks = []
    for number, coming in enumerate(day):
        await hall.pace.until(max(midnight + timedelta(minutes=coming.minute), opens + timedelta(minutes=0.5)))
        tasks.append(asyncio.create_task(citizen(hall, kiosks[number % len(kiosks)], phone, coming)))
        if hall.over.is_set():
            break
    await asyncio.gather(*tasks)


class Officer:
    """One desk: calls, waits for the citizen to walk, serves, finishes, calls again."""

    def __init__(self, hall: Hall, browser: Browser, desk: int, help_desk: Browser, targets: list[str]) -> None:
        self.hall, self.browser, self.desk, self.help_desk, self.targets = hall, browser, desk, help_desk, targets
        self.address = f"/langsung/loket/{desk}"
        self.wake = asyncio.Event()

    async def listen(self) -> None:
        async for _event in self.browser.events(self.address):
            self.wake.set()

    async def work(self) -> None:
        with suppress(Refused):
            await self.browser.write(f"/loket/{self.desk}/buka")
        ears = asyncio.create_task(self.listen())
        try:
            while not self.hall.over.is_set():
                self.wake.clear()
                if not await self.one():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.wake.wait(), max(0.5, 10 * 60 / self.hall.pace.speed))
        finally:
            ears.cancel()

    async def one(self) -> bool:
        """Serve one citizen; ``False`` when there was nobody to call."""
        try:
            called = (await self.browser.write(f"{self.address}/panggil"))["called"]
        except Refused as refusal:
            return await self._refused(refusal)
        if called is None:
            return False
        coming = self.hall.tickets.get(called["visit"])
        rng = random.Random((coming.seed if coming else called["visit"]) * 31 + called["seq"])
        stays_away = rng.random() < script.SHARE_NO_SHOW
        if stays_away and (called["visit"], called["seq"]) not in self.hall.returned:
            await self._no_show(called)
            return True
        await self.hall.pace.sleep(rng.uniform(0.3, 1.2))
        try:
            await self.browser.write(f"{self.address}/mulai")
            await self.hall.pace.sleep(script.service_minutes(rng, self.hall.expected.get(called["step"], 6.0)))
            await self._finish(called, rng)
        except Refused as refusal:
            if refusal.code != "nobody_at_desk":  # after an hour without a step the mall itself has ended the errand
                self.hall.problems.append(f"desk {self.desk}: {refusal}")
        return True

    async def _refused(self, refusal: Refused) -> bool:
        if refusal.code == "result_needed":  # a call from before a restart
            with suppress(Refused):
                await self.browser.write(f"{self.address}/selesai", result="not_recorded")
            return True
        if refusal.code not in ("desk_closed", "day_closed"):
            self.hall.problems.append(f"desk {self.desk}: {refusal}")
        return False

    async def _finish(self, called: dict[str, Any], rng: random.Random) -> None:
        if self.targets and rng.random() < script.SHARE_TRANSFER:
            with suppress(Refused):
                await self.browser.write(
                    f"/loket/{self.desk}/alihkan", service=rng.choice(self.targets), reason="wrong_service"
                )
                return
        await self.browser.write(
            f"{self.address}/selesai", result=script.result_of(rng), visit=called["visit"], seq=called["seq"]
        )
        self.hall.served += 1

    async def _no_show(self, called: dict[str, Any]) -> None:
        tries = 0
        while tries < 2 and not self.hall.over.is_set():
            await self.hall.pace.sleep(1.05)
            try:
                await self.browser.write(f"/loket/{self.desk}/ulang")
                tries += 1
            except Refused as refusal:
                if refusal.code != "too_soon":
                    return
        with suppress(Refused):
            await self.browser.write(f"/loket/{self.desk}/terlewat")
        self.hall.missed += 1
        if self.hall.rng.random() < script.SHARE_RETURN:
            self.hall.errands_outside.append(asyncio.create_task(self._come_back(called)))

    async def _come_back(self, called: dict[str, Any]) -> None:
        await self.hall.pace.sleep(self.hall.rng.uniform(3, 15))
        with suppress(Refused):
            self.hall.returned.add((called["visit"], called["seq"]))  # who asked to be put back stands in the hall
            await self.help_desk.write("/bantuan/kembalikan", visit=called["visit"], seq=called["seq"])


async def watch_lag(
    hall: Hall, lags_after: Callable[[datetime], Awaitable[list[float]]], slow_down: Callable[[float], Any],
    say: Callable[[str], None], log: Log,
) -> None:  # fmt: skip
    """Slow the clock when desks wait for their calls longer than a mall minute at the 90th percentile.

    The lags are those of the journal, by which the day is judged in the end: of desks that were idle, too.
    """
    retried, after = log.retried, hall.pace.now()
    while not hall.over.is_set():
        await asyncio.sleep(LOOK_AT_LAG_S)
        if log.retried != retried:  # the mall was away, which says nothing about how fast it is
            retried, after = log.retried, hall.pace.now()
        lags = sorted((await lags_after(after))[-MOST_LAGS:])
        if len(lags) < FEWEST_LAGS or hall.pace.speed <= SLOWEST_SPEED:
            continue
        slow = lags[int(0.9 * len(lags))]
        if slow <= SLOWEST_LAG_S:
            continue
        await slow_down(max(SLOWEST_SPEED, hall.pace.speed * max(0.5, SLOWEST_LAG_S / slow * 0.8)))
        after = hall.pace.now()
        say(f"Jam dilambatkan ke {hall.pace.speed:.0f} kali: loket menunggu panggilan lebih dari 60 detik mal.")
