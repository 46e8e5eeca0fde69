"""``--front``: what a year costs against money once, travel or people who move."""

from __future__ import annotations

import argparse
from typing import Any

from satuatap.engines.regroup import verify
from satuatap.engines.regroup.faults import Fault
from satuatap.engines.regroup.front import Front, front
from satuatap.engines.regroup.front_axes import AGAINST, NoAxis, axis
from satuatap.engines.regroup.problem import Problem
from satuatap.engines.regroup.stopping import Deadline
from satuatap.project.cli.regroup.files import BadFile
from satuatap.project.cli.regroup.progress import parts

TITLES = {
    "one_off": ("biaya sekali / one-off cost", "{:,.0f}"),
    "travel": ("km rata-rata dari kecamatan terjauh / mean km from the worst-off kecamatan", "{:.3f}"),
    "people": ("orang yang pindah / people who move", "{:,.0f}"),
}


def names_of(args: argparse.Namespace, problem: Problem) -> list[str]:
    """The fronts asked for; ``all`` leaves out those that the city has no figures for."""
    found = []
    for name in AGAINST if args.front == "all" else (args.front,):
        try:
            axis(problem, name)
        except NoAxis as no:
            if args.front != "all":
                raise BadFile(args.problem, [Fault("--front", str(no), "add the figures or ask for another")]) from None
            continue
        found.append(name)
    return found


def run(args: argparse.Namespace, raw: Any, problem: Problem, plan: dict[str, str], names: list[str]) -> list[Any]:
    """The fronts as JSON; every plan judged by the plain file."""
    told = []
    for name in names:
        found: Front | None = None
        say = parts(f"--front {name}", args.json)
        for found in front(problem, name, points=args.points, stop=Deadline(args.time_limit / len(names)),
                           seed=args.seed, start=plan):  # fmt: skip
            if say is not None:
                say(len(found.points), args.points)
        if found is not None:
            one = found.as_json()
            for point in one["points"]:
                point["verified"] = verify.verify(raw, point["plan"]).feasible
            told.append(one)
    return told


def lines(told: list[Any]) -> list[str]:
    """The fronts as a person reads them."""
    found = []
    for one in told:
        title, form = TITLES[one["against"]]
        found.append(f"Biaya setahun terhadap / yearly cost against: {title}")
        for point in one["points"]:
            proof = "terbukti / proved" if point["proved"] else f"<= {point['gap']:.2%}"
            freed = ", ".join(point["freed"]) or "-"
            other = form.format(point["against"])
            found.append(f"  {point['yearly']:>14,.0f}  {other:>12}  {proof:<18}  kosong / empty: {freed}")
    return found
