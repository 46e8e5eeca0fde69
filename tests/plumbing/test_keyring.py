"""The file of keys: made once, whole or not at all, old keys kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyrage
import pytest

from satuatap.plumbing import keyring


def test_keys_are_made_once_even_by_many_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as crowd:
        rings = set(crowd.map(keyring.load, [tmp_path / "home"] * 16))
    assert len(rings) == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == [keyring.FILE]
    assert (tmp_path / "home" / keyring.FILE).stat().st_mode & 0o777 == 0o600


def test_a_new_key_is_the_current_one_and_the_old_one_is_still_found(tmp_path: Path) -> None:
    old = keyring.load(tmp_path)
    keyring.save(tmp_path, old.with_new("fields"))
    now = keyring.load(tmp_path)
    assert now.current("fields") != old.current("fields")
    assert now.named(old.current("fields").id) == old.current("fields")
    assert now.current("index") == old.current("index")
    assert len(now.current("fields").raw()) == 32
    assert now.without(old.current("fields").id).of("fields") == (now.current("fields"),)


def test_the_backup_key_is_an_age_identity(tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.from_str(keyring.load(tmp_path).current("backup").secret)
    sealed = pyrage.encrypt(b"isi", [identity.to_public()])
    assert pyrage.decrypt(sealed, [identity]) == b"isi"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"keys": [{"id": 1}]}', "\0"])
def test_a_broken_file_of_keys_is_a_sentence_and_is_never_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / keyring.FILE).write_text(text)
    with pytest.raises(keyring.KeyTrouble, match="lembar kunci"):
        keyring.load(tmp_path)
    assert (tmp_path / keyring.FILE).read_text() == text


def test_a_key_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    ring = keyring.load(tmp_path)
    with pytest.raises(keyring.KeyTrouble, match="fields-00"):
        ring.named("fields-00")
