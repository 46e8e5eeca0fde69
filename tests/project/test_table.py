"""What a start prints: a demo shows how to get in, a city's service puts no password into the machine's log."""

from __future__ import annotations

import json
from pathlib import Path

from satuatap.project.serving.table import table

ROWS = [{"username": "manajer", "role": "manager", "password": "rumbia-nipah-1"}]


def test_only_a_demo_shows_passwords_and_the_day(tmp_path: Path):
    (tmp_path / "accounts.json").write_text(json.dumps({"accounts": ROWS}))
    demo, city = (table("http://mpp", tmp_path, demo=value) for value in (True, False))
    assert "rumbia-nipah-1" in demo and "satuatap day" in demo
    assert "rumbia-nipah-1" not in city and "manajer" not in city and "satuatap day" not in city
    assert "accounts.json" in city and "http://mpp/anjungan" in city
