"""The sheet of keys typed from paper: each key is checked as soon as it is whole, so that a slip costs one line."""

from __future__ import annotations

import sys

from satuatap.plumbing.keyring import PURPOSES
from satuatap.project.cli.sentences import Trouble, say, say_trouble
from satuatap.project.operate import sheet


def typed() -> str:
    """The keys until an empty line, as text for ``sheet.read_keys``. On a terminal they are shown while they are typed
    (nobody types sixty letters unseen), and a mistyped key is asked for again."""
    if not sys.stdin.isatty():
        return sys.stdin.read()
    print("Ketik baris-baris lembar kunci, lalu Enter kosong. Yang diketik tampak: tutup layar dari orang lain.")
    print("Type the lines of the sheet of keys, then an empty Enter. They are shown: let nobody look on.", flush=True)
    taken: list[str] = []
    entry = ""
    while line := input(f"  {len(taken) + 1}: ").strip():
        entry = f"{entry} {line}".strip()
        words = entry.split()
        if words[0] in PURPOSES and len(words) < sheet.WORDS:
            continue  # the rest of this key comes on the next line
        if _is_right(entry):
            taken.append(entry)
        entry = ""
    return "\n".join([*taken, entry])


def _is_right(entry: str) -> bool:
    try:
        keys = sheet.read_keys(entry)
    except Trouble as slip:
        say_trouble(slip)
        return False
    say(f"{keys[0].purpose}: cocok / right" if keys else "bukan baris kunci, dilewati / no line of a key, skipped")
    return bool(keys)
