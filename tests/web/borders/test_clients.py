"""Client x operation of the API x whose object: no key, of one agency, of one mall, of the whole city; each cell asked.

    SATUATAP_WRITE_TABLES=1 python -m pytest tests/web/borders/test_clients.py

writes ``clients.csv`` anew. What the front answers by itself is asked of its own border: a handler that goes on to the
database of the front has let the client through, one that refuses has not asked it anything.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from satuatap.features.commons.models import Delivery
from satuatap.web.api.api import api
from tests.web.borders import fronts, tables
from tests.web.borders.asks import BEFORE_AT_DESK
from tests.web.borders.world import SIDES, Thing, World, browser, facts_written, rows_written, undone

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = Path(__file__).with_name("clients.csv")
KEYS = ("method", "operation", "whose")
COLUMNS = ("no_key", "own_agency", "own_mall", "whole_city")
# What has to be named in the address: an operation with another hole fails until it says whose it is.
WITHOUT_OBJECT = ("/me", "/agencies", "/services", "/search", "/services/{slug:code}", "/malls", "/webhooks")
FRONTS = ("tickets", "call", "start", "finish")
BODIES: dict[str, dict[str, Any]] = {
    "pause": {"reason": "break"},
    "transfer": {"service": "kk-baru", "reason": "wrong_service"},
}


def operations() -> list[tuple[str, str]]:
    found = [(method, path) for _prefix, router in api._routers for path, view in router.path_operations.items()
             for operation in view.operations for method in operation.methods]  # fmt: skip
    return sorted(found)


def holes(who: str, side: str, it: Thing) -> dict[str, str]:
    """What the address names: of this side; a webhook is its client's, so each has one of its own."""
    owner = who if side == "own" else side
    delivery = Delivery.objects.filter(webhook__client__name=f"klien {owner}").first()
    named = {"mall": it.mall_code, "desk": str(it.desk), "token": it.token}
    if delivery is not None:
        named |= {"hook": str(delivery.webhook_id), "delivery": str(delivery.pk)}
    return named


def ask(world: World, keys: dict[str, str], method: str, path: str, side: str, who: str) -> str:
    it, verb = world.sides[side], path.rpartition("/")[2]
    with undone():
        BEFORE_AT_DESK.get(verb, lambda *_words: None)(world, it)
        named = holes(who, side, it) or {}
        named.setdefault("hook", str(uuid4()))
        named.setdefault("delivery", str(uuid4()))
        address = "/api/v1" + re.sub(r"{(?:\w+:)?(\w+)}", lambda hole: named[hole[1]], path)
        body = BODIES.get(verb, {})
        if verb == "tickets":
            body = {"services": [it.service]}
        if verb == "finish":
            body = {"result": "done", "visit": it.visit, "seq": 0}
        headers = {"authorization": f"Bearer {keys[who]}"} if keys[who] else {}
        rows, facts = rows_written(), facts_written()
        if verb in FRONTS:
            found = fronts.ask(world, method, address, body, {**headers, "idempotency-key": str(uuid4())})
        else:
            answer = browser().generic(
                method, address, _sent(body) if method == "POST" else b"", content_type="application/json",
                headers={**headers, "idempotency-key": str(uuid4())},
            )  # fmt: skip
            found = tables.cell(answer.status_code, "", wrote=rows_written() > rows)
        if found in tables.REFUSED:
            assert (facts_written(), rows_written()) == (facts, rows), f"{method} {address} refused {who} and wrote"
    return found


def _sent(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


def test_the_table_is_the_truth_for_every_client_and_every_object(world: World, programs: dict[str, str]) -> None:
    seen: dict[tables.Row, dict[str, str]] = {
        (method, path, side): {who: ask(world, programs, method, path, side, who) for who in COLUMNS}
        for method, path in operations() if path not in WITHOUT_OBJECT for side in SIDES
    }  # fmt: skip
    tables.hold(TABLE, KEYS, COLUMNS, seen)


def test_a_border_that_is_taken_away_is_seen(
    world: World, programs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (world, programs, "POST", "/desks/{int:desk}/close", "agency", "own_agency")
    assert ask(*asked) == "no"
    monkeypatch.setattr("satuatap.web.api.desks.within_agency", lambda client, agency: None)
    assert ask(*asked) == "wrote"
    asked = (world, programs, "POST", "/desks/{int:desk}/call", "agency", "own_agency")
    assert ask(*asked) == "no"
    monkeypatch.setattr("satuatap.web.live.identity.within_agency", lambda client, agency: None)
    assert ask(*asked) == "yes"
