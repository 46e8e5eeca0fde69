"""One person is named by her slip or her phone; too little, too many and nobody are sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from satuatap.features.journal.models import Entry
from satuatap.features.people.states import Role
from satuatap.features.visits.models import Contact, Visit
from satuatap.project.cli import erase, keys, main, person, privacy
from satuatap.project.cli.sentences import Trouble
from tests.factories.people import make_account, with_app
from tests.project.privacy.conftest import NAME, PHONE, leave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is the command's."""

    @contextmanager
    def connected() -> Iterator[None]:
        yield

    for module in (erase, keys, person, privacy):
        monkeypatch.setattr(module, "connected", connected)


def run(*words: str) -> int:
    arguments = main.parser(words[0]).parse_args(words)
    return int(arguments.run(arguments) or 0)


def slip(visit: Visit) -> list[str]:
    return ["--number", str(visit.number), "--code", visit.code.lower()]


def test_a_copy_by_slip_goes_to_a_new_file_of_her_own_and_is_a_fact(visit: Visit, tmp_path: Path):
    out = tmp_path / "salinan.json"
    assert run("person", "export", *slip(visit), "--to", str(out)) == 0
    assert json.loads(out.read_text())["visits"][0]["contact"]["name"] == NAME
    assert out.stat().st_mode & 0o777 == 0o600
    read = Entry.objects.filter(kind="contact_read", fact__reason="own_request")
    assert sorted(entry.fact["field"] for entry in read) == ["name", "phone"]
    with pytest.raises(Trouble, match="Pilih nama lain"):
        run("person", "export", *slip(visit), "--to", str(out))


def test_erased_by_slip_the_other_one_stays(visit: Visit):
    other = leave("Budi", "0813 1111 2222")
    assert run("erase", *slip(visit)) == 0
    assert Contact.objects.get().visit_id == other.pk
    with pytest.raises(Trouble, match="sudah dihapus"):
        run("erase", *slip(visit))


def test_erased_by_phone_everywhere_she_left_it(visit: Visit):
    leave("Sulastri", "+62 " + PHONE[1:])
    assert run("erase", "--phone", PHONE) == 0
    assert not Contact.objects.exists()


@pytest.mark.parametrize("words", [["--number", "1"], ["--code", "7KQ2"], []])
def test_too_little_is_a_sentence(visit: Visit, words: list[str]):
    for command in (["erase"], ["person", "export"]):
        with pytest.raises(Trouble, match="--number bersama --code"):
            run(*command, *words)


def test_a_wrong_code_and_an_unknown_phone_find_nobody(visit: Visit):
    for words in (["--number", str(visit.number), "--code", "????"], ["--phone", "0899 0000 0000"], ["--phone", "x"]):
        for command in (["erase"], ["person", "export"]):
            with pytest.raises(Trouble, match="Tidak ada yang tersimpan"):
                run(*command, *words)
    assert Contact.objects.count() == 1


def test_a_slip_that_came_twice_needs_its_day(visit: Visit):
    twin = leave("Budi", "0813 1111 2222")
    Visit.objects.filter(pk=twin.pk).update(number=visit.number, code=visit.code, day=visit.day - timedelta(days=3))
    with pytest.raises(Trouble, match="--day"):
        run("erase", *slip(visit))
    assert run("erase", *slip(visit), "--day", visit.day.isoformat()) == 0
    assert Contact.objects.get().visit_id == twin.pk


def test_due_and_again_and_staff(visit: Visit, home: Path, capsys: pytest.CaptureFixture[str]):
    Contact.objects.update(ends_on=date(2026, 1, 1))
    assert run("erase", "--due") == 0 and not Contact.objects.exists()
    with pytest.raises(Trouble, match="Ambil dari tempat cadangan"):
        run("erase", "--again")
    make_account("rahmawati", Role.OFFICER)
    capsys.readouterr()
    assert run("person", "export", "--account", "Rahmawati") == 0
    held: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert held["account"]["username"] == "rahmawati" and held["roles"][0]["role"] == "officer"
    assert "password" not in held["account"]


def test_the_register_is_written_once(visit: Visit, tmp_path: Path):
    out = tmp_path / "catatan.csv"
    assert run("privacy", "register", "--csv", "--to", str(out)) == 0
    assert "visits.Contact.phone" in out.read_text()
    with pytest.raises(Trouble):
        run("privacy", "register", "--csv", "--to", str(out))


def test_a_rotation_names_what_it_moved_by_kind(visit: Visit, home: Path, capsys: pytest.CaptureFixture[str]):
    with_app(make_account("sari"))
    assert run("keys", "rotate", "fields") == 0
    said = capsys.readouterr().out
    assert "Dipindahkan: 1 kontak pengunjung, 2 rahasia faktor kedua (aplikasi kode, kode cadangan)." in said
    assert run("keys", "rotate", "index") == 0
    assert "Dipindahkan: 1 kontak pengunjung." in capsys.readouterr().out
    app = Authenticator.objects.get(type="totp")
    broken = app.data | {"secret": app.data["secret"][:-8] + "AAAAAAA="}
    Authenticator.objects.filter(pk=app.pk).update(data=broken)
    with pytest.raises(Trouble, match="0 kontak, 1 rahasia faktor kedua"):
        run("keys", "rotate", "fields")
