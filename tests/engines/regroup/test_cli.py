"""``satuatap regroup`` starts alone, says every fault with exit code 2, and its answer is judged by the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from satuatap.project.cli import regroup

EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "regroup" / "four-offices.json"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "satuatap.project.cli.start", "regroup", *words],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def test_it_imports_neither_django_nor_a_driver():
    words = "import sys; sys.argv = ['satuatap', 'regroup', 'schema']; "
    words += "from satuatap.project.cli import start; start.main(); "
    words += "print([m for m in ('django', 'psycopg', 'procrastinate') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, timeout=240, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_solve_and_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    done = run(str(EXAMPLE), "--json", "--time-limit", "20")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["proved"]
    assert answer["verified"]["feasible"]
    assert answer["verified"]["score"] == pytest.approx(answer["cost"]["score"])
    file = tmp_path / "answer.json"
    file.write_text(done.stdout)
    assert regroup.main(["check", str(EXAMPLE), str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["agrees"]
    answer["cost"]["score"] -= 100
    file.write_text(json.dumps(answer))
    assert regroup.main(["check", str(EXAMPLE), str(file)]) == 1
    answer["plan"]["a"] = "sewa"
    answer["plan"]["b"] = "sewa"
    file.write_text(json.dumps(answer))
    assert regroup.main(["check", str(EXAMPLE), str(file)]) == 1
    assert "500 there" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": NaN}', "[" * 100_000, "\xff", '{"format": "satuatap-regroup-1", "units": 3}'],
)
def test_a_bad_file_is_exit_code_2_and_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str):
    file = tmp_path / "bad.json"
    file.write_bytes(text.encode("latin-1"))
    assert regroup.main([str(file)]) == 2
    assert "can't be used" in capsys.readouterr().err


def test_a_bad_file_from_the_shell(tmp_path: Path):
    file = tmp_path / "bad.json"
    file.write_text('{"format": "satuatap-regroup-1", "units": 3}')
    done = run(str(file))
    assert done.returncode == 2
    assert "can't be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_and_a_wish_about_nobody(capsys: pytest.CaptureFixture[str]):
    assert regroup.main(["/nonexistent.json"]) == 2
    assert regroup.main([str(EXAMPLE), "--why", "z", "bulan"]) == 2
    said = capsys.readouterr().err
    assert "is no unit" in said
    assert "is no building" in said


PLAN = {"a": "besar", "b": "sedang", "c": "besar", "d": "besar"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"plan": PLAN}, 0), ({"plan": PLAN, "cost": None}, 0), ({"plan": PLAN, "cost": {"score": 566.46}}, 0),
        ({"plan": PLAN, "cost": {"score": 566}}, 1), ({"plan": PLAN, "cost": {"score": "murah"}}, 1),
        ({"plan": PLAN, "cost": {"score": 10**400}}, 1), ({"plan": PLAN, "cost": {"score": True}}, 1),
        ({"plan": PLAN, "cost": 5}, 0), ({"plan": {}}, 1), ({"plan": {**PLAN, "a": "bulan"}}, 1),
        ({"plan": {**PLAN, "z": "besar"}}, 1), ({"plan": {**PLAN, "b": "besar"}}, 1), ({"plan": {"a": 5}}, 2),
        ({"plan": None}, 2), ({}, 2), ([], 2), (None, 2), ("x", 2),
    ],
)  # fmt: skip
def test_check_judges_any_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: Any, code: int):
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer))
    assert regroup.main(["check", str(EXAMPLE), str(file)]) == code
    said = capsys.readouterr()
    if code == 2:
        assert "can't be used" in said.err
        return
    told = json.loads(said.out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert (told["feasible"] and told["agrees"]) == (code == 0)


def test_every_fault_of_a_spoiled_file_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    raw = json.loads(EXAMPLE.read_text())
    raw["units"][0] |= {"people": -1, "present": "langit"}
    raw["buildings"][1]["connections"] = [{"tariff": "bulan", "minimum_monthly": -5}]
    raw["distances_complete"] = True
    raw["distances"].pop()
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(raw))
    assert regroup.main([str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()[1:]
    for path in ("units[0].people", "units[0].present", "buildings[1].connections[0].minimum_monthly", "distances",
                 "buildings[1].connections[0].tariff"):  # fmt: skip
        assert sum(line.startswith(f"  {path}: ") for line in lines) == 1
