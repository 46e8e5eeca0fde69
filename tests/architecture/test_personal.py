"""Every field that may hold a person is declared, with purpose, basis and end; who adds one without is named here."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from satuatap.plumbing.personal import MASK, mask_digits, mask_name, mask_nik
from satuatap.project.cli.privacy import ARTICLE
from satuatap.project.privacy.declared import declared_fields
from satuatap.project.privacy.register import HEAD, UNSOURCED, activities, as_csv, as_markdown
from tests.architecture.source import ROOT

SUSPICIOUS = (
    "name", "nama", "nik", "phone", "telepon", "telp", "hp", "email", "mail", "address", "alamat", "birth", "lahir",
    "sex", "gender", "login", "user", "holder", "citizen", "warga", "contact", "kontak", "photo", "foto", "face",
    "signature", "password", "secret", "ip", "agent", "npwp", "note", "remark", "comment", "message", "complaint",
)  # fmt: skip
# Fields with such a name or type that hold no person, and why; a model whole, or one field.
NOT_A_PERSON = {
    "people.Agency": "a body, not a person: its name, phone and note are public",
    "people.RoleGrant.given_by": "an actor's code",
    "malls": "places and their days, from the city's public file",
    "catalogue": "public services and their standards",
    "estate": "buildings, units and what they cost: staff are numbers, whoever a lease is with is not named",
    "plans": "plans, papers of moves, offices by code; a comment asks for no name, refuses NIK, telephone and e-mail, "
    "and is erased when it names somebody all the same (tests/features/plans)",
    "journal": "facts hold numbers and codes only (tests/features/people holds it)",
    "commons": "programs, their limits and where their webhooks go: a body's, no person's; a key stands as a hash",
    "visits.Policy.source": "where a policy's number comes from",
    "visits.Policy.numbers": "minutes",
    "visits.Contact.consent_text": "the version of a text",
    "auth": "Django's groups and permissions; nobody is in them",
    "contenttypes": "Django's list of models",
    "procrastinate": "jobs: a reaction and a position in the journal",
    "sessions": "who is signed in, for one working day; cleared every night",
    "people.Pin.digest": "an Argon2 hash that counts on one PC for one working day",
    "people.SignIn.session_key": "a random key, gone when the session ends",
    "socialaccount": "the city's single sign-on: only its number of the holder is kept, and that is declared",
    "account": "allauth's e-mail addresses: none is asked for, its tables stay empty (ACCOUNT_EMAIL_VERIFICATION)",
}
TYPES = (models.EmailField, models.GenericIPAddressField, models.FileField, models.BinaryField)


def is_suspicious(field: models.Field) -> bool:
    """By one of its words, or by a type that is made for persons or for free text."""
    words = set(field.name.lower().split("_"))
    free = isinstance(field, models.TextField) or (
        isinstance(field, models.CharField) and (field.max_length or 0) > 120
    )
    return bool(words & set(SUSPICIOUS)) or isinstance(field, TYPES) or free


def undeclared(found: Iterable[type[models.Model]]) -> list[str]:
    """Fields that may hold a person, are not declared and not explained."""
    declared = {f"{one.model}.{one.field}" for one in declared_fields()}
    said = []
    for model in found:
        label = model._meta.label
        for field in model._meta.concrete_fields:
            name = f"{label}.{field.name}"
            explained = {name, label, model._meta.app_label} & NOT_A_PERSON.keys()
            if is_suspicious(field) and not field.is_relation and name not in declared and not explained:
                said.append(name)
    return sorted(said)


def test_every_field_that_may_hold_a_person_is_declared() -> None:
    assert undeclared(apps.get_models(include_auto_created=True)) == [], "declare it in its feature's personal.py"


def test_no_explanation_is_left_over() -> None:
    models_now = apps.get_models(include_auto_created=True)
    there = {model._meta.app_label for model in models_now} | {model._meta.label for model in models_now}
    there |= {f"{model._meta.label}.{field.name}" for model in models_now for field in model._meta.concrete_fields}
    assert NOT_A_PERSON.keys() - there == set()


@pytest.mark.parametrize("field", ["nama", "email", "holder_phone", "remark"])
def test_an_undeclared_one_is_named(field: str) -> None:
    meta = type("Meta", (), {"app_label": "visits", "managed": False, "abstract": False})
    column = models.EmailField() if field == "email" else models.CharField(max_length=20)
    name = f"Planted{field.title().replace('_', '')}"
    try:
        planted = type(name, (models.Model,), {"__module__": __name__, "Meta": meta, field: column})
        assert undeclared([planted]) == [f"visits.{name}.{field}"]
    finally:
        apps.all_models["visits"].pop(name.lower(), None)
        apps.clear_cache()


def test_what_is_declared_exists_unless_nobody_asks_for_it() -> None:
    for one in declared_fields():
        model = apps.get_model(one.model)
        assert (one.field in {field.name for field in model._meta.concrete_fields}) is one.asked, one


def test_a_nik_is_declared_and_no_table_has_it() -> None:
    nik = [one for one in declared_fields() if one.field == "nik"]
    assert len(nik) == 1 and not nik[0].asked and nik[0].encrypted
    for model in apps.get_models(include_auto_created=True):
        assert "nik" not in {word for field in model._meta.concrete_fields for word in field.name.split("_")}


def test_no_screen_asks_for_a_nik() -> None:
    pages = [path for path in (ROOT / "src").rglob("*.html") if 'name="nik"' in path.read_text().lower()]
    assert pages == []


def test_the_law_says_what_the_declarations_say() -> None:
    with (ROOT / "data" / "law" / "personal-data.csv").open(newline="") as file:
        law = {row["key"]: row for row in csv.DictReader(file)}
    for one in declared_fields():
        row = law[one.basis.key]
        basis = (one.basis.regulation, one.basis.article, one.basis.source)
        assert basis == (row["regulation"], row["article"], row["source"]), one.field
    assert {name: law["register"][name] for name in ARTICLE} == ARTICLE
    assert all(row["source"] for row in law.values())


def test_masks_hide() -> None:
    assert mask_name("Siti Aminah") == "S••• A•••" and mask_name("") == ""
    assert mask_digits("081234567890") == "0812•••••890"
    assert mask_digits("12345678") == MASK * 8 and mask_digits("") == ""
    assert mask_nik("1671014105900001") == MASK * 12 + "0001" and mask_nik("12") == MASK * 2


def test_the_register_holds_every_field_once_and_runs_no_formula() -> None:
    fields = declared_fields()
    assert sum(len(one.fields) for one in activities(fields)) == len(fields)
    rows = list(csv.DictReader(as_csv(fields).splitlines()))
    assert tuple(rows[0]) == HEAD and all(all(value for value in row.values()) for row in rows)
    assert not any(value[0] in "=+-@" for row in rows for value in row.values())
    said = as_markdown(fields, city="Palembang", law=ARTICLE)
    assert all(f"{one.model}.{one.field}" in said for one in fields) and UNSOURCED not in said


def test_a_basis_without_a_source_says_so() -> None:
    one = declared_fields()[0]
    bare = [replace(one, basis=replace(one.basis, source=""))]
    assert next(csv.DictReader(as_csv(bare).splitlines()))["sumber_dasar"] == UNSOURCED
    assert UNSOURCED in as_markdown(bare, city="Palembang", law=ARTICLE)
    assert UNSOURCED in as_markdown(declared_fields(), city="Palembang", law={**ARTICLE, "source": ""})


def test_contacts_are_the_only_field_of_citizens() -> None:
    assert {one.model for one in declared_fields() if one.subject == "citizen"} == {"visits.Contact"}
    assert settings.FEATURES[-1:] and all(one.encrypted for one in declared_fields() if one.subject == "citizen")
