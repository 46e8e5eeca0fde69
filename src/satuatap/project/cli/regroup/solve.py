"""The plan itself, and what is asked beside it."""

from __future__ import annotations

import argparse
import json
import math
from typing import Any

from satuatap.engines.regroup import verify
from satuatap.engines.regroup.answer import Answer
from satuatap.engines.regroup.cost import Cost
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.solve import hash_of, regroup
from satuatap.engines.regroup.stopping import Deadline
from satuatap.engines.regroup.why import clash, why_not
from satuatap.project.cli.regroup import doubt, front, phases, relax
from satuatap.project.cli.regroup.files import BadFile, load_problem
from satuatap.project.cli.regroup.progress import seconds_best_bound

LONGEST_WHY = 2.5  # seconds of the second solving, so that an answer is there in three


def solve(args: argparse.Namespace) -> int:
    """Solve, say it, and what was asked beside it; everything asked is checked before the first second is spent."""
    raw, problem = load_problem(args.problem)
    if args.why:
        _known(args.problem, problem, *args.why)
    terms = phases.terms_of(args, raw) if args.phases is not None else None
    fronts = front.names_of(args, problem) if args.front else []
    answer = regroup(
        problem, Deadline(args.time_limit), args.seed, progress=seconds_best_bound(args.json), input_hash=hash_of(raw)
    )
    told = answer.as_json()
    if answer.infeasible:
        told["clash"] = list(clash(problem))
    if args.relax:
        told["relax"] = relax.run(args, problem, answer)
    if answer.plan is not None:
        plan = dict(answer.plan)
        verdict = verify.verify(raw, plan)
        told["verified"] = {"feasible": verdict.feasible, "score": verdict.score, "broken": list(verdict.broken)}
        if args.why:
            told["why"] = _why(args, problem, answer)
        if terms is not None:
            told["phases"] = phases.run(args, raw, problem, plan, terms)
        if fronts:
            told["front"] = front.run(args, raw, problem, plan, fronts)
        if args.doubt:
            told["doubt"] = doubt.run(args, raw, plan)
    print(json.dumps(told, ensure_ascii=False) if args.json else shown(problem, answer, told))
    no_way = terms is not None and not told.get("phases", {}).get("years")
    return 1 if answer.plan is None or no_way else 0


def _why(args: argparse.Namespace, problem: Problem, answer: Answer) -> dict[str, Any]:
    unit, building = args.why
    limit = min(args.time_limit, LONGEST_WHY)
    why = why_not(problem, unit, building, answer, stop=lambda: Deadline(limit), seed=args.seed)
    return {"unit": unit, "building": building, "clash": list(why.clash), "low": why.low,
            "high": why.high if math.isfinite(why.high) else None, "terms": dict(why.terms)}  # fmt: skip


def _known(path: str, problem: Problem, unit: str, building: str) -> None:
    faults = []
    if unit not in {u.id for u in problem.units}:
        faults.append(Fault("--why", f'"{unit}" is no unit', "use the id of a unit"))
    if building not in {b.id for b in problem.buildings}:
        faults.append(Fault("--why", f'"{building}" is no building', "use the id of a building"))
    if faults:
        raise BadFile(path, faults)


def shown(problem: Problem, answer: Answer, told: dict[str, Any]) -> str:
    """The answer as a person reads it."""
    lines = [problem.name + ("  (data contoh / sample data)" if problem.synthetic else "")]
    if answer.cost is None:
        lines.append("Tidak ada rencana yang memenuhi semua aturan / no plan keeps every rule." if answer.infeasible
                     else "Belum ditemukan rencana; beri waktu lebih / no plan found yet; give more time.")  # fmt: skip
        lines += [f"  - {name}" for name in told.get("clash", ())]
        lines += relax.lines(told["relax"]) if "relax" in told else []
        return "\n".join(lines)
    lines += _table(answer.present, answer.cost)
    lines.append(f"Dikosongkan / set free: {', '.join(answer.freed) or '-'}")
    moved = ", ".join(f"{u} -> {answer.plan[u]}" for u in answer.cost.moved) if answer.plan else ""
    lines.append(f"Pindah / moved: {moved or '-'}")
    proof = (
        "terbukti terbaik / proved best"
        if answer.proved
        else f"paling jauh {answer.gap or 0:.2%} dari terbaik / from the best"
    )
    lines.append(f"Bukti / proof: {proof}, {answer.seconds:.1f} s")
    lines += _why_lines(told.get("why"))
    for verb in (relax, phases, front, doubt):
        name = verb.__name__.rpartition(".")[2]
        if name in told:
            lines += ["", *verb.lines(told[name])]
    return "\n".join(lines)


def _table(before: Cost, after: Cost) -> list[str]:
    rows = [("", "sekarang / now", "rencana / plan")]
    for title, kind in (("kas / cash", "cash"), ("kapasitas / capacity", "capacity")):
        a, b = getattr(before, kind), getattr(after, kind)
        rows.append((f"{title}, setahun", f"{sum(a.values()):,.0f}", f"{sum(b.values()):,.0f}"))
        rows += [(f"  {term}", f"{a.get(term, 0):,.0f}", f"{b.get(term, 0):,.0f}") for term in sorted({*a, *b})]
    rows.append(("sekali / one-off", "", f"{sum(after.one_off.values()):,.0f}"))
    rows.append(("km warga / citizens' km", f"{before.citizen_km:,.0f}", f"{after.citizen_km:,.0f}"))
    wide = [max(len(row[n]) for row in rows) for n in range(3)]
    return [f"{row[0]:<{wide[0]}}  {row[1]:>{wide[1]}}  {row[2]:>{wide[2]}}" for row in rows]


def _why_lines(why: dict[str, Any] | None) -> list[str]:
    if not why:
        return []
    what = f"{why['unit']} di / in {why['building']}"
    if why["clash"]:
        return [f"{what}: tidak mungkin / impossible, karena / because of:", *(f"  - {name}" for name in why["clash"])]
    high = "?" if why["high"] is None else f"{why['high']:,.0f}"
    return [f"{what}: {why['low']:,.0f} .. {high} lebih mahal / dearer",
            *(f"  {term}: {change:+,.0f}" for term, change in why["terms"].items())]  # fmt: skip
