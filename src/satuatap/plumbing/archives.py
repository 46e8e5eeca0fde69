"""Files in one encrypted stream: tar inside age, made and opened without a clear byte on the way.

``age -d -i KEY FILE | tar x`` opens one without satuatap. A stream of unknown length (a dump of a database) is cut into
numbered parts, ``NAME.00000`` and on; put together again they are the stream. The last member is written when all
others are whole, so an archive that has it is complete.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyrage

BLOCK = 512
PART = 8_000_000
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}){0,2}")


class ArchiveDamaged(Exception):
    """Not one of our archives, cut off, or changed."""


class WrongKey(Exception):
    """None of the keys opens it."""


def member(name: str, data: bytes, when: int) -> Iterator[bytes]:
    """One file of a tar archive, block by block."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), when, 0o600
    yield info.tobuf(tarfile.USTAR_FORMAT)
    yield data
    yield bytes(-len(data) % BLOCK)


def parts(name: str, stream: IO[bytes], when: int) -> Iterator[bytes]:
    """A stream of unknown length as numbered members."""
    number = 0
    while data := _read_fully(stream, PART):
        yield from member(f"{name}.{number:05d}", data, when)
        number += 1


def _read_fully(stream: IO[bytes], size: int) -> bytes:
    found = bytearray()
    while len(found) < size and (more := stream.read(size - len(found))):
        found += more
    return bytes(found)


def end() -> bytes:
    """What ends a tar archive."""
    return bytes(2 * BLOCK)


class _Source:
    """An iterator of bytes that can be read like a file."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")
        self.trouble: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as trouble:
            self.trouble = trouble  # on its way through the library it would lose its kind
            raise
        found, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return found


def encrypt(pieces: Iterable[bytes], out: Any, secret: str) -> None:
    """Write the pieces to ``out`` (``write``, ``flush``), readable with the age identity ``secret``."""
    source = _Source(pieces)
    recipient = pyrage.x25519.Identity.from_str(secret).to_public()
    try:
        pyrage.encrypt_io(source, out, [recipient])
    except (pyrage.EncryptError, OSError):
        trouble = source.trouble or getattr(out, "trouble", None)
        if trouble is not None:
            raise trouble from None
        raise


class Unpacker:
    """Takes the clear stream of an archive as it comes and gives each member's bytes to ``take(name, bytes)``."""

    def __init__(self, take: Callable[[str, bytes], None]) -> None:
        self._take = take
        self._buffer = bytearray()
        self._name, self._left, self._padding = "", 0, 0
        self.is_whole = False
        self.trouble: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._buffer += data
            while self._step():
                pass
        except BaseException as trouble:
            self.trouble = trouble
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def _step(self) -> bool:
        if self._left:
            piece = bytes(self._buffer[: self._left])
            if not piece:
                return False
            self._take(self._name, piece)
            del self._buffer[: len(piece)]
            self._left -= len(piece)
            return True
        if len(self._buffer) < self._padding + BLOCK or self.is_whole:
            return False
        header = bytes(self._buffer[self._padding : self._padding + BLOCK])
        del self._buffer[: self._padding + BLOCK]
        if header == bytes(BLOCK):
            self.is_whole = True
            return False
        self._begin(header)
        return True

    def _begin(self, header: bytes) -> None:
        try:
            info = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError):
            raise ArchiveDamaged from None
        if not info.isreg() or not NAME.fullmatch(info.name):
            raise ArchiveDamaged
        self._name, self._left, self._padding = info.name, info.size, -info.size % BLOCK
        if not info.size:
            self._take(self._name, b"")


def decrypt(file: IO[bytes], take: Callable[[str, bytes], None], secrets: Sequence[str]) -> None:
    """Open an archive with any of the age identities; raises ``WrongKey`` or ``ArchiveDamaged``, the latter possibly
    after some members were taken."""
    unpacker = Unpacker(take)
    identities = [pyrage.x25519.Identity.from_str(secret) for secret in secrets]
    try:
        pyrage.decrypt_io(file, unpacker, identities)
    except (pyrage.DecryptError, OSError) as problem:
        if unpacker.trouble is not None:
            raise unpacker.trouble from None
        if "No matching keys" in str(problem):
            raise WrongKey from None
        raise ArchiveDamaged from None
    if not unpacker.is_whole:
        raise ArchiveDamaged


def target_of(folder: Path, name: str) -> Path:
    """Where a member goes under ``folder``; its name was checked when it was read."""
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
