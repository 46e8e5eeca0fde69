"""How long sealing, a proof and a whole verification take: python benchmarks/seals.py [ROWS] (300,000).

A database of its own (SATUATAP_HOME in a new folder), filled with entries like those of a day; nothing else is served.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
import time

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
HOME = tempfile.mkdtemp(prefix="satuatap-seals-")
os.environ |= {"SATUATAP_HOME": HOME, "DJANGO_SETTINGS_MODULE": "satuatap.project.settings"}
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from satuatap.basics.actor import Actor  # noqa: E402
from satuatap.features.journal import actions, queries, roots, verify  # noqa: E402
from satuatap.features.journal.reactions import roots_folder  # noqa: E402
from satuatap.project.database import connected  # noqa: E402

FILL = """
with made as (
  insert into journal_entry (at, kind, who, mall, visit_id, request, fact)
  select now(), 'called', 'desk:' || n %% 60, 1, n / 4, gen_random_uuid(),
         jsonb_build_object('desk', n %% 60, 'errand', n, 'step', n %% 300, 'number', n %% 2000, 'zone', 'B')
  from generate_series(%s, %s) n returning id)
insert into journal_position (position, entry_id)
select (select coalesce(max(position), 0) from journal_position) + row_number() over (order by id), id from made
"""
SIZES = """
select pg_total_relation_size('journal_seal') + pg_total_relation_size('journal_node'),
  pg_total_relation_size('journal_entry') + pg_total_relation_size('journal_position')
"""
BY = Actor.system("benchmark")


def fill(first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, (first, last))


def line(what: str, seconds: float, note: str = "") -> None:
    print(f"{what:<52} {seconds:>10.4f} s  {note}", flush=True)


def main() -> None:
    for start in range(1, ROWS, 100_000):
        fill(start, min(start + 99_999, ROWS))
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    began = time.perf_counter()
    seals = 0
    while actions.seal(by=BY) is not None:
        seals += 1
        actions.number_entries()
    line(f"sealing {ROWS:,} rows that had no seal", time.perf_counter() - began, f"{seals} seals")
    small = []
    for number in range(20):
        fill(ROWS + number * 300, ROWS + number * 300 + 299)
        began = time.perf_counter()
        actions.seal(by=BY)
        small.append(time.perf_counter() - began)
        actions.number_entries()
    line("a seal of 300 new rows on top (median of 20)", statistics.median(small), f"longest {max(small):.4f} s")
    last = queries.last_seal()
    assert last is not None
    times = []
    for _ in range(200):
        began = time.perf_counter()
        found = queries.inclusion(random.randint(1, last.size))
        times.append(time.perf_counter() - began)
        assert found.holds and found.stands
    line("an inclusion proof (median of 200)", statistics.median(times), f"longest {max(times):.4f} s")
    sizes = [seal.size for seal in queries.seals_after(0)]
    times = []
    for size in sizes:
        began = time.perf_counter()
        assert queries.consistency(size).holds
        times.append(time.perf_counter() - began)
    line(f"a consistency proof (median of {len(sizes)})", statistics.median(times), f"longest {max(times):.4f} s")
    began = time.perf_counter()
    roots.publish(roots_folder())
    line("writing the roots out", time.perf_counter() - began, f"{len(sizes)} lines")
    began = time.perf_counter()
    report = verify.check_journal(roots.read(roots.files(roots_folder())[0].read_text()))
    line(f"verifying {report.entries:,} rows against roots outside", time.perf_counter() - began)
    assert not report.faults
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        kept, entries = cursor.fetchone()
    print(f"seals and nodes {kept / 1e6:.1f} MB beside {entries / 1e6:.1f} MB of entries and positions")


if __name__ == "__main__":
    try:
        with connected():
            main()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
