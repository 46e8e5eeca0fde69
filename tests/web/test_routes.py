"""Every address x every role, really asked. A new address without a row fails and prints its rows to be reviewed."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.web.routes import METHODS, ROLES, TABLE, Address, as_row, django_addresses, read_table, reading
from tests.web.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


class Browsers:
    """One for each request; a role signs in when nobody knows whether its last session still stands."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, str] = {}

    def of(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        account = self.world.accounts[role]
        if account is not None:
            if role not in self.sessions:
                account.refresh_from_db()
                client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
                self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client

    def ask(self, address: Address, method: str, role: str) -> str:
        """What this role gets."""
        where = address.filled(self.world.names)
        answer = self.of(role).generic(method, where, content_type="application/x-www-form-urlencoded")
        found = reading(answer.status_code, answer.headers.get("Location", ""))
        given = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        did = method != "GET" and role != "anonymous" and found not in ("-", "no")
        if did or (given and given.value != self.sessions.get(role)):
            self.sessions.clear()  # it may have ended anybody's
        return found

    def observed(self, address: Address, method: str) -> dict[str, str]:
        return {role: self.ask(address, method, role) for role in ROLES}


def test_the_table_is_the_truth_for_every_address_and_role() -> None:
    world, table = make_world(), read_table()
    browsers = Browsers(world)
    unknown = [f"{one.route}: {hole}" for one in django_addresses() for hole in one.holes
               if hole not in world.names and f"{one.route}:{hole}" not in world.names]  # fmt: skip
    assert not unknown, f"tests/web/world.py does not know what to put there: {unknown}"

    missing, wrong = [], []
    for address in django_addresses():
        for method in METHODS:
            seen = browsers.observed(address, method)
            said = table.get((address.route, method))
            if said is None:
                missing.append(as_row(address.route, method, seen))
            elif said != seen:
                differences = {
                    role: f"table {said[role]}, seen {seen[role]}" for role in ROLES if said[role] != seen[role]
                }
                wrong.append(f"{method} /{address.route}: {differences}")
    gone = {route for route, _ in table} - {one.route for one in django_addresses()} - raw_routes()
    message = []
    if missing:
        message += [f"{len(missing)} rows are missing in {TABLE.name}. As seen (check every cell, then add):", *missing]
    if wrong:
        message += ["The table says otherwise:", *wrong]
    if gone:
        message += ["Rows without an address:", *sorted(gone)]
    assert not message, "\n".join(message)


def raw_routes() -> set[str]:
    return {route for route, _ in read_table() if route.startswith("/")}
