"""``satuatap keys list | sheet | enter | rotate``: which keys there are, on paper and back, and a new one."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from satuatap.plumbing import keyring
from satuatap.plumbing.fields import KINDS
from satuatap.project.cli.keys_typed import typed
from satuatap.project.cli.sentences import Trouble, say
from satuatap.project.database import connected
from satuatap.project.operate import sheet
from satuatap.project.privacy.rotation import Rotated, rotate


def add_commands(subparsers: Any) -> None:
    keys = subparsers.add_parser("keys", help="kunci instalasi: lihat, ganti")
    verbs = keys.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    verbs.add_parser("list", help="kunci yang ada, tanpa isinya").set_defaults(run=run_list)
    paper = verbs.add_parser("sheet", help="lembar kunci untuk dicetak dan disimpan di tempat lain")
    paper.add_argument("--pdf", type=Path, metavar="BERKAS", help="sebagai PDF A4")
    paper.add_argument("--text", type=Path, metavar="BERKAS", help="sebagai teks biasa (tanpa ini: ke layar)")
    paper.set_defaults(run=run_sheet)
    enter = verbs.add_parser("enter", help="tambahkan kunci dari lembar kunci ke instalasi ini")
    enter.add_argument("file", metavar="BERKAS", help="lembar kunci sebagai teks, atau - untuk mengetik")
    enter.set_defaults(run=run_enter)
    change = verbs.add_parser("rotate", help="ganti kunci data pribadi atau indeksnya; boleh diulang bila terputus")
    change.add_argument("kind", choices=KINDS)
    change.set_defaults(run=run_rotate)


def run_list(arguments: argparse.Namespace) -> int:
    """Never a secret."""
    for key in keyring.load(settings.HOME).keys:
        print(f"  {key.purpose:<8} {key.id:<18} {key.made}")
    return 0


def run_sheet(arguments: argparse.Namespace) -> int:
    """On the screen, or into a new file of mode 0600."""
    ring = keyring.load(settings.HOME)
    if not arguments.pdf and not arguments.text:
        print(sheet.as_text(ring))
    if arguments.text:
        _write_new(arguments.text, sheet.as_text(ring).encode())
    if arguments.pdf:
        _write_new(arguments.pdf, sheet.as_pdf(ring))
    return 0


def _write_new(path: Path, data: bytes) -> None:
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as problem:
        raise Trouble(
            f"Lembar kunci tidak dapat ditulis ke {path} ({problem.strerror}). Pilih nama berkas baru.",
            f"The sheet of keys can't be written to {path} ({problem.strerror}). Choose the name of a new file.",
        ) from None
    say(f"{path}: cetak, simpan di brankas, lalu hapus berkas ini.")


def run_enter(arguments: argparse.Namespace) -> int:
    """Older keys come before the newest of their purpose, so that nothing new is sealed with them."""
    ring = keyring.load(settings.HOME)
    known = {key.id for key in ring.keys}
    given = sheet.read_keys(typed()) if arguments.file == "-" else sheet.read_file(Path(arguments.file))
    new = [key for key in given if key.id not in known and key.id != sheet.TYPED]
    if new:
        keyring.save(settings.HOME, keyring.Keyring((*new, *ring.keys)))
    say(f"{len(new)} kunci ditambahkan. Nyalakan ulang satuatap supaya dipakai.")
    return 0


def run_rotate(arguments: argparse.Namespace) -> int:
    """Change the key; a row that does not open keeps its old key, and the command ends with 1."""
    with connected():
        done = rotate(arguments.kind)
    if done.resumed:
        say("Penggantian sebelumnya belum selesai; dilanjutkan.")
    say(f"Kunci sekarang: {done.key}. Dipindahkan: {_counted(arguments.kind, done)}.")
    for key_id in done.dropped:
        say(f"Kunci lama {key_id} dihapus: tidak ada yang memakainya.")
    say("Cetak lembar kunci yang baru. Cadangan lama hanya terbuka dengan lembar kunci yang lama.")
    if done.kept:
        broken = (done.contacts.broken, done.factors.broken)
        raise Trouble(
            f"Tidak terbuka: {broken[0]} kontak, {broken[1]} rahasia faktor kedua. Jadi kunci {', '.join(done.kept)} "
            "tetap disimpan. Pulihkan kunci yang hilang dari lembar kunci lalu ulangi; atau hapus kontak itu, dan di "
            "kantor hapus faktor kedua akun yang tidak bisa masuk.",
            f"Do not open: {broken[0]} contacts, {broken[1]} secrets of second factors. So the keys "
            f"{', '.join(done.kept)} stay. Restore the lost key from the sheet of keys and repeat; or erase those "
            "contacts, and in the office take away the second factors of accounts that can't sign in.",
        )
    return 0


def _counted(kind: str, done: Rotated) -> str:
    """What stands under this kind of key, with how many of each."""
    contacts = f"{done.contacts.changed} kontak pengunjung"
    return (
        contacts
        if kind == "index"
        else f"{contacts}, {done.factors.changed} rahasia faktor kedua (aplikasi kode, kode cadangan)"
    )
