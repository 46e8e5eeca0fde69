"""Role x address x whose object: her own, another agency's in her mall, another mall's; each cell really asked.

    SATUATAP_WRITE_TABLES=1 python -m pytest tests/web/borders/test_objects.py

writes ``objects.csv`` anew after a change that is meant; review each cell before it is committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.people.states import Role
from tests.web.borders import tables
from tests.web.borders.asks import ASKS, EVERYBODYS, OF_WHO_ASKS, PROGRAMS, SIGNING_IN, Ask
from tests.web.borders.world import COLUMNS, STRANGER, Thing, World, browser, facts_written, rows_written, undone
from tests.web.routes import METHODS, Address, django_addresses, read_table

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = Path(__file__).with_name("objects.csv")
OTHER_ROLES = [role.value for role in Role if role.value not in COLUMNS]
CITY_WIDE = {"keeper"}
Cookies = dict[str, Any]


def browser_of(keys: Cookies, who: str) -> Client:
    client = browser()
    client.cookies = copy(keys[who])
    return client


def ask(world: World, keys: Cookies, one: Ask, it: Thing, who: str) -> str:
    """The cell: what she gets, in a city where nobody has asked before."""
    with undone():
        one.before(world, it)
        client = browser_of(keys, who)
        address = Address(one.route).filled(one.holes(world, it))
        rows, facts = rows_written(), facts_written()
        if one.method == "GET":
            answer = client.get(address, one.words(world, it))
        else:
            answer = client.post(address, {"key": str(uuid4()), **one.words(world, it)})
        fresh = facts_written() - facts
        found = tables.cell(answer.status_code, answer.headers.get("Location", ""), wrote=fresh > 0)
        if found in tables.REFUSED:
            assert fresh == 0, f"{one.method} {address} refused {who} and the journal went on"
            assert rows_written() == rows or found == "but", f"{one.method} {address} refused {who} and wrote a row"
    return found


def seen_of(world: World, keys: Cookies, who: Sequence[str]) -> dict[tables.Row, dict[str, str]]:
    return {
        (one.route, one.method, one.object, side): {name: ask(world, keys, one, _it(world, side), name) for name in who}
        for one in ASKS for side in one.sides
    }  # fmt: skip


def _it(world: World, side: str) -> Thing:
    return world.sides.get(side, world.sides["own"])


def test_the_table_is_the_truth_for_every_role_and_every_object(world: World, keys: Cookies) -> None:
    seen = seen_of(world, keys, COLUMNS)
    tables.hold(TABLE, ("route", "method", "object", "whose"), COLUMNS, seen)


def test_every_address_says_which_object_it_takes(world: World) -> None:
    asked = {(one.route, one.method) for one in ASKS}
    here = {(one.route, method) for one in django_addresses() for method in METHODS if _takes(one.route, method)}
    assert asked <= here, f"asked of an address that does not take it: {sorted(asked - here)}"
    silent = sorted((route, method) for route, method in here - asked if not _is_settled(route))
    assert silent == [], "say in tests/web/borders/asks.py which object it takes, or that it takes none"


def _takes(route: str, method: str) -> bool:
    """Whether the address answers this method, as routes.csv or its screen's own table says."""
    cells = read_table().get((route, method))
    return cells is None or "yes" in cells.values()


def _is_settled(route: str) -> bool:
    if route in OF_WHO_ASKS | EVERYBODYS or route.startswith(PROGRAMS):
        return True
    own_table = route in {
        row for table in TABLE.parents[1].glob("*/routes.csv") for row in table.read_text().split(",")
    }
    return own_table or (route.partition("/")[0] == SIGNING_IN and "<" not in route)


@pytest.mark.parametrize("who", OTHER_ROLES)
def test_a_role_without_a_column_gets_nothing_beyond_an_account_without_a_role(
    world: World, keys: Cookies, who: str
) -> None:
    said = tables.read(TABLE, COLUMNS)
    for one in ASKS:
        if one.object != "regrouping plan" and said[one.route, one.method, one.object, one.sides[0]]["no_role"] == "no":
            assert ask(world, keys, one, _it(world, one.sides[0]), who) == "no", (one.route, one.method, who)


def test_a_border_that_is_taken_away_is_seen(world: World, keys: Cookies, monkeypatch: pytest.MonkeyPatch) -> None:
    one = next(one for one in ASKS if one.route == "loket/<int:desk>/tutup")
    assert ask(world, keys, one, world.sides["agency"], "officer") == "no"
    monkeypatch.setattr("satuatap.web.desk.views.require_place", lambda *words, **named: None)
    assert ask(world, keys, one, world.sides["agency"], "officer") == "wrote"
    assert ask(world, keys, one, world.sides["mall"], "officer") == "wrote"


def test_no_page_of_ones_own_shows_another_malls_people(world: World, keys: Cookies) -> None:
    seen = set()
    with undone():
        for who in COLUMNS:
            for route in sorted(OF_WHO_ASKS | EVERYBODYS):
                page = browser_of(keys, who).get(f"/{route}").content.decode("utf-8", "replace")
                if STRANGER in page or "Gerai Mal Dua" in page:
                    seen.add((who, route))
    assert {who for who, _route in seen} <= CITY_WIDE, seen
    assert ("keeper", "pengelolaan/orang") in seen, "the planted name is shown to whom it may be"
