"""Reading and writing the committed tables, and what a cell says.

``wrote`` it was done, and stands in the journal or the tables; ``yes`` it was answered; ``but`` it is hers to ask, and
the state or the words say no; ``no`` refused for who she is; ``none`` for her there is no such thing; ``in`` sign in.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

Row = tuple[str, ...]
REFUSED = ("no", "none", "in", "but")
WRITE = "SATUATAP_WRITE_TABLES"


def cell(status: int, location: str, *, wrote: bool) -> str:
    """What an answer says to who asked."""
    if status == 401 or (status == 303 and location.split("?")[0] == "/masuk"):
        return "in"
    if status in (403, 404):
        return "no" if status == 403 else "none"
    if status >= 500:
        return f"broken {status}"
    if status >= 400:
        return "but"
    return "wrote" if wrote else "yes"


def read(path: Path, columns: Sequence[str]) -> dict[Row, dict[str, str]]:
    """The table by what stands before its columns."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [name for name in rows[0] if name not in columns]
    table = {tuple(row[key] for key in keys): {name: row[name] for name in columns} for row in rows}
    assert len(table) == len(rows), f"a row stands twice in {path.name}"
    return table


def hold(path: Path, keys: Sequence[str], columns: Sequence[str], seen: Mapping[Row, Mapping[str, str]]) -> None:
    """The committed table is what was seen; with ``SATUATAP_WRITE_TABLES=1`` it is written anew, to be reviewed."""
    if os.environ.get(WRITE):
        with path.open("w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow([*keys, *columns])
            out.writerows([*row, *(cells[name] for name in columns)] for row, cells in sorted(seen.items()))
    said = read(path, columns)
    differ = [
        f"{' '.join(row)}: table {said.get(row, 'has no such row')}, seen {dict(seen.get(row, {})) or 'never'}"
        for row in sorted({*said, *seen}) if said.get(row) != (dict(seen[row]) if row in seen else None)
    ]  # fmt: skip
    assert not differ, "\n".join([f"{path.name} says otherwise ({WRITE}=1 writes it anew):", *differ])
