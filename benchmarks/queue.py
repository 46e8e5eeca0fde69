"""Issue, call next, finish and the live page over HTTP, beside the same statements in pgbench and floor F, in one run.

    .venv/bin/python benchmarks/queue.py [--rounds 3] [--clients 1 16 64] [--processes 1 2] [--json]
    .venv/bin/python benchmarks/queue.py --operations call issue finish live

Set up as the claim was measured, calls only: 10,075 waiting errands (of single-errand visits, because nobody finishes
here), 60 services, desks with 1 to 6 skills, a fresh desk a call; for the live page, which draws the hall, 120 desks.
pgbench uses as many connections as the front's pool (8). Floor F is one prepared statement that takes the oldest ready
errand of one FIFO index and its free visit: no policy, no journal. A live page's "same statements" are what one page
asks of the database when nobody else looks; the server asks once for a crowd. Medians over the rounds; ratios round by
round. All on loopback, on this machine's cores.
"""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# as a script this folder comes first, and its queue.py would hide the standard library's
sys.path[:] = [str(_HERE.parent), *(p for p in sys.path if Path(p or ".").resolve() != _HERE)]

import argparse  # noqa: E402
import asyncio  # noqa: E402
import json  # noqa: E402
import statistics  # noqa: E402
from collections import defaultdict  # noqa: E402
from typing import Any  # noqa: E402

from benchmarks import queue_city, queue_live, queue_load, queue_sql  # noqa: E402

Rows = dict[tuple[str, int, str, int], list[dict[str, Any]]]
HALL_DESKS = 120  # a live page draws the hall; a hall with a fresh desk for each of thousands of calls is none
OPERATIONS = ("call", "issue", "finish", "live")
LIVE_PAGES = 640  # a page is heavier than a press: fewer are asked for
DESIGNS = {"http": "front over HTTP", "same": "same statement, pgbench", "floor": "floor F, pgbench"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--processes", type=int, nargs="+", default=[1])
    parser.add_argument("--operations", nargs="+", choices=OPERATIONS, default=list(OPERATIONS))
    parser.add_argument("--calls", type=int, default=2560)
    parser.add_argument("--pool", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows: Rows = defaultdict(list)
    if writes := [one for one in args.operations if one != "live"]:
        rounds(rows, writes, args.calls, args)
    if "live" in args.operations:
        rounds(rows, ["live"], HALL_DESKS, args)
    table = summed_up(rows)
    for row in table:
        print(json.dumps(row) if args.json else shown(row))
    return 0 if not any(row["duplicates"] or row["doubles"] for row in table) else 1


def rounds(rows: Rows, operations: list[str], desks: int, args: argparse.Namespace) -> None:
    """Every round of these operations in a city of this many desks, into ``rows``."""
    with queue_city.running(desks, args.pool, max(args.processes)) as city:
        queue_sql.keep(city)
        if "live" in operations:
            city.live_sql = queue_live.statements_of_a_page(city)
        for number in range(args.rounds):
            for clients in args.clients:
                for operation in operations:
                    for key, row in one_round(city, operation, clients, args):
                        rows[operation, clients, *key].append(row)
                        said = f"{operation} {clients} {' '.join(map(str, key))} {row['per_second']:.0f}/s"
                        print(f"round {number + 1}: {said}", file=sys.stderr)
        queue_sql.check(city)


def one_round(city: queue_city.City, operation: str, clients: int, args: argparse.Namespace) -> list[Any]:
    """HTTP by each number of processes, the same statement and (for calls) the floor, each from a fresh start."""
    found = []
    count = LIVE_PAGES if operation == "live" else args.calls
    designs = [("http", n) for n in args.processes if n <= clients] + [("same", 0)]
    for design, processes in designs + [("floor", 0)] * (operation == "call"):
        queue_sql.reset(city, operation)
        if design == "http":
            row = asyncio.run(queue_load.press(city, operation, clients, count, processes))
        else:
            row = queue_sql.pgbench(city, operation, design, min(clients, args.pool), count)
        row.update(queue_sql.doubled(city))
        found.append(((design, processes), row))
    return found


def summed_up(rows: Rows) -> list[dict[str, Any]]:
    """One object a line: medians, and the ratios round by round."""
    table = []
    for (operation, clients, design, processes), runs in sorted(rows.items()):
        same, floor = rows.get((operation, clients, "same", 0)), rows.get((operation, clients, "floor", 0))
        table.append(
            {
                "operation": operation,
                "clients": clients,
                "design": design,
                "processes": processes,
                "per_second": round(statistics.median(r["per_second"] for r in runs), 1),
                "p50_ms": round(statistics.median(r["p50_ms"] for r in runs), 2),
                "p99_ms": round(statistics.median(r["p99_ms"] for r in runs), 2),
                "ratio_same_statement": ratio(runs, same),
                "ratio_floor": ratio(runs, floor),
                "duplicates": sum(r["duplicates"] for r in runs),
                "doubles": sum(r["doubles"] for r in runs),
            }
        )
    return table


def ratio(runs: list[dict[str, Any]], other: list[dict[str, Any]] | None) -> float | None:
    if not other:
        return None
    pairs = zip(runs, other, strict=True)
    return round(statistics.median(a["per_second"] / b["per_second"] for a, b in pairs), 3)


def named(row: dict[str, Any]) -> str:
    return DESIGNS[row["design"]] + (f", {row['processes']} proc." if row["processes"] else "")


def shown(row: dict[str, Any]) -> str:
    return (
        f"{row['operation']:<6} {row['clients']:>3} clients  {named(row):<28} {row['per_second']:>8.0f}/s  "
        f"p50 {row['p50_ms']:>6.1f} ms  p99 {row['p99_ms']:>6.1f} ms  of same {row['ratio_same_statement'] or '-':>5}  "
        f"of F {row['ratio_floor'] or '-':>5}  duplicates {row['duplicates']} doubles {row['doubles']}"
    )


if __name__ == "__main__":
    sys.exit(main())
