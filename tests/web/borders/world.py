"""One city for the tables of borders: of each kind of object one of her own, another agency's here, another mall's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from satuatap.features.catalogue import actions as catalogue_actions
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.commons.models import Client as Program
from satuatap.features.commons.models import Delivery, Webhook
from satuatap.features.commons.states import DeliveryState, Event
from satuatap.features.journal.actions import number_entries, seal
from satuatap.features.malls import actions as mall_actions
from satuatap.features.malls import queries as malls
from satuatap.features.malls.changes import RowChange
from satuatap.features.malls.models import Booth, Desk, Mall, Zone
from satuatap.features.people import actions as people
from satuatap.features.people.actions.sessions import Opening
from satuatap.features.people.models import Account, RoleGrant
from satuatap.features.people.states import How, Role
from satuatap.features.visits import actions as visits
from satuatap.features.visits.models import Floor, Visit
from satuatap.features.visits.queries import forget_closures
from satuatap.project.city.state import read_state
from satuatap.web.clients import forget_clients
from satuatap.web.identity import forget_all_sessions
from satuatap.web.kiosk.views import ACTIVATIONS
from satuatap.web.locks import PASSKEYS
from satuatap.web.open.refusals import PROOFS
from satuatap.web.portal.contact import CHANGES, WRONG_CODES
from satuatap.web.portal.visit import LOOKUPS
from tests.factories.floors import make_floor
from tests.factories.palembang import take_ticket
from tests.factories.people import BY, make_account, with_app

SIDES = ("own", "agency", "mall")  # her own, of another agency in her mall, of another mall
MINE, THEIRS = "dukcapil", "dpmptsp"
SERVICES = {"own": "ktp-el-ganti", "agency": "sip-dokter", "mall": "ktp-el-ganti"}
COLUMNS = ("anonymous", "no_role", "officer", "coordinator", "help_desk", "manager", "keeper", "kiosk")
# Not every write is about the mall: that somebody is signed in and was seen is written whatever she is told.
NOT_COUNTED = ("django_session", "people_signin")
STRANGER = "Orang Mal Dua"


@dataclass(frozen=True, slots=True)
class Thing:
    """What may be named of one side."""

    mall: int
    mall_code: str
    booth: int
    booth_code: str
    agency: str
    desk: int
    visit: int
    number: int
    token: str
    code: str
    account: int
    grant: int
    session: str
    day: int
    service: str
    step: int
    row: str  # its booth's in the city's sheets


@dataclass(frozen=True, slots=True)
class World:
    """The three sides, who asks, and what belongs to no side."""

    sides: dict[str, Thing]
    accounts: dict[str, Account | None]
    names: dict[str, str]


def make_world(mall: int) -> World:
    """In the opened demo city, with a second mall beside it in which the same agency has a booth."""
    _open_all_day(mall)
    here = Mall.objects.get(pk=mall)
    step = catalogue.plan([SERVICES["own"]]).errands[0].step_id
    other = _second_mall(step)
    booths = {
        "own": Booth.objects.get(code="dukcapil-ktp"),
        "agency": Booth.objects.get(mall=here, code="dpmptsp"),
        "mall": Booth.objects.get(mall=other),
    }
    tickets = {side: take_ticket(mall, code) for side, code in SERVICES.items() if side != "mall"}
    tickets["mall"] = visits.issue_ticket(by=BY, mall=other.pk, steps=[step], after=[[]])
    sides = {side: _thing(side, booth, tickets[side]) for side, booth in booths.items()}
    mine = sides["own"]
    accounts: dict[str, Account | None] = {"anonymous": None, "no_role": make_account("tanpa.peran")}
    for role in Role:
        accounts[role.value] = make_account(f"yang.{role.value}", role, mall=mine.mall, booth=mine.booth, agency=MINE)
    for account in accounts.values():
        if account is not None:
            with_app(account)
    names = _of_no_side()
    number_entries()
    assert seal(by=BY) is not None
    return World(sides, accounts, names)


def _open_all_day(mall: int) -> None:
    now, long = malls.now(mall), timedelta(days=400)
    Floor.objects.filter(pk=mall).update(open_from=now - long, open_until=now + long, closed_day=None)


def _second_mall(step: int) -> Mall:
    mall = Mall.objects.create(code="dua", name="Mal Dua", zone_name="Asia/Jakarta")
    zone = Zone.objects.create(mall=mall, code="A", name="Zona A")
    agency = Booth.objects.get(code="dukcapil-ktp").agency
    booth = Booth.objects.create(mall=mall, code="dukcapil-dua", agency=agency, zone=zone, name="Gerai Mal Dua")
    desk = Desk.objects.create(mall=mall, booth=booth, code="1")
    malls.forget()
    make_floor({step: 8.0}, {desk.pk: [step]}, mall=mall.pk)
    return mall


def _thing(side: str, booth: Booth, visit: Visit) -> Thing:
    name = {"own": "Orang Sendiri", "agency": "Orang Tetangga", "mall": STRANGER}[side]
    account = make_account(f"orang.{side}", Role.OFFICER, mall=booth.mall_id, booth=booth.pk, agency=booth.agency.code)
    Account.objects.filter(pk=account.pk).update(display_name=name)
    opening = Opening(session_key=f"sesi{side}{uuid4().hex}"[:40], how=How.PASSWORD)
    session = people.open_session(account=account.pk, opening=opening, now=datetime.now(UTC), today=date.today())
    days = {"own": date(2031, 1, 2), "agency": date(2031, 1, 3), "mall": date(2031, 1, 4)}
    closure = mall_actions.add_closure(
        by=BY, mall=booth.mall_id, day=days[side], name=f"Tutup {name}", booth=booth.pk
    )  # fmt: skip
    assert closure is not None
    desk = Desk.objects.filter(booth=booth).order_by("pk")[0]
    visits.open_desk(by=BY, desk=desk.pk)
    return Thing(
        mall=booth.mall_id, mall_code=booth.mall.code, booth=booth.pk, booth_code=booth.code,
        agency=booth.agency.code, desk=desk.pk, visit=visit.pk, number=visit.number, token=visit.token,
        code=visit.code, account=account.pk, grant=RoleGrant.objects.get(account=account).pk, session=str(session.pk),
        day=closure.pk, service=SERVICES[side], step=catalogue.plan([SERVICES[side]]).errands[0].step_id,
        row=_row_of(booth),
    )  # fmt: skip


def _row_of(booth: Booth) -> str:
    rows = read_state()["booths"]
    return next(k for k, texts in rows.items() if (texts["mall"], texts["code"]) == (booth.mall.code, booth.code))


def _of_no_side() -> dict[str, str]:
    """A row of the city's sheets, a change of it, an import that waits, a plan from home, a life event."""
    rows = [RowChange("agencies", next(iter(read_state()["agencies"])), None, {"code": "x"})]
    change = mall_actions.note_change(by=BY, way="edit", rows=rows)
    draft = mall_actions.keep_draft(by=BY, way="import", rows=rows)
    kiosk = Account.objects.get(username="yang.kiosk").pk
    plan = catalogue_actions.keep_plan(by=BY, services=[SERVICES["own"]], now=datetime.now(UTC))
    program = Program.objects.create(name="program kota", scopes=[])
    hook = Webhook.objects.create(client=program, target="https://example.org/", events=[Event.DAY_CLOSED], after=0)
    dead = Delivery.objects.create(webhook=hook, position=1, event=Event.DAY_CLOSED, state=DeliveryState.DEAD)
    of_programs = {"client": str(program.pk), "hook": str(hook.pk), "delivery": str(dead.pk)}
    return {**of_programs, "sheet": "agencies", "row": rows[0].key, "change": str(change.pk), "draft": str(draft.pk),
            "plan": plan, "event": catalogue.life_events()[0].code, "position": "1", "zone": "A",
            "study": NOBODYS, "upload": NOBODYS, "columns": "1", "term": "electricity", "which": "semua",
            "secret": people.give_device_secret(by=BY, account=kiosk)}  # fmt: skip


NOBODYS = "00000000-0000-0000-0000-000000000000"  # of what nobody has made here: only who may ask is asked


@contextmanager
def undone() -> Iterator[None]:
    """Everything inside is taken back; no block of Django's is open around it, so that hot statements run."""
    connection.set_autocommit(False)
    with pytest.MonkeyPatch.context() as patch:
        # What the front does before it reads: here it would close the connection that everything is taken back on.
        patch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
        try:
            yield
        finally:
            connection.rollback()
            connection.set_autocommit(True)
    forget()


def forget() -> None:
    """What the process remembers of a city that was taken back, and how often somebody has tried."""
    for limits in (ACTIVATIONS, PASSKEYS, PROOFS, CHANGES, WRONG_CODES, LOOKUPS):
        limits.clear()
    forget_all_sessions()
    forget_clients()
    forget_closures()


def browser() -> Client:
    """A browser of her own at one site: its middleware is put together once, not for every question."""
    client = Client(raise_request_exception=False)
    client.handler = _site()
    return client


@cache
def _site() -> Any:
    return Client(raise_request_exception=False).handler


def rows_written() -> int:
    """How many rows this transaction has put in, changed or taken out, in any table that counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_xact_user_tables"
            " where not relname = any(%s)", [list(NOT_COUNTED)],
        )  # fmt: skip
        return int(cursor.fetchone()[0])


def facts_written() -> int:
    """How many facts the journal holds; a position is given to each."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from journal_entry")
        return int(cursor.fetchone()[0])
