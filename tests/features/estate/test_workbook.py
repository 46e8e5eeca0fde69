"""The working paper gives the engine's totals to the Rupiah when a spreadsheet computes it anew."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from satuatap.engines.regroup.cost import Cost, cost
from satuatap.engines.regroup.generate import city
from satuatap.engines.regroup.reading import read as read_problem
from satuatap.features.estate import study
from satuatap.features.estate.tables import SHEETS
from satuatap.features.estate.workbook import workbook
from satuatap.plumbing.sheets.read import read
from satuatap.plumbing.sheets.schema import Book
from satuatap.project.city.format import BOOK

ROOT = Path(__file__).parents[3]
OFFICE = next((found for name in ("soffice", "libreoffice") if (found := shutil.which(name))), None)
MILLION = 1_000_000
MONEY = {"yearly_fixed", "yearly_per_m2", "yearly_per_person", "lease_yearly", "empty_yearly", "freed_income_yearly",
         "closing_once", "fit_out_per_m2_once", "minimum_monthly", "standing_monthly", "yearly", "price_per_unit",
         "trip_per_km", "hour", "citizen_km", "move_per_person", "move_per_m2"}  # fmt: skip


def in_rupiah(raw: Any, is_money: bool = False) -> Any:
    """A generated city's amounts are in Rp million; the same city in Rupiah."""
    if isinstance(raw, Mapping):
        return {key: in_rupiah(one, is_money or key in MONEY) for key, one in raw.items()}
    if isinstance(raw, list):
        return [in_rupiah(one, is_money) for one in raw]
    return raw * MILLION if is_money and isinstance(raw, int | float) and not isinstance(raw, bool) else raw


def palembang() -> dict[str, Any]:
    """The demo city's problem, from its own sheets."""
    rows: dict[str, Any] = {sheet: [] for sheet in SHEETS}
    for sheet in (*SHEETS, "districts"):
        folder = ROOT / "data" / ("norms" if sheet == "norms" else "palembang")
        rows[sheet] = [dict(one) for one in read(folder, Book([BOOK.sheet(sheet)]), alone=True).values(sheet)]
    asked = study.ask(rows, rows.pop("districts"), name="Kota Palembang", today=date(2026, 11, 27))
    assert not asked.faults
    return asked.raw


def moved(raw: Mapping[str, Any], every: int) -> dict[str, str]:
    """A plan in which the units of every n-th building go to the next one; feasible or not, it has a cost."""
    order = [b["id"] for b in raw["buildings"]]
    new = {code: order[(n + 1) % len(order)] if n % every == 0 else code for n, code in enumerate(order)}
    return {u["id"]: new[u["present"]] for u in raw["units"]}


CASES = {
    "kecil": (lambda: in_rupiah(city(12, 5, 1)), 2),
    "sedang": (lambda: in_rupiah(city(24, 9, 4)), 3),
    "genap": (lambda: in_rupiah(city(18, 6, 6)), 2),
    "palembang": (palembang, 3),
}


def expected(raw: Mapping[str, Any], plan: Mapping[str, str]) -> tuple[Cost, Cost]:
    problem = read_problem(raw).problem
    assert problem is not None
    return cost(problem, {u.id: u.present for u in problem.units}), cost(problem, plan)


def lines(book: Any) -> dict[str, tuple[Any, ...]]:
    """Rows of the totals: first cell and kind -> the computed cells."""
    found, kind = {}, ""
    for row in book["Jumlah"].iter_rows(values_only=True):
        if str(row[0]).startswith(("Kas:", "Kapasitas:", "Perjalanan", "Skor")):
            kind = str(row[0]).split(":")[0]
        elif row[0] and isinstance(row[2], int | float):
            found[f"{kind}/{row[0]}"] = row[2:]
    return found


def computed(files: Mapping[str, bytes], folder: Path) -> dict[str, Any]:
    """The workbooks after LibreOffice computed every formula, all in one run."""
    assert OFFICE is not None
    for name, content in files.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    profile, out = f"-env:UserInstallation=file://{folder}/profile", folder / "out"
    made = [str(folder / f"{name}.xlsx") for name in files]
    words = [OFFICE, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *made]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    return {name: openpyxl.load_workbook(out / f"{name}.xlsx", data_only=True) for name in files}


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice tidak ada: apt-get install libreoffice-calc-nogui")
def test_a_spreadsheet_gets_the_engines_totals_to_the_rupiah(tmp_path: Path) -> None:
    raws = {name: make() for name, (make, _every) in CASES.items()}
    plans = {name: moved(raws[name], every) for name, (_make, every) in CASES.items()}
    books = computed({name: workbook(raw, plans[name]) for name, raw in raws.items()}, tmp_path)
    for name, raw in raws.items():
        found, (today, planned) = lines(books[name]), expected(raw, plans[name])
        for kind, word in (("cash", "Kas"), ("capacity", "Kapasitas")):
            first, then = getattr(today, kind), getattr(planned, kind)
            pairs = {term: (round(first.get(term, 0)), round(then.get(term, 0))) for term in {*first, *then}}
            assert {term: found[f"{word}/{term}"][2:4] for term in pairs} == pairs, name
            sums = tuple(sum(pair[n] for pair in pairs.values()) for n in (0, 1))
            assert found[f"{word}/Jumlah"][2:5] == (*sums, sums[0] - sums[1]), (name, kind)
        assert found["Skor/skor"][2:4] == (round(today.score), round(planned.score)), name
        assert len(planned.moved) > 2 and planned.one_off, name


def test_no_text_is_a_formula_and_nothing_adds_cash_to_capacity() -> None:
    raw = in_rupiah(city(12, 5, 1))
    raw["units"][0]["name"], raw["buildings"][0]["name"] = "=1+1", "@SUM(A1)"
    plan = moved(raw, 2)
    told = {"present_cost": {"cash": {"upkeep": 2.5}}, "cost": {"cash": {"upkeep": 3.5}}}
    book = openpyxl.load_workbook(BytesIO(workbook(raw, plan, told=told, about=[("Kajian", "-1")])))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"'=1+1", "'@SUM(A1)", "'-1", "data contoh"} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n", "f"}
    totals = {cell.coordinate: str(cell.value) for row in book["Jumlah"].iter_rows() for cell in row if cell.value}
    last = {kind: row[0].row for row in book["Jumlah"].iter_rows() for kind in ("kas", "kapasitas")
            if row[0].value == "Jumlah" and row[1].value == kind}  # fmt: skip
    assert last["kas"] < last["kapasitas"]
    for number in range(last["kas"] + 1, last["kapasitas"] + 1):  # nothing of the second table looks into the first
        for letter in "CDEFG":
            found = re.findall(r"[A-J](\d+)", totals.get(f"{letter}{number}", "").replace("Suku!", ""))
            assert all(int(row) > last["kas"] for row in found if "SUMIF" not in totals[f"{letter}{number}"])
    upkeep = next(row for row in book["Jumlah"].iter_rows(values_only=True) if row[0] == "upkeep")
    assert upkeep[7:9] == (2, 4)  # halves to the even neighbour, as a plan's figures are printed
