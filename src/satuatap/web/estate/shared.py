"""What every page of the estate needs: the day, what this account may change, one way to say no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import queries as estate
from satuatap.features.estate.refusals import NotYourNorm
from satuatap.features.estate.states import KEEPERS, READERS
from satuatap.features.malls import changes as kept
from satuatap.features.malls import queries as malls
from satuatap.features.malls.changes import ChangeView, NoSuchChange
from satuatap.plumbing.sheets.schema import Sheet
from satuatap.web.answers import SeeOther
from satuatap.web.guards import grants_of, has_role
from satuatap.web.sheets import city

READ = tuple(sorted(READERS))
KEEP = tuple(sorted(KEEPERS))
LISTS, IMPORT, CHANGES = "/studio/daftar", "/studio/impor", "/studio/perubahan"


def today() -> date:
    """The business day of the city's first mall; the day in UTC where no mall stands yet."""
    known = malls.malls()
    return malls.today(known[0].id) if known else datetime.now(UTC).date()


def keeps(request: HttpRequest) -> bool:
    """Whether this account may change the inventory."""
    return has_role(request, *KEEP)


def page(
    request: HttpRequest, tab: str, template: str, values: dict[str, Any], problem: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """A page of the estate; with what went wrong above it, in the refusal's own status."""
    known = malls.malls()
    shown = {"problem": problem, "mall": known[0] if known else None, "tab": tab, "keeps": keeps(request)}
    return render(request, f"estate/{template}.html", shown | values, status=200 if problem is None else problem.status)


def attempt(
    request: HttpRequest, act: Callable[[], Any], done: Any, back: str, again: Callable[[Refusal], HttpResponse]
) -> HttpResponseBase:
    """Do it and go back with one sentence; or show the page again with why not.

    What ``act`` returns, if it is a text, is the address that takes it back by a POST: the sentence offers it.
    """
    try:
        undo = act()
    except Refusal as refusal:
        return again(refusal)
    messages.success(request, str(done), extra_tags=undo if isinstance(undo, str) else "")
    return SeeOther(back)


def undo_address(change: UUID) -> str:
    return f"{CHANGES}/{change}/batalkan"


def sheet_of(name: str) -> Sheet:
    """A sheet of the inventory; others are not found here."""
    if name not in city().ESTATE_SHEETS:
        raise city().NoSuchRow()
    found: Sheet = city().sheet_of(name)
    return found


def change_of(number: UUID) -> ChangeView:
    """A change or a draft about the inventory alone; any other is not found here."""
    view = kept.change(number)
    if not city().within(view, city().ESTATE_SHEETS):
        raise NoSuchChange()
    return view


def refuse_norms(request: HttpRequest, rows: Iterable[Mapping[str, str] | None]) -> None:
    """Prices are BPKAD's, other norms Bappeda's: refused where one of these rows is another house's."""
    roles = {grant.role for grant in grants_of(request)}
    found = [row for row in rows if row and not estate.may_change_norm(roles, row.get("unit", ""))]
    if found:
        raise NotYourNorm(list(dict.fromkeys(row["key"] for row in found)))


def refuse_norms_of(request: HttpRequest, view: ChangeView) -> None:
    """The same for a change or a draft."""
    rows = [row for row in view.rows if row.sheet == "norms"]
    refuse_norms(request, [cells for row in rows for cells in (row.before, row.after)])


def who(code: str, names: Mapping[Any, str]) -> str:
    """An actor's code as a colleague's name; a part of the system as what it is."""
    kind, _colon, number = code.partition(":")
    if kind == "account" and number.isdecimal():
        return names.get(int(number)) or _("akun %(number)s") % {"number": number}
    return _("sistem")
