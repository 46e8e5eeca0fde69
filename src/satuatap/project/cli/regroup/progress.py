"""What is said on the way, on a terminal only: nothing goes into a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable


def _say(line: str) -> None:
    print(f"\r  {line}   ", end="", file=sys.stderr, flush=True)


def seconds_best_bound(silent: bool) -> Callable[[float, float | None, float], None] | None:
    """For solvers that prove: seconds, best, bound."""
    if silent or not sys.stderr.isatty():
        return None
    return lambda seconds, best, bound: _say(
        f"{seconds:5.1f} s  {'-' if best is None else f'{best:,.0f}'}  >= {bound:,.0f}"
    )


def parts(what: str, silent: bool) -> Callable[[int, int], None] | None:
    """For work of many parts: how many are done."""
    if silent or not sys.stderr.isatty():
        return None
    return lambda done, whole: _say(f"{what} {done} / {whole}")
