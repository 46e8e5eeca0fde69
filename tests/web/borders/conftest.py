"""One database and one city for the tables of borders; every question is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from satuatap.features.commons import actions
from satuatap.features.commons.actions.clients import Limits
from satuatap.features.commons.models import Client as Program
from satuatap.features.commons.models import Delivery, Webhook
from satuatap.features.commons.states import ApiScope, DeliveryState, Event
from satuatap.features.malls import queries as malls
from tests.factories.palembang import open_palembang
from tests.factories.people import BY
from tests.web.borders.world import MINE, THEIRS, World, browser, make_world

ALL = tuple(scope.value for scope in ApiScope)


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("borders")


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any, home: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", home)
        mall = open_palembang(home, patch)
        try:
            yield make_world(mall)
        finally:
            call_command("flush", interactive=False, verbosity=0)
            malls.forget()


@pytest.fixture(autouse=True)
def _own_home(world: World, settings: Any, home: Any) -> None:
    """The city's own keys, for all of its questions."""
    settings.HOME = home


@pytest.fixture(autouse=True)
def _django_db_marker(world: World) -> None:
    """Instead of pytest-django's: the city stays, each question is taken back by itself."""


@pytest.fixture(scope="package")
def keys(world: World, django_db_blocker: Any) -> dict[str, Any]:
    """Everybody signs in once, before any question; her session's cookie."""
    found: dict[str, Any] = {}
    with django_db_blocker.unblock():
        for who, account in world.accounts.items():
            client = browser()
            if account is not None:
                account.refresh_from_db()
                client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
                assert client.get("/masuk/akun").status_code == 200, who
            found[who] = client.cookies
    return found


@pytest.fixture(scope="package")
def programs(world: World, django_db_blocker: Any) -> dict[str, str]:
    """A key of each kind of client, every scope in it."""
    mall = world.sides["own"].mall_code
    limits = {"own_agency": (mall, MINE), "own_mall": (mall, None), "whole_city": (None, None)}
    others = {"agency": (mall, THEIRS), "mall": (world.sides["mall"].mall_code, None)}
    keys = {"no_key": ""}
    with django_db_blocker.unblock():
        for name, (of_mall, agency) in {**limits, **others}.items():
            said = Limits(scopes=ALL, mall=of_mall, agency=agency, per_minute=100_000)
            keys[name] = actions.make_client(by=BY, name=f"klien {name}", limits=said, now=datetime.now(UTC)).key
            hook = Webhook.objects.create(
                client=Program.objects.get(name=f"klien {name}"), target="https://example.org/",
                events=[Event.DAY_CLOSED], after=0,
            )  # fmt: skip
            Delivery.objects.create(webhook=hook, position=1, event=Event.DAY_CLOSED, state=DeliveryState.DEAD)
    return keys
