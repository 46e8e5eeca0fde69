"""An upload with problems is mended by a press; thousands of rows are read with their report in seconds."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import uuid4

import pytest

from satuatap.basics.actor import Actor
from satuatap.features.estate import queries
from satuatap.features.estate.models import KeptTables
from satuatap.features.malls import changes as kept
from satuatap.features.malls.refusals import NoSuchChange
from satuatap.project.city.changing import apply_draft, problem_of, undo_change
from satuatap.project.city.mending import NothingToMend, mend
from satuatap.project.city.opening import open_city
from satuatap.project.city.uploads import Upload, look_at
from tests.factories.cities import TANJUNG

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database15]
BY = Actor.account(7)
BUILDINGS = b"code,name,area_m2,ownership,use\nbalai,Balai,900,rented,used\nbalai,Balai,900,rented,used\n"
LEASES = b"building,starts,ends,yearly\nbala,2025-01-01,2027-12-31,Rp1.250.000\n"


@pytest.fixture(autouse=True)
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    assert open_city(TANJUNG).problems == []


def three(buildings: bytes = BUILDINGS, leases: bytes = LEASES) -> list[Upload]:
    return [Upload("buildings.csv", buildings), Upload("leases.csv", leases)]


def places(draft: kept.ChangeView) -> list[tuple[str, int | None, str]]:
    return [(problem.sheet, problem.row, problem.column) for problem in map(problem_of, draft.problems)]


def test_all_that_is_safe_is_mended_at_once_and_what_is_a_guess_by_a_press_of_its_own() -> None:
    draft = look_at(by=BY, uploads=three())
    assert places(draft) == [("leases", 2, "yearly"), ("buildings", 3, "code"), ("leases", 2, "building")]
    second = mend(by=BY, draft=draft.id)
    assert places(second) == [("leases", 2, "building")]
    with pytest.raises(NoSuchChange):
        kept.change(draft.id)
    with pytest.raises(NothingToMend):  # a guess is never made without being asked
        mend(by=BY, draft=second.id)
    third = mend(by=BY, draft=second.id, place=0)
    assert third.problems == [] and not KeptTables.objects.exists()
    change = apply_draft(by=BY, draft=third.id, request=uuid4())
    rows = queries.sheet_rows()
    assert [row["yearly"] for row in rows["leases"]] == [1_250_000] and len(rows["buildings"]) == 1
    undo_change(by=BY, change=change, request=uuid4())
    assert queries.sheet_rows()["buildings"] == [] and queries.sheet_rows()["leases"] == []


def test_rows_that_differ_are_no_twins_and_what_can_mean_two_things_is_left_alone() -> None:
    draft = look_at(by=BY, uploads=three(BUILDINGS.replace(b"900", b"1.900", 1), LEASES.replace(b"bala", b"balai")))
    assert [bool(problem_of(one).mend) for one in draft.problems if one[0] == "buildings"] == [False, False]
    assert ("buildings", 2, "area_m2") in places(draft)  # thousands or a fraction?


def test_persons_are_not_kept_for_mending() -> None:
    staff = (TANJUNG / "staff.csv").read_bytes()
    look_at(by=BY, uploads=[*three(), Upload("staff.csv", staff)])
    assert set(KeptTables.objects.get().tables) == {"buildings", "leases"}


def test_five_thousand_rows_have_their_report_and_are_mended() -> None:
    """How fast: docs/numbers.md; here that a code wrong in hundreds of rows and a thousand mends take no minutes."""
    halls = "".join(f"g{n},Gedung {n},900,city,used\n" for n in range(200))
    meters = "".join(f"m{n},g{n % 200},electricity\n" for n in range(210))
    days = [f"{2024 + n // 12}-{n % 12 + 1:02d}" for n in range(24)]
    bills = "".join(
        f"m{n % 230},{days[n // 230]}-01,{days[n // 230]}-28,{n},Rp{n + 1}.000\n" if n < 999 else
        f"m{n % 230},{days[n // 230]}-01,{days[n // 230]}-28,{n},{n}\n"
        for n in range(4600)
    )  # fmt: skip
    files = [
        Upload("buildings.csv", f"code,name,area_m2,ownership,use\n{halls}".encode()),
        Upload("meters.csv", f"code,building,supply\n{meters}".encode()),
        Upload("bills.csv", f"meter,first_day,last_day,quantity,amount\n{bills}".encode()),
    ]
    began = time.perf_counter()
    draft = look_at(by=BY, uploads=files)
    report = time.perf_counter() - began
    assert len(draft.problems) == 999 + 20 * 20
    mended = mend(by=BY, draft=draft.id)
    assert len(mended.problems) == 20 * 20  # the meters that are not there
    assert report < 30, report
