"""The one table after the start: where each screen is and who may sign in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

SCREENS = (
    ("Portal warga", "citizens", "/"),
    ("Anjungan (kiosk)", "kiosk", "/anjungan"),
    ("Papan panggilan", "board", "/papan"),
    ("Loket petugas", "desk", "/loket"),
    ("Petugas informasi", "help desk", "/bantuan"),
    ("Pantauan lantai", "floor", "/pantauan"),
    ("Pengelolaan", "office", "/pengelolaan"),
    ("Komponen", "gallery", "/komponen"),
)


def accounts(home: Path) -> list[dict[str, str]]:
    """The demo accounts that `city open` left behind, if it did."""
    try:
        rows = json.loads((home / "accounts.json").read_text())["accounts"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _lines(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def addresses(url: str) -> list[str]:
    """Each screen's address."""
    return _lines([(f"{name} / {english}", url + path) for name, english, path in SCREENS])


def table(url: str, home: Path, *, demo: bool) -> str:
    """Addresses, and for a demo its accounts and how to see a living hall. What a city's service prints stands in the
    machine's log for weeks: no password of a person belongs there."""
    lines = [""]
    rows = _one_officer_a_booth(accounts(home))
    if rows and not demo:
        lines += [f"  Akun dan kata sandi pertama / accounts and first passwords: {home / 'accounts.json'}", ""]
    elif rows:
        words = [("Peran / role", "Akun / account", "Kata sandi / password", "Tempat / place")]
        words += [_account(row, url) for row in rows]
        lines += [*_lines(words), f"  Semua akun, dibuat untuk instalasi ini: {home / 'accounts.json'}", ""]
    lines += [f"  satuatap melayani di {url}   (berhenti: Ctrl-C)", "", *addresses(url)]
    if not demo:
        return "\n".join([*lines, ""])
    lines += [
        "",
        "  Hari yang hidup dalam satu menit (di terminal lain) / a whole day in a minute (in another terminal):",
        "      .venv/bin/satuatap day",
        "",
    ]
    return "\n".join(lines)


def _one_officer_a_booth(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Every other role, and of the officers the first of each booth: enough to play with."""
    seen: set[str] = set()
    shown = []
    for row in rows:
        booth = str(row.get("booth") or "")
        if row.get("role") == "officer" and booth in seen:
            continue
        if row.get("role") == "officer":
            seen.add(booth)
        shown.append(row)
    return shown


def _account(row: dict[str, str], url: str) -> tuple[str, str, str, str]:
    link = str(row.get("link") or "")
    place = " ".join(str(row.get(name) or "") for name in ("booth", "desk")).strip()
    return (
        str(row.get("role") or ""),
        str(row.get("username") or ""),
        str(row.get("password") or ("(tautan / link)" if link else "")),
        url + link if link else place,
    )
