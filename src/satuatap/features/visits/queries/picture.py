"""One picture of the day: the raw material of every view, looked at once for a hundred screens."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.journal.queries import newest
from satuatap.features.malls import queries as malls
from satuatap.features.visits import floorload, snapshot, waits
from satuatap.features.visits.models import Desk, Floor, StepTime
from satuatap.features.visits.snapshot import ErrandNow
from satuatap.features.visits.zones import local_day

MS_A_MINUTE = 60_000
KEEPS_S = 0.5
PAST_KEEPS_S = 600.0


@dataclass(frozen=True, slots=True)
class StepName:
    """A step in words, and where its desks are."""

    step: int
    service: int
    service_code: str
    name: str
    name_en: str
    agency: str
    expected_ms: int
    until: datetime | None = None  # see StepTime.open_until


@dataclass(frozen=True)
class Picture:
    """The day at one moment, and what is computed from it, once, when first asked for."""

    mall: int
    now: datetime
    floor: Floor
    errands: list[ErrandNow]
    desks: list[Desk]
    names: Mapping[int, StepName]
    service_names: Mapping[int, tuple[str, str]]
    places: Mapping[int, malls.DeskPlace]
    past: Mapping[int, list[float]]

    @cached_property
    def load(self) -> Mapping[int, floorload.Load]:
        """The load of each step by the desks that are open now."""
        open_desks = [
            floorload.OpenDesk(d.pk, self.places[d.pk].zone, frozenset(d.skills))
            for d in self.desks
            if d.open and d.pk in self.places
        ]
        expected = {step: name.expected_ms / MS_A_MINUTE for step, name in self.names.items()}
        return floorload.loads(self.names, [e.step for e in self.errands if e.waits], expected, open_desks)

    @cached_property
    def ranges(self) -> Mapping[int, waits.MinutesRange]:
        """The wait of each step until called, for somebody who comes now."""
        last = snapshot.waits_since(self.errands, self.now - snapshot.HOUR)
        found = {}
        for step, line in self.load.items():
            guess = waits.from_load(line.minutes_ahead, max(line.waiting, 1), 1, len(last.get(step, ())))
            found[step] = waits.pick_range(last.get(step, ()), self.past.get(step, ()), guess)
        return found

    @cached_property
    def visits(self) -> Mapping[int, list[ErrandNow]]:
        """The errands of each visit."""
        found: dict[int, list[ErrandNow]] = defaultdict(list)
        for errand in self.errands:
            found[errand.visit].append(errand)
        return found

    @cached_property
    def lines(self) -> Mapping[int, list[ErrandNow]]:
        """Who is in line for each step, in the order of the policy."""
        found: dict[int, list[ErrandNow]] = defaultdict(list)
        for errand in self.errands:
            if errand.waits and errand.key is not None:
                found[errand.step].append(errand)
        for line in found.values():
            line.sort(key=place_in_line)
        return found

    @cached_property
    def _contenders(self) -> dict[frozenset[int], list[ErrandNow]]:
        return {}

    def contenders(self, step: int) -> list[ErrandNow]:
        """Whom the desks that serve this step may call: everybody in a line that an open one of them serves.

        In the order of the policy, each citizen once, at her earliest place. Where only some desks are shared, people
        count who will be called at another; who stands in line never has more before her than she is told.
        """
        open_desks = [desk for desk in self.desks_of_step.get(step, ()) if desk.open or desk.visit_id]
        lines = frozenset({step}.union(*(desk.skills for desk in open_desks)) & self.lines.keys())
        found = self._contenders.get(lines)
        if found is None:
            first: dict[int, ErrandNow] = {}
            for errand in sorted((one for line in lines for one in self.lines[line]), key=place_in_line):
                first.setdefault(errand.visit, errand)
            found = self._contenders[lines] = list(first.values())
        return found

    @cached_property
    def desks_of_step(self) -> Mapping[int, list[Desk]]:
        """The desks that can serve each step and have a place, open or not, in their own order."""
        found: dict[int, list[Desk]] = defaultdict(list)
        for desk in self.desks:
            if desk.pk in self.places:
                for step in desk.skills:
                    found[step].append(desk)
        return found

    def zone_of_step(self, step: int) -> str:
        """Where a step is served: at an open desk, else where any desk can."""
        if self.load[step].zone:
            return self.load[step].zone
        return next((self.places[d.pk].zone for d in self.desks_of_step.get(step, ())), "")


def place_in_line(errand: ErrandNow) -> tuple[int, int, int]:
    """What the policy orders a line by; the least is called first."""
    return (errand.key or 0, errand.visit, errand.seq)


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture, when it was made, and how far the journal was when it was begun."""

    at: float
    newest: tuple[int, int]
    picture: Picture


_lock = threading.Lock()
_kept: dict[int, Kept] = {}
_past: dict[tuple[int, str, str], tuple[float, dict[int, list[float]]]] = {}


def shared_picture(mall: int, *, fresh: bool = False) -> Picture:
    """The picture of this moment; at most half a second old, so that a hundred screens cost one look.

    A screen that was told of a fact never gets a picture from before it: the picture is kept with how far the journal
    was when it was begun.
    """
    now = newest()
    with _lock:
        kept = _kept.get(mall)
        if kept and not fresh and kept.newest == now and time.monotonic() - kept.at < KEEPS_S:
            return kept.picture
        made = picture(mall)
        _kept[mall] = Kept(time.monotonic(), now, made)
        return made


def step_names(mall: int, also: Iterable[int] = ()) -> dict[int, StepName]:
    """The steps this mall serves, with their names; ``also`` those that it served when somebody took a number."""
    times = {t.step: t for t in StepTime.objects.filter(Q(active=True) | Q(step__in=list(also)), mall=mall)}
    return {
        step.id: StepName(
            step.id, times[step.id].service, step.service_code, step.name, step.name_en, step.agency_name,
            times[step.id].expected_ms, times[step.id].open_until,
        )
        for step in catalogue.steps(times)
    }  # fmt: skip


def picture(mall: int) -> Picture:
    """Everything the views are made of, in a handful of statements."""
    floor = Floor.objects.get(pk=mall)
    now = malls.now(mall)
    errands = snapshot.errands_of(mall, local_day(now, floor.zone))
    return Picture(
        mall=mall,
        now=now,
        floor=floor,
        errands=errands,
        desks=list(Desk.objects.filter(mall=mall).order_by("pk")),
        names=step_names(mall, {e.step for e in errands}),
        service_names=catalogue.service_names(),
        places=malls.desk_places(mall),
        past=_past_waits(mall, floor.zone, now),
    )


def _past_waits(mall: int, zone: str, now: datetime) -> dict[int, list[float]]:
    local = malls.local(now, zone)
    key = (mall, local.date().isoformat(), snapshot.half_hour_of(local))
    kept = _past.get(key)
    if kept and time.monotonic() - kept[0] < PAST_KEEPS_S:
        return kept[1]
    found = snapshot.past_waits(mall, local.date(), zone, key[2])
    _past.clear()
    _past[key] = (time.monotonic(), found)
    return found


def minutes_between(start: datetime | None, end: datetime) -> float:
    """Minutes, never negative; 0 without a start."""
    return 0.0 if start is None else max(0.0, (end - start).total_seconds() / 60)
