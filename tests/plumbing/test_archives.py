"""Encrypted archives: what goes in comes out, by us and by tar; anything less is refused."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satuatap.plumbing import archives
from satuatap.plumbing.archives import ArchiveDamaged, Unpacker, WrongKey, decrypt, encrypt, end, member, parts

SECRET = str(pyrage.x25519.Identity.generate())


def packed(files: dict[str, bytes], *, ended: bool = True) -> bytes:
    def pieces() -> Iterator[bytes]:
        for name, data in files.items():
            yield from member(name, data, 1_700_000_000)
        if ended:
            yield end()

    out = io.BytesIO()
    encrypt(pieces(), out, SECRET)
    return out.getvalue()


def opened(data: bytes, *secrets: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def take(name: str, piece: bytes) -> None:
        found[name] = found.get(name, b"") + piece

    decrypt(io.BytesIO(data), take, secrets or [SECRET])
    return found


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}(/[a-z][a-z.]{0,8}x)?", fullmatch=True), st.binary(max_size=3000), max_size=5
    )
)
def test_what_goes_in_comes_out(files: dict[str, bytes]):
    assert opened(packed(files)) == files


def test_tar_reads_it_too():
    data = packed({"manifest.json": b"{}", "home/secret_key": b"s" * 1000})
    clear = pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(SECRET)])
    with tarfile.open(fileobj=io.BytesIO(clear)) as tar:
        assert tar.getnames() == ["manifest.json", "home/secret_key"]
        assert tar.getmembers()[1].mode == 0o600


def test_a_stream_of_unknown_length_becomes_parts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "PART", 1000)
    data = bytes(range(256)) * 10
    out = io.BytesIO()
    encrypt([*parts("dump", io.BytesIO(data), 0), end()], out, SECRET)
    found = opened(out.getvalue())
    assert list(found) == ["dump.00000", "dump.00001", "dump.00002"]
    assert b"".join(found.values()) == data


@pytest.mark.parametrize("cut", [0, 10, 150, 300, -1])
def test_cut_anywhere_it_is_damaged(cut: int):
    with pytest.raises(ArchiveDamaged):
        opened(packed({"a": b"x" * 200_000})[:cut])


def test_a_changed_byte_another_key_and_an_archive_without_its_end():
    data = bytearray(packed({"a": b"x" * 200_000}))
    data[100_000] ^= 1
    with pytest.raises(ArchiveDamaged):
        opened(bytes(data))
    other = str(pyrage.x25519.Identity.generate())
    with pytest.raises(WrongKey):
        opened(packed({"a": b"x"}), other)
    assert opened(packed({"a": b"x"}), other, SECRET) == {"a": b"x"}
    with pytest.raises(ArchiveDamaged):
        opened(packed({"a": b"x"}, ended=False))


@pytest.mark.parametrize("name", ["../etc/passwd", "/etc/passwd", "a/../../b", "home/..", ".hidden", "a//b", "a b", ""])
def test_a_name_that_leads_elsewhere_is_refused(name: str):
    with pytest.raises(ArchiveDamaged):
        opened(packed({name: b"x"}))


def test_a_link_is_refused():
    info = tarfile.TarInfo("link")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(ArchiveDamaged):
        Unpacker(lambda name, data: None).write(info.tobuf(tarfile.USTAR_FORMAT))


def test_what_goes_wrong_on_either_side_keeps_its_kind():
    class Full(io.BytesIO):
        trouble = LookupError("mine")

        def write(self, data: bytes) -> int:  # type: ignore[override]
            raise OSError(28, "No space left on device")

    with pytest.raises(LookupError, match="mine"):
        encrypt([b"x" * 100_000], Full(), SECRET)

    def ill() -> Iterator[bytes]:
        yield b"x"
        raise LookupError("source")

    with pytest.raises(LookupError, match="source"):
        encrypt(ill(), io.BytesIO(), SECRET)

    def refuse(name: str, data: bytes) -> None:
        raise LookupError("taker")

    with pytest.raises(LookupError, match="taker"):
        decrypt(io.BytesIO(packed({"a": b"x"})), refuse, [SECRET])
