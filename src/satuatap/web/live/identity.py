"""Who sends a request to the front, and what she may do where. Same grants as Django's guards."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.commons.queries import ApiClient
from satuatap.features.commons.states import ApiScope
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import refusals
from satuatap.web.clients import (
    OutsideLimits,
    admit,
    find_client,
    key_in,
    remembered_client,
    within_agency,
    within_mall,
)
from satuatap.web.identity import FrontIdentity, front_identity, remembered, seen_by_hand
from satuatap.web.live.http import Scope, cookies, header
from satuatap.web.live.threads import in_a_thread
from satuatap.web.live.works import Works
from satuatap.web.problems import is_api

SEEN_EVERY_S = 60.0
MOST_SEEN = 4096
_seen: dict[str, float] = {}  # session key: when its sign of life was last written
_by_hand = in_a_thread(seen_by_hand)
_find = in_a_thread(front_identity)
_malls = in_a_thread(malls.malls)
_mall = in_a_thread(malls.mall)
_steps = in_a_thread(catalogue.steps)
_desk_place = in_a_thread(malls.desk_place)
_find_client = in_a_thread(find_client)


class SignInFirst(Refusal):
    code = "sign_in"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("Sesi Anda sudah berakhir. Masuk lagi; yang sudah tersimpan aman."))


class NotYours(Refusal):
    code = "not_yours"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Akun ini tidak berwenang di sini. Minta Manajer MPP bila ini keliru."))


@dataclass(frozen=True, slots=True)
class Issuer:
    """Where numbers are given, and by whom."""

    who: str
    mall: int
    channel: str
    agency: int | None = None  # a program of one agency takes numbers for its services only


async def identity_of(scope: Scope) -> FrontIdentity:
    """The signed-in account behind the session cookie."""
    key = cookies(scope).get(settings.SESSION_COOKIE_NAME, "")
    known, identity = remembered(key)
    if key and not known:
        identity = await _find(key)
    if identity is None:
        raise SignInFirst()
    if scope["method"] == "POST":
        await note_seen(key)
    return identity


async def note_seen(key: str) -> None:
    """A form keeps the session alive; a stream does not. Looked at once a minute for each session."""
    now = time.monotonic()
    if now - _seen.get(key, -math.inf) < SEEN_EVERY_S:
        return
    if len(_seen) >= MOST_SEEN:
        _seen.clear()
    _seen[key] = now
    await _by_hand(key)


def issuing(identity: FrontIdentity) -> Issuer:
    """Numbers are given at the kiosk and the help desk only."""
    who = Actor.account(identity.account_id).code
    for grant in identity.grants:
        if grant.role == Role.KIOSK and grant.mall_id is not None:
            return Issuer(who, grant.mall_id, "kiosk")
        if grant.role == Role.HELP_DESK and grant.mall_id is not None:
            return Issuer(who, grant.mall_id, "help_desk")
    raise NotYours()


def require_desk(works: Works, identity: FrontIdentity, desk: int) -> str:
    """The actor's code, if she may work at this desk: an officer or coordinator of its booth."""
    place = works.hub.names.places.get(desk)
    if place is None:
        raise refusals.NoSuchDesk()
    mall, booth = place
    for grant in identity.grants:
        if grant.role in (Role.OFFICER, Role.COORDINATOR) and (grant.mall_id, grant.booth_id) == (mall, booth):
            return Actor.account(identity.account_id).code
    raise NotYours()


async def issuer_of(scope: Scope, match: re.Match[str]) -> Issuer:
    """Who takes a number: a signed-in kiosk or help desk, or a program with its key, at the mall in the address."""
    if not is_api(scope["path"]):
        return issuing(await identity_of(scope))
    client = await client_of(scope, ApiScope.TICKETS)
    mall = (await _mall(match["mall"])).id
    within_mall(client, mall)
    return Issuer(Actor.client(client.id).code, mall, "api", client.agency)


async def require_own_steps(issuer: Issuer, steps: Sequence[int]) -> None:
    """A program of one agency takes no number for another's services."""
    if issuer.agency is not None and any(step.agency_id != issuer.agency for step in await _steps(steps)):
        raise OutsideLimits()


async def worker_at(works: Works, scope: Scope, desk: int) -> str:
    """The code of who works at the desk: a signed-in officer, or a program within its mall and agency."""
    if not is_api(scope["path"]):
        return require_desk(works, await identity_of(scope), desk)
    client = await client_of(scope, ApiScope.DESKS)
    place = works.hub.names.places.get(desk)
    if place is None:
        raise refusals.NoSuchDesk()
    within_mall(client, place[0])
    if client.agency is not None:
        found = await _desk_place(desk)
        within_agency(client, found.agency_id if found else 0)
    return Actor.client(client.id).code


async def client_of(scope: Scope, needed: ApiScope) -> ApiClient:
    """The program behind the key of the request, if it may do this now. Sessions do not count here."""
    key = key_in(header(scope, b"authorization"))
    known, client = remembered_client(key)
    return admit(client if known else await _find_client(key), needed)


def allowed_floor(identity: FrontIdentity, mall: int) -> None:
    """The whole floor is the manager's, the help desk's and the coordinators' of that mall."""
    roles = (Role.MANAGER, Role.HELP_DESK, Role.KEEPER, Role.COORDINATOR)
    if not any(grant.role in roles and grant.mall_id in (None, mall) for grant in identity.grants):
        raise NotYours()


async def default_mall() -> int:
    """The city's first mall; a second one is named in the address (later)."""
    rows = await _malls()
    if not rows:
        raise refusals.MallIsClosed(status=404)
    return int(rows[0].id)
