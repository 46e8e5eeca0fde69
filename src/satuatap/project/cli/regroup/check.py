"""``satuatap regroup check``: the verifier alone."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict
from typing import Any

from satuatap.engines.regroup import verify
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.phases_reading import MOST_YEARS, read_terms
from satuatap.engines.regroup.phases_verify import Judged, verify_phases
from satuatap.project.cli.regroup.files import BadFile, load, load_problem

LARGEST_SCORE = 1e300  # beyond it a number is none that can be compared


def check(args: argparse.Namespace) -> int:
    """The verifier alone: is the plan feasible, and what does it cost by the plain file."""
    raw, _problem = load_problem(args.problem)
    answer = load(args.answer)
    plan = answer.get("plan") if isinstance(answer, dict) else None
    if not isinstance(plan, dict) or not all(isinstance(b, str) for b in plan.values()):
        raise BadFile(
            args.answer,
            [Fault("plan", "is no object of unit: building", "give an answer of `satuatap regroup --json`")],
        )
    verdict = verify.verify(raw, plan)
    told = answer.get("cost")
    said = told.get("score") if isinstance(told, dict) else None
    differs = said is not None and not _agrees(said, verdict.score)
    sums = {"score": verdict.score, "cash_yearly": verdict.cash_yearly, "capacity_yearly": verdict.capacity_yearly}
    sums_told = {name: amount if math.isfinite(amount) else None for name, amount in sums.items()}
    way = _way(args, raw, plan, answer.get("phases")) if verdict.feasible else None
    more = (
        {}
        if way is None
        else {
            "phases": {
                "feasible": way.feasible,
                "broken": list(way.broken),
                "total": way.total if math.isfinite(way.total) else None,
            }
        }
    )
    told_all = {
        "feasible": verdict.feasible,
        "broken": list(verdict.broken),
        **sums_told,
        "agrees": not differs,
        **more,
    }
    print(json.dumps(told_all))
    return 0 if verdict.feasible and not differs and (way is None or way.feasible) else 1


def _way(args: argparse.Namespace, raw: Any, plan: dict[str, str], told: Any) -> Judged | None:
    """The answer's way in years, judged by the plain file; None where the answer has none."""
    when = told.get("when") if isinstance(told, dict) else None
    if not when:
        return None
    years = told.get("years_asked")
    right = isinstance(when, dict) and all(isinstance(y, int) for y in when.values())
    terms, _faults = read_terms(
        raw.get("phases"), years if isinstance(years, int) and 1 <= years <= MOST_YEARS else None
    )
    if not right or terms is None:
        raise BadFile(args.answer, [Fault("phases", "is no way in years", "give an answer of --phases --json")])
    rows = told.get("years")
    return verify_phases(raw, plan, when, asdict(terms), max(terms.years, min(len(rows), 200)) if rows else None)


def _agrees(said: Any, score: float) -> bool:
    """Whether an answer's own score is a number and the verifier's."""
    if isinstance(said, bool) or not isinstance(said, int | float) or abs(said) > LARGEST_SCORE:
        return False
    return abs(score - said) <= verify.CLOSE * max(1.0, abs(score))
