"""A plan's papers: PDF/A-2b for staff and for everybody, annexes and a working paper as workbooks."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import openpyxl
import pytest
from django.conf import settings
from django.test import Client

from satuatap.features.estate import actions as estate_actions
from satuatap.features.estate import queries as estate
from satuatap.features.estate import study
from satuatap.features.malls import queries as malls
from satuatap.features.malls.actions import put_malls
from satuatap.features.people.states import Role
from satuatap.features.plans import actions, drafting, inventory, queries, waiting
from satuatap.features.plans.states import MinutesLife
from satuatap.web.studio.papers import values_of
from tests.factories.people import BY, make_account
from tests.features.estate.test_study import DISTRICTS, TODAY, three_lists
from tests.features.plans import town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mall() -> Iterator[None]:
    put_malls(by=BY, rows=[{"code": "mal", "name": "Mal", "timezone": "Asia/Jakarta", "demo": False}])
    malls.forget()
    yield
    malls.forget()


def browser(role: Role) -> Client:
    client = Client()
    client.force_login(make_account(role=role), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def priced_plan() -> None:
    """A plan whose one version is what a study found."""
    rows = three_lists()
    estate_actions.put_estate(by=BY, rows=rows)
    asked = study.ask(rows, DISTRICTS, name="Kota", today=TODAY)
    number = estate_actions.ask_study(by=BY, seconds=20)
    estate_actions.begin_study(study=number)
    filled = {"norms": asked.taken, "known": asked.known}
    estate_actions.keep_problem(study=number, problem=asked.raw, input_hash="ab" * 32, filled=filled)
    solved = study.solve(asked.raw, seconds=20, draws=3)
    estate_actions.end_study(by=BY, study=number, answer=solved.answer, doubt=solved.doubt)
    found, now = estate.study(number), inventory.now()
    content = drafting.drafted(found.best_plan or {}, town.MOVES_ON, now, found)
    actions.open_regrouping(by=BY, code=town.PLAN, title="Satu gedung", author=make_account(role=Role.PLANNER).pk)
    actions.freeze_version(by=BY, plan=town.PLAN, content=content, inventory=now)


def inside(content: bytes) -> bytes:
    """A PDF with its compressed parts unpacked, to look into."""
    parts = [content]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def is_archive(content: bytes) -> bool:
    """PDF/A-2b as far as one can look: its XMP says so, its colours' profile and fonts are inside, it runs nothing."""
    whole = inside(content)
    fonts = len(re.findall(rb"/Type\s*/FontDescriptor", whole))
    files = len(re.findall(rb"/FontFile[23]?\s", whole))
    return (
        re.search(rb"pdfaid:part>2<", whole) is not None
        and re.search(rb"pdfaid:conformance>B<", whole) is not None
        and b"/GTS_PDFA1" in whole
        and b"/DestOutputProfile" in whole
        and fonts == files > 0
        and not re.search(rb"/Encrypt|/JavaScript|/Launch|/EmbeddedFile\b", whole)
    )


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def told(content: bytes) -> dict[str, Any]:
    """What a working paper says that the study said: term -> today, planned."""
    rows = [row for row in sheets(content)["Jumlah"] if isinstance(row[8], int)]
    return {row[0]: row[7:9] for row in rows if any(row[7:9])}


def printed_terms(content: queries.Content) -> dict[str, Any]:
    return {one.code: (one.today, one.planned) for one in content.terms if one.today or one.planned}


def test_papers_of_a_priced_plan() -> None:
    priced_plan()
    planner, place = browser(Role.PLANNER), f"/studio/rencana/{town.PLAN}"
    page = planner.get(place).content.decode()
    ends = ("telaahan.pdf", "lampiran.xlsx", "kertas-kerja.xlsx")
    assert all(f"{place}/{end}" in page for end in ends)
    paper, annexes, working = (planner.get(f"{place}/{end}") for end in ends)
    assert paper.headers["Content-Type"] == "application/pdf" and is_archive(paper.content)

    content = queries.regrouping(town.PLAN).versions[0].content
    found = sheets(annexes.content)
    assert [row[1] for row in found["Pindah"][2:]] == [f"U{one.unit[1:]}" for one in content.moves]
    total = next(row for row in found["Suku"] if row[0] == "jumlah kas")
    assert total[5] == content.cash > 0 and total[4] == sum(one.planned for one in content.terms if not one.capacity)
    assert {row[4] for row in found["Sumber"][2:]} == {"bersumber", "belum bersumber", "kosong: diisi dari norma"}
    assert "room.staff" in {row[0] for row in found["Norma"]}

    said = values_of(queries.regrouping(town.PLAN), is_public=False)
    assert said["draws"] and len(said["doubt"]["cash"]) == 3  # of this very plan
    assert said["tag"] == "sebagian belum bersumber"
    number = content.study
    own = planner.get(f"/studio/kajian/{number}/kertas-kerja.xlsx")
    assert sheets(own.content)["Jumlah"] == sheets(working.content)["Jumlah"]
    assert told(working.content) == printed_terms(content)

    now, study_of = inventory.now(), estate.study(UUID(number))
    one = content.moves[0]  # an author's own choice, counted anew
    own_choice = drafting.drafted({one.unit: one.target}, town.MOVES_ON, now, study_of)
    actions.freeze_version(by=BY, plan=town.PLAN, content=own_choice, inventory=now)
    assert own_choice.terms and printed_terms(own_choice) != printed_terms(content)
    assert told(planner.get(f"{place}/kertas-kerja.xlsx").content) == printed_terms(own_choice)
    assert Client().get(f"/penataan/{town.PLAN}/ringkasan.pdf").status_code == 404  # nobody opened it yet


def test_everybody_reads_the_public_one_without_names() -> None:
    town.build()
    town.consulted()
    place = f"/penataan/{town.PLAN}"
    assert f"{place}/ringkasan.pdf" in Client().get(place).content.decode()
    paper = Client().get(f"{place}/ringkasan.pdf")
    assert paper.headers["Content-Type"] == "application/pdf" and is_archive(paper.content)
    view = queries.regrouping(town.PLAN)
    shown = values_of(view, is_public=True)
    assert not shown["author"] and not shown["reviewer"] and not shown["review_text"] and shown["link"].endswith(place)
    assert values_of(view, is_public=False)["author"]
    assert shown["saved"] == "Rp60" and shown["freed_worth"] == "Rp30" and shown["freed"] == ["Gedung Lama"]
    assert browser(Role.PLANNER).get(f"/studio/rencana/{town.PLAN}/kertas-kerja.xlsx").status_code == 409


def test_the_report_tells_the_minutes_of_a_hall(monkeypatch: pytest.MonkeyPatch) -> None:
    town.build()
    town.consulted()
    line = {"name": "Loket A", "today_p90": 12.2, "p90": 30.1, "promised": 20.0, "holds": False, "remedies": []}
    found = {"lines": [line], "synthetic": True, "unknown": ["Dinas B"]}
    view = waiting.MinutesView(MinutesLife.DONE, datetime.now(UTC), None, found, False, "")
    monkeypatch.setattr(waiting, "minutes_of_plan", lambda *_: view)
    shown = values_of(queries.regrouping(town.PLAN), is_public=True)["waits"]
    assert shown["rows"][0][:4] == ["Loket A", "13", "31", "20"] and "obat" in shown["rows"][0][4]
    assert is_archive(Client().get(f"/penataan/{town.PLAN}/ringkasan.pdf").content)


def test_without_a_version_there_is_nothing_to_print() -> None:
    actions.open_regrouping(by=BY, code=town.PLAN, title="Kosong", author=make_account(role=Role.PLANNER).pk)
    answer = browser(Role.PLANNER).get(f"/studio/rencana/{town.PLAN}/telaahan.pdf")
    assert answer.status_code == 422 and "belum punya versi" in answer.content.decode()


def test_the_map_on_the_paper_is_the_screens_complete_in_itself() -> None:
    priced_plan()
    drawn = values_of(queries.regrouping(town.PLAN), is_public=False)["map"]
    root = ElementTree.fromstring(drawn)
    circles = root.findall(".//{http://www.w3.org/2000/svg}circle[@data-building]")
    assert {one.get("data-building") for one in circles} == {row["code"] for row in three_lists()["buildings"]}
    style = root.findtext("{http://www.w3.org/2000/svg}style") or ""
    assert "var(" not in style
    for name in {one.get("class") for one in circles}:
        assert re.search(rf"^\.{name} \{{[^}}]*fill: #", style, re.MULTILINE), name
