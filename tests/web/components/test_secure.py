"""Without HTTPS a screen says which of its functions are off; with it, or on this machine itself, it says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from satuatap.features.visits import actions
from satuatap.web.components.secure import is_secure_context, off_without_https
from tests.factories.people import BY
from tests.web.world import World, make_world

SAID = "Tanpa HTTPS, yang mati di sini: "


@pytest.mark.parametrize(
    ("host", "https", "trusted"),
    [("mpp.kota.test", True, True), ("mpp.kota.test", False, False), ("10.0.0.7:8000", False, False),
     ("localhost:8000", False, True), ("loket.localhost", False, True), ("127.0.0.1:8000", False, True),
     ("[::1]:8000", False, True), ("[::1]", False, True), ("[fd00::7]", False, False),
     ("127.0.0.1.test", False, False)],
)  # fmt: skip
def test_what_browsers_trust(settings: Any, host: str, https: bool, trusted: bool):
    settings.ALLOWED_HOSTS = ["*"]
    assert is_secure_context(RequestFactory().get("/", headers={"host": host}, secure=https)) is trusted


@pytest.mark.parametrize("place", ["office", "kiosk", "board", "phone"])
def test_the_line_has_both_languages(place: str):
    indonesian = off_without_https(place)
    with translation.override("en"):
        english = off_without_https(place)
    assert indonesian.startswith(SAID) and "layar tetap menyala" in indonesian
    assert english.startswith("Without HTTPS") and "screen stays on" in english and "layar" not in english


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_each_screen_says_it_and_only_where_it_is_so(world: World, settings: Any):
    settings.ALLOWED_HOSTS = ["mpp.kota.test"]

    def said(who: str, address: str, secure: bool) -> bool:
        browser, account = Client(SERVER_NAME="mpp.kota.test"), world.accounts[who]
        if account is not None:
            account.refresh_from_db()
            browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        answer = browser.get(address, secure=secure)
        assert answer.status_code == 200, address
        return SAID in answer.content.decode()

    for who, address in (("kiosk", "/anjungan"), ("anonymous", "/papan"), ("manager", "/pengelolaan")):
        assert [said(who, address, secure) for secure in (False, True)] == [True, False], address
    visit = actions.issue_ticket(by=BY, mall=int(world.names["mall"]), steps=[1], after=[[]])
    assert [said("anonymous", f"/kunjungan/{visit.token}", secure) for secure in (False, True)] == [True, False]
