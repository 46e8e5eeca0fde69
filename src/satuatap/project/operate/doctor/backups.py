"""Is there a backup, how old, was it restored once, does it lie in a second place?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from satuatap.plumbing import keyring
from satuatap.plumbing.keyring import KeyTrouble
from satuatap.project.operate import backing, places
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.doctor.findings import Finding, Level, fine
from satuatap.project.operate.manifest import Manifest

SOON_AFTER, BAD_AFTER = timedelta(hours=26), timedelta(hours=72)
CHECK_AFTER = timedelta(days=8)


def age(found: list[Manifest], now: datetime) -> Finding:
    """The newest backup."""
    if not found:
        return Finding(
            "backup",
            Level.BAD,
            "Belum ada cadangan. Jalankan: satuatap backup",
            "There is no backup. Run: satuatap backup",
        )
    newest = max(found, key=lambda one: one.made)
    old = now - newest.made_at
    hours = int(old.total_seconds() // 3600)
    if old <= SOON_AFTER:
        return fine("backup", f"Cadangan terakhir {hours} jam lalu.", f"The last backup is {hours} hours old.")
    return Finding(
        "backup",
        Level.BAD if old > BAD_AFTER else Level.SOON,
        f"Cadangan terakhir sudah {hours} jam. Jalankan `satuatap backup`, dan lihat: systemctl status "
        "satuatap-backup.timer",
        f"The last backup is {hours} hours old. Run `satuatap backup`, and see: systemctl status satuatap-backup.timer",
    )


def check(found: list[Manifest], now: datetime) -> Finding:
    """The last time that one was restored, and whether the last try failed."""
    tried = sorted((one for one in found if one.checked), key=lambda one: str(one.checked["at"]))
    if tried and not tried[-1].is_good:
        why = str(tried[-1].checked.get("why", ""))
        return Finding(
            "backup_check",
            Level.BAD,
            f"Cadangan {tried[-1].made} GAGAL diuji: {why} Buat yang baru: satuatap backup",
            f"The backup {tried[-1].made} FAILED its check: {why} Make a new one: satuatap backup",
        )
    if not tried:
        return Finding(
            "backup_check",
            Level.BAD if found else Level.NOTE,
            "Belum ada cadangan yang diuji dengan memulihkannya. Jalankan: satuatap backup",
            "No backup was checked by restoring it. Run: satuatap backup",
        )
    last = datetime.fromisoformat(str(tried[-1].checked["at"]))
    days = (now - last).days
    if now - last > CHECK_AFTER:
        return Finding(
            "backup_check",
            Level.SOON,
            f"Cadangan terakhir diuji {days} hari lalu. Jalankan: satuatap backup --check always",
            f"A backup was last checked {days} days ago. Run: satuatap backup --check always",
        )
    return fine("backup_check", f"Cadangan diuji {days} hari lalu.", f"A backup was checked {days} days ago.")


def second_places(home: Path, newest: Manifest | None) -> list[Finding]:
    """Every second place: there, on another disk, with the newest backup."""
    named = places.places()
    if not named:
        return [Finding(
            "second_place", Level.SOON,
            f"Tidak ada tempat kedua untuk cadangan: bila disk ini rusak, semuanya hilang. Isi {places.SETTING}.",
            f"Backups have no second place: if this disk breaks, all is lost. Set {places.SETTING}.",
        )]  # fmt: skip
    return [_place(home, place, newest) for place in named]


def _place(home: Path, place: Path, newest: Manifest | None) -> Finding:
    if not place.is_dir():
        return Finding(
            "second_place", Level.BAD, f"{place} tidak ada. Pasang disknya.", f"{place} is not there. Mount its disk."
        )
    if places.same_disk(home, place):
        return Finding(
            "second_place",
            Level.SOON,
            f"{place} terletak di disk yang sama dengan instalasi: disknya belum terpasang, atau pakai disk lain.",
            f"{place} lies on the same disk as the installation: its disk is not mounted, or use another disk.",
        )
    if newest is None:  # `backup` says what to do
        return Finding("second_place", Level.NOTE, f"{place} ada, masih kosong.", f"{place} is there, still empty.")
    there = [one for _path, one in manifests.backups(place) if one is not None]
    if all(one.made != newest.made for one in there):
        return Finding(
            "second_place",
            Level.SOON,
            f"Cadangan terbaru tidak ada di {place}. Jalankan: satuatap backup",
            f"The newest backup is not in {place}. Run: satuatap backup",
        )
    return fine("second_place", f"{place} memuat cadangan terbaru.", f"{place} has the newest backup.")


def keys(home: Path, newest: Manifest | None) -> list[Finding]:
    """Does the key that opens the newest backup stand here? A lost file of keys is made anew at its next use, and then
    the sheet in the safe is not that of the backups to come."""
    path = home / keyring.FILE
    if newest is None:
        return []
    try:
        here = {key.id for key in keyring.read(path).keys} if path.exists() else set()
    except KeyTrouble as trouble:
        return [Finding("keys", Level.BAD, trouble.indonesian, trouble.english)]
    if newest.key in here:
        return [fine("keys", "Kunci cadangan ada di sini.", "The key of the backups is here.")]
    return [Finding(
        "keys", Level.BAD,
        f"Kunci {newest.key} dari cadangan terbaru tidak ada di {path}: berkas kunci hilang atau diganti. Hentikan "
        "satuatap, jalankan `satuatap keys enter -` dengan lembar kunci, lalu cetak lembar baru.",
        f"The key {newest.key} of the newest backup is not in {path}: the file of keys was lost or replaced. Stop "
        "satuatap, run `satuatap keys enter -` with the sheet of keys, then print a new sheet.",
    )]  # fmt: skip


def overdue(found: list[Manifest], today: date) -> list[Finding]:
    """Backups past the day that the privacy rule allows."""
    late = [one.made for one in found if date.fromisoformat(one.keep_until) < today]
    if not late:
        return []
    return [Finding(
        "retention", Level.SOON,
        f"{len(late)} cadangan melewati batas simpannya ({late[0]}): belum ada cukup cadangan baru yang teruji. "
        "Jalankan `satuatap backup`, lalu yang lama terhapus.",
        f"{len(late)} backups are past their last day ({late[0]}): not enough newer ones were checked. Run `satuatap "
        "backup`, then the old ones go.",
    )]  # fmt: skip


def look(home: Path, now: datetime) -> list[Finding]:
    found = [one for _path, one in manifests.backups(home / backing.FOLDER) if one is not None]
    newest = max(found, key=lambda one: one.made) if found else None
    return [age(found, now), check(found, now), *keys(home, newest), *second_places(home, newest),
            *overdue(found, now.date())]  # fmt: skip
