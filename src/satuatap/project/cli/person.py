"""``satuatap person export``: everything that is held about one person, as JSON, for that person."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

from satuatap.basics.actor import Actor
from satuatap.features.people import actions as people_actions
from satuatap.features.people import queries as people
from satuatap.features.visits import actions, queries
from satuatap.project.cli.sentences import Trouble
from satuatap.project.database import connected

BY = Actor.system("command")


def add_commands(subparsers: Any) -> None:
    person = subparsers.add_parser("person", help="data tentang satu orang")
    verbs = person.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    export = verbs.add_parser("export", help="salinan semua yang disimpan tentang satu orang, JSON")
    add_person(export)
    export.add_argument("--account", metavar="NAMA", help="nama masuk seorang petugas")
    export.add_argument("--to", type=Path, metavar="BERKAS", help="tulis ke berkas ini, bukan ke layar")
    export.set_defaults(run=run_export)


def add_person(parser: argparse.ArgumentParser) -> None:
    """How a citizen is named: by her slip, or by the phone that she left."""
    parser.add_argument("--number", type=int, metavar="N", help="nomor pada struk, bersama --code")
    parser.add_argument("--code", metavar="KODE", help="empat tanda di samping nomor")
    parser.add_argument("--day", type=date.fromisoformat, metavar="2026-11-27", help="hari kunjungan, bila tidak unik")
    parser.add_argument("--phone", metavar="NOMOR", help="nomor telepon; - dibaca dari masukan, agar tidak tercatat")


def visits_meant(arguments: argparse.Namespace) -> list[int]:
    """The visits of the one person who was named; raises ``Trouble`` when nobody or too little was named."""
    if arguments.phone:
        typed = sys.stdin.readline() if arguments.phone == "-" else arguments.phone
        return [visit for _contact, visit in queries.contacts_by_phone(typed)]
    if arguments.number is None or not arguments.code:
        raise Trouble(
            "Sebut satu orang: --number bersama --code dari struknya, atau --phone.",
            "Name one person: --number with --code from her slip, or --phone.",
        )
    found = queries.visits_of_slip(arguments.number, arguments.code, arguments.day)
    if len(found) > 1:
        days = ", ".join(visit.day.isoformat() for visit in found)
        raise Trouble(f"Nomor dan kode ini ada pada {days}. Tambahkan --day.", f"It is on {days}. Add --day.")
    return [visit.pk for visit in found]


def nobody() -> Trouble:
    """The same words whoever was asked for."""
    return Trouble(
        "Tidak ada yang tersimpan untuk orang ini: tidak pernah dititipkan, atau sudah dihapus.",
        "Nothing is held about this person: nothing was left, or it has been erased.",
    )


def run_export(arguments: argparse.Namespace) -> int:
    """Write it out; that it was read is in the journal first."""
    with connected():
        held = _account(arguments.account) if arguments.account else _citizen(arguments)
    text = json.dumps(held, ensure_ascii=False, indent=1)
    if arguments.to is None:
        print(text)
        return 0
    try:
        file = os.open(arguments.to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise Trouble(
            f"{arguments.to} tidak dapat ditulis ({problem.strerror}). Pilih nama lain.",
            f"{arguments.to} can't be written ({problem.strerror}). Choose another name.",
        ) from None
    with open(file, "w") as out:
        out.write(text + "\n")
    return 0


def _account(username: str) -> dict[str, Any]:
    held = people.held_about_account(username)
    if held is None:
        raise nobody()
    people_actions.note_account_copy(by=BY, username=username)
    return held


def _citizen(arguments: argparse.Namespace) -> dict[str, Any]:
    visits = visits_meant(arguments)
    if not visits:
        raise nobody()
    for visit in visits:
        actions.note_copy(by=BY, visit=visit)
    return {"visits": [queries.held_about(queries.visit_of_contact(visit)) for visit in visits]}
