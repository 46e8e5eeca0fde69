"""Passwords made of the words of this place are refused; those that only hold one of them are not."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from satuatap.features.people.models import Agency
from satuatap.features.people.passwords import OwnWordsValidator, words_of_this_place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agencies() -> None:
    Agency.objects.create(code="bpjs-kes", name="BPJS Kesehatan Cabang Palembang", short_name="BPJS", kind="vertical")


@pytest.mark.parametrize(
    "bad", ["Palembang2026!", "mpp.palembang-1", "SatuAtap#99999", "BPJSkesehatan1"]
)
def test_names_of_the_place_are_refused(bad: str) -> None:
    with pytest.raises(ValidationError) as problem:
        validate_password(bad)
    assert "nama kota" in str(problem.value)


@pytest.mark.parametrize("good", ["pempek-hangat-palembang", "jembatan ampera 1965", "8462 9135 7720"])
def test_a_sentence_that_holds_one_of_them_is_not(good: str) -> None:
    OwnWordsValidator().validate(good)


def test_words_come_from_the_agencies() -> None:
    assert {"palembang", "kesehatan", "bpjs", "mpp"} <= words_of_this_place()
