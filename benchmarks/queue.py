"""Issue and call next over HTTP, beside the same statements in pgbench and beside floor F, in one run.

    .venv/bin/python benchmarks/queue.py [--rounds 3] [--clients 1 16 64] [--json]

Set up as the claim was measured, calls only: 10,075 waiting errands (of single-errand visits, because nobody finishes
here), 60 services, desks with 1 to 6 skills, a fresh desk a call. pgbench uses as many connections as the front's pool
(8). Floor F is one prepared statement that takes the oldest ready errand of one FIFO index and its free visit: no
policy, no journal. Medians over the rounds; ratios round by round. All on loopback, on this machine's own cores.
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

from benchmarks import queue_city, queue_load, queue_sql  # noqa: E402

DESIGNS = {"http": "front over HTTP", "same": "same statement, pgbench", "floor": "floor F, pgbench"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--calls", type=int, default=2560)
    parser.add_argument("--pool", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows: dict[tuple[str, int, str], list[dict[str, Any]]] = defaultdict(list)
    with queue_city.running(args.calls, args.pool) as city:
        for number in range(args.rounds):
            for clients in args.clients:
                for operation in ("call", "issue"):
                    for design, row in one_round(city, operation, clients, args):
                        rows[operation, clients, design].append(row)
                        print(
                            f"round {number + 1}: {operation} {clients} {design} {row['per_second']:.0f}/s",
                            file=sys.stderr,
                        )
        queue_sql.check(city)
    table = summed_up(rows)
    for row in table:
        print(json.dumps(row) if args.json else shown(row))
    return 0 if not any(row["duplicates"] or row["doubles"] for row in table) else 1


def one_round(city: queue_city.City, operation: str, clients: int, args: argparse.Namespace) -> list[Any]:
    """HTTP, the same statement and (for calls) the floor, each from the same fresh start."""
    found = []
    for design in ("http", "same", "floor"):
        if operation == "issue" and design == "floor":
            continue
        queue_sql.reset(city, operation)
        if design == "http":
            row = asyncio.run(queue_load.press(city, operation, clients, args.calls))
        else:
            row = queue_sql.pgbench(city, operation, design, min(clients, args.pool), args.calls)
        row.update(queue_sql.doubled(city))
        found.append((design, row))
    return found


def summed_up(rows: dict[tuple[str, int, str], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """One object a line: medians, and the ratios round by round."""
    table = []
    for (operation, clients, design), runs in sorted(rows.items()):
        same, floor = rows.get((operation, clients, "same")), rows.get((operation, clients, "floor"))
        table.append(
            {
                "operation": operation,
                "clients": clients,
                "design": design,
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


def shown(row: dict[str, Any]) -> str:
    return (
        f"{row['operation']:<6} {row['clients']:>3} clients  {DESIGNS[row['design']]:<26} {row['per_second']:>8.0f}/s  "
        f"p50 {row['p50_ms']:>6.1f} ms  p99 {row['p99_ms']:>6.1f} ms  of same {row['ratio_same_statement'] or '-':>5}  "
        f"of F {row['ratio_floor'] or '-':>5}  duplicates {row['duplicates']} doubles {row['doubles']}"
    )


if __name__ == "__main__":
    sys.exit(main())
