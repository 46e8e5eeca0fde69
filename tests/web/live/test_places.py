"""Her place in line: only what changed, at most once a minute, a few bytes; what it says is what her page says."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.malls import queries as malls
from satuatap.features.visits import actions
from satuatap.features.visits.models import Desk, Floor, Visit
from satuatap.features.visits.states import Result
from satuatap.project.city.opening import open_city
from satuatap.web.live import places, streams
from satuatap.web.live.hub import Listener
from satuatap.web.live.places import Place, Places, look, news
from tests.factories.cities import TANJUNG
from tests.factories.floors import BY

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FIRST = Place("11111111", 6, 149, {"0": (600, 620), "1": (601, 640), "e": (605, 650)}, AT, AT)


def later(minutes: float, **more: Any) -> Place:
    return replace(FIRST, at=AT + timedelta(minutes=minutes), **more)


def test_a_page_that_just_came_hears_everything_once() -> None:
    said, told = news(None, FIRST)
    assert said == {"s": "11111111", "n": 6, "b": 149, "t": dict(FIRST.times)}
    assert news(told, later(5)) == ({}, told)


def test_only_what_changed_and_not_within_a_minute() -> None:
    moved = {"ahead": 5, "times": {**FIRST.times, "1": (604, 644)}}
    assert news(FIRST, later(0.9, **moved)) == ({}, FIRST)
    said, told = news(FIRST, later(1, **moved))
    assert said == {"n": 5, "t": {"1": (604, 644)}}
    assert (told.ahead, told.times, told.at) == (5, moved["times"], AT + timedelta(minutes=1))


def test_a_minute_to_and_fro_is_not_told_but_two_in_one_direction_are() -> None:
    said, told = news(FIRST, later(1, times={**FIRST.times, "e": (606, 651)}))
    assert said == {}
    said, told = news(told, later(2, times={**FIRST.times, "e": (607, 652)}))
    assert said == {"t": {"e": (607, 652)}}


def test_when_it_is_nearly_her_turn_each_call_is_told_at_once() -> None:
    said, told = news(FIRST, later(0.1, ahead=2))
    assert said == {"n": 2}
    assert news(told, later(0.2, ahead=1))[0] == {"n": 1}


def test_another_shape_is_for_the_page_to_fetch_but_not_every_minute() -> None:
    """Two lines that are equally long swap: meanwhile only the times of each go on, not how many stand in the other."""
    other = {"shape": "22222222", "ahead": 9, "times": {**FIRST.times, "0": (610, 630)}}
    said, told = news(FIRST, later(2, **other))
    assert said == {"t": {"0": (610, 630)}} and (told.shape, told.ahead) == (FIRST.shape, 6)
    assert news(told, later(9.9, **other))[0] == {}
    assert news(told, later(10, **other)) == ({"s": "22222222"}, later(10, **other))
    assert news(FIRST, later(0.1, shape="22222222", ahead=0))[0] == {"s": "22222222"}, "she is next: at once"


@pytest.fixture
def line(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Visit]:
    """Five citizens in one line of the small city, every desk of it open all day."""
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    assert open_city(TANJUNG).problems == []
    now = datetime.now(UTC)
    Floor.objects.update(open_from=now - timedelta(days=400), open_until=now + timedelta(days=400))
    Desk.objects.filter(skills__len__gt=0).update(open=True)
    (step,) = catalogue.steps_of(["nib"])
    mall = malls.malls()[0].id
    return [actions.issue_ticket(by=BY, mall=mall, steps=[step.id], after=[[]]) for _ in range(5)]


def call_first() -> int:
    (step,) = catalogue.steps_of(["nib"])
    desk = Desk.objects.filter(skills__contains=[step.id], open=True, visit=None).first()
    assert desk is not None and actions.call_next(by=BY, desk=desk.pk) is not None
    return int(desk.pk)


def serve_first() -> None:
    desk = call_first()
    actions.finish_errand(by=BY, desk=desk, result=Result.DONE)


def test_what_is_told_is_what_her_page_says(line: list[Visit]) -> None:
    last = line[-1]
    for _ in range(20):  # both within one minute, on a machine however slow
        place = look([last.pk])[last.pk]
        page = Client().get(f"/kunjungan/{last.token}").content.decode()
        if look([last.pk])[last.pk].times == place.times:
            break
    assert place.ahead == 4 and place.before == line[0].number
    assert f'data-shape="{place.shape}"' in page
    assert f"<span data-before>{place.before}</span>" in page
    assert re.search(r"<b data-people=\"[^\"]+\">Empat orang lagi</b>", page)
    for name, pair in place.times.items():
        for end, minutes in enumerate(pair):
            assert f'<span data-at="{name}{end}">{minutes // 60:02d}.{minutes % 60:02d}</span>' in page
    words = re.findall(r'data-people="([^"]+)"', page)[0].split("\n")
    assert (words[0], words[4], words[10]) == ("Anda berikutnya", "Empat orang lagi", "{n} orang lagi")


def test_the_shape_changes_with_what_is_drawn_and_not_with_the_line(line: list[Visit]) -> None:
    last = line[-1]
    shapes = []
    for _ in range(4):
        shapes.append(look([last.pk])[last.pk].shape)
        serve_first()
    assert len(set(shapes)) == 1
    assert look([last.pk])[last.pk].shape != shapes[0], "nobody before her: the page says it in another way"
    desk = call_first()
    called = look([last.pk])[last.pk]
    assert called.ahead is None and called.shape not in shapes
    actions.finish_errand(by=BY, desk=desk, result=Result.DONE)
    assert look([last.pk]) == {}, "who is gone has no place"


def test_one_look_tells_every_page_what_is_new_for_it(line: list[Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages of one visit, one of them opened later; and a board, which hears nothing of it."""
    last, board = line[-1], Listener(frozenset({"board:1"}))
    found = look([last.pk])[last.pk]
    channel = f"visit:{last.pk}"
    early, late = Listener(frozenset({channel})), Listener(frozenset({channel}))
    hub: Any = SimpleNamespace(listeners={channel: {early}, "board:1": {board}}, position=7)
    looks: list[tuple[int, ...]] = []

    async def seen(visits: tuple[int, ...]) -> dict[int, Place]:
        looks.append(visits)
        moment = len(looks)
        return {last.pk: replace(found, ahead=9 - moment, at=found.at + timedelta(minutes=moment))}

    monkeypatch.setattr(places, "_look", seen)

    async def twice() -> None:
        watch = Places(hub)
        await watch.tell()
        hub.listeners[channel].add(late)
        await watch.tell()
        hub.listeners.clear()
        await watch.tell()

    asyncio.run(twice())
    heard = [[listener.queue.get_nowait() for _ in range(listener.queue.qsize())] for listener in (early, late, board)]
    assert [[m.data.get("n") for m in told if m is not None] for told in heard] == [[8, 7], [7], []]
    assert heard[0][1] is not None and heard[0][1].data == {"n": 7}
    assert len(looks) == 2, "nobody waits: nobody looks"


def test_an_hour_of_the_busiest_messages_is_light() -> None:
    """A message a minute that moves every figure of four errands, and the sign of life four times a minute."""
    times = {name: (600 + n, 640 + n) for n, name in enumerate(("0", "1", "2", "3", "e"))}
    message = places.Message("visit:1", 1_234_567, "place", {"n": 117, "b": 1249, "t": times})
    assert json.loads(streams._lines(message).split(b"data: ")[1])["n"] == 117
    assert 60 * len(streams._lines(message)) + 240 * len(b": \n\n") < 10_000  # room for four pages of 2.2 KB in 20
