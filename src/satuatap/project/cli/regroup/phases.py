"""``--phases``: which unit moves in which year."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.phases import phases
from satuatap.engines.regroup.phases_reading import Terms, read_terms
from satuatap.engines.regroup.phases_verify import verify_phases
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.stopping import Deadline
from satuatap.project.cli.regroup.files import BadFile
from satuatap.project.cli.regroup.progress import seconds_best_bound


def terms_of(args: argparse.Namespace, raw: Any) -> Terms:
    """The file's terms, for as many years as the command line says."""
    terms, faults = read_terms(raw.get("phases"), args.phases or None)
    if terms is None:
        raise BadFile(args.problem, [*faults, *_years_hint(args)])
    return terms


def _years_hint(args: argparse.Namespace) -> list[Fault]:
    if not args.phases:
        return []
    return [Fault("--phases", f"asks for {args.phases} years", "leave the number out, or write lists of that length")]


def run(args: argparse.Namespace, raw: Any, problem: Problem, plan: dict[str, str], terms: Terms) -> dict[str, Any]:
    """The way as JSON, judged by the plain file."""
    found = phases(
        problem, plan, terms, stop=Deadline(args.time_limit), seed=args.seed, progress=seconds_best_bound(args.json)
    )  # fmt: skip
    told = found.as_json()
    if found.years:
        judged = verify_phases(raw, plan, found.when, asdict(terms), len(found.years))
        told["verified"] = {"feasible": judged.feasible, "total": judged.total, "broken": list(judged.broken)}
    told["years_asked"] = terms.years
    return told


def lines(told: dict[str, Any]) -> list[str]:
    """The way as a person reads it."""
    if not told["years"]:
        if not told["infeasible"]:
            return ["Tahapan: belum ditemukan; beri waktu lebih / phases: none found yet; give more time."]
        return ["Tahapan: tidak ada jalan, karena / phases: there is no way, because of:",
                *(f"  - {name}" for name in told["clash"])]  # fmt: skip
    found = ["Tahapan / phases"]
    for n, year in enumerate(told["years"]):
        once = sum(year["one_off"].values())
        after = "  (sesudahnya / afterwards)" if n >= told["years_asked"] else ""
        found.append(f"  {year['year']}: sekali / once {once:,.0f}, hemat kas setahun / cash saved "
                     f"{year['saving']:,.0f}{after}")  # fmt: skip
        for move in year["moves"]:
            also = "" if move["alone"] else "  (bersamaan / together)"
            found.append(f"    {move['unit']}: {move['from']} -> {move['to']}{also}")
        if year["emptied"]:
            found.append(f"    kosong / empty: {', '.join(year['emptied'])}")
    if told["left"]:
        found.append(f"  tidak dipindah / left where they are: {', '.join(told['left'])}")
    proof = "terbukti terbaik / proved best" if told["proved"] else f"paling jauh / within {told['gap']:.2%}"
    return [*found, f"  bukti / proof: {proof}, {told['seconds']:.1f} s"]
