"""Role x address x whose object, for who keeps or reads the inventory: its sheets, and the rest of the city's.

    SATUATAP_WRITE_TABLES=1 python -m pytest tests/web/estate/test_borders.py

writes ``borders.csv`` anew after a change that is meant; review each cell before it is committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.malls import actions as malls
from satuatap.features.malls.changes import RowChange
from satuatap.project.city.state import read_state
from tests.factories.people import BY
from tests.web.borders import tables
from tests.web.borders.world import facts_written, undone

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("borders.csv")
COLUMNS = ("anonymous", "planner", "asset", "reader", "officer", "keeper")
MINE, THEIRS, MIXED = "the inventory's", "the city's", "of both"
PAGES = ("gedung", "gedung/mpp", "unit", "harga", "mutu", "daftar", "impor", "impor/templat/tiga", "impor/isi/semua")


def changes_of(*sheets: str) -> list[RowChange]:
    """Each sheet's first row with another note."""
    state = read_state(*sheets)
    found = []
    for name in sheets:
        key, texts = next(iter(state[name].items()))
        found.append(RowChange(name, key, texts, {**texts, "note": "uji"}))
    return found


def drafts() -> dict[str, str]:
    """An import that waits, of each kind."""
    rows = {MINE: changes_of("buildings"), THEIRS: changes_of("agencies"), MIXED: changes_of("agencies", "buildings")}
    return {kind: str(malls.keep_draft(by=BY, way="import", rows=some).pk) for kind, some in rows.items()}


def made() -> dict[str, str]:
    """A change that was applied, of each kind; taken back it would put the first note back."""
    rows = {MINE: changes_of("buildings"), THEIRS: changes_of("agencies")}
    return {kind: str(malls.note_change(by=BY, way="edit", rows=some).pk) for kind, some in rows.items()}


def asks() -> dict[tuple[str, str, str], tuple[str, Mapping[str, str]]]:
    """Method, address and object -> the address as it is asked, and the words of its form."""
    state = read_state("buildings", "agencies")
    rows = {MINE: ("buildings", next(iter(state["buildings"]))), THEIRS: ("agencies", next(iter(state["agencies"])))}
    found: dict[tuple[str, str, str], tuple[str, Mapping[str, str]]] = {
        ("GET", f"studio/{one}", MINE): (f"/studio/{one}", {}) for one in PAGES
    }
    for kind, (sheet, row) in rows.items():
        place = f"/studio/daftar/{sheet}"
        found["GET", "studio/daftar/<sheet>", kind] = (place, {})
        found["GET", "studio/daftar/<sheet>/<row>", kind] = (f"{place}/{row}", {})
        found["POST", "studio/daftar/<sheet>/<row>", kind] = (f"{place}/{row}", {"then": "{}"})
        found["POST", "studio/daftar/<sheet>/<row>/hapus", kind] = (f"{place}/{row}/hapus", {"version": "x"})
    for kind, number in drafts().items():
        found["GET", "studio/impor/<draft>", kind] = (f"/studio/impor/{number}", {})
        found["GET", "studio/impor/<draft>/masalah", kind] = (f"/studio/impor/{number}/masalah", {})
        for end in ("", "/bandingkan", "/betulkan", "/buang"):
            found["POST", f"studio/impor/<draft>{end}", kind] = (f"/studio/impor/{number}{end}", {})
    for kind, number in made().items():
        found["POST", "studio/perubahan/<change>/batalkan", kind] = (f"/studio/perubahan/{number}/batalkan", {})
    return found


def ask(client: Client, method: str, address: str, words: Mapping[str, str]) -> str:
    with undone():
        facts = facts_written()
        if method == "GET":
            answer = client.get(address, words)
        else:
            answer = client.post(address, {"key": str(uuid4()), **words})
        fresh = facts_written() - facts
        found = tables.cell(answer.status_code, answer.headers.get("Location", ""), wrote=fresh > 0)
        assert found not in tables.REFUSED or fresh == 0, f"{address} refused and the journal went on"
    return found


def test_the_table_is_the_truth_for_every_role_and_object(who: Any) -> None:
    browsers = {name: who(name) if name != "anonymous" else Client() for name in COLUMNS}
    for browser in browsers.values():
        browser.get("/studio")  # that somebody is here is written once, whatever she asks for
    seen = {
        row: {name: ask(browsers[name], row[0], address, words) for name in COLUMNS}
        for row, (address, words) in asks().items()
    }
    tables.hold(TABLE, ("method", "address", "object"), COLUMNS, seen)
    for (_method, _address, kind), cells in seen.items():  # whatever the table says: no role here reaches the rest
        assert kind == MINE or not {"yes", "wrote"} & set(cells.values())
