"""The help desk sees a contact masked; the clear value costs a reason, and the journal has it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.models import Entry
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import actions
from satuatap.features.visits.models import Floor, Visit
from tests.factories.palembang import take_ticket
from tests.factories.people import BY, make_account
from tests.web.office.conftest import City

pytestmark = pytest.mark.django_db
NAME, PHONE = "Sulastri Handayani", "081279912345"


@pytest.fixture(scope="module")
def desk(city: City, django_db_blocker: Any) -> Client:
    with django_db_blocker.unblock():
        city.accounts["bantuan"] = make_account("wulan", Role.HELP_DESK, mall=city.mall)
    return city.client("bantuan")


@pytest.fixture
def visit(city: City, settings: Any, tmp_path: Path) -> Visit:
    settings.HOME = tmp_path
    now, open_for = malls.now(city.mall), timedelta(days=400)
    Floor.objects.filter(pk=city.mall).update(open_from=now - open_for, open_until=now + open_for, closed_day=None)
    row = take_ticket(city.mall, "kk-baru")
    actions.give_contact(by=BY, visit=row.pk, name=NAME, phone=PHONE, consent=True)
    return row


def ask(client: Client, visit: Visit, **values: str) -> Any:
    said = {"visit": str(visit.pk), "field": "phone", "reason": "left_behind", "key": str(uuid4()), **values}
    return client.post("/bantuan/kontak", said)


def reads(visit: Visit) -> list[tuple[str, str, str]]:
    rows = Entry.objects.filter(kind="contact_read", visit_id=visit.pk)
    return [(entry.who, entry.fact["field"], entry.fact["reason"]) for entry in rows]


def test_masked_until_a_reason_is_given_and_masked_again_after(city: City, desk: Client, visit: Visit):
    seen = desk.get(f"/bantuan?nomor={visit.number}").content.decode()
    assert "0812•••••345" in seen and PHONE not in seen and NAME not in seen and reads(visit) == []
    answer = ask(desk, visit)
    shown = answer.content.decode()
    assert answer.status_code == 200 and PHONE in shown and NAME not in shown
    assert "no-store" in answer.headers["Cache-Control"]
    assert PHONE not in desk.get(f"/bantuan?nomor={visit.number}").content.decode()
    assert reads(visit) == [(f"account:{city.accounts['bantuan'].pk}", "phone", "left_behind")]
    facts = [str(entry.fact) for entry in Entry.objects.filter(visit_id=visit.pk)]
    assert all(NAME not in fact and PHONE[1:] not in fact for fact in facts)


@pytest.mark.parametrize("values", [{"reason": ""}, {"reason": "curious"}, {"field": "token"}, {"field": ""}])
def test_without_a_reason_of_the_list_nothing_is_shown(desk: Client, visit: Visit, values: dict[str, str]):
    answer = ask(desk, visit, **values)
    said = answer.content.decode()
    assert answer.status_code in (400, 422) and PHONE not in said and NAME not in said and reads(visit) == []


def test_others_and_other_malls_see_nothing(city: City, desk: Client, visit: Visit):
    for who in ("officer", "manager", "elsewhere", "keeper"):
        assert ask(city.client(who), visit).status_code == 403
    manager = city.client("manager").get(f"/bantuan?nomor={visit.number}").content.decode()
    assert "0812•••••345" in manager and 'name="reason"' not in manager
    elsewhere = make_account("wulan.dua", Role.HELP_DESK, mall=city.mall + 900)
    city.accounts["bantuan.dua"] = elsewhere
    assert ask(city.client("bantuan.dua"), visit).status_code == 404
    assert reads(visit) == []


def test_the_manager_reads_who_looked_and_why_and_never_what(city: City, desk: Client, visit: Visit):
    ask(desk, visit)
    actions.withdraw_contact(by=BY, visit=visit.pk)
    number_entries()
    page = city.client("manager").get("/pengelolaan/riwayat?bagian=contacts").content.decode()
    contact = Entry.objects.get(kind="contact_given", visit_id=visit.pk).fact["contact"][:8]
    assert f"Nomor telepon pada kontak {contact} dilihat: barang atau berkas tertinggal." in page
    assert f"Kontak {contact} dihapus: ditarik pengunjung." in page
    assert PHONE not in page and NAME not in page
    elsewhere = city.client("elsewhere").get("/pengelolaan/riwayat?bagian=contacts").content.decode()
    assert contact not in elsewhere
