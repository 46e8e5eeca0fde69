"""A small city with one visit in it, and one account for each column of the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from satuatap.features.malls import actions as malls
from satuatap.features.malls import queries as malls_queries
from satuatap.features.malls.changes import RowChange
from satuatap.features.malls.models import Booth, Desk, Mall
from satuatap.features.people import actions
from satuatap.features.people.models import Account, RoleGrant
from satuatap.features.people.states import Role
from satuatap.project.city.state import read_state
from tests.factories.floors import make_floor
from tests.factories.people import BY, make_account, make_agency, with_app


@dataclass(frozen=True, slots=True)
class World:
    """What addresses may name, and who asks."""

    names: dict[str, str]
    accounts: dict[str, Account | None]


def make_world() -> World:
    """Two malls; in the first two booths of two agencies, each with a desk. The addressed desk is the first booth's."""
    for code in ("dukcapil", "dinkes"):
        make_agency(code)
    common = {"name": "x", "x": 10, "y": 10, "w": 10, "h": 10}
    zone = {"timezone": "Asia/Jakarta", "name": "Mal"}
    malls.put_malls(by=BY, rows=[{"code": "satu", "demo": True, **zone}, {"code": "dua", "demo": False, **zone}])
    malls.put_zones(by=BY, rows=[{"mall": "satu", "code": "A", **common}])
    booths = [("dukcapil", "dukcapil"), ("dinkes", "dinkes")]
    malls.put_booths(
        by=BY,
        rows=[{"mall": "satu", "code": c, "agency": a, "zone": "A", "level": "full", **common} for c, a in booths],
    )
    malls.put_desks(
        by=BY,
        rows=[{"mall": "satu", "booth": c, "code": str(n), **common} for n, (c, _) in enumerate(booths, 1)],
    )
    malls_queries.forget()
    for row in Mall.objects.all():
        here_desks = Desk.objects.filter(booth__mall=row).values_list("pk", flat=True)
        make_floor({1: 8.0}, {number: [1] for number in here_desks}, mall=row.pk)
    mall, other = (Mall.objects.get(code=code) for code in ("satu", "dua"))
    here, there = (Booth.objects.get(code=code) for code in ("dukcapil", "dinkes"))
    desk = Desk.objects.get(booth=here)
    kiosk = make_account("anjungan", Role.KIOSK, mall=mall.pk)
    accounts: dict[str, Account | None] = {
        "anonymous": None,
        "officer": make_account("petugas", Role.OFFICER, mall=mall.pk, booth=here.pk),
        "officer_elsewhere": make_account("tetangga", Role.OFFICER, mall=mall.pk, booth=there.pk, agency="dinkes"),
        "coordinator": make_account("koordinator", Role.COORDINATOR, mall=mall.pk, booth=here.pk),
        "help_desk": make_account("informasi", Role.HELP_DESK, mall=mall.pk),
        "manager": make_account("manajer", Role.MANAGER, mall=mall.pk),
        "manager_elsewhere": make_account("manajer.dua", Role.MANAGER, mall=other.pk),
        "keeper": make_account("pengelola", Role.KEEPER),
        "kiosk": kiosk,
    }
    _city_wide(accounts)
    closure = malls.add_closure(by=BY, mall=mall.pk, day=date(2030, 1, 2), name="Rapat")
    assert closure is not None and accounts["officer"] is not None
    names = {
        "mall": str(mall.pk),
        "mall_id": str(mall.pk),
        "booth": str(here.pk),
        "booth_id": str(here.pk),
        "desk": str(desk.pk),
        "desk_id": str(desk.pk),
        "zone": "A",
        "client": "1",
        "position": "1",
        "code": "kk-baru",
        "token": "0123456789abcdefghij",
        "hook": "6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f10",
        "delivery": "6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f11",
        "account": str(accounts["officer"].pk),
        "grant": str(RoleGrant.objects.get(account=accounts["officer"]).pk),
        "day": str(closure.pk),
        "session": "6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f12",
        "secret": actions.give_device_secret(by=BY, account=kiosk.pk),
    }
    return World(names | _of_sheets(), accounts)


def _city_wide(accounts: dict[str, Account | None]) -> None:
    """A planner; and as the second mall is no demo, whoever is strong there needs a second factor."""
    accounts["planner"] = make_account("perencana", Role.PLANNER)
    for strong in ("manager_elsewhere", "keeper"):
        if (account := accounts[strong]) is not None:
            with_app(account)


def _of_sheets() -> dict[str, str]:
    """A row of the city's sheets, a change of it, and an import that waits."""
    rows = [RowChange("agencies", next(iter(read_state()["agencies"])), None, {"code": "x"})]
    change, draft = malls.note_change(by=BY, way="edit", rows=rows), malls.keep_draft(by=BY, way="import", rows=rows)
    return {
        "move": "1",
        "study": "6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f13",
        "comment": "1",
        "sheet": "agencies",
        "which": "semua",
        "upload": "6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f14",
        "columns": "1",
        "term": "electricity",
        "row": rows[0].key,
        "change": str(change.pk),
        "draft": str(draft.pk),
    }
