"""A sealed field opens in its own row alone, and under its own key alone; an index finds, and tells nothing."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.plumbing import keyring
from satuatap.plumbing.fields import Fields, Place, key_of
from satuatap.plumbing.keyring import Keyring, KeyTrouble

HERE = Place("visits_contact", "phone", "row-1")
PHONE = "+6281234567890"


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    home: Path = tmp_path_factory.mktemp("keys")
    return keyring.load(home)


@given(value=st.text(max_size=200).filter(lambda text: text.isprintable()))
def test_what_is_sealed_opens_again(ring: Keyring, value: str) -> None:
    fields = Fields(ring)
    assert fields.open(fields.seal(value, HERE), HERE) == value


def test_the_sealed_text_names_its_key_and_is_new_each_time(ring: Keyring) -> None:
    fields = Fields(ring)
    one, two = fields.seal(PHONE, HERE), fields.seal(PHONE, HERE)
    assert one != two
    assert key_of(one) == ring.current("fields").id
    assert PHONE not in one and PHONE.encode() not in base64.b64decode(one.partition(":")[2])


@pytest.mark.parametrize("field", ["table", "field", "row"])
def test_a_copy_in_another_row_or_column_does_not_open(ring: Keyring, field: str) -> None:
    sealed = Fields(ring).seal(PHONE, HERE)
    with pytest.raises(KeyTrouble):
        Fields(ring).open(sealed, replace(HERE, **{field: "another"}))


def test_places_with_the_same_letters_are_different() -> None:
    assert Place("a", "b|1:c", "d").as_data() != Place("a", "b", "c|1:d").as_data()


def test_every_changed_sign_is_noticed(ring: Keyring) -> None:
    key_id, _, text = Fields(ring).seal(PHONE, HERE).partition(":")
    raw = base64.b64decode(text)
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(KeyTrouble):
            Fields(ring).open(f"{key_id}:{base64.b64encode(changed).decode()}", HERE)
    for broken in ("", "!!", text[:8], text[:-4]):
        with pytest.raises(KeyTrouble):
            Fields(ring).open(f"{key_id}:{broken}", HERE)


def test_a_wrong_and_a_lost_key_say_what_to_do(ring: Keyring) -> None:
    sealed = Fields(ring).seal(PHONE, HERE)
    other = ring.with_new("fields").current("fields")
    wrong = Keyring(tuple(replace(k, secret=other.secret) if k.purpose == "fields" else k for k in ring.keys))
    with pytest.raises(KeyTrouble, match="lembar kunci"):
        Fields(wrong).open(sealed, HERE)
    lost = ring.with_new("fields").without(ring.current("fields").id)
    with pytest.raises(KeyTrouble, match=key_of(sealed)):
        Fields(lost).open(sealed, HERE)
    no_key = Keyring(tuple(replace(k, secret="AAAA") if k.purpose == "fields" else k for k in ring.keys))
    with pytest.raises(KeyTrouble):
        Fields(no_key).open(sealed, HERE)


def test_an_older_key_still_opens_and_the_new_one_seals(ring: Keyring) -> None:
    sealed = Fields(ring).seal(PHONE, HERE)
    newer = ring.with_new("fields")
    assert Fields(newer).open(sealed, HERE) == PHONE
    assert key_of(Fields(newer).seal(PHONE, HERE)) == newer.current("fields").id != key_of(sealed)


def test_an_index_is_equal_for_equal_values_of_one_field_under_one_key(ring: Keyring) -> None:
    fields, newer = Fields(ring), Fields(ring.with_new("index"))
    assert fields.index(PHONE, "phone") == fields.index(PHONE, "phone")
    assert fields.index(PHONE, "phone") != fields.index(PHONE, "name")
    assert fields.index(PHONE, "phone") in newer.indexes(PHONE, "phone")
    assert newer.index(PHONE, "phone") != fields.index(PHONE, "phone")
    assert PHONE not in fields.index(PHONE, "phone")
    assert fields.index("", "phone") == "" and fields.indexes("", "phone") == []
