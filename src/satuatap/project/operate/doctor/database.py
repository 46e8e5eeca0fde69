"""What the database tells: its time, its roles, the last seal, jobs that failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg

from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import grants
from satuatap.project.cli.journal import checked_sentence
from satuatap.project.database import Addresses
from satuatap.project.operate.doctor.findings import Finding, Level, fine

MOST_SECONDS_APART = 5.0
SEAL_SOON, SEAL_BAD = timedelta(minutes=30), timedelta(hours=24)
LATE = timedelta(hours=1)
CHECK_SOON = timedelta(hours=50)

SEALS = """
select (select coalesce(max(size), 0) from journal_seal), (select max(made) from journal_seal),
  (select coalesce(max(position), 0) from journal_position),
  (select min(e.real_at) from journal_entry e join journal_position p on p.entry_id = e.id
   where p.position = (select coalesce(max(size), 0) + 1 from journal_seal))
"""
CHECKED = "select real_at, fact from journal_entry where kind = 'journal_checked' order by id desc limit 1"
FIRST = "select real_at from journal_entry order by id limit 1"
JOBS = """
select (select count(*) from procrastinate_jobs where status = 'failed'),
  (select string_agg(distinct task_name, ', ') from procrastinate_jobs where status = 'failed'),
  (select count(*) from procrastinate_jobs where status = 'todo' and coalesce(scheduled_at, now()) < now() - %s)
"""


def time(connection: psycopg.Connection[Any], now: datetime) -> list[Finding]:
    """This machine's clock against the database's and against the newest entry of the journal."""
    row = connection.execute("select clock_timestamp(), (select max(real_at) from journal_entry)").fetchone()
    assert row is not None
    theirs, last = row
    apart = abs((theirs - now).total_seconds())
    found = []
    if apart > MOST_SECONDS_APART:
        found.append(Finding(
            "time", Level.BAD,
            f"Jam mesin ini dan jam basis data berbeda {apart:.0f} detik. Selaraskan keduanya dengan server waktu.",
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart. Synchronise both.",
        ))  # fmt: skip
    if last is not None and (last - theirs).total_seconds() > MOST_SECONDS_APART:
        found.append(Finding(
            "time", Level.BAD,
            f"Catatan terakhir jurnal bertanda {last:%Y-%m-%d %H:%M:%S}, di depan jam sekarang: jam pernah mundur. "
            "Benarkan jam mesin; urutan jurnal tetap benar karena memakai posisi.",
            f"The journal's last entry says {last:%Y-%m-%d %H:%M:%S}, ahead of now: the clock went back. Set the clock "
            "right; the journal's order holds, because it goes by position.",
        ))  # fmt: skip
    return found or [fine("time", "Jam mesin, basis data, dan jurnal cocok.", "Clocks and journal agree.")]


def seal(connection: psycopg.Connection[Any], now: datetime) -> Finding:
    """Is what happened sealed?"""
    row = connection.execute(SEALS).fetchone()
    assert row is not None
    size, made, position, oldest = row
    if position <= size:
        when = f"{made:%Y-%m-%d %H:%M}" if made else "-"
        return fine("seal", f"Semua tersegel; segel terakhir {when}.", f"All is sealed; the last seal is of {when}.")
    waits = now - oldest if oldest is not None else timedelta()
    level = Level.BAD if waits > SEAL_BAD else Level.SOON if waits > SEAL_SOON else Level.OK
    rest = position - size
    minutes = int(waits.total_seconds() // 60)
    if level is Level.OK:
        return fine("seal", f"{rest} catatan menunggu segel berikut.", f"{rest} entries wait for the next seal.")
    return Finding(
        "seal",
        level,
        f"{rest} catatan menunggu segel sejak {minutes} menit. Apakah `satuatap serve` berjalan? Atau: "
        "satuatap journal seal",
        f"{rest} entries have waited {minutes} minutes for a seal. Does `satuatap serve` run? Or: "
        "satuatap journal seal",
    )


def journal_check(connection: psycopg.Connection[Any], now: datetime) -> Finding:
    """What the last night's check of the whole journal said."""
    row = connection.execute(CHECKED).fetchone()
    first = connection.execute(FIRST).fetchone()
    if row is not None and (said := checked_sentence(row[1])) is not None:
        return Finding("journal_check", Level.BAD, *said)
    checked = row[0] if row is not None else None
    since = checked or (first[0] if first is not None else now)
    if now - since > CHECK_SOON:
        when = f"{checked:%Y-%m-%d %H:%M}" if checked else "-"
        return Finding(
            "journal_check", Level.SOON,
            f"Jurnal terakhir diperiksa: {when}. Pemeriksaan berjalan tiap malam selama `satuatap serve` menyala; "
            "periksa sekarang: satuatap journal verify",
            f"The journal was last checked: {when}. It is checked every night while `satuatap serve` runs; check it "
            "now: satuatap journal verify",
        )  # fmt: skip
    when = f"{checked:%Y-%m-%d %H:%M}" if checked else "-"
    return fine("journal_check", f"Pemeriksaan jurnal terakhir: {when}, utuh.", f"Last check of the journal: {when}.")


def roles(addresses: Addresses) -> Finding:
    """May the application rewrite the journal?"""
    try:
        with psycopg.connect(addresses.app, connect_timeout=10) as application:
            grants.refuse_too_many_rights(application)
    except DatabaseTrouble as trouble:
        return Finding("roles", Level.BAD, trouble.indonesian, trouble.english)
    return fine(
        "roles", "Peran aplikasi tidak dapat menulis ulang jurnal.", "The application can't rewrite the journal."
    )


def jobs(connection: psycopg.Connection[Any]) -> Finding:
    """Background jobs that failed for good, or that nobody takes."""
    row = connection.execute(JOBS, [LATE]).fetchone()
    assert row is not None
    failed, names, late = row
    if not failed and not late:
        return fine("jobs", "Tidak ada pekerjaan latar yang gagal.", "No background job failed.")
    if failed:
        return Finding(
            "jobs",
            Level.SOON,
            f"{failed} pekerjaan latar gagal ({names}). Lihat log satuatap (journalctl -u satuatap), perbaiki "
            "sebabnya; yang berkala akan berjalan lagi sendiri.",
            f"{failed} background jobs failed ({names}). See satuatap's log (journalctl -u satuatap) and mend the "
            "cause; periodic ones run again by themselves.",
        )
    return Finding(
        "jobs",
        Level.SOON,
        f"{late} pekerjaan latar menunggu lebih dari satu jam. Apakah `satuatap serve` berjalan?",
        f"{late} background jobs have waited for more than an hour. Does `satuatap serve` run?",
    )


def look(addresses: Addresses, now: datetime) -> list[Finding]:
    """Everything that needs the database."""
    with psycopg.connect(addresses.owner, connect_timeout=10, autocommit=True) as connection:
        version = connection.info.server_version
        text = f"PostgreSQL {version // 10000}.{version % 10000}"
        row = connection.execute("select to_regclass('public.journal_entry') is not null").fetchone()
        if row is None or not row[0]:
            return [Finding(
                "database", Level.NOTE, f"{text}, masih kosong. Jalankan: satuatap serve",
                f"{text}, still empty. Run: satuatap serve",
            )]  # fmt: skip
        return [fine("database", text, text), *time(connection, now), seal(connection, now),
                journal_check(connection, now), roles(addresses), jobs(connection)]  # fmt: skip
