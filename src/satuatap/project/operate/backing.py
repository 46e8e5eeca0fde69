"""Making a backup: one instant of the database and the files of the installation, encrypted, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg

import satuatap
from satuatap.plumbing import archives, keyring
from satuatap.plumbing.holding import sync_folder
from satuatap.plumbing.postgres import copying
from satuatap.plumbing.postgres.binaries import binaries, wheel_binaries
from satuatap.plumbing.space import space
from satuatap.project.cli.sentences import Trouble
from satuatap.project.database import Addresses
from satuatap.project.operate import manifest as manifests
from satuatap.project.operate.manifest import Manifest

DUMP = "database.dump"
LOCK = "backup.lock"
FOLDER = "backups"
# What an installation needs beside its database. The keys are not among them: they are on the printed sheet.
FILES = ("secret_key", "accounts.json", "erasures.csv")
FOLDERS = ("roots",)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
LOOK_EVERY = 32_000_000  # bytes between two looks at the room left

NOW = """
select (select coalesce(max(position), 0) from journal_position), (select coalesce(max(id), 0) from journal_entry),
  (select coalesce(encode(root, 'hex'), '') from journal_seal order by size desc limit 1),
  (select array_agg(app || '.' || name order by app, name) from django_migrations),
  pg_database_size(current_database())
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that stands in its place."""

    path: Path
    manifest: Manifest


def programs_for(addresses: Addresses) -> Path:
    """pg_dump and pg_restore that fit: those of our cluster; the newest we have for the city's own server."""
    if addresses.embedded is not None:
        return addresses.embedded.programs
    newest = wheel_binaries()
    return newest if (newest / "pg_dump").exists() else binaries()


class Sink:
    """A file that counts and hashes what is written, and stops before it has filled the disk."""

    def __init__(self, file: IO[bytes], folder: Path) -> None:
        self._file, self._folder = file, folder
        self.digest = hashlib.sha256()
        self.size = self._next_look = 0
        self.trouble: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            if self.size >= self._next_look:
                self._next_look = self.size + LOOK_EVERY
                _refuse_to_fill(self._folder, 2 * LOOK_EVERY)
            self._file.write(data)
        except BaseException as trouble:
            self.trouble = trouble if isinstance(trouble, Trouble) else no_room(self._folder, trouble)
            raise self.trouble from None
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()


def no_room(folder: Path, problem: BaseException | None = None) -> Trouble:
    """The sentence for a disk that would not take it, or a folder that may not be written."""
    if isinstance(problem, OSError) and problem.errno not in FULL:
        return Trouble(
            f"{folder} tidak dapat ditulis ({problem.strerror}). Tidak ada yang terhapus atau setengah jadi. Beri hak "
            "tulis kepada pengguna yang menjalankan satuatap, atau periksa disk itu, lalu ulangi.",
            f"{folder} can't be written ({problem.strerror}). Nothing was removed and nothing is half made. Let the "
            "user who runs satuatap write there, or look after that disk, then repeat.",
        )
    left = space(folder).free // 1_000_000
    why = getattr(problem, "strerror", None)
    also = f" ({why})" if why else ""
    return Trouble(
        f"Cadangan tidak dibuat: di {folder} tersisa {left} MB{also}. Tidak ada yang terhapus atau setengah jadi. "
        "Kosongkan disk atau pilih tempat lain dengan --to, lalu ulangi.",
        f"No backup was made: {folder} has {left} MB left{also}. Nothing was removed and nothing is half made. Free "
        "some room or choose another place with --to, then repeat.",
    )


def _refuse_to_fill(folder: Path, more: int) -> None:
    """A disk keeps what its second threshold says: the database on it must go on."""
    here = space(folder)
    if here.free < here.stop + more:
        raise no_room(folder)


def make(addresses: Addresses, home: Path, folder: Path) -> Made:
    """A new backup of the installation in ``folder``; the caller holds the lock. Raises ``Trouble`` or
    ``DatabaseTrouble``, and then nothing is left behind."""
    began = time.monotonic()
    key = keyring.load(home).current("backup")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = datetime.now(UTC).replace(microsecond=0)
    path = folder / manifests.name_of(made)
    draft = folder / f".{path.name}.part"
    try:
        with copying.snapshot(addresses.owner) as (connection, instant):
            told, size = _described(connection, made, key.id)
            _refuse_to_fill(folder, size // 3)
            content = _Content(home, made, told)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                sink = Sink(file, folder)
                with copying.dumping(programs_for(addresses), addresses.owner, instant) as dump:
                    archives.encrypt(content.pieces(dump), sink, key.secret)
                file.flush()
                os.fsync(file.fileno())
        manifest = replace(
            content.manifest,
            bytes=sink.size,
            sha256=sink.digest.hexdigest(),
            seconds=round(time.monotonic() - began, 1),
        )
        draft.replace(path)
        manifests.write_beside(path, manifest)
        sync_folder(folder)
    except OSError as problem:
        raise no_room(folder, problem) from None
    finally:
        draft.unlink(missing_ok=True)
    return Made(path, manifest)


def _described(connection: psycopg.Connection[Any], made: datetime, key: str) -> tuple[Manifest, int]:
    try:
        row = connection.execute(NOW).fetchone()
    except psycopg.errors.UndefinedTable:
        raise Trouble(
            "Basis data ini masih kosong, jadi tidak ada yang dicadangkan. Jalankan `satuatap serve` dulu.",
            "This database is still empty, so there is nothing to back up. Run `satuatap serve` first.",
        ) from None
    assert row is not None
    position, entry, root, migrations, size = row
    told = Manifest(
        made=made.isoformat(),
        satuatap=satuatap.__version__,
        postgres=connection.info.server_version // 10000,
        migrations=list(migrations or []),
        position=int(position),
        entry=int(entry),
        root=root or "",
        rows=copying.census(connection),
        files={},
        keep_until=manifests.keep_until(made).isoformat(),
        key=key,
    )
    return told, int(size)


class _Content:
    """What goes into the archive, in its order; the manifest comes last, when every sum is known."""

    def __init__(self, home: Path, made: datetime, told: Manifest) -> None:
        self._home, self._when = home, int(made.timestamp())
        self.manifest = told

    def pieces(self, dump: IO[bytes]) -> Iterator[bytes]:
        sums: dict[str, str] = {}
        for path in home_files(self._home):
            name = f"home/{path.relative_to(self._home)}"
            data = path.read_bytes()
            sums[name] = hashlib.sha256(data).hexdigest()
            yield from archives.member(name, data, self._when)
        hashed = _Hashed(dump)
        yield from archives.parts(DUMP, hashed, self._when)  # type: ignore[arg-type]
        sums[DUMP] = hashed.digest.hexdigest()
        self.manifest = replace(self.manifest, files=sums)
        yield from archives.member(manifests.INSIDE, self.manifest.text().encode(), self._when)
        yield archives.end()


class _Hashed:
    """A stream that is hashed while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.digest.update(data)
        return data


def home_files(home: Path) -> list[Path]:
    """The files of the installation that a restore needs, as far as they exist."""
    found = [home / name for name in FILES if (home / name).is_file()]
    for name in FOLDERS:
        found += sorted(path for path in (home / name).glob("*") if path.is_file())
    return [path for path in found if archives.NAME.fullmatch(f"home/{path.relative_to(home)}")]


def forget_drafts(folder: Path) -> None:
    """What a killed backup left behind. Only under the lock."""
    for path in folder.glob(".satuatap-*.part"):
        with contextlib.suppress(OSError):
            path.unlink()
