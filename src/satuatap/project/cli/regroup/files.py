"""Files that the command reads, and what is said when one can't be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from satuatap.engines.regroup import phases_reading, reading
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.problem import Problem

LARGEST_FILE = 200_000_000


class BadFile(Exception):
    """A file that cannot be used: every fault at once."""

    def __init__(self, path: str, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"  {fault}" for fault in faults))
        self.path, self.faults = path, faults


def load(path: str) -> Any:
    """A JSON file, or the one fault that it is none."""
    try:
        size = Path(path).stat().st_size
        if size > LARGEST_FILE:
            raise BadFile(path, [Fault("", f"is {size:,} bytes", f"at most {LARGEST_FILE:,}")])
        return json.loads(Path(path).read_text(encoding="utf-8"), parse_constant=_no_constant)
    except OSError as problem:
        raise BadFile(path, [Fault("", f"can't be read ({problem.strerror})", "name a file that exists")]) from None
    except (ValueError, RecursionError) as problem:
        what = str(problem)[:120] if isinstance(problem, ValueError) else "is nested too deeply"
        raise BadFile(path, [Fault("", f"is no JSON: {what}", "write UTF-8 JSON without NaN or Infinity")]) from None


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")


def load_problem(path: str) -> tuple[Any, Problem]:
    """A problem file, checked, its ``phases`` too; or every fault."""
    raw = load(path)
    found = reading.read(raw)
    given = raw.get("phases") if isinstance(raw, dict) else None
    _terms, more = phases_reading.read_terms(given)
    faults = (*found.faults, *(fault for fault in more if fault.path not in {one.path for one in found.faults}))
    if found.problem is None or faults:
        raise BadFile(path, faults)
    return raw, found.problem
