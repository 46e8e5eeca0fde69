"""How an account signs in, as who keeps it may change it: passwords, links, sessions, second factors, locks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.people import actions
from satuatap.features.people import queries as people
from satuatap.features.people.states import Role, WhyEnded
from satuatap.web.guards import actor_of, role_required
from satuatap.web.identity import forget_all_sessions, forget_session
from satuatap.web.inputs import key_of, text_of
from satuatap.web.locks import lift
from satuatap.web.office.once import link_once, new_password, password_once
from satuatap.web.office.refusals import OwnAccount
from satuatap.web.office.shared import Office, office_of
from satuatap.web.office.staff import change, keep, show_account
from satuatap.web.sheets import city


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def reset_password(request: HttpRequest, account: int) -> HttpResponseBase:
    """A new password, shown this once; the account's sessions end, and its holder replaces it at the next sign-in."""
    office = office_of(request)
    row = keep(office, account)
    password = new_password()
    try:
        fresh = actions.set_password(by=actor_of(request), account=account, password=password, request=key_of(request))
    except Refusal as refusal:
        return show_account(request, office, account, refusal)
    forget_all_sessions()
    return password_once(request, office, row, password if fresh else "", _("Kata sandi sudah diatur ulang."))


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def new_link(request: HttpRequest, account: int) -> HttpResponseBase:
    """A new link for a device, shown this once; the earlier one opens nothing any more, and its sessions end."""
    office = office_of(request)
    row = keep(office, account)
    return _link(request, office, row, actions.give_device_secret, _("Tautan baru sudah dibuat."))


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def unblock(request: HttpRequest, account: int) -> HttpResponseBase:
    """The account may sign in again: a person with a new password, a device with a new link, shown this once."""
    office = office_of(request)
    row = keep(office, account)
    done = _("Akun sudah dibuka kembali.")
    if people.is_device(account):
        return _link(request, office, row, actions.unblock_device, done)
    password = new_password()
    try:
        fresh = actions.unblock_account(
            by=actor_of(request), account=account, password=password, request=key_of(request)
        )
    except Refusal as refusal:
        return show_account(request, office, account, refusal)
    return password_once(request, office, row, password if fresh else "", done)


def _link(request: HttpRequest, office: Office, row: Any, give: Callable[..., str], done: str) -> HttpResponseBase:
    """What ``give`` made, on the page that shows it; the file of first accounts names no dead link either."""
    try:
        secret = give(by=actor_of(request), account=row.pk, request=key_of(request))
    except Refusal as refusal:
        return show_account(request, office, row.pk, refusal)
    forget_all_sessions()
    if secret:
        city().keep_link(row.username, secret)
    return link_once(request, office, row, secret, done)


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def end_session(request: HttpRequest, account: int, session: UUID) -> HttpResponseBase:
    """One of its sessions ends at once."""

    def act(office: Office, row: Any) -> None:
        forget_session(actions.end_session(by=actor_of(request), account=account, session=session, why=WhyEnded.ENDED))

    return change(request, account, act, _("Sesi sudah diakhiri."))


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def reset_factors(request: HttpRequest, account: int) -> HttpResponseBase:
    """A lost phone: every second factor goes, every session ends; her password alone signs in until she adds one."""

    def act(office: Office, row: Any) -> None:
        if account == request.user.pk:
            raise OwnAccount()
        actions.reset_factors(by=actor_of(request), account=account)
        forget_all_sessions()

    return change(request, account, act, _("Faktor kedua sudah dihapus dan semua sesi akun ini berakhir."))


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def lift_locks(request: HttpRequest, account: int) -> HttpResponseBase:
    """Failed tries are forgotten, and PINs that were locked count again."""

    def act(office: Office, row: Any) -> None:
        actions.lift_locks(by=actor_of(request), account=account)
        lift(account, row.username)

    return change(request, account, act, _("Kunci sudah dibuka. Akun ini bisa mencoba masuk lagi."))


@role_required(Role.KEEPER)
@never_cache
@require_POST
def city_login(request: HttpRequest, account: int) -> HttpResponseBase:
    """How the city's single sign-on names this account; empty: it may not use it."""

    def act(office: Office, row: Any) -> None:
        actions.put_city_login(by=actor_of(request), account=account, name=text_of(request.POST, "name", longest=120))

    return change(request, account, act, _("Nama di masuk kota sudah disimpan."))
