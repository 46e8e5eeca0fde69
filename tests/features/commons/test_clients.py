"""Keys of programs: shown once, kept as a hash, ended by date, by renewal and by a block."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from satuatap.features.commons import actions, queries, refusals
from satuatap.features.commons.actions.clients import Issued, Limits
from satuatap.features.commons.models import Client, Key
from satuatap.features.journal.models import Entry
from satuatap.features.people.refusals import NoSuchAgency
from tests.factories.people import BY, make_agency

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)


def make(name: str = "antrean-dukcapil", **limits: object) -> Issued:
    limits.setdefault("scopes", ["queue:read"])
    return actions.make_client(by=BY, name=name, limits=Limits(**limits), now=NOW)  # type: ignore[arg-type]


def test_a_key_opens_within_its_limits_and_stands_nowhere_in_the_database() -> None:
    agency = make_agency("dukcapil")
    issued = make(scopes=["tickets:write", "queue:read"], agency="dukcapil", per_minute=30)
    found = queries.client_of_key(issued.key, NOW)
    assert found is not None
    assert (found.agency, found.agency_code, found.mall, found.per_minute) == (agency.pk, "dukcapil", None, 30)
    assert found.scopes == {"queue:read", "tickets:write"}
    secret = issued.key.removeprefix(issued.prefix)
    with connection.cursor() as cursor:
        for table in ("commons_client", "commons_key", "journal_entry"):
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            text = cursor.fetchone()[0]
            assert text
            assert secret not in text
    assert issued.prefix in str(queries.clients())


@pytest.mark.parametrize("change", [
    lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"), lambda key: key + "A", lambda key: "",
    lambda key: "x" * 500,
    lambda key: key.upper(), lambda key: key.replace("_", "-", 1), lambda key: f" {key}", lambda key: key + "\n",
])  # fmt: skip
def test_anything_but_the_key_opens_nothing(change) -> None:
    issued = make()
    assert queries.client_of_key(change(issued.key), NOW) is None


def test_a_key_ends_at_its_end() -> None:
    issued = make(days=10)
    assert queries.client_of_key(issued.key, issued.ends_at - timedelta(seconds=1))
    assert queries.client_of_key(issued.key, issued.ends_at) is None


def test_renewing_gives_a_second_key_and_the_first_ends_after_the_overlap() -> None:
    first = make()
    second = actions.renew_client(by=BY, client=first.client, days=100, overlap_hours=24, now=NOW)
    assert queries.client_of_key(first.key, NOW + timedelta(hours=23))
    assert queries.client_of_key(first.key, NOW + timedelta(hours=24)) is None
    assert queries.client_of_key(second.key, NOW + timedelta(days=99))
    third = actions.renew_client(by=BY, client=first.client, days=1, overlap_hours=0, now=NOW)
    assert queries.client_of_key(second.key, NOW) is None
    assert queries.client_of_key(third.key, NOW)


def test_a_blocked_client_is_out_and_cannot_be_renewed() -> None:
    issued = make()
    actions.block_client(by=BY, client=issued.client)
    actions.block_client(by=BY, client=issued.client)
    assert queries.client_of_key(issued.key, NOW) is None
    with pytest.raises(refusals.ClientIsBlocked):
        actions.renew_client(by=BY, client=issued.client, days=1, overlap_hours=0, now=NOW)
    kinds = list(Entry.objects.filter(kind__startswith="client_").order_by("id").values_list("kind", flat=True))
    assert kinds == ["client_made", "client_blocked"]


@pytest.mark.parametrize(("limits", "refusal"), [
    ({"scopes": []}, refusals.ScopesUnknown), ({"scopes": ["all"]}, refusals.ScopesUnknown),
    ({"days": 0}, refusals.EndUnreadable), ({"days": 731}, refusals.EndUnreadable),
    ({"per_minute": 0}, refusals.RateUnreadable), ({"agency": "tidak-ada"}, NoSuchAgency),
])  # fmt: skip
def test_limits_that_make_no_sense_make_no_client(limits, refusal) -> None:
    with pytest.raises(refusal):
        make(**limits)
    assert not Client.objects.exists()


def test_a_name_is_taken_once() -> None:
    make()
    with pytest.raises(refusals.NameTaken):
        make()
    with pytest.raises(refusals.NameTaken):
        make("  ")
    assert (Client.objects.count(), Key.objects.count()) == (1, 1)
