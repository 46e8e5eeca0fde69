"""Five thousand rows of the inventory: read with every problem, shown, applied, taken back.

    .venv/bin/python benchmarks/imports.py [--rows 5000] [--json]

One line a step: seconds on the wall, seconds of this process' own work (what others on the machine do is not in them).
A database of its own (SATUATAP_HOME in a new folder) with the demo city in it; nothing else is served.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

HOME = tempfile.mkdtemp(prefix="satuatap-imports-")
os.environ |= {"SATUATAP_HOME": HOME, "DJANGO_SETTINGS_MODULE": "satuatap.project.settings"}
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402

django.setup()

from satuatap.basics.actor import Actor  # noqa: E402
from satuatap.features.estate import quality, queries  # noqa: E402
from satuatap.plumbing.sheets.schema import Book  # noqa: E402
from satuatap.plumbing.sheets.write import as_csv, write_xlsx  # noqa: E402
from satuatap.project.city.changing import apply_draft, undo_change  # noqa: E402
from satuatap.project.city.format import BOOK  # noqa: E402
from satuatap.project.city.mending import mend  # noqa: E402
from satuatap.project.city.opening import open_city  # noqa: E402
from satuatap.project.city.uploads import Upload, look_at  # noqa: E402
from satuatap.project.database import as_owner, connected  # noqa: E402

CITY = Path(__file__).resolve().parents[1] / "data" / "palembang"
MONTHS = 24


def bills_of(meters: int) -> list[dict[str, Any]]:
    """24 bills of each meter, none of them touching another."""
    starts = [datetime.date(2024 + n // 12, n % 12 + 1, 1) for n in range(MONTHS)]
    return [
        {
            "meter": f"UJI-{m}", "first_day": first, "last_day": first + datetime.timedelta(27),
            "quantity": float(1000 + m), "amount": 1_500_000 + m, "budget_code": "5.1.02", "source": "uji",
        }
        for m in range(meters) for first in starts
    ]  # fmt: skip


def measure(rows: int) -> list[dict[str, Any]]:
    """Each step of an import of so many bills, beside what the demo city holds."""
    by, here = Actor.system("benchmark"), queries.sheet_rows()
    count = max(1, rows // MONTHS)
    houses = [row["code"] for row in here["buildings"]]
    meters = [
        {"building": houses[n % len(houses)], "code": f"UJI-{n}", "supply": "electricity", "kva": 66.0}
        for n in range(count)
    ]
    sheets = {"meters": [*here["meters"], *meters], "bills": [*here["bills"], *bills_of(count)]}
    book = Book([BOOK.sheet("meters"), BOOK.sheet("bills")])
    with tempfile.TemporaryDirectory() as name:
        workbook = Upload("uji.xlsx", write_xlsx(Path(name) / "uji.xlsx", book, sheets).read_bytes())
    wrong = as_csv(BOOK.sheet("bills"), sheets["bills"]).replace(b",1500", b",Rp1.500.", 1000)
    files = [Upload("bills.csv", wrong), Upload("meters.csv", as_csv(BOOK.sheet("meters"), sheets["meters"]))]
    found: list[dict[str, Any]] = []

    def timed(step: str, act: Callable[[], Any]) -> Any:
        wall, own = time.perf_counter(), time.process_time()
        result = act()
        found.append({
            "step": step, "rows": len(sheets["bills"]) + len(sheets["meters"]),
            "seconds": round(time.perf_counter() - wall, 2), "own_seconds": round(time.process_time() - own, 2),
            "load": round(os.getloadavg()[0], 1),
        })  # fmt: skip
        return result

    bad = timed("CSV with 1,000 problems: its report", lambda: look_at(by=by, uploads=files))
    timed("one press for all that is clear", lambda: mend(by=by, draft=bad.id))
    draft = timed("XLSX without a problem: its changes", lambda: look_at(by=by, uploads=[workbook]))
    if draft.problems:
        raise SystemExit(f"the workbook has problems: {draft.problems[:2]}")
    change = timed("applied", lambda: apply_draft(by=by, draft=draft.id, request=uuid4()))
    timed("quality report", lambda: quality.remarks(queries.sheet_rows()))
    timed("taken back", lambda: undo_change(by=by, change=change, request=uuid4()))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        with connected() as addresses:
            with as_owner(addresses):
                problems = open_city(CITY).problems
            if problems:
                raise SystemExit(str(problems[0]))
            for found in measure(asked.rows):
                text = "{step:<40} {rows:>7} rows {seconds:>8.2f} s {own_seconds:>8.2f} s of its own, load {load}"
                print(json.dumps(found) if asked.json else text.format(**found), flush=True)
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
