"""How an account signs in, as who keeps it may change it: end sessions, take second factors away, lift locks."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from satuatap.features.people import actions
from satuatap.features.people.states import Role, WhyEnded
from satuatap.web.guards import actor_of, role_required
from satuatap.web.identity import forget_all_sessions, forget_session
from satuatap.web.inputs import text_of
from satuatap.web.locks import lift
from satuatap.web.office.refusals import OwnAccount
from satuatap.web.office.shared import attempt, office_of
from satuatap.web.office.staff import keep, show_account


def _page(account: int) -> str:
    return f"/pengelolaan/orang/{account}"


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def end_session(request: HttpRequest, account: int, session: UUID) -> HttpResponseBase:
    """One of its sessions ends at once."""
    office = office_of(request)
    keep(office, account)

    def act() -> None:
        forget_session(actions.end_session(by=actor_of(request), account=account, session=session, why=WhyEnded.ENDED))

    return attempt(
        request, act, _("Sesi sudah diakhiri."), _page(account), lambda no: show_account(request, office, account, no)
    )


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def reset_factors(request: HttpRequest, account: int) -> HttpResponseBase:
    """A lost phone: every second factor goes, every session ends; her password alone signs in until she adds one."""
    office = office_of(request)
    keep(office, account)

    def act() -> None:
        if account == request.user.pk:
            raise OwnAccount()
        actions.reset_factors(by=actor_of(request), account=account)
        forget_all_sessions()

    return attempt(
        request, act, _("Faktor kedua sudah dihapus dan semua sesi akun ini berakhir."), _page(account),
        lambda no: show_account(request, office, account, no),
    )  # fmt: skip


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def lift_locks(request: HttpRequest, account: int) -> HttpResponseBase:
    """Failed tries are forgotten, and PINs that were locked count again."""
    office = office_of(request)
    row = keep(office, account)

    def act() -> None:
        actions.lift_locks(by=actor_of(request), account=account)
        lift(account, row.username)

    return attempt(
        request, act, _("Kunci sudah dibuka. Akun ini bisa mencoba masuk lagi."), _page(account),
        lambda no: show_account(request, office, account, no),
    )  # fmt: skip


@role_required(Role.KEEPER)
@never_cache
@require_POST
def city_login(request: HttpRequest, account: int) -> HttpResponseBase:
    """How the city's single sign-on names this account; empty: it may not use it."""
    office = office_of(request)
    keep(office, account)

    def act() -> None:
        actions.put_city_login(by=actor_of(request), account=account, name=text_of(request.POST, "name", longest=120))

    return attempt(
        request, act, _("Nama di masuk kota sudah disimpan."), _page(account),
        lambda no: show_account(request, office, account, no),
    )  # fmt: skip
