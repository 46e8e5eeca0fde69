"""Clients are made, renewed and blocked; a key is shown once, to whoever makes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from satuatap.basics.actor import Actor
from satuatap.features.commons import refusals
from satuatap.features.commons.facts import ClientBlocked, ClientMade, ClientRenewed
from satuatap.features.commons.models import Client, Key
from satuatap.features.commons.secrets_of import digest_of, new_key
from satuatap.features.commons.states import ApiScope
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import NoSuchAgency
from satuatap.plumbing.locking import lock

LONGEST_DAYS = 730
MOST_A_MINUTE = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may do, where, how often, and for how long."""

    scopes: Iterable[str]
    mall: str | None = None
    agency: str | None = None
    per_minute: int = 600
    days: int = 365


@dataclass(frozen=True, slots=True)
class Issued:
    """A key as its maker sees it, once."""

    client: int
    key: str
    prefix: str
    ends_at: datetime


def make_client(*, by: Actor, name: str, limits: Limits, now: datetime, request: UUID | None = None) -> Issued:
    """A program may ask the API from now on, with the key that is returned; asked again, its key is not told again."""
    scopes = _scopes(limits.scopes)
    if not 1 <= limits.per_minute <= MOST_A_MINUTE:
        raise refusals.RateUnreadable()
    ends_at = _end(now, limits.days)
    agency = people.agency(limits.agency) if limits.agency else None
    if limits.agency and agency is None:
        raise NoSuchAgency()
    mall = malls.mall(limits.mall).id if limits.mall else None
    clean = name.strip()
    with transaction.atomic():
        before = entry_of_request(request, ClientMade.kind, scopes=scopes, agency=limits.agency)
        if before is not None:
            return _told(int(before.fact["client"]))
        row, made = Client.objects.get_or_create(
            name=clean, defaults={"mall_id": mall, "agency": agency, "scopes": scopes, "per_minute": limits.per_minute}
        )
        if not made or not clean:
            raise refusals.NameTaken()
        issued = _key(row, ends_at)
        announce(ClientMade(row.pk, scopes, limits.agency, ends_at.isoformat()), by=by, mall=mall, request=request)
    return issued


def renew_client(
    *, by: Actor, client: int, days: int, overlap_hours: int, now: datetime, request: UUID | None = None
) -> Issued:
    """A new key; the ones before end after the overlap, so that the program can be changed over without a gap."""
    ends_at = _end(now, days)
    with transaction.atomic():
        row = _locked(client)
        if entry_of_request(request, ClientRenewed.kind, client=client) is not None:
            return _told(client)
        if row.blocked_at is not None:
            raise refusals.ClientIsBlocked()
        until = now + timedelta(hours=max(0, overlap_hours))
        row.keys.filter(ends_at__gt=until).update(ends_at=until)
        issued = _key(row, ends_at)
        announce(ClientRenewed(row.pk, ends_at.isoformat()), by=by, mall=row.mall_id, request=request)
    return issued


def _told(client: int) -> Issued:
    """The newest key of a client without the key itself: it was shown to whoever asked first."""
    newest = Key.objects.filter(client=client).latest("made_at", "pk")
    return Issued(client, "", newest.prefix, newest.ends_at)


def block_client(*, by: Actor, client: int) -> None:
    """Its keys open nothing any more and its webhooks end; twice is once."""
    with transaction.atomic():
        row = _locked(client)
        if row.blocked_at is not None:
            return
        Client.objects.filter(pk=row.pk).update(blocked_at=Now())
        row.webhooks.filter(ended_at=None).update(ended_at=Now())
        announce(ClientBlocked(row.pk), by=by, mall=row.mall_id)


def _locked(client: int) -> Client:
    rows = lock(Client.objects.filter(pk=client))
    if not rows:
        raise refusals.NoSuchClient()
    row: Client = rows[0]
    return row


def _scopes(asked: Iterable[str]) -> list[str]:
    known = [scope.value for scope in ApiScope]
    wanted = list(asked)
    if not wanted or any(scope not in known for scope in wanted):
        raise refusals.ScopesUnknown()
    return [scope for scope in known if scope in wanted]


def _end(now: datetime, days: int) -> datetime:
    if not 1 <= days <= LONGEST_DAYS:
        raise refusals.EndUnreadable()
    return now + timedelta(days=days)


def _key(row: Client, ends_at: datetime) -> Issued:
    key, prefix = new_key()
    Key.objects.create(client=row, prefix=prefix, digest=digest_of(key), ends_at=ends_at)
    return Issued(row.pk, key, prefix, ends_at)
