"""What every page of the office needs: whose mall, which day it is there, and one way to say no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.malls.refusals import NoSuchMall
from satuatap.features.people import queries as people
from satuatap.features.people.states import Role
from satuatap.web.answers import SeeOther
from satuatap.web.guards import grants_of, has_role, places_of
from satuatap.web.office.refusals import NotInYourMall

ROOMS = (
    ("overview", "/pengelolaan", _("Ringkasan")),
    ("people", "/pengelolaan/orang", _("Orang")),
    ("desks", "/pengelolaan/loket", _("Loket")),
    ("hours", "/pengelolaan/jam", _("Jam layanan")),
    ("services", "/pengelolaan/layanan", _("Layanan")),
    ("data", "/pengelolaan/data", _("Data kota")),
    ("system", "/pengelolaan/sistem", _("Sistem")),
    ("history", "/pengelolaan/riwayat", _("Riwayat")),
)
KEEPERS = ("data", "system")  # rooms for who keeps the whole city

PARENTS = {"account": "people", "password": "people", "link": "people", "desk": "desks", "sheet": "data", "row": "data",
           "import": "data", "review": "data", "programs": "system", "program": "system", "program_key": "system",
           "citizens": "system", "posters": "services"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """One request's office: the mall it keeps, and who keeps it."""

    mall: malls.MallView
    keeper: bool
    grants: tuple[people.Grant, ...]

    @property
    def today(self) -> date:
        """The real day in the mall's zone: roles go by it, even where a demo's clock runs ahead."""
        return datetime.now(UTC).astimezone(ZoneInfo(self.mall.zone_name)).date()


def english() -> bool:
    """Whether the screen is English now."""
    return (get_language() or "").startswith("en")


def office_of(request: HttpRequest) -> Office:
    """A manager's own mall; a keeper's first."""
    known = malls.malls()
    if not known:
        raise NoSuchMall()
    keeper = has_role(request, Role.KEEPER)
    own = {grant.mall_id for grant in places_of(request, Role.MANAGER)}
    mall = next((one for one in known if one.id in own), known[0] if keeper else None)
    if mall is None:
        raise NotInYourMall()
    return Office(mall, keeper, grants_of(request))


def page(
    request: HttpRequest, room: str, office: Office, values: dict[str, Any], problem: Refusal | None = None
) -> HttpResponse:
    """A room of the office; with what went wrong above it, in the refusal's own status."""
    shown = {
        "room": room,
        "parent": PARENTS.get(room, room),
        "rooms": [one for one in ROOMS if office.keeper or one[0] not in KEEPERS],
        "office": office,
        "mall": office.mall,
        "problem": problem,
    } | values
    return render(request, f"office/{room}.html", shown, status=200 if problem is None else problem.status)


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
