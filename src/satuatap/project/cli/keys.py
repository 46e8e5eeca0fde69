"""``satuatap keys list | rotate``: which keys there are, and a new one for personal fields or their index."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings

from satuatap.plumbing import keyring
from satuatap.plumbing.fields import KINDS
from satuatap.project.cli.sentences import Trouble, say
from satuatap.project.database import connected
from satuatap.project.privacy.rotation import rotate


def add_commands(subparsers: Any) -> None:
    keys = subparsers.add_parser("keys", help="kunci instalasi: lihat, ganti")
    verbs = keys.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    verbs.add_parser("list", help="kunci yang ada, tanpa isinya").set_defaults(run=run_list)
    change = verbs.add_parser("rotate", help="ganti kunci data pribadi atau indeksnya; boleh diulang bila terputus")
    change.add_argument("kind", choices=KINDS)
    change.set_defaults(run=run_rotate)


def run_list(arguments: argparse.Namespace) -> int:
    """Never a secret."""
    for key in keyring.load(settings.HOME).keys:
        print(f"  {key.purpose:<8} {key.id:<18} {key.made}")
    return 0


def run_rotate(arguments: argparse.Namespace) -> int:
    """Change the key; a row that does not open keeps its old key, and the command ends with 1."""
    with connected():
        done = rotate(arguments.kind)
    if done.resumed:
        say("Penggantian sebelumnya belum selesai; dilanjutkan.")
    say(f"Kunci sekarang: {done.key}. {done.changed} kontak dipindahkan.")
    for key_id in done.dropped:
        say(f"Kunci lama {key_id} dihapus: tidak ada yang memakainya.")
    say("Cetak lembar kunci yang baru. Cadangan lama hanya terbuka dengan lembar kunci yang lama.")
    if done.kept:
        raise Trouble(
            f"{done.broken} kontak tidak terbuka, jadi kunci {', '.join(done.kept)} tetap disimpan. Pulihkan kunci "
            "yang hilang dari lembar kunci lalu ulangi, atau hapus kontak itu.",
            f"{done.broken} contacts do not open, so the keys {', '.join(done.kept)} stay. Restore the lost key from "
            "the sheet of keys and repeat, or erase those contacts.",
        )
    return 0
