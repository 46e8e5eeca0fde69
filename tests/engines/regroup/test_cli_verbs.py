"""``satuatap regroup`` with what is asked beside the plan: for people, for machines, and in words where it can't."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from satuatap.project.cli.regroup import main

EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "regroup" / "four-offices.json"


@pytest.fixture
def city_file(tmp_path: Path) -> Path:
    raw: dict[str, Any] = json.loads(EXAMPLE.read_text())
    raw["phases"] = {"years": 3, "budget_once": 200}
    raw["rules"] = [{"name": "tetap", "kind": "keep", "units": ["b"]}]
    raw["buildings"][2]["lease_yearly"] = {"low": 0, "likely": 200, "high": 400}
    raw["units"][0]["people"] = {"low": 29, "likely": 30, "high": 31}
    file = tmp_path / "kota.json"
    file.write_text(json.dumps(raw))
    return file


def test_everything_at_once_for_machines_and_the_check_of_it(city_file: Path, capsys: Any, tmp_path: Path) -> None:
    words = [str(city_file), "--json", "--time-limit", "20", "--why", "c", "sewa", "--relax", "--phases", "--front",
             "people", "--points", "3", "--doubt", "15"]  # fmt: skip
    assert main(words) == 0
    text = capsys.readouterr().out
    told = json.loads(text)
    assert told["why"]["low"] > 0
    assert [one["rule"] for one in told["relax"]] == ["tetap"]
    assert told["phases"]["when"] == {"c": 2027, "d": 2028} and told["phases"]["verified"]["feasible"]
    assert told["phases"]["proved"]
    assert told["front"][0]["against"] == "people" and all(point["verified"] for point in told["front"][0]["points"])
    assert told["doubt"]["find_first"][0] == "buildings[2].lease_yearly"
    answer = tmp_path / "jawaban.json"
    answer.write_text(text)
    assert main(["check", str(city_file), str(answer)]) == 0
    assert json.loads(capsys.readouterr().out)["phases"]["feasible"]
    told["phases"]["when"]["c"] = 2028
    answer.write_text(json.dumps(told))
    assert main(["check", str(city_file), str(answer)]) == 1
    assert "budget_once" in capsys.readouterr().out
    assert main(["weigh", str(answer), "buildings[2].lease_yearly", "210"]) in (0, 1)
    weighed = json.loads(capsys.readouterr().out)
    assert weighed["reweighted"] == "buildings[2].lease_yearly" and weighed["effective"] < 15
    assert main(["weigh", str(answer), "x", "210"]) == 2
    assert main(["weigh", str(city_file), "x", "210"]) == 2


def test_everything_at_once_for_people(city_file: Path, capsys: Any) -> None:
    words = [
        str(city_file),
        "--time-limit",
        "20",
        "--relax",
        "--phases",
        "2",
        "--front",
        "--points",
        "2",
        "--doubt",
        "8",
    ]
    assert main(words) == 0
    shown = capsys.readouterr().out
    for part in ("Tahapan / phases", "2028: sekali / once", "c: sewa -> besar", "Biaya setahun terhadap", "cari dulu",
                 "Tanpa satu aturan", "kosong dalam / set free in"):  # fmt: skip
        assert part in shown


def test_no_way_is_exit_code_1_and_says_why(city_file: Path, capsys: Any) -> None:
    raw = json.loads(city_file.read_text())
    raw["phases"] = {"years": 2, "budget_once": [100, 100]}
    city_file.write_text(json.dumps(raw))
    assert main([str(city_file), "--time-limit", "20", "--phases"]) == 1
    assert "budget 2027" in capsys.readouterr().out


def test_a_wish_that_cannot_be_is_exit_code_2(city_file: Path, capsys: Any) -> None:
    raw = json.loads(city_file.read_text())
    raw["phases"] = {"years": 2, "budget_once": [100, 100, 100]}
    city_file.write_text(json.dumps(raw))
    assert main([str(city_file)]) == 2
    assert "phases.budget_once" in capsys.readouterr().err
    raw["phases"]["years"] = 3
    city_file.write_text(json.dumps(raw))
    assert main([str(city_file), "--phases", "5"]) == 2
    assert "--phases" in capsys.readouterr().err
    assert main([str(city_file), "--front", "travel"]) == 2
    assert "visits_yearly" in capsys.readouterr().err
    for words in (["--doubt", "0"], ["--phases", "99"], ["--front", "beauty"], ["--points", "x"]):
        with pytest.raises(SystemExit) as ended:
            main([str(city_file), *words])
        assert ended.value.code == 2
