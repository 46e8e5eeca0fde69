"""``satuatap backup``: encrypted, in two places, restored once before it is believed."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from satuatap.plumbing import keyring
from satuatap.plumbing.holding import Held, holding
from satuatap.project.cli.sentences import Trouble, say, say_trouble
from satuatap.project.database import connected
from satuatap.project.operate import backing, places, scratch
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.backing import Made

CHECKS = ("always", "weekly", "never")
WEEK = timedelta(days=7)


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("backup", help="cadangan terenkripsi, disalin ke tempat kedua, diuji pulih")
    command.add_argument(
        "--to", type=Path, action="append", metavar="FOLDER", help=f"tempat kedua (atau {places.SETTING})"
    )
    command.add_argument("--check", choices=CHECKS, default="always", help="kapan diuji dengan memulihkannya")
    command.add_argument("--list", action="store_true", help="hanya tunjukkan cadangan yang ada")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when it stands in every place and, where asked for, was restored; 1 otherwise, with a sentence."""
    folder = settings.HOME / backing.FOLDER
    if arguments.list:
        return _list(folder)
    try:
        with holding(settings.HOME / backing.LOCK):
            return _run(arguments, folder)
    except Held:
        raise Trouble(
            "Cadangan lain sedang dibuat. Tunggu sampai selesai; yang ini tidak dimulai.",
            "Another backup is being made. Wait until it ends; this one was not begun.",
        ) from None


def _run(arguments: argparse.Namespace, folder: Path) -> int:
    home = settings.HOME
    backing.forget_drafts(folder)
    with connected(up_to_date=False) as addresses:
        made = backing.make(addresses, home, folder)
        told = made.manifest
        say(f"{made.path}")
        say(f"{told.bytes / 1e6:.1f} MB, {sum(told.rows.values())} baris, jurnal sampai posisi {told.position}, "
            f"{told.seconds:.1f} s")  # fmt: skip
        if _wants_check(arguments.check, folder):
            secrets = [keyring.load(home).current("backup").secret]
            made = replace(made, manifest=scratch.check(made.path, told, home, secrets))
            say(f"diuji: dipulihkan dan dihitung dalam {made.manifest.checked['seconds']} s")
    troubles = _copy(made, home, [path.absolute() for path in arguments.to or []] or places.places())
    for gone in manifests.remove_old(folder, datetime.now(UTC).date()):
        say(f"dihapus karena lewat batas simpan: {gone.name}")
    return 1 if troubles else 0


def _wants_check(when: str, folder: Path) -> bool:
    if when != "weekly":
        return when == "always"
    times = [one.checked["at"] for _path, one in manifests.backups(folder) if one is not None and one.is_good]
    return not times or datetime.now(UTC) - datetime.fromisoformat(max(times)) >= WEEK


def _copy(made: Made, home: Path, others: list[Path]) -> int:
    """To every second place; what one refuses does not keep it from the next."""
    if not others:
        say(f"Tidak ada tempat kedua: bila disk ini rusak, cadangannya ikut hilang. Isi --to atau {places.SETTING}.")
        say(f"No second place: if this disk breaks, the backup goes with it. Give --to or {places.SETTING}.")
    troubles = 0
    for place in others:
        try:
            places.copy_to(made, home, place)
        except Trouble as trouble:
            say_trouble(trouble)
            troubles += 1
            continue
        say(f"disalin dan dibaca ulang: {place / made.path.name}")
        if places.same_disk(home, place):
            say(f"{place} terletak di disk yang sama dengan instalasi ini; pakai disk lain atau folder jaringan.")
            say(f"{place} lies on the same disk as this installation; use another disk or a network folder.")
        for gone in manifests.remove_old(place, datetime.now(UTC).date()):
            say(f"dihapus karena lewat batas simpan: {gone}")
    return troubles


def _list(folder: Path) -> int:
    for path, manifest in manifests.backups(folder):
        if manifest is None:
            print(f"  {path.name}  ?")
            continue
        state = "diuji" if manifest.is_good else "belum diuji" if not manifest.checked else "GAGAL diuji"
        print(f"  {path.name}  {manifest.bytes / 1e6:8.1f} MB  posisi {manifest.position}  {state}  "
              f"disimpan sampai {manifest.keep_until}")  # fmt: skip
    return 0
