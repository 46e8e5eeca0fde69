"""Regroup against published instances: `python benchmarks/regroup.py FOLDER [--only GLOB] [--time-limit S] [--seed S]`.

FOLDER holds `optima.csv` (family, file, best_value, format) and a folder for each family; nothing of it is part of
this project. Each plan's cost is computed again from the raw data. `--peers` adds, at equal time, the linear model
alone (the best that a tool without coordination gives) and late acceptance alone.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

_HERE = Path(__file__).resolve().parent
# as a script this folder comes first, and its queue.py would hide the standard library's
sys.path[:] = [str(_HERE.parent), *(p for p in sys.path if Path(p or ".").resolve() != _HERE)]

from benchmarks.regroup_read import Raw, core_of, instances, recomputed  # noqa: E402
from satuatap.engines.regroup.core import Core  # noqa: E402
from satuatap.engines.regroup.portfolio import solve  # noqa: E402
from satuatap.engines.regroup.search import late_acceptance, search  # noqa: E402
from satuatap.engines.regroup.stopping import Deadline  # noqa: E402

Line = dict[str, object]


def _warmed() -> None:
    """Compiles the loops once, so that the first instance does not pay for it."""
    pair = np.array([[0, 1]], np.int64)
    core = Core(np.ones((3, 2)), np.ones(2), np.ones((1, 3)), np.full((1, 2), 2.0), pair, np.ones(1), np.eye(2))
    search(core, seed=1, moves=1000)
    solve(core, stop=1000, seed=1)


def measured(raw: Raw, seconds: float, seed: int) -> Line:
    """Our answer to one instance."""
    began = time.monotonic()
    answer = solve(core_of(raw), stop=Deadline(seconds), seed=seed)
    took = time.monotonic() - began
    cost = None if answer.plan is None else recomputed(raw, [int(k) for k in answer.plan])
    return {
        "family": raw.family,
        "instance": raw.name,
        "best_known": raw.best_known,
        "cost": cost,
        "lower_bound": answer.lower_bound,
        "seconds": round(took, 2),
        "proved": answer.proved,
    }


def peers(raw: Raw, seconds: float, seed: int) -> Iterator[Line]:
    """What the linear model alone and late acceptance alone reach in the same time."""
    began = time.monotonic()
    plain = core_of(replace(raw, flow=np.zeros((0, 0)), far=np.zeros((0, 0))))
    for name in ("linear model alone", "late acceptance alone"):
        began = time.monotonic()
        if name.startswith("linear"):
            plan = solve(plain, stop=Deadline(seconds), seed=seed).plan
        else:
            plan = late_acceptance(core_of(raw), seed=seed, moves=10**12, stop=Deadline(seconds)).plan
        cost = None if plan is None else recomputed(raw, [int(k) for k in plan])
        yield {
            "family": raw.family,
            "instance": raw.name,
            "best_known": raw.best_known,
            "cost": cost,
            "lower_bound": None,
            "seconds": round(time.monotonic() - began, 2),
            "peer": name,
        }


def shown(line: Line) -> str:
    """One line for people."""
    cost, bound, best = line["cost"], line["lower_bound"], line["best_known"]
    number = isinstance(cost, float)
    off = f"{100 * (cost / best - 1):8.3f}%" if number and best else "       -"  # type: ignore[operator]
    gap = "       -"
    if number and isinstance(bound, float) and math.isfinite(bound) and cost:
        gap = f"{100 * max(0.0, cost - bound) / cost:8.3f}%"  # type: ignore[operator]
    price = f"{cost:14.2f}" if number else "       no plan"
    low = f"{bound:14.2f}" if isinstance(bound, float) else "             -"
    end = str(line.get("peer", "proved" if line.get("proved") else ""))
    return (
        f"{line['family']:<20} {line['instance']:<18} {best or math.nan:14.2f} {price} {off} {low} {gap} "
        f"{line['seconds']:7.2f} s  {end}"
    )


def summary(lines: list[Line]) -> Iterator[str]:
    """Per family: how many proved, how far from the best known, how long."""
    for family in dict.fromkeys(str(line["family"]) for line in lines):
        mine = [line for line in lines if line["family"] == family and "peer" not in line]
        off = [
            100 * (line["cost"] / line["best_known"] - 1)  # type: ignore[operator]
            for line in mine
            if line["cost"] is not None and line["best_known"]
        ]
        proved = sum(bool(line["proved"]) for line in mine)
        soon = sum(bool(line["proved"]) and float(line["seconds"]) < 10 for line in mine)  # type: ignore[arg-type]
        if off:
            yield (
                f"{family:<20} {len(mine)} instances, {proved} proved ({soon} under 10 s), from best known: mean "
                f"{np.mean(off):.3f}%, worst {np.max(off):.3f}%"
            )


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="*", help="family/file, with * and ?")
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peers", action="store_true")
    chosen = parser.parse_args(arguments)
    if not (chosen.folder / "optima.csv").is_file():
        print(f"{chosen.folder} holds no optima.csv", file=sys.stderr)
        return 2
    _warmed()
    lines: list[Line] = []
    for raw in instances(chosen.folder, chosen.only):
        found = [measured(raw, chosen.time_limit, chosen.seed)]
        lines += found
        if chosen.peers:
            found += list(peers(raw, chosen.time_limit, chosen.seed))
        for line in found:
            print(json.dumps(line) if chosen.json else shown(line), flush=True)
    if not chosen.json:
        print(*summary(lines), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
