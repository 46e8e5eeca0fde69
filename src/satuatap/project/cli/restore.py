"""``satuatap restore BACKUP``: from a backup and the sheet of keys to an installation that serves."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from satuatap.plumbing import keyring
from satuatap.plumbing.keyring import Key
from satuatap.project import database
from satuatap.project.cli.sentences import Trouble, say
from satuatap.project.operate import sheet
from satuatap.project.operate.restoring import Wish, restore, restore_on_server


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("restore", help="pulihkan cadangan ke SATUATAP_HOME yang kosong")
    command.add_argument("backup", type=Path, metavar="CADANGAN")
    command.add_argument("--key", metavar="BERKAS", help="lembar kunci, keys.json, atau - untuk mengetik")
    command.add_argument("--over", action="store_true", help="ganti instalasi yang ada; yang lama disimpan")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when the installation stands, here or on the city's server; then ``satuatap serve`` serves it."""
    if not arguments.backup.is_file():
        raise Trouble(
            f"Berkas cadangan {arguments.backup} tidak ada. Lihat daftar: satuatap backup --list",
            f"There is no backup {arguments.backup}. See the list: satuatap backup --list",
        )
    wish = Wish(arguments.backup.absolute(), _keys(arguments.key), arguments.over)
    given = database.given()
    done = restore(wish, settings.HOME, say) if given is None else restore_on_server(wish, settings.HOME, given, say)
    say(f"Selesai dalam {done.seconds:.1f} s: jurnal sampai posisi {done.manifest.position}, cadangan "
        f"{done.manifest.made}. Jalankan: satuatap serve")  # fmt: skip
    if done.kept is not None:
        say(f"Instalasi lama disimpan di {done.kept}; hapus bila tidak diperlukan lagi.")
    for indonesian, english in done.warnings:
        print(f"\n!!! {indonesian}\n    {english}", flush=True)
    return 0


def _keys(given: str | None) -> list[Key]:
    """From a file, typed, or the installation's own; at least one opens backups."""
    path = settings.HOME / keyring.FILE
    if given not in (None, "-"):
        keys = sheet.read_file(Path(str(given)))
    elif given is None and path.exists():
        keys = list(keyring.read(path).keys)
    else:
        keys = sheet.read_keys(_typed())
    if not any(key.purpose == "backup" for key in keys):
        raise Trouble(
            "Tidak ada kunci cadangan di situ. Perlu baris `backup` dari lembar kunci (AGE-SECRET-KEY-1...).",
            "There is no key for backups in it. The line `backup` of the sheet is needed (AGE-SECRET-KEY-1...).",
        )
    return keys


def _typed() -> str:
    """Lines of the sheet until an empty one; not shown on a terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.read()
    print("Ketik baris-baris lembar kunci (tidak tampak), lalu Enter kosong.", flush=True)
    print("Type the lines of the sheet of keys (not shown), then an empty Enter.", flush=True)
    lines: list[str] = []
    while line := getpass.getpass(f"  {len(lines) + 1}: ").strip():
        lines.append(line)
    return "\n".join(lines)
