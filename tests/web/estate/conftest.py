"""The demo city opened once for the estate's screens; what these tests write is really written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from tests.factories.palembang import open_palembang
from tests.factories.people import make_account

HOUSES = {
    "planner": Role.PLANNER, "asset": Role.ASSET, "reader": Role.INSPECTORATE, "officer": Role.HELP_DESK,
    "keeper": Role.KEEPER,
}  # fmt: skip


@pytest.fixture(scope="package")
def who(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Client]]:
    """A browser of somebody of each house."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        mall = open_palembang(tmp_path_factory.mktemp("estate"), patch)
        accounts = {name: make_account(f"estate.{name}", role, mall=mall) for name, role in HOUSES.items()}

        def browser(name: str) -> Client:
            client = Client(raise_request_exception=False)
            client.force_login(accounts[name], backend=settings.AUTHENTICATION_BACKENDS[0])
            return client

        try:
            yield browser
        finally:
            call_command("flush", interactive=False, verbosity=0)
            malls.forget()


@pytest.fixture(autouse=True)
def _django_db_marker(who: Any) -> None:
    """Instead of pytest-django's: no transaction around a test and no emptying after each, as all share the city."""
