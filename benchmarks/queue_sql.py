"""The database side of the benchmark: a fresh start before each measurement, pgbench runs, and the counts after."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.queue_city import City
from satuatap.features.visits import statements

# Floor F: one FIFO index, no policy, no journal (claim.md, section 8).
FLOOR = """
with pick as materialized (
  select e.visit_id, e.seq from visits_errand e join visits_visit v on v.id = e.visit_id
  where e.state = 1 and v.state = 0 order by e.ready_at, e.visit_id, e.seq limit 1 for no key update of v skip locked),
uv as (update visits_visit v set state = 1, desk = :desk::smallint, rev = v.rev + 1 from pick where v.id = pick.visit_id
       returning v.id),
ue as (update visits_errand e set state = 2, desk = :desk::smallint, called_at = now() from pick, uv
       where e.visit_id = pick.visit_id and e.seq = pick.seq returning e.visit_id, e.seq)
update visits_desk k set visit_id = ue.visit_id, seq = ue.seq from ue where k.id = :desk::smallint
returning k.visit_id
"""
FIFO = "create index if not exists bench_fifo on visits_errand (ready_at, visit_id, seq) where state = 1"
KEY = "lpad(to_hex(:key::bigint), 32, '0')::uuid"


def _connect(city: City) -> psycopg.Connection[Any]:
    return psycopg.connect(city.owner_url, autocommit=True)


def keep(city: City) -> None:
    """A copy of the fresh queue, which every reset goes back to."""
    with _connect(city) as db:
        db.execute("create table bench_visit as select * from visits_visit")
        db.execute("create table bench_errand as select * from visits_errand")


def reset(city: City, operation: str) -> None:
    """Every desk free (for ``finish``: each with a citizen), the queue full again, statistics fresh."""
    with _connect(city) as db:
        db.execute("update visits_desk set visit_id = null, seq = null, open = true, last_kind = null")
        db.execute("delete from visits_errand")
        db.execute("delete from visits_visit")
        db.execute("insert into visits_visit select * from bench_visit")
        db.execute("insert into visits_errand select * from bench_errand")
        db.execute(FIFO if operation == "floor" else "drop index if exists bench_fifo")
        db.execute("vacuum analyze visits_desk, visits_errand, visits_visit, visits_counter")
    if operation == "finish":
        pgbench(city, "call", "same", 8, 8 * (len(city.desks) // 8))
    with _connect(city) as db:
        rows = db.execute("select id, visit_id, seq from visits_desk where visit_id is not null order by id").fetchall()
        city.at_desk = [(desk, (visit, seq)) for desk, visit, seq in rows]
        city.mark = db.execute("select coalesce(max(id), 0) from journal_entry").fetchone()[0]  # type: ignore[index]


def _script(city: City, operation: str, design: str, clients: int, count: int) -> str:
    each = -(-count // clients)
    lines = [
        "\\set i :i + 1",
        f"\\set desk :first + :client_id * {each} + :i",
        "\\set key random(1, 9000000000000000000)",
    ]
    if operation == "call":
        sql = (
            FLOOR if design == "floor" else _named(statements.CALL, {"desk": ":desk", "who": "'bench'", "request": KEY})
        )
    elif operation == "finish":
        values = {"desk": ":desk", "who": "'bench'", "request": KEY, "success": "true", "result": "'done'",
                  "estimated": "false", "visit": "null", "seq": "null"}  # fmt: skip
        sql = _named(statements.FINISH, values)
    elif operation == "live":
        return ";\n".join(_tidy(sql) for sql in city.live_sql) + ";\n"
    else:
        lines.append(f"\\set step 1 + random(0, {len(city.steps) - 1})")
        values = {
            "class": "0", "mall": str(city.mall), "request": KEY, "steps": "array[:step]", "after": "'{0}'",
            "token": "md5(:key::text)", "code": "'AAAA'", "channel": "'kiosk'", "who": "'bench'",
        }  # fmt: skip
        sql = _named(statements.ISSUE, values)
    return "\n".join(lines) + "\n" + _tidy(sql) + ";\n"


def _named(sql: str, values: dict[str, str]) -> str:
    return re.sub(r"%\((\w+)\)s", lambda m: values[m[1]], sql)


def _tidy(sql: str) -> str:
    return "\n".join(line.split(" --")[0] for line in sql.strip().splitlines())


def pgbench(city: City, operation: str, design: str, clients: int, count: int) -> dict[str, Any]:
    """Run the statement in pgbench, prepared, from ``clients`` connections of the application's role."""
    if design == "floor":
        with _connect(city) as db:
            db.execute(FIFO)
            db.execute("analyze visits_errand")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "statement.sql"
        script.write_text(_script(city, operation, design, clients, count))
        logs = Path(folder) / "log"
        command = [
            str(city.binaries / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "1",
            "-t", str(count // clients), "-f", str(script), "-l", "--log-prefix", str(logs),
            "-D", "i=-1", "-D", f"first={city.desks[0]}", city.app_url,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or " aborted" in done.stderr:
            raise RuntimeError(done.stderr[-800:])
        rate = float(re.search(r"tps = ([\d.]+)", done.stdout)[1])  # type: ignore[index]
        times = sorted(
            int(line.split()[2]) for log in Path(folder).glob("log*") for line in log.read_text().splitlines()
        )
    if operation != "live" and (made := _made(city, operation)) < 0.98 * count:
        raise RuntimeError(f"{design}: only {made} of {count} {operation}s were made")
    return {"per_second": rate, "p50_ms": times[len(times) // 2] / 1000, "p99_ms": times[int(0.99 * len(times))] / 1000}


def _made(city: City, operation: str) -> int:
    """How many of the statements did their work: a measurement of statements that found nothing is none."""
    sql = "select count(*) from visits_desk where visit_id is not null"
    if operation == "finish":
        sql = "select count(*) from visits_errand where state = 4"
    elif operation == "issue":
        sql = f"select count(*) from visits_visit where id > {city.last}"
    with _connect(city) as db:
        return int(db.execute(sql).fetchone()[0])  # type: ignore[index]


def doubled(city: City) -> dict[str, int]:
    """Numbers given twice, citizens called to two desks, since the reset."""
    with _connect(city) as db:
        numbers = db.execute(
            "select count(*) - count(distinct (fact->>'day', fact->>'number')) from journal_entry "
            "where kind = 'ticket_issued' and id > %s",
            [city.mark],
        ).fetchone()[0]  # type: ignore[index]
        calls = db.execute(
            "select count(*) - count(distinct visit_id) from visits_desk where visit_id is not null"
        ).fetchone()[0]  # type: ignore[index]
    return {"duplicates": numbers, "doubles": calls}


def check(city: City) -> None:
    """The constraint that makes a double impossible stands."""
    with _connect(city) as db:
        found = db.execute("select count(*) from pg_constraint where conname = 'visits_one_desk'").fetchone()
        assert found is not None
        assert found[0] == 1
