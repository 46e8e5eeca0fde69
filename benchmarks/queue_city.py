"""A mall for the benchmark: real tables, real accounts, a real server on loopback, and 10,075 visits that wait."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

ROOT = Path(__file__).resolve().parents[1]
VISITS, SERVICES = 10_075, 60  # one errand each: calls without finishing would pile busy visits up at the heads


@dataclass
class City:
    """Where the benchmark runs."""

    ports: list[int]  # one of each server process
    mall: int
    desks: list[int]
    services: list[str]
    steps: list[int]
    officer_cookie: str
    kiosk_cookie: str
    app_url: str
    owner_url: str
    binaries: Path
    last: int = 0
    mark: int = 0
    visits: int = VISITS
    at_desk: list[tuple[int, tuple[int, int]]] = field(default_factory=list)  # desk, and whom it serves: visit, errand
    live_sql: list[str] = field(default_factory=list)  # what one live page asks of the database


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _sheet(folder: Path, name: str, header: str, rows: list[list[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def write_city(folder: Path, desks: int) -> None:
    """An invented city with 60 services and enough desks for a fresh one a call."""
    rng = random.Random(11)
    folder.mkdir(parents=True)
    _sheet(folder, "city", "key,value,synthetic", [["code", "bench", "yes"], ["name", "Kota Uji (buatan)", "yes"]])
    _sheet(folder, "agencies", "code,name,short_name,kind,synthetic", [["uji", "Instansi Uji", "Uji", "opd", "yes"]])
    _sheet(folder, "malls", "code,name,timezone,demo,synthetic", [["uji", "Mal Uji", "Asia/Jakarta", "yes", "yes"]])
    _sheet(folder, "zones", "mall,code,name,synthetic", [["uji", "A", "Zona A", "yes"]])
    _sheet(folder, "booths", "mall,code,agency,zone,name,level,synthetic",
           [["uji", "uji", "uji", "A", "Uji", "full", "yes"]])  # fmt: skip
    codes = [f"layanan-{n}" for n in range(SERVICES)]
    _sheet(folder, "services", "code,agency,name,expected_minutes,at_mall,synthetic",
           [[c, "uji", f"Layanan {n}", 3 + n % 9, "yes", "yes"] for n, c in enumerate(codes)])  # fmt: skip
    rows: list[list[object]] = []
    for n in range(desks):
        skills = ";".join(f"{c}/1" for c in rng.sample(codes, rng.choice([1, 2, 3, 4, 5, 6])))
        rows.append(["uji", "uji", str(n + 1), 0, 0, 1, 1, skills, "yes", "yes"])
    _sheet(folder, "desks", "mall,booth,code,x,y,w,h,skills,opens,synthetic", rows)
    _sheet(folder, "hours", "mall,weekday,opens,closes,synthetic",
           [["uji", day, "00:01", "23:59", "yes"] for day in range(1, 8)])  # fmt: skip
    _sheet(folder, "policy", "key,value,unit,synthetic", [["weight_remaining", 4, "times", "yes"]])
    _sheet(folder, "staff", "username,role,mall,booth,display_name,synthetic",
           [["petugas", "officer", "uji", "uji", "Petugas", "yes"],
            ["informasi", "help_desk", "uji", "", "Informasi", "yes"]])  # fmt: skip


def wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended before it served: {log.read_text()[-800:]}")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2, trust_env=False).status_code == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the server did not serve within two minutes")


def sign_in(port: int, username: str, password: str) -> str:
    """A signed-in browser's cookie header."""
    base = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=base, trust_env=False, headers={"origin": base}) as client:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/masuk").text)
        assert token is not None
        form = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
        answer = client.post("/masuk", data=form, headers={"referer": f"{base}/masuk"})
        assert answer.status_code in (302, 303), answer.text[:300]
        return "; ".join(f"{key}={value}" for key, value in client.cookies.items())


def fill(owner: str, mall: int, steps: list[int], rng: random.Random) -> int:
    """10,075 visits with one waiting errand each; returns the last visit."""
    with psycopg.connect(owner, autocommit=True) as db:
        policy, line = db.execute("select policy, lines[1] from visits_floor where mall = %s", [mall]).fetchone()  # type: ignore[misc]
        db.execute(
            "insert into visits_visit (mall, day, number, class, arrived_at, state, rev, done, left_n, token, code, "
            "channel) select %s, (mall_now(%s::smallint) at time zone 'Asia/Jakarta')::date, n, (n %% 5 = 0)::int, "
            "mall_now(%s::smallint) - make_interval(secs => %s - n), 0, 0, 0, 1, 'bench' || lpad(n::text, 17, '0'), "
            "'AAAA', 'kiosk' "
            "from generate_series(1, %s) n",
            [mall, mall, mall, VISITS, VISITS],
        )
        ids = [row[0] for row in db.execute("select id from visits_visit order by id").fetchall()]
        rows = [(visit, 0, rng.choice(steps)) for visit in ids]
        with db.cursor() as cursor:
            cursor.executemany(
                "insert into visits_errand (visit_id, seq, step, service, state, after, class, arrived_at, ready_at, "
                "n_rem, m_rem, line, key, recalls, estimated) select v.id, %s, %s, %s, 1, 0, v.class, v.arrived_at, "
                "v.arrived_at, 1, 360000, %s, 1000 * floor(extract(epoch from v.arrived_at) * 1000)::bigint "
                "+ 1440000000 - v.class * 1800000000, 0, false from visits_visit v where v.id = %s",
                [(seq, step, step, line, visit) for visit, seq, step in rows],
            )
        db.execute(
            "insert into visits_counter (mall, day, last) select mall, day, max(number) from visits_visit "
            "group by 1, 2 on conflict (mall, day) do update set last = excluded.last"
        )
        db.execute("vacuum analyze")
        assert policy
    return int(ids[-1])


@contextlib.contextmanager
def running(calls: int, pool: int, processes: int = 1) -> Iterator[City]:
    """A fresh installation with the benchmark's city, served on a free port of loopback, and removed afterwards.

    With two processes the second is a front alone (no heart, no jobs) on a port of its own, on the same database.
    """
    with tempfile.TemporaryDirectory(prefix="satuatap-bench-") as name:
        os.chmod(name, 0o711)
        home, folder, port = Path(name) / "home", Path(name) / "city", free_port()
        write_city(folder, calls + 64)
        env = {**os.environ, "SATUATAP_HOME": str(home), "PORT": str(port), "SATUATAP_CITY": str(folder),
               "SATUATAP_FRONT_CONNECTIONS": str(pool), "SECRET_KEY": secrets.token_hex(32)}  # fmt: skip
        command = [str(Path(sys.executable).parent / "satuatap"), "serve"]
        with (Path(name) / "serve.log").open("wb") as log:
            servers = [subprocess.Popen(command, env=env, stdout=log, stderr=log)]
            try:
                wait(port, servers[0], Path(log.name))
                city = _city(home, port, env)
                for _ in range(processes - 1):
                    more = free_port()
                    extra = {**env, "PORT": str(more), "DATABASE_URL": city.app_url}
                    command = [sys.executable, "-m", "benchmarks.queue_front"]
                    servers.append(subprocess.Popen(command, env=extra, stdout=log, stderr=log, cwd=ROOT))
                    wait(more, servers[-1], Path(log.name))
                    city.ports.append(more)
                yield city
            finally:
                for server in reversed(servers):
                    server.terminate()
                    server.wait(30)


def _city(home: Path, port: int, env: dict[str, str]) -> City:
    os.environ.update({"SATUATAP_HOME": env["SATUATAP_HOME"], "DJANGO_SETTINGS_MODULE": "satuatap.project.settings"})
    from satuatap.plumbing.postgres.cluster import Cluster  # after the environment is set
    from satuatap.project.database import addresses_of

    cluster = Cluster(home / "postgres")
    addresses = addresses_of(cluster)
    accounts = {row["username"]: row for row in json.loads((home / "accounts.json").read_text())["accounts"]}
    with psycopg.connect(addresses.owner, autocommit=True) as db:
        mall = db.execute("select id from malls_mall").fetchone()[0]  # type: ignore[index]
        desks = [row[0] for row in db.execute("select id from visits_desk order by id").fetchall()]
        codes = db.execute("select s.code, t.id from catalogue_step t join catalogue_service s on s.id = t.service_id")
        pairs = codes.fetchall()
        db.execute("update visits_desk set open = true")
    steps = sorted(step for _code, step in pairs)
    # In the measured calls a fresh desk serves one call: with all its own services it always finds somebody.
    city = City(
        ports=[port], mall=mall, desks=desks, services=[code for code, _step in pairs], steps=steps,
        officer_cookie=sign_in(port, "petugas", accounts["petugas"]["password"]),
        kiosk_cookie=sign_in(port, "informasi", accounts["informasi"]["password"]),
        app_url=addresses.app, owner_url=addresses.owner, binaries=Path(cluster.programs),
    )  # fmt: skip
    city.last = fill(addresses.owner, mall, steps, random.Random(7))
    return city
