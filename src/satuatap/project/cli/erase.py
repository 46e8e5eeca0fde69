"""``satuatap erase``: one person's contact, whatever has come to its end, or again after a restore."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from satuatap.basics.actor import Actor
from satuatap.features.malls import queries as malls
from satuatap.features.visits import actions, queries
from satuatap.features.visits.states import WhyErased
from satuatap.project.cli.person import add_person, nobody, visits_meant
from satuatap.project.cli.sentences import Trouble, say
from satuatap.project.database import connected
from satuatap.project.privacy.erasures import apply_again, erase_what_has_ended, list_path

BY = Actor.system("command")


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("erase", help="hapus data pribadi: satu orang, atau yang sampai batas waktunya")
    add_person(command)
    command.add_argument("--due", action="store_true", help="semua yang sampai batas waktunya, seperti tiap malam")
    command.add_argument(
        "--again", type=Path, nargs="?", const=Path(), metavar="DAFTAR", help="sesudah cadangan dipulihkan"
    )
    command.set_defaults(run=run)


def real_today() -> date:
    """The real date where the first mall stands."""
    zones = [view.zone_name for view in malls.malls()] or ["UTC"]
    return malls.local(datetime.now(UTC), zones[0]).date()


def run(arguments: argparse.Namespace) -> int:
    """Erase, and say how much went; 1 when nobody was found."""
    with connected():
        if arguments.due:
            contacts, accounts = erase_what_has_ended(by=BY, today=real_today())
            say(f"{contacts} kontak dan {accounts} akun sampai batas waktunya dan dihapus.")
        elif arguments.again is not None:
            path = list_path() if arguments.again == Path() else arguments.again
            if not path.exists():
                raise Trouble(
                    f"Daftar penghapusan {path} tidak ada. Ambil dari tempat cadangan, lalu ulangi.",
                    f"There is no list of erasures {path}. Take it from the place of the backups, then repeat.",
                )
            say(f"{apply_again(path, today=real_today())} hal yang kembali bersama cadangan dihapus lagi.")
        else:
            say(f"{_person(arguments)} kontak dihapus. Jurnal tidak memuat isinya.")
    return 0


def _person(arguments: argparse.Namespace) -> int:
    found = [queries.contact_id(visit) for visit in visits_meant(arguments)]
    gone = sum(actions.erase_contact(by=BY, contact=one, why=WhyErased.REQUEST) for one in found if one)
    if not gone:
        raise nobody()
    return gone
