"""``satuatap upgrade``: to the version of this code and of its PostgreSQL, or not at all."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings

from satuatap.plumbing.holding import Held, holding
from satuatap.project import database
from satuatap.project.cli.sentences import Trouble, say
from satuatap.project.operate import backing, upgrading


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("upgrade", help="pindahkan basis data ke versi ini, dengan cadangan lebih dulu")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when it is done or there was nothing to do."""
    if database.given() is not None:
        return _citys_server()
    done = upgrading.upgrade(settings.HOME, say)
    if done is None:
        say("Sudah versi ini; tidak ada yang perlu diubah. / Already this version; nothing to do.")
        return 0
    say(
        f"Selesai dalam {done.seconds:.1f} s: PostgreSQL {done.new}, {done.steps} langkah tabel. "
        "Jalankan: satuatap serve"
    )
    if done.kept is not None:
        say(f"Yang lama disimpan di {done.kept}; hapus bila semua sudah diperiksa.")
    return 0


def _citys_server() -> int:
    """The city's own server is upgraded by its keeper; here only the tables, after a backup."""
    addresses = database.given()
    assert addresses is not None
    database.check_server(addresses)
    if not (waiting := upgrading.pending(addresses)):
        say("Sudah versi ini; tidak ada yang perlu diubah. / Already this version; nothing to do.")
        return 0
    try:
        with holding(settings.HOME / backing.LOCK):
            made = backing.make(addresses, settings.HOME, settings.HOME / backing.FOLDER)
            say(f"{made.path}")
            try:
                steps = database.bring_up_to_date(addresses)
            except Exception as problem:  # each step is one transaction: those before it stay
                raise Trouble(
                    f"Langkah tabel gagal ({', '.join(waiting[:3])}). Yang sebelumnya sudah jalan; untuk kembali, "
                    f"pulihkan {made.path} (docs/guides/restore.md, server kota).",
                    f"A step failed ({', '.join(waiting[:3])}). Those before it were done; to go back, restore "
                    f"{made.path} (docs/guides/restore.md, the city's server).",
                ) from problem
    except Held:
        raise Trouble(
            "Cadangan atau peningkatan lain sedang berjalan. Tunggu sampai selesai, lalu ulangi.",
            "Another backup or upgrade is running. Wait until it ends, then repeat.",
        ) from None
    say(f"{steps} langkah tabel dijalankan")
    return 0
