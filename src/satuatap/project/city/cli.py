"""``satuatap city template | open | export | quality``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from satuatap.features.catalogue.states import Component
from satuatap.plumbing.sheets.template import write_folder, write_workbook
from satuatap.plumbing.space import Room, space
from satuatap.project.city import quality
from satuatap.project.city.accounts import accounts_file
from satuatap.project.city.examples import EXAMPLES
from satuatap.project.city.export import FolderInUse, export_city
from satuatap.project.city.format import BOOK
from satuatap.project.city.opening import Outcome, is_empty, open_city
from satuatap.project.cli.sentences import Trouble
from satuatap.project.database import as_owner, connected

MOST_SHOWN = 200


def add_commands(subparsers: Any) -> None:
    city = subparsers.add_parser("city", help="berkas kota: templat, buka, mutu")
    verbs = city.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    template = verbs.add_parser("template", help="tulis berkas kosong yang menjelaskan dirinya")
    template.add_argument("folder", type=Path)
    template.add_argument("--csv", action="store_true", help="satu CSV per lembar, bukan satu berkas Excel")
    template.set_defaults(run=run_template)
    opening = verbs.add_parser("open", help="buka kota dari berkasnya, atau terapkan perubahannya")
    opening.add_argument("folder", type=Path)
    opening.add_argument("--yes", action="store_true", help="terapkan tanpa bertanya")
    opening.add_argument("--check", action="store_true", help="hanya periksa dan tunjukkan perubahan")
    opening.set_defaults(run=run_open)
    writing = verbs.add_parser("export", help="tulis kota seperti yang dibaca open, tanpa nama orang")
    writing.add_argument("folder", type=Path)
    writing.add_argument("--xlsx", action="store_true", help="satu berkas Excel, bukan satu CSV per lembar")
    writing.set_defaults(run=run_export)
    measure = verbs.add_parser("quality", help="berapa bagian standar pelayanan yang bersumber")
    measure.add_argument("--json", action="store_true")
    measure.set_defaults(run=run_quality)


def run_template(arguments: argparse.Namespace) -> int:
    """Write the empty sheets; files that exist are never overwritten."""
    try:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        if arguments.csv:
            written = write_folder(arguments.folder, BOOK, EXAMPLES)
        else:
            written = [write_workbook(arguments.folder / "kota.xlsx", BOOK, EXAMPLES)]
    except FileExistsError as there:
        raise Trouble(
            f"{there.filename} sudah ada dan tidak ditimpa. Pilih folder lain.",
            f"{there.filename} exists and is not overwritten. Choose another folder.",
        ) from None
    except OSError as problem:
        raise Trouble(
            f"Folder {arguments.folder} tidak dapat ditulis ({problem.strerror}).",
            f"The folder {arguments.folder} cannot be written ({problem.strerror}).",
        ) from None
    print(f"{len(written)} berkas ditulis di {arguments.folder}. Isi, lalu: satuatap city open {arguments.folder}")
    return 0


def run_open(arguments: argparse.Namespace) -> int:
    """Read, show every problem or every change, and apply; 1 when there are problems."""
    with connected() as addresses, as_owner(addresses):
        return _open(arguments)


def _open(arguments: argparse.Namespace) -> int:
    looked = open_city(arguments.folder, look_only=True)
    if looked.problems:
        print(f"{len(looked.problems)} hal perlu diperbaiki; belum ada yang ditulis.\n", file=sys.stderr)
        for problem in looked.problems[:MOST_SHOWN]:
            print(f"  {problem}", file=sys.stderr)
        if len(looked.problems) > MOST_SHOWN:
            print(f"  ... dan {len(looked.problems) - MOST_SHOWN} lagi", file=sys.stderr)
        return 1
    _show(looked)
    if not looked.changed or arguments.check:
        return 0
    if not arguments.yes and sys.stdin.isatty() and input("Terapkan? (ya/tidak) ").strip().lower() not in ("ya", "y"):
        print("Tidak diterapkan.")
        return 0
    if space(settings.HOME).room is Room.NEARLY_NONE:
        raise Trouble(
            f"Disk {settings.HOME} hampir penuh; tidak ada yang diterapkan. Kosongkan (satuatap doctor), lalu ulangi.",
            f"The disk of {settings.HOME} is nearly full; nothing was applied. Free some room (satuatap doctor), then "
            "repeat.",
        )
    applied = open_city(arguments.folder)
    if applied.problems:  # somebody changed the files, or opened another city, while we asked
        print(f"Tidak diterapkan: {applied.problems[0]}", file=sys.stderr)
        return 1
    print(f"Diterapkan. Kata sandi akun baru ada di {accounts_file()} (hanya pemilik berkas yang dapat membaca).")
    return 0


def _show(outcome: Outcome) -> None:
    if not outcome.changed:
        print("Tidak ada yang berubah.")
        return
    for sheet, change in outcome.changes.items():
        if not change:
            continue
        if isinstance(change, list):
            print(f"{sheet}: {', '.join(change)}")
            continue
        print(f"{sheet}: {len(change.added)} baru, {len(change.changed)} berubah, {len(change.removed)} hilang")
        for item in change.changed[:20]:
            if hasattr(item, "field"):
                print(f"    {item.key}.{item.field}: {_short(item.old)} -> {_short(item.new)}")
            else:
                print(f"    {item}")
        for item in change.removed[:20]:
            print(f"    - {item}")


def _short(value: Any) -> str:
    text = "(kosong)" if value is None or value == "" else str(getattr(value, "code", value))
    return text if len(text) <= 60 else text[:57] + "..."


def run_export(arguments: argparse.Namespace) -> int:
    """Write the city into a new or empty folder, all or nothing."""
    folder = arguments.folder
    with connected():
        if is_empty():
            raise Trouble(
                "Belum ada kota di sini, maka tidak ada yang ditulis. Buka dulu: satuatap city open FOLDER",
                "There is no city here yet, so nothing was written. Open one first: satuatap city open FOLDER",
            )
        try:
            written = export_city(folder, xlsx=arguments.xlsx)
        except FolderInUse:
            raise Trouble(
                f"{folder} sudah berisi sesuatu dan tidak ditimpa. Pilih folder lain.",
                f"Something stands in {folder}; it is not overwritten. Choose another folder.",
            ) from None
        except OSError as problem:
            raise Trouble(
                f"Folder {folder} tidak dapat ditulis ({problem.strerror}); tidak ada yang tertinggal.",
                f"The folder {folder} cannot be written ({problem.strerror}); nothing was left behind.",
            ) from None
    print(f"{len(written)} berkas ditulis di {folder}. Petugas tidak ikut: isi lembar staff untuk kota baru.")
    return 0


def run_quality(arguments: argparse.Namespace) -> int:
    """Print how much is known; 1 when a priority service falls short."""
    with connected():
        found = quality.measure()
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(f"{'komponen':<28}{'kota':>8}{'nasional':>10}{'kantor lain':>13}{'belum':>8}")
        for component in Component:
            row = found["components"][str(int(component))]
            name = f"{int(component)} {component.name.lower().replace('_', ' ')}"
            print(f"{name:<28}{row['palembang']:>8}{row['national']:>10}{row['other_office']:>13}{row['unknown']:>8}")
        for code, missing in found["failing"].items():
            print(f"belum cukup: {code} (komponen {', '.join(map(str, missing))} belum bersumber)")
        for code in found["missing"]:
            print(f"belum ada: {code}")
        if not found["failing"] and not found["missing"]:
            print("Layanan utama: sedikitnya 5 dari 6 komponen publik bersumber.")
    return 1 if found["failing"] else 0
