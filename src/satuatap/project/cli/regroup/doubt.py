"""``--doubt``: how far the answer holds and what to find first; ``weigh``: stored draws for a figure now found."""

from __future__ import annotations

import argparse
import json
import math
from typing import Any

from satuatap.engines.regroup.doubt import doubt
from satuatap.engines.regroup.doubt_draws import from_json, reweighted
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.stopping import Deadline
from satuatap.project.cli.regroup.files import BadFile, load
from satuatap.project.cli.regroup.progress import parts


def run(args: argparse.Namespace, raw: Any, plan: dict[str, str]) -> dict[str, Any]:
    """What the draws say as JSON, the draws with it."""
    found = doubt(
        raw, plan, draws=args.doubt, stop=Deadline(args.time_limit), seed=args.seed,
        progress=parts("--doubt", args.json),
    )  # fmt: skip
    return found.as_json()


def lines(told: dict[str, Any]) -> list[str]:
    """What the draws say as a person reads it."""
    said = told["summary"]
    if not told["draws"]["figures"]:
        return ["Keraguan: semua angka pasti atau bersumber / doubt: every figure is certain or has a source."]
    cut = "" if said["draws"] == told["asked"] else f" dari / of {told['asked']}"
    found = [f"Keraguan / doubt: {said['draws']}{cut} kota undian / drawn cities, "
             f"{len(told['draws']['figures'])} angka tanpa sumber / figures without a source"]  # fmt: skip
    for name, title in (("cash", "hemat kas setahun / cash saved a year"),
                        ("capacity", "hemat kapasitas / capacity freed"),
                        ("regret", "rugi bila rencana ini dipakai / regret of this plan")):  # fmt: skip
        one = said[name]
        if one is not None:
            found.append(
                f"  {title}: {one['low']:,.0f} .. {one['middle']:,.0f} .. {one['high']:,.0f} (5 %, 50 %, 95 %)"
            )
    often = sorted(((share, b) for b, share in said["freed"].items() if share > 0), reverse=True)
    found += [f"  {b}: kosong dalam / set free in {share:.0%}" for share, b in often]
    if said["without_plan"] or said["plan_breaks"]:
        found.append(f"  tanpa rencana / without a plan: {said['without_plan']:.0%}; rencana ini melanggar / "
                     f"this plan breaks a rule: {said['plan_breaks']:.0%}")  # fmt: skip
    moves = {one["figure"]: one["moves"] for one in told["worth"]}
    found.append("  cari dulu / find first:")
    return [*found, *(f"    {name}: menggeser / moves {moves[name]:,.0f}" for name in told["find_first"])]


def weigh(args: argparse.Namespace) -> int:
    """Stored draws weighed again; exit code 1 where too few are left to speak of."""
    told = load(args.answer)
    try:
        draws = from_json(told["doubt"]["draws"])
    except (KeyError, TypeError, ValueError):
        raise BadFile(
            args.answer, [Fault("doubt.draws", "holds no draws", "give an answer of --doubt --json")]
        ) from None
    try:
        if not math.isfinite(args.value):
            raise ValueError
        found = reweighted(draws, args.figure, args.value)
    except KeyError:
        known = ", ".join(one.path for one in draws.figures[:20])
        raise BadFile(args.answer, [Fault(args.figure, "was not drawn", f"one of: {known}")]) from None
    except ValueError:
        raise BadFile(args.answer, [Fault(args.figure, "has no such value", "write a number")]) from None
    print(json.dumps(found.as_json(), ensure_ascii=False))
    return 0 if found.usable else 1
