"""Who sees a personal field in the clear leaves an entry in the journal first; nothing else shows one.

The fields are those that are declared: one that is added is looked for by itself. Staff's working names are declared as
shown to colleagues (``shown``) and stand on staff's screens; a copy about a member of staff is noted too.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from satuatap.features.journal.models import Entry
from satuatap.features.people.states import Role
from satuatap.features.visits.models import Contact
from satuatap.features.visits.states import CONTACT_FIELDS, WhyRead
from satuatap.plumbing.personal import hidden, shown
from satuatap.project.cli import main, person
from satuatap.project.privacy.declared import declared_fields
from tests.architecture.source import ROOT
from tests.web.borders import asks
from tests.web.borders.asks import ASKS, EVERYBODYS, OF_WHO_ASKS
from tests.web.borders.test_clients import operations
from tests.web.borders.test_objects import Cookies, browser_of
from tests.web.borders.world import COLUMNS, Thing, World, browser, undone
from tests.web.routes import Address

pytestmark = pytest.mark.django_db(transaction=True)

# The doors through which a clear value leaves the features, and everything that opens one. Each is asked below.
DOORS = {"read_contact", "held_about", "held_about_account", "opened", "fields_now"}
OPENED_BY = {
    ("web/helpdesk/contact.py", "read_contact"),
    ("web/portal/contact.py", "held_about"),
    ("project/cli/person.py", "held_about"),
    ("project/cli/person.py", "held_about_account"),
}
PLANTED = {"name": "Siti Aminah", "phone": "081277719345"}
SIGNS = {"name": ("Aminah",), "phone": ("081277719345", "81277719345", "0812-7771-9345", "0812 7771 9345")}
CITIZENS = [one for one in declared_fields() if one.subject == "citizen" and one.asked]


def test_every_declared_field_of_a_citizen_is_looked_for_or_opened_by_nobody() -> None:
    assert {one.model for one in CITIZENS} == {"visits.Contact"}
    said = {one.field for one in CITIZENS if one.masked("Siti Aminah 081277719345")}
    assert said == set(PLANTED) == set(CONTACT_FIELDS), "plant a value of the new field, and its reads below"


def test_staffs_fields_are_shown_to_named_readers_or_to_nobody() -> None:
    for one in declared_fields():
        assert one.subject == "citizen" or (one.masked in (shown, hidden) and one.readers), one.field


def test_the_doors_are_opened_by_these_alone() -> None:
    room = ROOT / "src" / "satuatap"
    found = set()
    for path in room.rglob("*.py"):
        name = str(path.relative_to(room))
        if not name.startswith("features/"):
            found |= {(name, call) for call in _calls(ast.parse(path.read_text())) if call in DOORS}
    assert found == OPENED_BY, "a new reader of personal fields: let it note the read, and ask it below"


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@contextmanager
def planted(world: World, side: str = "own") -> Iterator[Thing]:
    """Somebody has left her name and phone; afterwards she has not."""
    with undone():
        it = world.sides[side]
        asks.left_contact(world, it)
        yield it


def in_the_clear(answer: Any) -> set[str]:
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return {field for field, signs in SIGNS.items() for sign in signs if sign.encode() in text}


def reads() -> list[tuple[str, str, str]]:
    rows = Entry.objects.filter(kind="contact_read").order_by("pk")
    return [(row.who, row.fact["field"], row.fact["reason"]) for row in rows]


def test_nothing_that_is_only_looked_at_shows_one(world: World, keys: Cookies, programs: dict[str, str]) -> None:
    """Every GET of every role at her visit, and every reading operation of the API with the widest key."""
    with planted(world) as it:
        assert Contact.objects.get(visit=it.visit)
        for who in COLUMNS:
            client = browser_of(keys, who)
            for address, words in pages(world, it):
                assert in_the_clear(client.get(address, words)) == set(), f"{who} {address}"
        for address in readings(it):
            answer = browser().get(address, headers={"authorization": f"Bearer {programs['whole_city']}"})
            assert in_the_clear(answer) == set(), address
        assert reads() == []


def pages(world: World, it: Thing) -> Iterator[tuple[str, dict[str, str]]]:
    for one in ASKS:
        if one.method == "GET" and "aktifkan" not in one.route:
            yield Address(one.route).filled(one.holes(world, it)), one.words(world, it)
    for route in sorted(OF_WHO_ASKS | EVERYBODYS):
        yield f"/{route}", {}


def readings(it: Thing) -> Iterator[str]:
    named = {"slug:mall": it.mall_code, "int:desk": str(it.desk), "slug:token": it.token, "slug:code": it.service}
    for method, path in operations():
        for hole, value in named.items():
            path = path.replace(f"{{{hole}}}", value)
        if method == "GET" and "{" not in path:
            yield f"/api/v1{path}"


@pytest.mark.parametrize("field", sorted(PLANTED))
def test_the_help_desk_reads_one_field_for_a_reason(world: World, keys: Cookies, field: str) -> None:
    account = world.accounts[Role.HELP_DESK.value]
    with planted(world) as it:
        said = {"visit": it.visit, "field": field, "key": str(uuid4())}
        without = browser_of(keys, "help_desk").post("/bantuan/kontak", said)
        assert (in_the_clear(without), reads()) == (set(), [])
        answer = browser_of(keys, "help_desk").post("/bantuan/kontak", {**said, "reason": WhyRead.LEFT_BEHIND.value})
        assert in_the_clear(answer) == {field}
        assert account is not None
        assert reads() == [(f"account:{account.pk}", field, "left_behind")]


def test_a_read_that_cannot_be_noted_shows_nothing(
    world: World, keys: Cookies, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    with planted(world) as it:
        monkeypatch.setattr("satuatap.features.visits.actions.contacts.announce", full)
        said = {"visit": it.visit, "field": "phone", "reason": "left_behind", "key": str(uuid4())}
        assert in_the_clear(browser_of(keys, "help_desk").post("/bantuan/kontak", said)) == set()
        assert in_the_clear(browser().post(f"/kunjungan/{it.token}/kontak/salinan", {"code": it.code})) == set()


def test_her_own_copy_is_noted_and_a_wrong_code_gets_none(world: World) -> None:
    with planted(world) as it:
        page = f"/kunjungan/{it.token}/kontak/salinan"
        wrong = browser().post(page, {"code": "0000"})
        assert (in_the_clear(wrong), reads()) == (set(), [])
        answer = browser().post(page, {"code": it.code})
        assert in_the_clear(answer) == {"name", "phone"}
        assert reads() == [("system:visitor", "name", "own_request"), ("system:visitor", "phone", "own_request")]


def test_the_command_notes_whose_copy_it_writes(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def connected() -> Iterator[None]:
        yield

    def run(*words: str) -> Any:
        arguments = main.parser("person").parse_args(["person", "export", *words])
        assert not arguments.run(arguments)
        return json.loads(capsys.readouterr().out)

    monkeypatch.setattr(person, "connected", connected)
    with planted(world) as it:
        held = run("--number", str(it.number), "--code", it.code)
        assert held["visits"][0]["contact"]["name"] == PLANTED["name"]
        assert {(who, field) for who, field, _why in reads()} == {
            ("system:command", "name"),
            ("system:command", "phone"),
        }
        assert run("--account", "orang.own")["account"]["display_name"] == "Orang Sendiri"
        noted = Entry.objects.get(kind="account_copied")
        assert (noted.who, noted.fact) == ("system:command", {"account": it.account})


def test_a_page_that_shows_one_is_noticed() -> None:
    class Answer:
        streaming, content = False, b"<td>Siti Aminah</td><td>081277719345</td>"

    assert in_the_clear(Answer()) == {"name", "phone"}
