"""People: accounts and their roles, blocking. Nothing is deleted here; what was true stays readable."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.people import actions
from satuatap.features.people import queries as people
from satuatap.features.people.refusals import NoSuchAccount
from satuatap.features.people.states import AccountLife, Role
from satuatap.web.guards import actor_of, role_required
from satuatap.web.identity import forget_all_sessions
from satuatap.web.inputs import key_of, text_of
from satuatap.web.office.holdings import holdings_of
from satuatap.web.office.once import new_password, password_once
from satuatap.web.office.refusals import NotInYourMall
from satuatap.web.office.shared import Office, attempt, office_of, page


def _by_number(name: str) -> list[tuple[int, str]]:
    """So that loket2 stands before loket10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


def _matches(asked: str, line: Any, roles: Sequence[tuple[Any, str]]) -> bool:
    """Whether every word that was typed stands in the account's names, roles or places."""
    places = [f"{role} {place}" for role, place in roles]
    said = " ".join([line.username, line.display_name, str(line.life_name), *places]).lower()
    return all(word in said for word in asked.lower().split())


def place_names(office: Office) -> dict[int, str]:
    """Booths of the mall by number."""
    return {booth.id: booth.name or booth.agency for booth in malls.hall_plan(office.mall.id).booths}


def visible(office: Office, account: int) -> Any:
    """The account, if it is this office's to see: a keeper's all, a manager's those of her mall or without a role."""
    row = people.account(account)
    if row is None or row.life == AccountLife.FORGOTTEN:
        raise NoSuchAccount()
    live = [line for line in people.grant_lines(account, office.today) if not line.ended]
    if not office.keeper and live and all(line.mall_id != office.mall.id for line in live):
        raise NotInYourMall()
    return row


def keep(office: Office, account: int) -> Any:
    """The account, if this office may block it or reset its password."""
    row = visible(office, account)
    if not people.may_keep(office.grants, account):
        raise NotInYourMall()
    return row


def given_roles(office: Office) -> list[tuple[str, str]]:
    """The roles that this office may give."""
    return [
        (role.value, str(name))
        for role, name in people.ROLE_NAMES.items()
        if people.grants_may_grant(office.grants, role, office.mall.id)
    ]


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people_page(request: HttpRequest) -> HttpResponseBase:
    """All accounts with their roles; a new one by the form beside them."""
    office = office_of(request)
    if request.method != "POST":
        return _people(request, office)
    password = new_password()
    try:
        name = text_of(request.POST, "username", longest=60)
        shown = text_of(request.POST, "display_name", longest=120)
        made = actions.open_account(
            by=actor_of(request), username=name, display_name=shown, password=password, request=key_of(request)
        )
    except Refusal as refusal:
        return _people(request, office, refusal)
    fresh = made.check_password(password)
    return password_once(request, office, made, password if fresh else "", _("Akun sudah dibuat."))


def _people(request: HttpRequest, office: Office, problem: Refusal | None = None) -> HttpResponse:
    lines = people.accounts(office.today, mall=None if office.keeper else office.mall.id)
    names = place_names(office)
    everyone = [
        (line, [(people.ROLE_NAMES[grant.role], names.get(grant.booth_id or 0, "")) for grant in line.grants])
        for line in sorted(lines, key=lambda line: _by_number(line.username))
    ]
    asked = text_of(request.GET, "cari", longest=60, default="")
    rows = [row for row in everyone if _matches(asked, *row)]
    typed = {field: str(request.POST.get(field, ""))[:120] for field in ("username", "display_name")}
    return page(
        request, "people", office, {"rows": rows, "typed": typed, "asked": asked, "all": len(everyone)}, problem
    )


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_http_methods(["GET", "HEAD"])
def account_page(request: HttpRequest, account: int) -> HttpResponseBase:
    """One account: its roles with place and time, its password, its life."""
    return show_account(request, office_of(request), account)


def life_of(row: Any, device: bool) -> str:
    """Where the account stands, in words; a device has no password that waits to be replaced, only a link or none."""
    if device and row.life == AccountLife.INVITED:
        return _("Belum punya tautan")
    return str(people.LIFE_NAMES[AccountLife(row.life)])


def show_account(request: HttpRequest, office: Office, account: int, problem: Refusal | None = None) -> HttpResponse:
    """The page of an account, with what went wrong above it."""
    row = visible(office, account)
    names = place_names(office)
    mall_names = {mall.id: mall.name for mall in malls.malls()}
    lines = [
        (line, names.get(line.booth_id or 0) or mall_names.get(line.mall_id or 0) or _("seluruh kota"),
         people.grants_may_grant(office.grants, line.role, line.mall_id))
        for line in people.grant_lines(account, office.today)
    ]  # fmt: skip
    device = people.is_device(account)
    values = {
        "account": row,
        "device": device,
        "life": life_of(row, device),
        "blocked": row.life == AccountLife.BLOCKED,
        "lines": lines,
        "may_keep": people.may_keep(office.grants, account),
        "held": holdings_of(row) if people.may_keep(office.grants, account) else None,
        "roleless": all(line.ended for line, _place, _mine in lines),
        "is_self": row.pk == request.user.pk,
        "roles": [role for role in given_roles(office) if not device or role[0] == Role.KIOSK],
        "booths": malls.hall_plan(office.mall.id).booths,
        "today": office.today.isoformat(),
        "on": office.today,
        "typed": {field: str(request.POST.get(field, ""))[:40] for field in ("role", "booth", "from", "until")},
    }
    return page(request, "account", office, values, problem)


def change(
    request: HttpRequest,
    account: int,
    act: Callable[[Office, Any], Any],
    done: Any,
    check: Callable[[Office, int], Any] = keep,
) -> HttpResponseBase:
    """Change an account that this office may change (``check``); then its page, with one sentence or with why not."""
    office = office_of(request)
    row = check(office, account)
    return attempt(
        request, lambda: act(office, row), done, f"/pengelolaan/orang/{account}",
        lambda problem: show_account(request, office, account, problem),
    )  # fmt: skip


@role_required(Role.MANAGER, Role.KEEPER)
@never_cache
@require_POST
def block(request: HttpRequest, account: int) -> HttpResponseBase:
    """The account may not sign in any more; its sessions end within seconds."""

    def act(office: Office, row: Any) -> None:
        actions.block_account(by=actor_of(request), account=account, on=office.today, request=key_of(request))
        forget_all_sessions()

    return change(request, account, act, _("Akun sudah diblokir."))
