"""``satuatap restore BACKUP``: from a backup and the sheet of keys to an installation that serves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings

from satuatap.plumbing import keyring
from satuatap.plumbing.keyring import Key
from satuatap.project import database
from satuatap.project.cli.keys_typed import typed
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
    _must_be_readable(arguments.backup)
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


def _must_be_readable(backup: Path) -> None:
    try:
        with backup.open("rb"):
            return
    except FileNotFoundError:
        raise Trouble(
            f"Berkas cadangan {backup} tidak ada. Lihat daftar: satuatap backup --list",
            f"There is no backup {backup}. See the list: satuatap backup --list",
        ) from None
    except OSError as problem:
        raise Trouble(
            f"Berkas cadangan {backup} tidak dapat dibaca ({problem.strerror}). Perintah ini berjalan sebagai pengguna "
            "layanan: salin berkasnya ke tempat yang boleh dibacanya.",
            f"The backup {backup} can't be read ({problem.strerror}). This command runs as the user of the service: "
            "copy the file to where that user may read it.",
        ) from None


def _keys(given: str | None) -> list[Key]:
    """From a file, typed, or the installation's own; at least one opens backups."""
    path = settings.HOME / keyring.FILE
    if given not in (None, "-"):
        keys = sheet.read_file(Path(str(given)))
    elif given is None and path.exists():
        keys = list(keyring.read(path).keys)
    else:
        keys = sheet.read_keys(typed())
    if not any(key.purpose == "backup" for key in keys):
        raise Trouble(
            "Tidak ada kunci cadangan di situ. Perlu baris `backup` dari lembar kunci (AGE-SECRET-KEY-1...).",
            "There is no key for backups in it. The line `backup` of the sheet is needed (AGE-SECRET-KEY-1...).",
        )
    return keys
