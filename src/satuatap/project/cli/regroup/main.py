"""The words of the command, and which verb they ask for."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from satuatap.engines.regroup import doubt, front, front_axes, phases_reading, schema, verify
from satuatap.project.cli.regroup.check import check
from satuatap.project.cli.regroup.doubt import weigh
from satuatap.project.cli.regroup.files import BadFile
from satuatap.project.cli.regroup.kernels import make
from satuatap.project.cli.regroup.solve import solve

BAD_FILE = 2
ALL = "all"


def main(words: Sequence[str]) -> int:
    """Run ``satuatap regroup ...``; exit code 2 and every fault in a sentence for a bad file."""
    try:
        if words and words[0] == "check":
            return check(_check_words().parse_args(words[1:]))
        if words and words[0] == "weigh":
            return weigh(_weigh_words().parse_args(words[1:]))
        if words and words[0] == "kernels":
            return make(Path(words[1]) if len(words) > 1 else None)
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
        prog="satuatap regroup", description="Which office sits where, from one file.",
        epilog="also: satuatap regroup check PROBLEM.json ANSWER.json; satuatap regroup weigh ANSWER.json FIGURE "
               "VALUE; satuatap regroup schema",
    )  # fmt: skip
    parser.add_argument("problem", metavar="PROBLEM.json")
    parser.add_argument("--time-limit", type=_seconds, default=60.0, metavar="S",
                        help="detik untuk rencana, lalu untuk tiap permintaan / seconds for the plan, then for each "
                             "of what is asked beside it (60)")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="jawaban sebagai satu objek JSON / the answer as JSON")
    parser.add_argument("--why", nargs=2, metavar=("UNIT", "BUILDING"), help="mengapa tidak di sana / why not there")
    parser.add_argument("--relax", action="store_true",
                        help="aturan mana paling mahal / which single rule costs most")  # fmt: skip
    parser.add_argument("--phases", nargs="?", type=_years, const=0, metavar="YEARS",
                        help="pindah tahun demi tahun; anggaran dari `phases` di berkas / move year by year; budgets "
                             "from the file's `phases`")  # fmt: skip
    parser.add_argument("--front", nargs="?", choices=(*front_axes.AGAINST, ALL), const=ALL,
                        help="biaya setahun terhadap uang sekali, perjalanan, orang yang pindah / yearly cost against "
                             "money once, travel, people who move")  # fmt: skip
    parser.add_argument("--points", type=_count, default=front.USUAL_POINTS, metavar="N",
                        help=f"titik tiap garis / points of a front ({front.USUAL_POINTS})")  # fmt: skip
    parser.add_argument("--doubt", nargs="?", type=_count, const=doubt.USUAL_DRAWS, metavar="DRAWS",
                        help="seberapa kuat jawaban bila angka tanpa sumber berubah / how far the answer holds when "
                             f"figures without a source change ({doubt.USUAL_DRAWS})")  # fmt: skip
    return parser


def _check_words() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="satuatap regroup check", description=verify.__doc__)
    parser.add_argument("problem", metavar="PROBLEM.json")
    parser.add_argument("answer", metavar="ANSWER.json")
    return parser


def _weigh_words() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="satuatap regroup weigh",
        description="Weighs the stored draws of `--doubt --json` again for a figure that was found; an estimate, "
                    "labelled. Exact: put the figure into the file and run --doubt again.",
    )  # fmt: skip
    parser.add_argument("answer", metavar="ANSWER.json")
    parser.add_argument("figure", metavar="FIGURE", help="its path, as --doubt names it")
    parser.add_argument("value", metavar="VALUE", type=float)
    return parser


def _seconds(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or number <= 0:
        raise argparse.ArgumentTypeError("seconds above 0")
    return number


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError("a whole number from 1")
    return int(text)


def _years(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= phases_reading.MOST_YEARS:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {phases_reading.MOST_YEARS}")
    return int(text)
