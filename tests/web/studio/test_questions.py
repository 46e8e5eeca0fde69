"""A planner asks a study: why not there, how sure, in which years; forces a choice and compares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from satuatap.features.estate import actions as estate
from satuatap.features.estate import pricing, study_questions
from satuatap.features.estate import queries as studies
from satuatap.features.estate.models import Building, Norm, Study, Unit
from satuatap.features.estate.questions import queries
from satuatap.features.estate.states import Ask
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.plans import actions as plans
from satuatap.features.plans import drafting, inventory
from satuatap.project import answering, studying
from satuatap.web.studio import questions_doubt, questions_figures
from satuatap.web.studio.study_words import money
from tests.factories.people import BY, make_account
from tests.features.estate.test_study import three_lists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[UUID]:
    """A small city, studied (``param``: with so many draws of its doubt); one unit must stay where it is."""
    monkeypatch.setattr(study_questions, "WHY_SECONDS", 20.0)
    rows = three_lists()
    rows["units"][3]["stays"] = True
    estate.put_estate(by=BY, rows=rows)
    number = estate.ask_study(by=BY, seconds=20, draws=getattr(request, "param", 0))
    assert estate.begin_study() == number
    studying.run(number)
    yield number
    malls.forget()


@pytest.fixture
def planner() -> Client:
    client = Client()
    client.force_login(make_account(role=Role.PLANNER), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def send(client: Client, path: str, status: int = 303, **values: Any) -> str:
    answer = client.post(path, {"key": str(uuid4()), **values})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.headers.get("Location", "") or answer.content.decode()


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def elsewhere(study: UUID) -> str:
    (there,) = set((studies.study(study).best_plan or {}).values())
    return next(code for code in ("a", "b", "c") if code != there)


def test_why_not_there_is_asked_answered_forced_and_compared(study: UUID, planner: Client) -> None:
    here, other = f"/studio/kajian/{study}", elsewhere(study)
    place = send(planner, f"{here}/kenapa", unit="u0", gedung=other).split("#")[0]
    page = shown(planner, place)
    assert "data-waits" in page  # it comes by itself; without script too, by an address without a fragment
    assert f'http-equiv="refresh" content="1;url={place.replace("&", "&amp;")}"' in page
    seen = re.search(r'data-seen="([^"]+)"', page)
    assert seen is not None and planner.get(place, headers={"X-Seen": seen[1]}).status_code == 204
    answering.answer_all()
    assert planner.get(place, headers={"X-Seen": seen[1]}).status_code == 200
    page = shown(planner, place)
    told = queries.questions_of(study, Ask.WHY)[0].answer
    assert told is not None and "data-waits" not in page
    assert f"Kenapa U0 tidak di {other}?" in page and "tidak dijumlahkan" in page
    assert page.count('class="q-dear"') == sum(amount >= 1 for amount in told["cash"].values())
    asked = re.search(r'name="question" value="([^"]+)"', page)
    assert asked is not None
    there = send(planner, f"{here}/kenapa/tetapkan", question=asked[1])
    page = shown(planner, there)
    assert "U0 ditetapkan di" in page and "tidak dijumlahkan" in page and "Masih dihitung" in page
    assert "Dasarnya tidak sama" not in page  # rules may differ, prices and inventory do not


def test_what_is_impossible_says_which_rules_clash(study: UUID, planner: Client) -> None:
    place = send(planner, f"/studio/kajian/{study}/kenapa", unit="u3", gedung="a").split("#")[0]
    send(planner, f"/studio/kajian/{study}/kenapa/longgarkan", back="")
    answering.answer_all()
    page = shown(planner, place)
    assert "U3 tidak mungkin di a." in page and "U3 harus tetap di gedungnya" in page and "Tetapkan" not in page
    assert "Tanpa aturan ini" in page
    assert "tidak ada di kajian ini" in send(planner, f"/studio/kajian/{study}/kenapa", 422, unit="u0", gedung="zz")


doubted = pytest.mark.parametrize("study", [60], indirect=True, ids=["60 draws"])


@doubted
def test_a_figure_that_is_typed_narrows_the_picture_and_is_kept_with_its_source(study: UUID, planner: Client) -> None:
    here = f"/studio/kajian/{study}/keraguan"
    page = shown(planner, here)
    hints = re.findall(r"Kini ([\d.,]+) sampai ([\d.,]+), dikira ([\d.,]+)", page)
    assert 1 <= len(hints) <= 3 and "q-track" in page
    first, choices = page.split('class="q-fields"')[1].split("</form>")[0], page.split("<h2>Pilihan kota</h2>")[1]
    assert "Satu angka untuk seluruh kota." in first  # a norm, found once, holds in every building
    for name in ("Bobot kapasitas dalam pilihan", "Bobot satu km perjalanan warga", "Biaya sekali dibagi"):
        assert name in choices and name not in first
    assert "10 tahun" in choices and f'href="/studio/kajian/{study}#harga"' in choices
    assert "di luar rentangnya" in send(planner, here, 422, **{"angka-0": "99999999999"})
    place = send(planner, here, **{"angka-0": hints[0][2]}).split("#")[0]
    page = shown(planner, place)
    assert "ditimbang ulang, belum dihitung ulang" in page and "semula" in page and "data-waits" in page
    answering.answer_all()
    page = shown(planner, place)
    assert "sudah dihitung ulang" in page and "inventaris tidak berubah" in page
    assert Unit.objects.exclude(area_m2=None).count() == 0  # a what-if stays one


def test_years_and_choices_are_drawn_with_their_tables(study: UUID, planner: Client) -> None:
    here = f"/studio/kajian/{study}/gedung"
    assert 'class="stack"' in shown(planner, here)
    place = send(planner, f"{here}/hitung", tahun="2", pagu="").split("#")[0]
    assert "data-waits" in shown(planner, place)
    answering.answer_all()
    page = shown(planner, place)
    assert 'class="gantt"' in page and 'class="front"' in page and "data-waits" not in page
    assert page.count("Lihat sebagai tabel") == 2 and "Rencana ini" in page
    tight = send(planner, f"{here}/hitung", tahun="1", pagu="1").split("#")[0]
    answering.answer_all()
    assert "tidak ada jalan" in shown(planner, tight)


def test_a_version_of_a_plan_is_priced_in_the_studys_city(study: UUID, planner: Client) -> None:
    account, other = make_account("penyusun", role=Role.PLANNER), elsewhere(study)
    plans.open_regrouping(by=BY, code="rencana-lain", title="Rencana lain", author=account.pk)
    now = inventory.now()
    said = drafting.drafted({"u1": other, "u2": other}, date(2027, 1, 4), now)
    plans.freeze_version(by=BY, plan="rencana-lain", content=said, inventory=now)
    page = shown(planner, f"/studio/bandingkan?a={study}&b=rencana-lain@1")
    case = pricing.case_of(study)
    price = pricing.price(case, {**case.present, "u1": other, "u2": other})
    assert "Rencana lain, versi 1" in page and money(price.cash) in page and "menghemat" in page
    assert "Dasarnya tidak sama" not in page and "Lihat daftar" not in page
    for wrong in ("tidak-ada", "rencana-lain@7", "../x"):
        assert "data-code" in planner.get("/studio/bandingkan", {"a": str(study), "b": wrong}).content.decode()


def test_a_study_without_a_plan_says_so(study: UUID, planner: Client) -> None:
    Study.objects.update(best_plan=None)
    for part in ("kenapa", "keraguan", "gedung"):
        assert "belum punya rencana" in shown(planner, f"/studio/kajian/{study}/{part}")
    assert Building.objects.count() == 3


@doubted
def test_a_figure_goes_into_the_inventory_with_its_source_or_not_at_all(
    study: UUID, planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = questions_figures.Place("units", "u1", "area_m2")
    one = questions_figures.Found("x", "U1: m²", "m²", 50.0, 80.0, 120.0, {"units[1].area_m2.office": 1.0}, place)
    worth = {"moves": 5.0, "changes": []}
    monkeypatch.setattr(questions_doubt, "figures_first", lambda *_words: [(one, worth)])
    here = f"/studio/kajian/{study}/keraguan/catat"
    assert "memerlukan sumber" in send(planner, here, 422, urutan="0", angka="90,5", sumber="", tahun="2026")
    assert "memerlukan sumber" in send(planner, here, 422, urutan="0", angka="90,5", sumber="Denah", tahun="lama")
    assert Unit.objects.exclude(area_m2=None).count() == 0
    send(planner, here, urutan="0", angka="90,5", sumber="Denah kantor U1", tahun="2026")
    row = Unit.objects.get(code="u1")
    assert (row.area_m2, row.source, row.source_year) == (90.5, "Denah kantor U1", 2026)
    one = questions_figures.Found("shared.guard.building", "Satpam", "orang", 2.0, 4.0, 6.0, {"x": 1.0},
                                  questions_figures.Place("norms", "guard.building", "likely"))  # fmt: skip
    monkeypatch.setattr(questions_doubt, "figures_first", lambda *_words: [(one, worth)])
    send(planner, here, urutan="0", angka="3", sumber="Kontrak 2026", tahun="2026")
    norm = Norm.objects.get(key="guard.building")
    assert (norm.low, norm.likely, norm.high, norm.source) == (3, 3, 3, "Kontrak 2026")
    price = replace(one, unit="Rp/m2/tahun", place=questions_figures.Place("norms", "upkeep.m2", "likely"))
    monkeypatch.setattr(questions_doubt, "figures_first", lambda *_words: [(price, worth)])
    assert "dijaga dinas lain" in send(planner, here, 403, urutan="0", angka="3", sumber="Kontrak 2026", tahun="2026")
    auditor = Client()
    auditor.force_login(make_account("auditor", Role.INSPECTORATE), backend=settings.AUTHENTICATION_BACKENDS[0])
    assert auditor.post(here, {"key": str(uuid4()), "urutan": "0"}).status_code == 403
