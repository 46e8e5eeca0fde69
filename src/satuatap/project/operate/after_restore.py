"""What is looked at in a restored database before it takes its place: who was erased stays erased, what was published
still holds, what is sealed can be opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from satuatap.features.journal import roots, verify
from satuatap.features.visits import actions as visits
from satuatap.plumbing.fields import KINDS
from satuatap.plumbing.keyring import Keyring
from satuatap.project.cli.journal import sentence_of
from satuatap.project.operate.backing import FOLDER
from satuatap.project.privacy import erasures

ROOTS = "roots"
Sentences = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Restoring:
    """A restored database that Django's default connection points at, not yet in its place.

    ``files``: the installation's files from the backup; ``home``: where it will be (with what is there now).
    """

    backup: Path
    files: Path
    home: Path
    ring: Keyring

    def newest_of(self, name: str) -> list[Path]:
        """Every copy of a file or folder that is kept: from the backup, beside it, from before, and, when the backup
        lies in an installation's own folder of them, from there. Above a second place lies what is somebody else's."""
        beside = self.backup.absolute().parent
        above = [beside.parent] if beside.name == FOLDER else []
        places = (self.files, beside, *above, self.home)
        return [place / name for place in places if (place / name).exists()]


def erase_again(restoring: Restoring) -> Sentences:
    """Nobody who was erased after the backup comes back; the fullest list is kept."""
    lists = restoring.newest_of(erasures.FILE)
    gone = sum(erasures.apply_again(path) for path in lists)
    if lists:
        fullest = max(lists, key=lambda path: len(erasures.listed(path)))
        restoring.files.mkdir(parents=True, exist_ok=True)
        data = fullest.read_bytes()
        (restoring.files / erasures.FILE).write_bytes(data)
        (restoring.files / erasures.FILE).chmod(0o600)
    if not gone:
        return []
    return [(
        f"{gone} hal yang sudah dihapus kembali bersama cadangan, dan dihapus lagi.",
        f"{gone} things that had been erased came back with the backup, and were erased again.",
    )]  # fmt: skip


def check_roots(restoring: Restoring) -> Sentences:
    """Hold the restored journal against every root that is kept: an older backup than what was published is told."""
    found: Sentences = []
    for folder in restoring.newest_of(ROOTS):
        files = roots.files(folder)
        if not files:
            continue
        try:
            outside = roots.read("\n".join(path.read_text(encoding="utf-8") for path in files))
        except (OSError, UnicodeDecodeError, roots.RootsUnreadable):
            found.append((f"Akar di {folder} tidak terbaca.", f"The roots in {folder} can't be read."))
            continue
        found += [sentence_of(fault) for fault in verify.check_journal(outside).faults]
    return list(dict.fromkeys(found))


def check_keys(restoring: Restoring) -> Sentences:
    """Which keys something in the database stands under that nobody gave."""
    known = {key.id for key in restoring.ring.keys}
    missing = sorted({key for kind in KINDS for key in visits.keys_in_use(kind)} - known)
    if not missing:
        return []
    names = ", ".join(missing)
    return [(
        f"Kontak warga terkunci dengan {names}, yang tidak diberikan: tidak terbaca sampai `satuatap keys enter` "
        "dijalankan dengan lembar kunci.",
        f"Citizens' contacts are sealed with {names}, which was not given: they can't be read until `satuatap keys "
        "enter` was run with the sheet of keys.",
    )]  # fmt: skip


AFTER_RESTORE: Sequence[Callable[[Restoring], Sentences]] = (check_roots, erase_again, check_keys)
