"""Who sends a request to the front, and what she may do where. Same grants as Django's guards."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import refusals
from satuatap.web.identity import FrontIdentity, front_identity, remembered
from satuatap.web.live.http import Scope, cookies
from satuatap.web.live.threads import in_a_thread
from satuatap.web.live.works import Works

_find = in_a_thread(front_identity)
_malls = in_a_thread(malls.malls)


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


async def identity_of(scope: Scope) -> FrontIdentity:
    """The signed-in account behind the session cookie."""
    key = cookies(scope).get(settings.SESSION_COOKIE_NAME, "")
    known, identity = remembered(key)
    if key and not known:
        identity = await _find(key)
    if identity is None:
        raise SignInFirst()
    return identity


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
