"""The demo city opened once for the office's tests, with a second mall beside it; what they write is really written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from satuatap.features.journal.models import Entry
from satuatap.features.malls import queries as malls
from satuatap.features.malls.models import Booth, Desk, Mall, Zone
from satuatap.features.people.models import Account, Try
from satuatap.features.people.states import Role
from tests.factories.floors import make_floor
from tests.factories.palembang import open_palembang
from tests.factories.people import make_account, make_agency, with_app

Post = Callable[..., HttpResponse]


def written() -> int:
    """How much the journal holds, besides who has signed in."""
    return Entry.objects.exclude(kind="signed_in").count()


@dataclass(frozen=True, slots=True)
class City:
    """Two malls, and who may ask."""

    mall: int
    booth: int
    foreign_booth: int
    foreign_desk: int
    accounts: dict[str, Account]

    @property
    def today(self) -> date:
        return malls.today(self.mall)

    def client(self, who: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.accounts[who], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client


def _second_mall() -> tuple[int, int, int]:
    """Made beside the city's own: the sheets' way would close what they do not name."""
    mall = Mall.objects.create(code="dua", name="Mal Dua", zone_name="Asia/Jakarta")
    zone = Zone.objects.create(mall=mall, code="A", name="Zona A")
    booth = Booth.objects.create(mall=mall, code="dukcapil-dua", agency=make_agency(), zone=zone, name="Dukcapil Dua")
    desk = Desk.objects.create(mall=mall, booth=booth, code="1")
    malls.forget()
    make_floor({}, {desk.pk: []}, mall=mall.pk)
    return mall.pk, booth.pk, desk.pk


@pytest.fixture(scope="package")
def city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        mall = open_palembang(tmp_path_factory.mktemp("office"), patch)
        other, foreign_booth, foreign_desk = _second_mall()
        booth = Booth.objects.get(code="dukcapil-ktp").pk
        accounts = {
            "manager": make_account("sari", Role.MANAGER, mall=mall),
            "elsewhere": make_account("tono", Role.MANAGER, mall=other),
            "officer": make_account("budi", Role.OFFICER, mall=mall, booth=booth),
            "keeper": make_account("ibu.kota", Role.KEEPER),
        }
        patch.setattr(settings, "HOME", tmp_path_factory.mktemp("keys"))
        for strong in ("elsewhere", "keeper"):  # the second mall is no demo: they need a second factor
            with_app(accounts[strong])
        try:
            yield City(mall, booth, foreign_booth, foreign_desk, accounts)
        finally:
            call_command("flush", interactive=False, verbosity=0)
            malls.forget()


@pytest.fixture(autouse=True)
def _django_db_marker(city: City) -> None:
    """Instead of pytest-django's: no transaction around a test and no emptying after each, as all share the city.

    Only failed tries are forgotten: they are counted by address, and every test comes from the same.
    """
    Try.objects.all().delete()


@pytest.fixture
def post(city: City) -> Post:
    """A form sent by somebody: with a fresh key, unless one is given."""

    def send(address: str, who: str = "manager", key: object = None, **fields: object) -> HttpResponse:
        return city.client(who).post(address, {"key": str(key or uuid4()), **fields})

    return send


@pytest.fixture
def refused(city: City, post: Post) -> Callable[..., None]:
    """Sends a form that is refused: this status, this code, and nothing written to the journal but the signing in."""

    def send(address: str, status: int, code: str, **fields: object) -> None:
        before = written()
        answer = post(address, **fields)
        page = answer.content.decode()
        assert answer.status_code == status, page[:2000]
        assert code in page
        assert written() == before

    return send
