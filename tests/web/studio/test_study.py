"""The screens of a study: begun, watched, stopped, read, changed by hand and priced at once, handed on to a plan."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from satuatap.engines.regroup.verify import verify
from satuatap.features.estate import actions, pricing
from satuatap.features.estate import queries as estate
from satuatap.features.estate.models import Study
from satuatap.features.people.models import Account
from satuatap.features.people.states import Role
from satuatap.features.plans import actions as plan_actions
from satuatap.features.plans import queries as plans
from satuatap.project import studying
from tests.factories.people import BY, make_account
from tests.features.estate.test_study import three_lists

pytestmark = pytest.mark.django_db(transaction=True)
BEST = {"u0": "a", "u1": "a", "u2": "a", "u3": "a"}


@pytest.fixture(autouse=True)
def _inventory() -> None:
    actions.put_estate(by=BY, rows=three_lists())


@pytest.fixture
def planner() -> Client:
    return browser(make_account(role=Role.PLANNER))


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def send(client: Client, path: str, status: int = 303, **values: Any) -> Any:
    answer = client.post(path, {"key": str(uuid4()), **values})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.fixture
def done() -> UUID:
    """A study that ended by itself, with a few draws."""
    number = actions.ask_study(by=BY, seconds=20, draws=12)
    assert actions.begin_study() == number
    studying.run(number)
    return number


def running() -> UUID:
    number = actions.ask_study(by=BY, seconds=60)
    assert actions.begin_study() == number
    actions.keep_problem(study=number, problem=studying.asked().raw, input_hash="x", filled={})
    actions.note_progress(study=number, seconds=1, present=9e9, best=8e9, bound=2e9, plan={**BEST, "u3": "c"})
    actions.note_progress(study=number, seconds=3, present=9e9, best=5e9, bound=4.9e9, plan=BEST)
    return number


def test_a_planner_begins_a_study_and_others_only_read(planner: Client) -> None:
    mayor = browser(make_account(role=Role.MAYOR))
    key = str(uuid4())
    first, again = (send(planner, "/studio/kajian", seconds="30", draws="0", key=key) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"] and Study.objects.count() == 1
    assert "menunggu giliran" in read(mayor, first.headers["Location"])
    assert "Mulai kajian" in read(planner, "/studio/kajian") and "Mulai kajian" not in read(mayor, "/studio/kajian")
    assert mayor.post("/studio/kajian", {"seconds": "30", "draws": "0", "key": str(uuid4())}).status_code == 403
    assert "dari 5 sampai 3600 detik" in send(planner, "/studio/kajian", 422, seconds="0", draws="0").content.decode()
    read(planner, f"/studio/kajian/{uuid4()}", 404)


def test_its_picture_while_it_runs_and_the_button_that_stops_it(planner: Client) -> None:
    number = running()
    here = f"/studio/kajian/{number}"
    for path in (here, f"{here}/sekarang"):
        page = read(planner, path)
        assert "Sejauh ini: tiga unit pindah, dua gedung kosong" in page and 'class="best" d="M' in page
        assert "paling banyak 2,0%" in page and "3 dari 60 detik" in page
    assert '<noscript><meta http-equiv="refresh"' in read(planner, here)  # without script it reloads by itself
    send(planner, f"{here}/hentikan")
    assert "sedang dihentikan" in read(planner, here) and estate.study(number).best_plan == BEST
    assert "Hentikan, simpan" not in read(planner, here)


def test_what_went_wrong_is_a_sentence(planner: Client) -> None:
    number = actions.ask_study(by=BY, seconds=5)
    actions.begin_study()
    actions.fail_study(study=number, trouble="Norma room.staff belum ada; isi di lembar Norma.")
    page = read(planner, f"/studio/kajian/{number}")
    assert "Norma room.staff belum ada" in page and "berhenti karena kendala" in page
    assert "sudah selesai" in send(planner, f"/studio/kajian/{number}/hentikan", 409).content.decode()


def test_the_plan_of_a_study(planner: Client, done: UUID) -> None:
    page = read(planner, f"/studio/kajian/{done}")
    view = estate.study(done)
    assert view.best_plan and view.doubt and view.doubt["plan"]["draws"] > 0
    assert "unit pindah, dua gedung kosong." in page and "Terbukti" in page and "tidak dijumlahkan" in page
    assert page.count("data-building=") == 3 and page.count('<path class="arc"') == 2
    assert page.count("<tr data-unit=") == len({u for u, b in view.best_plan.items() if b != _present()[u]})
    low, high = (view.doubt["plan"]["cash"][end] for end in ("low", "high"))
    assert low < view.doubt["plan"]["cash"]["middle"] < high and "90% dari undian" in page
    for name in ("sebelum", "sesudah"):
        other = read(planner, f"/studio/kajian/{done}?peta={name}")
        assert f"map--{name}" in other and '<path class="arc"' not in other
    assert "Letak gedung kira-kira" not in page and "data contoh" not in page  # nothing here is made up


def _present() -> dict[str, str]:
    return {"u0": "a", "u1": "b", "u2": "c", "u3": "c"}


def test_made_up_figures_and_places_are_tagged(planner: Client) -> None:
    rows = three_lists()
    rows["buildings"][0].update(made_up=["lat", "lon", "area_m2"])
    actions.put_estate(by=BY, rows=rows)
    number = actions.ask_study(by=BY, seconds=20)
    actions.begin_study()
    studying.run(number)
    page = read(planner, f"/studio/kajian/{number}")
    assert "Letak gedung kira-kira" in page and "data contoh" in page
    for path in ("/studio/kajian", f"/studio/kajian/{number}/sekarang"):
        assert "data contoh" in read(planner, path)


def test_a_unit_moved_by_hand_is_priced_by_the_verifier(planner: Client, done: UUID) -> None:
    here, best = f"/studio/kajian/{done}", dict(estate.study(done).best_plan or {})
    home = best["u0"]
    other = "b" if home != "b" else "c"
    answer = planner.get(here, {"unit": "u0", "ke": other})
    assert answer.status_code == 303 and answer.headers["Location"] == f"{here}?pindah=u0%3A{other}"
    page = read(planner, answer.headers["Location"])
    raw = estate.study_task(done).problem or {}
    plan = {**best, "u0": other}
    assert "diubah dengan tangan" in page and 'class="sel"' in page
    price = pricing.price(pricing.case_of(done), plan)
    assert price.score == pytest.approx(verify(raw, plan).score)
    gap = price.gap(estate.study(done).bound)
    assert gap is not None and gap > 0 and "paling banyak" in page
    assert planner.get(here, {"unit": "u0", "ke": home, "pindah": f"u0:{other}"}).headers["Location"] == here
    assert "tidak ada dalam kajian ini" in read(planner, f"{here}?pindah=u0:tidak-ada", 422)
    assert "tidak ada dalam kajian ini" in read(planner, f"{here}?pindah=siapa:a", 422)


def test_what_a_changed_plan_breaks_is_said_in_words(planner: Client) -> None:
    rows = three_lists()
    rows["buildings"][2].update(area_m2=130.0)
    rows["units"][1].update(stays=True)
    rows["placements"][3].update(building="a")
    actions.put_estate(by=BY, rows=rows)
    number = actions.ask_study(by=BY, seconds=20)
    actions.begin_study()
    studying.run(number)
    page = read(planner, f"/studio/kajian/{number}?pindah=u0:c&pindah=u1:c&pindah=u2:c&pindah=u3:c")
    assert "U1 harus tetap di gedungnya" in page and re.search(r"c: perlu \d+ m² ruang kerja, ada \d+ m²", page)
    assert "Melanggar" in page and "paling banyak" not in page


def test_other_prices_price_the_same_plan_and_may_begin_a_study(planner: Client, done: UUID) -> None:
    here = f"/studio/kajian/{done}"
    page = read(planner, f"{here}?harga-amortise_years=2&harga-hour=40000")
    assert "rencana tidak dihitung ulang" in page.lower() and "paling banyak" not in page
    assert 'name="harga-amortise_years" value="2"' in page and "90% dari undian" not in page
    for wrong in ("abc", "nan", "1e99", "-1", "0"):
        problem = read(planner, f"{here}?harga-amortise_years={wrong}", 422)
        assert "harga" in problem.lower() and "Terbukti" in problem  # the study's own prices stay
    answer = send(planner, "/studio/kajian", seconds="20", draws="0", **{"harga-amortise_years": "2,5"})
    number = UUID(answer.headers["Location"].rsplit("/", 1)[1])
    assert estate.study(number).prices == {"amortise_years": 2.5}
    actions.begin_study()
    studying.run(number)
    assert (estate.study_task(number).problem or {})["prices"]["amortise_years"] == 2.5
    assert "dengan harga lain" in read(planner, "/studio/kajian")
    said = send(planner, "/studio/kajian", 422, seconds="20", draws="0", **{"harga-hour": "1e12"}).content.decode()
    assert "di luar batas" in said


def test_a_changed_plan_becomes_a_version_with_its_verified_price(planner: Client, done: UUID) -> None:
    author = make_account(role=Role.PLANNER)
    plan_actions.open_regrouping(by=BY, code="uji-2026", title="Rencana uji", author=author.pk)
    best = dict(estate.study(done).best_plan or {})
    other = "b" if "b" not in best.values() else "c"
    page = read(planner, f"/studio/kajian/{done}?pindah=u0:{other}")
    link = f"/studio/rencana/uji-2026/versi?kajian={done}&amp;pindah=u0%3A{other}"
    assert link in page
    form = read(planner, link.replace("&amp;", "&"))
    chosen = dict(re.findall(r'<select[^>]*name="ke-(\w+)".*?<option value="(\w+)" selected', form))
    assert chosen == {u: b for u, b in {**best, "u0": other}.items() if b != _present()[u]}
    values = {f"ke-{unit}": building for unit, building in chosen.items()}
    send(planner, "/studio/rencana/uji-2026/versi", on="2026-12-01", study=str(done), **values)
    said = plans.regrouping("uji-2026").versions[0].content
    counted = verify(estate.study_task(done).problem or {}, {**best, "u0": other})
    assert said.score == round(counted.score) and said.bound is not None and said.bound <= said.score
    assert sum(t.planned for t in said.terms if not t.capacity) == pytest.approx(counted.cash_yearly, abs=20)
    assert not said.proved and said.study == str(done)
