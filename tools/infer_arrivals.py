"""When people come, inferred from public snapshots of twelve Warsaw offices (see docs/arrivals.md).

usage: infer_arrivals.py SNAPSHOTS.csv.gz ARRIVALS.csv

The snapshots name, about every five minutes, the last called ticket and the people waiting of each queue. Whoever came
between two snapshots was either called or is waiting: arrivals = tickets called + change of the queue. Who already
waits at the first snapshot of the day came before the doors opened.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

OPENS, CLOSES, STEP = 8 * 60, 16 * 60, 30
HOLIDAYS = {"2020-01-01", "2020-01-06"}
MOST_CALLS_BETWEEN_TWO = 15  # a larger jump of the ticket number is another series, not people
LEAST_CALLS_A_DAY = 5  # a queue that hardly moves says nothing about when people come
FIELDS = ["from", "share", "source", "source_year", "confidence", "synthetic", "note"]
SOURCE = "HaZdula/kolejkeR warsaw_queues (MIT); City of Warsaw open data"

Snapshot = tuple[int, int, int | None]  # minute of the day, people waiting, number of the last called ticket


def day_of(text: str) -> str:
    """The date, with the week-year fault of two days mended (2020-12-30 was 2019-12-30)."""
    return text.replace("2020-12-3", "2019-12-3")


def minute_of(text: str) -> int:
    hours, minutes = text.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def ticket_of(text: str) -> int | None:
    found = re.search(r"(\d+)$", text)
    return int(found.group(1)) if found else None


def is_plain_working_day(day: str) -> bool:
    """Tuesday to Friday, when the district offices keep 8 to 16; Mondays are longer there."""
    return day not in HOLIDAYS and date.fromisoformat(day).isoweekday() in (2, 3, 4, 5)


def read_queues(path: Path) -> dict[tuple[str, str, str], dict[int, Snapshot]]:
    """The snapshots of one queue on one day, by minute (a repeated minute counts once)."""
    queues: dict[tuple[str, str, str], dict[int, Snapshot]] = defaultdict(dict)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day, at = day_of(row["date"]), minute_of(row["time"])
            if not (OPENS <= at <= CLOSES) or not is_plain_working_day(day):
                continue
            waiting = int(float(row["liczbaKlwKolejce"] or 0))
            queues[row["name"], day, row["idGrupy"]][at] = (at, waiting, ticket_of(row["aktualnyNumer"]))
    return queues


def arrivals_of(snapshots: list[Snapshot]) -> Iterator[tuple[int, int]]:
    """(minute, people) for each pair of snapshots; minute before opening for those who waited at the door."""
    yield OPENS - STEP, snapshots[0][1]
    for (_, queue_before, ticket_before), (at, queue, ticket) in pairwise(snapshots):
        called = ticket - ticket_before if ticket is not None and ticket_before is not None else 0
        if not 0 <= called <= MOST_CALLS_BETWEEN_TWO:
            continue
        yield at - 1, called + queue - queue_before


def moves(snapshots: list[Snapshot]) -> bool:
    tickets = [ticket for _, _, ticket in snapshots if ticket is not None]
    return len(snapshots) >= 20 and len(tickets) >= 2 and max(tickets) - min(tickets) >= LEAST_CALLS_A_DAY


def shares(queues: dict[tuple[str, str, str], dict[int, Snapshot]]) -> tuple[dict[int, float], int, int]:
    """Share of the day's arrivals by half hour, people and queue-days they rest on."""
    people: dict[int, int] = defaultdict(int)
    days = 0
    for by_minute in queues.values():
        snapshots = [by_minute[at] for at in sorted(by_minute)]
        if not moves(snapshots):
            continue
        days += 1
        for at, count in arrivals_of(snapshots):
            people[at // STEP * STEP] += count
    bins = range(OPENS - STEP, CLOSES, STEP)
    counts = {start: max(people[start], 0) for start in bins}
    total = sum(counts.values())
    return {start: count / total for start, count in counts.items()}, total, days


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found, people, days = shares(read_queues(Path(arguments[0])))
    with Path(arguments[1]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n", restval="")
        writer.writeheader()
        for start, share in found.items():
            writer.writerow(
                {"from": f"{start // 60:02}:{start % 60:02}", "share": f"{share:.4f}", "source": SOURCE}
                | {
                    "source_year": 2020,
                    "confidence": "L",
                    "synthetic": "yes",
                    "note": "Profil Warsawa.",
                }
            )
    print(f"{people} people, {days} queue-days; before opening and in the first two hours: "
          f"{sum(share for start, share in found.items() if start < OPENS + 120):.1%}")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
