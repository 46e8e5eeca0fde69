"""The steps of a start, in their order, each said in one line."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.db.utils import DatabaseError

from satuatap.basics.refusal import Refusal
from satuatap.plumbing.postgres.supervisor import Supervisor
from satuatap.project import database, demo, environment
from satuatap.project.city import opening
from satuatap.project.cli.sentences import Trouble, say
from satuatap.project.heart import round_of_malls

log = logging.getLogger(__name__)


def start_database(supervisor: Supervisor | None) -> database.Addresses:
    """The city's server, or ours: started, with its roles."""
    if supervisor is None:
        addresses = database.given()
        assert addresses is not None
        database.check_server(addresses)
        return addresses
    new = supervisor.cluster.is_new
    say("membuat basis data PostgreSQL ..." if new else "menyalakan PostgreSQL ...")
    supervisor.start_and_wait()
    return database.prepare(supervisor.cluster)


def migrate(addresses: database.Addresses) -> None:
    """Tables, then the application's rights; refuses a role that could rewrite the journal."""
    began = time.monotonic()
    steps = database.bring_up_to_date(addresses)
    if steps:
        say(f"{steps} langkah tabel dijalankan ({time.monotonic() - began:.1f} s)")


def open_demo(addresses: database.Addresses) -> None:
    """The first start of an empty installation opens the demo city; later its clock goes on where it stood."""
    if opening.is_empty():
        folder = os.environ.get("SATUATAP_CITY") or str(settings.CHECKOUT / "data" / "palembang")
        say(f"membuka kota dari {folder} ...")
        with database.as_owner(addresses):
            outcome = opening.open_city(folder)
        if outcome.problems:
            raise Trouble(
                f"Kota di {folder} tidak dapat dibuka: {len(outcome.problems)} hal perlu diperbaiki. "
                f"Lihat: satuatap city open {folder} --check",
                f"The city in {folder} can't be opened: {len(outcome.problems)} things to mend. "
                f"See: satuatap city open {folder} --check",
            )
        with psycopg.connect(addresses.owner, autocommit=True) as owner:
            owner.execute("analyze")
    with database.as_owner(addresses):
        for line in demo.prepare_clocks():
            say(f"jam mal contoh: {line}")
    connections.close_all()


def begin_the_day() -> None:
    """The heart's first beat, before the doors open: who comes first is not told that the mall is closed."""
    try:
        round_of_malls()
    except (Refusal, DatabaseError) as problem:
        log.warning("the day was not begun, the heart will: %s", type(problem).__name__)
    connections.close_all()


def supervisor_for(given_up: Any) -> Supervisor | None:
    """The keeper of the embedded server, unless the city has one of its own."""
    if database.given() is not None:
        return None
    cluster = environment.embedded()
    if not cluster.hold():
        raise Trouble(
            f"satuatap lain sudah berjalan dengan SATUATAP_HOME={settings.HOME}. Hentikan itu atau pakai folder lain.",
            f"Another satuatap already runs with SATUATAP_HOME={settings.HOME}. Stop it or use another folder.",
        )
    return Supervisor(cluster, given_up)
