"""The keys of an installation: one file of mode 0600, a key for each purpose, old ones kept while something needs them.

Purposes: ``fields`` (AES-256-GCM of personal fields), ``index`` (keyed blind index over them), ``backup`` (an age
identity). Whoever loses this file loses what was encrypted with it: a sheet of the keys is printed and kept elsewhere.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyrage

FILE = "keys.json"
PURPOSES = ("fields", "index", "backup")


class KeyTrouble(Exception):
    """A key is missing or the file of keys can't be read: what, and what to do, in both languages."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n{english}")
        self.indonesian = indonesian
        self.english = english


@dataclass(frozen=True, slots=True)
class Key:
    """One secret. ``id`` stands beside whatever was encrypted with it; the newest of a purpose is the current one."""

    id: str
    purpose: str
    made: str
    secret: str

    def raw(self) -> bytes:
        """The 32 bytes of a key for fields or the index."""
        return base64.urlsafe_b64decode(self.secret)


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of an installation, oldest first."""

    keys: tuple[Key, ...]

    def current(self, purpose: str) -> Key:
        """The key that new things are encrypted with."""
        return self.of(purpose)[-1]

    def of(self, purpose: str) -> tuple[Key, ...]:
        """Every key of a purpose, oldest first; at least one."""
        found = tuple(key for key in self.keys if key.purpose == purpose)
        if not found:
            raise _missing(purpose)
        return found

    def named(self, key_id: str) -> Key:
        """The key that something was encrypted with."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise _missing(key_id)

    def with_new(self, purpose: str) -> Keyring:
        """The same keys and a new current one of this purpose."""
        return Keyring((*self.keys, _new(purpose)))

    def without(self, key_id: str) -> Keyring:
        """The same keys but this one, once nothing is encrypted with it any more."""
        return Keyring(tuple(key for key in self.keys if key.id != key_id))


def load(home: Path) -> Keyring:
    """The keys in ``home``; they are made at the first use. Another process that is first counts."""
    path = home / FILE
    if not path.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = _write(path, Keyring(tuple(_new(purpose) for purpose in PURPOSES)))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all, and never over what another process has written
        draft.unlink()
    return read(path)


def read(path: Path) -> Keyring:
    """The keys of a file; raises ``KeyTrouble`` when it can't be read or is none."""
    try:
        return Keyring(tuple(Key(**row) for row in json.loads(path.read_text())["keys"]))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise KeyTrouble(
            f"Berkas kunci {path} tidak dapat dibaca ({type(problem).__name__}). Pulihkan dari lembar kunci.",
            f"The file of keys {path} can't be read ({type(problem).__name__}). Restore it from the sheet of keys.",
        ) from None


def save(home: Path, ring: Keyring) -> None:
    """Replace the file of keys in one step; a reader sees the old or the new one."""
    _write(home / FILE, ring).replace(home / FILE)


def _write(path: Path, ring: Keyring) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"keys": [asdict(key) for key in ring.keys]}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _new(purpose: str) -> Key:
    if purpose == "backup":
        secret = str(pyrage.x25519.Identity.generate())
    else:
        secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return Key(f"{purpose}-{secrets.token_hex(4)}", purpose, datetime.now(UTC).date().isoformat(), secret)


def _missing(name: str) -> KeyTrouble:
    return KeyTrouble(
        f"Kunci {name} tidak ada di berkas kunci. Pulihkan keys.json dari lembar kunci, lalu ulangi.",
        f"The key {name} is not in the file of keys. Restore keys.json from the sheet of keys, then repeat.",
    )
