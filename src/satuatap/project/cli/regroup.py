"""``satuatap regroup``: which office sits where, from one file. Needs neither Django nor a database."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from satuatap.engines.regroup import reading, schema, verify
from satuatap.engines.regroup.answer import Answer
from satuatap.engines.regroup.cost import Cost
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.solve import hash_of, regroup
from satuatap.engines.regroup.stopping import Deadline
from satuatap.engines.regroup.why import clash, why_not

LARGEST_FILE = 200_000_000
LARGEST_SCORE = 1e300
BAD_FILE = 2


class BadFile(Exception):
    """A file that cannot be used: every fault at once."""

    def __init__(self, path: str, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"  {fault}" for fault in faults))
        self.path, self.faults = path, faults


def main(words: Sequence[str]) -> int:
    """Run ``satuatap regroup ...``; exit code 2 and every fault in a sentence for a bad file."""
    try:
        if words and words[0] == "check":
            return check(_check_words().parse_args(words[1:]))
        if words and words[0] == "schema":
            print(json.dumps(schema.json_schema(), indent=1))
            return 0
        return solve(_words().parse_args(words))
    except BadFile as bad:
        print(f"satuatap: {bad.path} tidak dapat dipakai / can't be used:\n{bad}", file=sys.stderr)
        return BAD_FILE
    except KeyboardInterrupt:
        return 130


def _words() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="satuatap regroup", description=__doc__,
        epilog="also: satuatap regroup check PROBLEM.json ANSWER.json; satuatap regroup schema",
    )  # fmt: skip
    parser.add_argument("problem", metavar="PROBLEM.json")
    parser.add_argument("--time-limit", type=_seconds, default=60.0, metavar="S", help="detik / seconds (60)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="jawaban sebagai satu objek JSON / the answer as JSON")
    parser.add_argument("--why", nargs=2, metavar=("UNIT", "BUILDING"), help="mengapa tidak di sana / why not there")
    return parser


def _check_words() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="satuatap regroup check", description=verify.__doc__)
    parser.add_argument("problem", metavar="PROBLEM.json")
    parser.add_argument("answer", metavar="ANSWER.json")
    return parser


def _seconds(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or number <= 0:
        raise argparse.ArgumentTypeError("seconds above 0")
    return number


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
    """A problem file, checked; or every fault."""
    raw = load(path)
    found = reading.read(raw)
    if found.problem is None:
        raise BadFile(path, found.faults)
    return raw, found.problem


def solve(args: argparse.Namespace) -> int:
    """Solve, say it, and explain one wish if asked."""
    raw, problem = load_problem(args.problem)
    if args.why:
        _known(args.problem, problem, *args.why)
    answer = regroup(
        problem, Deadline(args.time_limit), args.seed, progress=None if args.json else _progress,
        input_hash=hash_of(raw),
    )  # fmt: skip
    told = answer.as_json()
    if answer.plan is not None:
        verdict = verify.verify(raw, answer.plan)
        told["verified"] = {"feasible": verdict.feasible, "score": verdict.score, "broken": list(verdict.broken)}
    if answer.infeasible:
        told["clash"] = list(clash(problem))
    why = None
    if args.why and answer.plan is not None:
        unit, building = args.why
        limit = min(args.time_limit, 10.0)
        why = why_not(problem, unit, building, answer, stop=lambda: Deadline(limit), seed=args.seed)
        told["why"] = {"unit": args.why[0], "building": args.why[1], "clash": list(why.clash), "low": why.low,
                       "high": why.high if math.isfinite(why.high) else None, "terms": dict(why.terms)}  # fmt: skip
    print(json.dumps(told, ensure_ascii=False) if args.json else shown(problem, answer, told))
    return 0 if answer.plan is not None else 1


def _known(path: str, problem: Problem, unit: str, building: str) -> None:
    faults = []
    if unit not in {u.id for u in problem.units}:
        faults.append(Fault("--why", f'"{unit}" is no unit', "use the id of a unit"))
    if building not in {b.id for b in problem.buildings}:
        faults.append(Fault("--why", f'"{building}" is no building', "use the id of a building"))
    if faults:
        raise BadFile(path, faults)


def _progress(seconds: float, best: float | None, bound: float) -> None:
    if sys.stderr.isatty():
        shown_best = "-" if best is None else f"{best:,.0f}"
        print(f"\r  {seconds:5.1f} s  {shown_best}  >= {bound:,.0f}   ", end="", file=sys.stderr, flush=True)


def shown(problem: Problem, answer: Answer, told: dict[str, Any]) -> str:
    """The answer as a person reads it."""
    lines = [problem.name + ("  (data contoh / sample data)" if problem.synthetic else "")]
    if answer.cost is None:
        lines.append("Tidak ada rencana yang memenuhi semua aturan / no plan keeps every rule." if answer.infeasible
                     else "Belum ditemukan rencana; beri waktu lebih / no plan found yet; give more time.")  # fmt: skip
        lines += [f"  - {name}" for name in told.get("clash", ())]
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


def _agrees(said: Any, score: float) -> bool:
    """Whether an answer's own score is a number and the verifier's."""
    if isinstance(said, bool) or not isinstance(said, int | float) or abs(said) > LARGEST_SCORE:
        return False
    return abs(score - said) <= verify.CLOSE * max(1.0, abs(score))


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
    print(
        json.dumps({"feasible": verdict.feasible, "broken": list(verdict.broken), **sums_told, "agrees": not differs})
    )
    return 0 if verdict.feasible and not differs else 1
