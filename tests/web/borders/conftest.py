"""One database and one city for the tables of borders; every question is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from satuatap.features.malls import queries as malls
from tests.factories.palembang import open_palembang
from tests.web.borders.world import World, make_world


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
