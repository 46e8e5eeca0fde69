"""Writes the estate's sheets of data/palembang: what is public with its source, the rest by the rules below.

Run: python tools/make_estate.py [--check]. The same seed writes the same bytes; --check only says whether it would.

Public (each row with its source): the buildings named in the press, the plan groups A to E of 10 November 2025, what
was reported on 12 February 2026, the area of the MPP. Made up, and tagged in each row (``synthetic`` or ``made_up``):
- a building's place: the centroid of its kecamatan (districts.csv), moved by at most 0.4 km so that pins stand apart;
- staff: a whole number from 30 to 120 for an office, 20 to 40 for a kecamatan, 4 to 10 for a UPTD;
- floor area: what the staff need by data/norms (staff and shared rooms, gross from net), times 1.2 to 2.0;
- bills of 2025: floor area times an intensity between the bounds of Permen ESDM 13/2012, times PLN's price;
- support staff: the norms of data/norms, held half by outsourcing and half as part-time PPPK;
- that an office of a camat and the hall of the mall stay where they are;
- visits and trips: round numbers by kind of unit; a citizen's kecamatan by equal shares;
- errands a year at the mall: 500 visits a day as ``satuatap day`` draws them, shared by the weights of demand.csv;
- a promise of 30 minutes for each of them: the mall has published none.
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CITY = ROOT / "data" / "palembang"
COMMON = ("source", "source_year", "confidence", "synthetic", "note")
COLUMNS = {
    "buildings": ("code", "name", "address", "district", "lat", "lon", "area_m2", "ownership", "use", "use_ends",
                  "condition", "cooling", "heritage", "keep_open", "nibar", "kib", "holder", "title", "certificate",
                  "made_up"),
    "units": ("code", "name", "agency", "headcount", "public_facing", "area_m2", "counter_m2", "stays", "made_up"),
    "placements": ("unit", "building", "floor", "since", "until"),
    "meters": ("building", "code", "supply", "kva", "tariff"),
    "bills": ("meter", "first_day", "last_day", "quantity", "amount", "budget_code"),
    "support_staff": ("building", "post", "contract", "people", "monthly", "ends", "budget_code"),
    "trips": ("one", "other", "monthly", "counted"),
    "visits": ("unit", "district", "yearly"),
    "announced": ("plan", "group", "unit", "who", "building", "place", "said", "on"),
    "promises": ("mall", "service", "minutes", "decree"),
    "loads": ("mall", "service", "yearly"),
}  # fmt: skip
PLAN = ("https://timessumatera.id/pemkot-palembang-siapkan-penataan-besar-besaran-sejumlah-opd-digabung-jadi-"
        "perkantoran-terpadu", 2025, "H")  # fmt: skip
REPORT = ("https://beritapress.id/?p=40214", 2026, "H")
MPP_PAGE = "https://news.republika.co.id/berita/q5uhjg366/mal-pelayanan-publik-palembang-disebut-terbesar-di-indonesia"
DUKCAPIL_PAGE = "https://id.scribd.com/document/710617650/SK-STANDAR-PELAYANAN-DUKCAPIL-2022-1-153ad9c1bf"
LEDENG_PAGE = ("https://sumsel.idntimes.com/news/sumsel/feny-agustin/kantor-ledeng-wako-palembang-ditawarkan-ke-investor"
               "?page=all")  # fmt: skip
JAKABARING, ILIR_BARAT_1, BUKIT_KECIL, SUKARAMI, ILIR_BARAT_2 = (
    "16.71.17",
    "16.71.04",
    "16.71.11",
    "16.71.07",
    "16.71.01",
)
Source = tuple[str, int | str, str]

# code, name, address, kecamatan, kecamatan is public, source; area where it is public
NAMED: tuple[tuple[str, str, str, str, bool, Source, int], ...] = (
    ("mpp", "Mal Pelayanan Publik Palembang", "Jl. Gubernur H.A. Bastari, 15 Ulu", JAKABARING, True,
     (MPP_PAGE, 2020, "H"), 12000),
    ("balai-kota", "Balai Kota (Gedung Ledeng)", "Jl. Merdeka", BUKIT_KECIL, False, (LEDENG_PAGE, 2021, "M"), 0),
    ("kantor-dukcapil", "Kantor Disdukcapil", "Jl. Demang Lebar Daun No. 4255, Lorok Pakjo", ILIR_BARAT_1, True,
     (DUKCAPIL_PAGE, 2022, "H"), 0),
    ("kompleks-dlh", "Kompleks DLH", "Jl. Sukarela", SUKARAMI, False, PLAN, 0),
    ("kompleks-dishub", "Kompleks Dishub", "Tangga Buntung", ILIR_BARAT_2, False, PLAN, 0),
    ("kantor-satpol-pp", "Kantor Satpol PP", "Jl. Sukarela", SUKARAMI, False,
     ("https://bidiksumsel.com/archives/3612", 2020, "M"), 0),
    ("gedung-dispora", "Gedung Dispora", "", JAKABARING, False, PLAN, 0),
)  # fmt: skip

# code, name, agency of agencies.csv, serves citizens, building today (blank: an office of its own, made up)
OFFICES: tuple[tuple[str, str, str, bool, str], ...] = (
    ("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "dukcapil", True, "kantor-dukcapil"),
    ("kesbangpol", "Badan Kesatuan Bangsa dan Politik", "kesbangpol", True, ""),
    ("perindustrian", "Dinas Perindustrian", "", False, ""),
    ("pariwisata", "Dinas Pariwisata", "pariwisata", True, "mpp"),
    ("dispora", "Dinas Pemuda dan Olahraga", "dispora", True, "mpp"),
    ("dlh", "Dinas Lingkungan Hidup", "", True, "kompleks-dlh"),
    ("pupr", "Dinas Pekerjaan Umum dan Penataan Ruang", "", True, ""),
    ("perkimtan", "Dinas Perumahan, Kawasan Permukiman dan Pertanahan", "", True, ""),
    ("dishub", "Dinas Perhubungan", "dishub", True, "kompleks-dishub"),
    ("satpol-pp", "Satuan Polisi Pamong Praja", "", False, "kantor-satpol-pp"),
    ("bpbd", "Badan Penanggulangan Bencana Daerah", "bpbd", False, "mpp"),
    ("uptd-kir", "UPTD Pengujian Kendaraan Bermotor", "", True, "kompleks-dishub"),
    ("dpmptsp", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "dpmptsp", True, "mpp"),
    ("dinsos", "Dinas Sosial", "dinsos", True, "mpp"),
    ("dinkes", "Dinas Kesehatan", "dinkes", True, ""),
    ("disnaker", "Dinas Ketenagakerjaan", "disnaker", True, ""),
    ("kominfo", "Dinas Komunikasi dan Informatika", "", False, ""),
    ("bapenda", "Badan Pendapatan Daerah", "bapenda", True, ""),
    ("bpkad", "Badan Pengelolaan Keuangan dan Aset Daerah", "", False, ""),
    ("bappeda", "Badan Perencanaan Pembangunan Daerah, Penelitian dan Pengembangan", "", False, ""),
    ("bkpsdm", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "", False, ""),
    ("inspektorat", "Inspektorat", "", False, ""),
    ("setda", "Sekretariat Daerah", "", False, "balai-kota"),
)  # fmt: skip
AT_MPP = ("dispora", "pariwisata", "bpbd", "dinsos")  # reported on 12 February 2026
SITS: dict[str, Source] = {
    **dict.fromkeys(AT_MPP, REPORT), "dukcapil": (DUKCAPIL_PAGE, 2022, "H"), "dlh": PLAN, "dishub": PLAN,
    "uptd-kir": PLAN, "satpol-pp": ("https://bidiksumsel.com/archives/3612", 2020, "M"),
    "dpmptsp": ("https://rakyatpembaruan.com/walikota-metro-studi-tiru-mpp-pemkot-palembang/", 2021, "M"),
}  # fmt: skip
UNSAID = ("", "", "")
UPTD = (("dukcapil", "UPTD Dukcapil"), ("bapenda", "UPTD Bapenda"), ("pupr", "UPTD PUPR"))
GROUPS = {
    "A": (("dukcapil", "kesbangpol", "perindustrian", "pariwisata", "dispora"), "mpp"),
    "B": (("dlh", "pupr", "perkimtan"), "kompleks-dlh"),
    "C": (("dishub", "satpol-pp", "bpbd", "uptd-kir"), "kompleks-dishub"),
    "E": (("dpmptsp",), "gedung-dispora"),
}
# as the reports name them
CALLED = {
    "dukcapil": "Dukcapil", "kesbangpol": "Kesbangpol", "perindustrian": "Perindustrian", "pariwisata": "Pariwisata",
    "dispora": "Dispora", "dlh": "DLH", "pupr": "PUPR", "perkimtan": "Perkimtan", "dishub": "Dishub",
    "satpol-pp": "Satpol PP", "bpbd": "BPBD", "uptd-kir": "UPTD KIR", "dpmptsp": "PTSP", "dinsos": "Dinas Sosial",
    "balai-mpp": "MPP",
}  # fmt: skip
IN_KECAMATAN = ("UPTD Dukcapil", "UPTD Bapenda", "UPTD PUPR", "DLH di kecamatan", "Petugas lapangan KB")  # reported
KECAMATAN = "kantor kecamatan"
MALL, VISITS_A_DAY, ERRANDS_A_VISIT, DAYS_A_YEAR, PROMISED = "mpp-palembang", 500, 1.65, 245, 30
PLANNED, REPORTED = "palembang-2025-11", "palembang-2026-02"
PLANNED_ON, REPORTED_ON = "2025-11-10", "2026-02-12"
MADE_UP = {"synthetic": "yes", "note": "Rekaan, lihat tools/make_estate.py."}
KM = 0.009  # degrees, about one km


def _sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _from(source: Source) -> dict[str, Any]:
    return {"source": source[0], "source_year": source[1], "confidence": source[2], "synthetic": "no"}


class Estate:
    """The rows of all sheets, made in one order from one seed."""

    def __init__(self) -> None:
        self.random = Random(1671)
        self.districts = {row["code"]: row for row in _sheet(CITY / "districts.csv")}
        self.norms = {row["key"]: row for row in _sheet(ROOT / "data" / "norms" / "norms.csv")}
        self.rows: dict[str, list[dict[str, Any]]] = {sheet: [] for sheet in COLUMNS}
        self.people: dict[str, int] = {}

    def norm(self, key: str, end: str = "likely") -> float:
        return float(self.norms[key][end])

    def add(self, sheet: str, **values: Any) -> None:
        self.rows[sheet].append(values)

    def place(self, district: str) -> dict[str, str]:
        row = self.districts[district]
        near = [self.random.uniform(-0.4 * KM, 0.4 * KM) for _ in "ab"]
        lat, lon = float(row["centroid_lat"]) + near[0], float(row["centroid_lon"]) + near[1]
        return {"district": district, "lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}

    def area(self, units: list[str]) -> int:
        net = sum(self.people[unit] for unit in units) * 2 * self.norm("room.staff") + 60 * len(units)
        gross = net / (1 - self.norm("gross.lost_share")) * self.random.uniform(1.2, 2.0)
        return max(150, round(gross / 10) * 10)

    # ------------------------------------------------------------------ units and where they sit
    def units(self) -> dict[str, list[str]]:
        """Every unit and its placement; returns who sits in which building."""
        inside: dict[str, list[str]] = {}
        for code, name, agency, public, building in OFFICES:
            at = building or f"kantor-{code}"
            is_planned = any(code in units for units, _building in GROUPS.values())
            source = REPORT if code in AT_MPP else PLAN if is_planned else UNSAID
            self.unit(code, name, agency, public, (30, 120), source)
            self.add("placements", unit=code, building=at, **(_from(SITS[code]) if code in SITS else MADE_UP))
            inside.setdefault(at, []).append(code)
        self.add("units", code="balai-mpp", name="Balai pelayanan MPP", agency="", headcount=120, public_facing="yes",
                 area_m2=5000, stays="yes", made_up="headcount;area_m2;stays", **_from(NAMED[0][5]))  # fmt: skip
        self.add("placements", unit="balai-mpp", building="mpp", **_from(NAMED[0][5]))
        for district in self.districts.values():
            slug = district["name"].lower().replace(" ", "-")
            at = f"kecamatan-{slug}"
            self.unit(at, f"Kantor Kecamatan {district['name']}", "kecamatan", True, (20, 40), PLAN)
            self.rows["units"][-1].update(stays="yes", made_up="headcount;public_facing;stays")
            self.add("placements", unit=at, building=at, **_from(PLAN))
            inside[at] = [at]
            for code, name in UPTD:
                unit = f"uptd-{code}-{slug}"
                agency = "uptd-dukcapil" if code == "dukcapil" else ""
                self.unit(unit, f"{name} {district['name']}", agency, True, (4, 10), PLAN)
                note = "Dilaporkan untuk UPTD pada umumnya, tidak satu per satu."
                self.add("placements", unit=unit, building=at, **_from(REPORT), note=note)
                inside[at].append(unit)
        return inside

    def unit(self, code: str, name: str, agency: str, public: bool, people: tuple[int, int], source: Source) -> None:
        self.people[code] = self.random.randint(*people)
        facing = "yes" if public else "no"
        self.add("units", code=code, name=name, agency=agency, headcount=self.people[code], public_facing=facing,
                 made_up="headcount;public_facing", **_from(source))  # fmt: skip

    # ------------------------------------------------------------------ buildings and what they use
    def buildings(self, inside: dict[str, list[str]]) -> None:
        guess = ["lat", "lon", "area_m2", "ownership", "use", "cooling"]
        rest = {"ownership": "city", "use": "used", "cooling": "cooled"}
        for code, name, address, district, is_public, source, area in NAMED:
            made_up = [one for one in guess if not (area and one == "area_m2")] + ([] if is_public else ["district"])
            more = {"heritage": "yes", "keep_open": "no"} if code == "balai-kota" else {}
            use = {} if inside.get(code) else {"use": "idle"}
            self.add("buildings", code=code, name=name, address=address, **self.place(district), **{**rest, **use},
                     area_m2=area or self.area(inside.get(code) or ["dispora"]), made_up=";".join(made_up),
                     **_from(source), **more)  # fmt: skip
        for district in self.districts.values():
            code = f"kecamatan-{district['name'].lower().replace(' ', '-')}"
            self.add("buildings", code=code, name=f"Gedung Kecamatan {district['name']}",
                     **self.place(district["code"]), **rest, area_m2=self.area(inside[code]),
                     made_up=";".join(guess), **_from(PLAN))  # fmt: skip
        for unit in (code for code, _n, _a, _p, building in OFFICES if not building):
            at = f"kantor-{unit}"
            district = self.random.choice(sorted(self.districts))
            self.add("buildings", code=at, name=f"Kantor {unit.replace('-', ' ').title()}", **self.place(district),
                     **rest, area_m2=self.area(inside[at]), **MADE_UP)  # fmt: skip

    def use(self) -> None:
        """A meter, twelve bills and support staff for each building that is used."""
        for number, row in enumerate(self.rows["buildings"], start=1):
            if row["use"] != "used":
                continue
            area = float(row["area_m2"])
            kva = next((k for k in (16.5, 33, 66, 105, 197, 345, 690) if k >= area * 0.06), 1385)
            tariff = "tariff.p2" if kva > 200 else "tariff.p1"
            code = f"CONTOH-PLN-{number:03d}"
            self.add("meters", building=row["code"], code=code, supply="electricity", kva=kva, tariff=tariff, **MADE_UP)
            intensity = self.random.uniform(self.norm("energy.cooled", "low"), self.norm("energy.cooled", "high"))
            for month in range(1, 13):
                first = date(2025, month, 1)
                last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                used = round(area * intensity * self.random.uniform(0.9, 1.1))
                self.add("bills", meter=code, first_day=first, last_day=last, quantity=used,
                         amount=round(used * self.norm(tariff)), **MADE_UP)  # fmt: skip
            guards = round(self.norm("guard.building"))
            cleaners = max(1, round(area / self.norm("cleaner.m2") * 0.7))
            for post, people in (("guard", guards), ("cleaner", cleaners)):
                shares = (("outsourced", people - people // 2, "2026-12-31"), ("pppk_part_time", people // 2, ""))
                for contract, count, ends in shares:
                    if count:
                        self.add("support_staff", building=row["code"], post=post, contract=contract, people=count,
                                 ends=ends, **MADE_UP)  # fmt: skip

    # ------------------------------------------------------------------ trips, visits, what was announced
    def demand(self) -> None:
        offices = [code for code, *_ in OFFICES]
        for code in offices:
            if code != "setda":
                self.add("trips", one=code, other="setda", monthly=self.random.randint(8, 40), counted="estimated",
                         **MADE_UP)  # fmt: skip
        for one, other in (("bpkad", "bappeda"), ("bapenda", "bpkad"), ("pupr", "perkimtan"), ("dlh", "pupr"),
                           ("dishub", "satpol-pp"), ("dukcapil", "dpmptsp"), ("dinsos", "dinkes")):  # fmt: skip
            self.add("trips", one=one, other=other, monthly=self.random.randint(10, 30), counted="estimated", **MADE_UP)
        for code, _name, _agency, public, _building in OFFICES:
            yearly = self.random.randrange(1_800, 18_000, 180) * (4 if code == "dukcapil" else 1)
            for district in self.districts if public else ():
                self.add("visits", unit=code, district=district, yearly=yearly // len(self.districts), **MADE_UP)
        for district in self.districts.values():
            at = f"kecamatan-{district['name'].lower().replace(' ', '-')}"
            yearly = self.random.randrange(3000, 9000, 100)
            self.add("visits", unit=at, district=district["code"], yearly=yearly, **MADE_UP)

    def announced(self) -> None:
        planned = {"plan": PLANNED, "said": "planned", "on": PLANNED_ON, **_from(PLAN)}
        reported = {"plan": REPORTED, "said": "reported", "on": REPORTED_ON, **_from(REPORT)}
        for group, (units, building) in GROUPS.items():
            for unit in units:
                self.add("announced", group=group, unit=unit, who=CALLED[unit], building=building, **planned)
        for district in self.districts.values():
            slug = district["name"].lower().replace(" ", "-")
            named = [("Kantor camat", f"kecamatan-{slug}"), *((name, f"uptd-{code}-{slug}") for code, name in UPTD)]
            for who, unit in named:
                self.add("announced", group="D", unit=unit, who=who, building=f"kecamatan-{slug}", place=KECAMATAN,
                         **planned)  # fmt: skip
        self.add("announced", group="E", unit="balai-mpp", who=CALLED["balai-mpp"],
                 place="ruang sewa di pusat perbelanjaan", **planned,
                 note="Ke ruang sewa di pusat perbelanjaan; gedungnya tidak disebut.")  # fmt: skip
        for unit in AT_MPP:
            self.add("announced", unit=unit, who=CALLED[unit], building="mpp", **reported)
        for who in IN_KECAMATAN:
            self.add("announced", who=who, place=KECAMATAN, **reported,
                     note="Dilaporkan untuk kantor kecamatan pada umumnya, tidak satu per satu.")  # fmt: skip

    def hall(self) -> None:
        """What the mall is asked for and what it promises: made up, and said so."""
        wanted = {row["service"]: float(row["weight"]) for row in _sheet(CITY / "demand.csv")}
        yearly = VISITS_A_DAY * ERRANDS_A_VISIT * DAYS_A_YEAR
        unsaid = {"synthetic": "yes", "note": "Contoh: MPP Palembang belum mengumumkan janji menunggu."}
        for service, weight in wanted.items():
            share = round(yearly * weight / sum(wanted.values()) / 10) * 10
            self.add("loads", mall=MALL, service=service, yearly=share, **MADE_UP)
            self.add("promises", mall=MALL, service=service, minutes=PROMISED, **unsaid)


def made() -> dict[str, bytes]:
    """The files by name."""
    estate = Estate()
    estate.buildings(estate.units())
    estate.use()
    estate.demand()
    estate.announced()
    estate.hall()
    files = {}
    for sheet, columns in COLUMNS.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, (*columns, *COMMON), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(estate.rows[sheet])
        files[f"{sheet}.csv"] = out.getvalue().encode()
    return files


def main() -> int:
    files = made()
    stale = [name for name, data in files.items() if not (CITY / name).is_file() or (CITY / name).read_bytes() != data]
    if "--check" in sys.argv:
        print("\n".join(stale) or "the sheets are what this script writes")
        return 1 if stale else 0
    for name in stale:
        (CITY / name).write_bytes(files[name])
    print(f"{len(stale)} of {len(files)} sheets written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
