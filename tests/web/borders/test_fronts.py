"""Role x address of the front x whose object: the hot endpoints and the streams, which no Django view answers.

    SATUATAP_WRITE_TABLES=1 python -m pytest tests/web/borders/test_fronts.py

writes ``fronts.csv`` anew. A cell ``yes`` went on to the front's database; all others were refused before it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from satuatap.web.live import health
from satuatap.web.live.front import ROUTES
from tests.web.borders import fronts, tables
from tests.web.borders.test_objects import Cookies
from tests.web.borders.world import COLUMNS, SIDES, Thing, World, facts_written, undone

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = Path(__file__).with_name("fronts.csv")
KEYS = ("method", "route", "whose")
HOLE = re.compile(r"\(\?P<(\w+)>[^)]*\)")


def routes() -> list[tuple[str, str]]:
    """Every address of the front but the programs' (clients.csv) and those of machines that watch it."""
    found = [(way, pattern.pattern, handler) for way, pattern, handler, _json in ROUTES]
    return [(way, route) for way, route, handler in found if "/api/" not in route and handler not in health.HANDLERS]


def ask(world: World, keys: Cookies, way: str, route: str, it: Thing, who: str) -> str:
    holes = {"desk": str(it.desk), "token": it.token}
    body: dict[str, Any] = {
        "key": str(uuid4()),
        "services": [it.service],
        "result": "done",
        "visit": it.visit,
        "seq": 0,
    }
    cookie = keys[who].get(settings.SESSION_COOKIE_NAME)
    headers = {"accept": "application/json"} | ({"cookie": cookie.OutputString()} if cookie else {})
    with undone():
        facts = facts_written()
        found = fronts.ask(world, way, HOLE.sub(lambda hole: holes[hole[1]], route), body, headers)
        assert facts_written() == facts
    return found


def test_the_table_is_the_truth_for_every_role_and_every_object(world: World, keys: Cookies) -> None:
    seen: dict[tables.Row, dict[str, str]] = {
        (way, route, side): {who: ask(world, keys, way, route, world.sides[side], who) for who in COLUMNS}
        for way, route in routes() for side in SIDES
    }  # fmt: skip
    tables.hold(TABLE, KEYS, COLUMNS, seen)
