"""The demo city's files hold together, and say whose every fact is."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

CITY = Path(__file__).parents[2] / "data" / "palembang"
WORDS = CITY.parent / "words"
LAW = CITY.parent / "law"
PRIORITY = [
    "kk-baru", "kk-tambah", "kk-ubah", "kk-kurang", "kk-hilang", "ktp-el-baru", "ktp-el-ganti", "ktp-el-rekam",
    "akta-lahir", "kis-apbd", "kis-reaktivasi", "kis-darurat", "kis-usulan-pbi", "nib", "skck", "skck-perpanjang",
    "paspor-baru", "paspor-ganti", "paspor-elektronik", "paspor-hilang-rusak", "paspor-percepatan",
]  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sheet(name: str) -> list[dict[str, str]]:
    return rows(CITY / f"{name}.csv")


def codes(name: str) -> set[str]:
    return {row["code"] for row in sheet(name)}


@pytest.mark.parametrize(
    ("name", "column", "target"),
    [
        ("services", "agency", "agencies"), ("steps", "service", "services"), ("steps", "agency", "agencies"),
        ("standards", "service", "services"), ("requirements", "service", "services"),
        ("requirements", "document", "documents"), ("places", "service", "services"),
        ("life_event_services", "event", "life_events"), ("life_event_services", "service", "services"),
        ("sequences", "first", "services"), ("sequences", "then", "services"), ("booths", "agency", "agencies"),
        ("booths", "zone", "zones"), ("desks", "booth", "booths"), ("staff", "booth", "booths"),
        ("hours", "booth", "booths"), ("demand", "service", "services"),
    ],
)  # fmt: skip
def test_every_code_exists(name: str, column: str, target: str) -> None:
    dangling = {row[column] for row in sheet(name) if row[column]} - codes(target)
    assert not dangling


def test_lists_of_codes_exist() -> None:
    services = codes("services")
    issued = {code for row in sheet("documents") for code in row["issued_by"].split(";") if code}
    bundled = {code for row in sheet("bundles") for code in row["services"].split(";")}
    wanted = {code for row in rows(WORDS / "queries.csv") for code in row["services"].split(";")}
    meant = {code for row in rows(WORDS / "synonyms.csv") for code in row["services"].split(";") if code}
    assert not (issued | bundled | wanted | meant) - services


def test_keys_are_unique() -> None:
    for name, keys in {
        "services": ["code"], "steps": ["service", "order"], "documents": ["code"], "desks": ["mall", "code"],
        "requirements": ["service", "order"], "places": ["service", "kind", "name"], "sequences": ["first", "then"],
        "life_event_services": ["event", "service"], "staff": ["username"], "calendar": ["date", "kind", "name"],
    }.items():  # fmt: skip
        repeated = [k for k, n in Counter(tuple(row[key] for key in keys) for row in sheet(name)).items() if n > 1]
        assert not repeated, (name, repeated)


def test_every_step_offered_here_has_a_desk() -> None:
    agency_of = {row["code"]: row["agency"] for row in sheet("booths")}
    steps = sheet("steps")
    can: set[str] = set()
    for desk in sheet("desks"):
        named = {skill for skill in desk["skills"].split(";") if skill}
        agency = agency_of[desk["booth"]]
        can |= named or {f"{s['service']}/{s['order']}" for s in steps if s["agency"] == agency}
    here = {row["code"] for row in sheet("services") if row["at_mall"] == "yes"}
    assert {f"{s['service']}/{s['order']}" for s in steps if s["service"] in here} <= can


def test_no_service_must_come_before_itself() -> None:
    after: dict[str, set[str]] = defaultdict(set)
    for row in sheet("sequences"):
        after[row["first"]].add(row["then"])

    def walk(code: str, path: tuple[str, ...]) -> None:
        assert code not in path, path
        for then in after[code]:
            walk(then, (*path, code))

    for code in list(after):
        walk(code, ())


@pytest.mark.parametrize("name", ["standards", "requirements"])
def test_a_fact_says_whose_it_is(name: str) -> None:
    """Another office's fact names the office; what is nobody's has no source to lean on."""
    for row in sheet(name):
        assert row["basis"] in {"palembang", "national", "other_office", "unknown"}, row
        assert (row["basis"] == "other_office") == bool(row["office"]), row
        assert row["source"] or row["basis"] == "unknown", row


def test_a_time_or_fee_of_another_office_is_never_bare() -> None:
    """The sentence itself names the place, so that it can't be read as Palembang's even alone."""
    for row in sheet("standards"):
        if row["basis"] == "other_office" and row["component"] in {"3", "4"}:
            places = [word for word in re.split(r"[ ,]+", row["office"]) if len(word) > 3]
            assert any(word in row["text"] for word in places), (row["service"], row["text"], row["office"])


@pytest.mark.parametrize("service", PRIORITY)
def test_the_named_services_are_sourced(service: str) -> None:
    """At least five of the six public components rest on a source (issue 3)."""
    sourced = {r["component"] for r in sheet("standards") if r["service"] == service and r["basis"] != "unknown"}
    assert len(sourced & set("123456")) >= 5, sourced


def test_both_languages_and_clean_text() -> None:
    for name, pairs in {
        "services": ["name", "everyday_name", "summary"], "standards": ["text"], "documents": ["name", "how_to_get"],
        "requirements": ["detail", "condition"], "places": ["name", "detail"], "steps": ["name"],
        "sequences": ["reason"], "calendar": ["name"], "booths": ["name"], "zones": ["name", "wayfinding"],
    }.items():  # fmt: skip
        for row in sheet(name):
            for key in pairs:
                assert bool(row[key]) == bool(row[f"{key}_en"]), (name, key, row)
                assert row[key] == row[key].strip() and "  " not in row[key], (name, row[key])
                assert "—" not in row[key] and "–" not in row[key], (name, row[key])


def test_everyday_queries_are_as_many_as_promised() -> None:
    queries = rows(WORDS / "queries.csv")
    assert len(queries) == len({row["query"] for row in queries}) == 120
    assert Counter(row["part"] for row in queries) == {"a": 60, "b": 60}


def test_legal_constants_name_their_source() -> None:
    for path in LAW.glob("*.csv"):
        for row in rows(path):
            assert row["key"] and row["value"] and row["source"] and row["confidence"] in {"H", "M", "L"}, (path, row)


def test_the_arrival_profile_is_a_profile() -> None:
    shares = [float(row["share"]) for row in sheet("arrivals")]
    assert abs(sum(shares) - 1) < 0.001 and min(shares) >= 0
