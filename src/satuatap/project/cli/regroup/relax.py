"""``--relax``: which single rule, left out, would change the plan most."""

from __future__ import annotations

import argparse
import math
from typing import Any

from satuatap.engines.regroup.answer import Answer
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.relax import relaxed
from satuatap.engines.regroup.stopping import Deadline
from satuatap.project.cli.regroup.progress import parts


def run(args: argparse.Namespace, problem: Problem, answer: Answer) -> list[dict[str, Any]]:
    """Every rule as JSON, the dearest first."""
    found = relaxed(problem, answer, stop=Deadline(args.time_limit), seed=args.seed,
                    progress=parts("--relax", args.json))  # fmt: skip
    return [
        {"rule": one.rule, "gives_a_plan": math.isinf(one.gain), "gain": _finite(one.gain), "low": one.low,
         "high": _finite(one.high), "moved": list(one.moved), "freed": list(one.freed), "kept": list(one.kept)}
        for one in found
    ]  # fmt: skip


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def lines(told: list[dict[str, Any]]) -> list[str]:
    """The rules as a person reads them."""
    if not told:
        return ["Aturan: tidak ada yang dapat dilonggarkan / rules: there is none to relax."]
    found = ["Tanpa satu aturan / without one rule:"]
    for one in told:
        if one["gives_a_plan"]:
            found.append(f"  {one['rule']}: ada rencana / there is a plan")
            continue
        high = "?" if one["high"] is None else f"{one['high']:,.0f}"
        found.append(f"  {one['rule']}: {one['gain'] or 0:,.0f} lebih murah / cheaper ({one['low']:,.0f} .. {high}), "
                     f"{len(one['moved'])} unit lain tempat / units elsewhere")  # fmt: skip
        if one["freed"]:
            found.append(f"    kosong juga / also empty: {', '.join(one['freed'])}")
    return found
