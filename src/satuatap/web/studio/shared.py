"""What every page of the studio needs: the day, what this account may do, and one way to say no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.features.plans import queries
from satuatap.features.plans.states import WHO, Act
from satuatap.web.answers import SeeOther
from satuatap.web.guards import grants_of


def today() -> date:
    """The business day of the city's first mall; the day in UTC where no mall stands yet."""
    known = malls.malls()
    return malls.today(known[0].id) if known else datetime.now(UTC).date()


def zone() -> str:
    """Where the city's clocks stand; a city may be studied before it has a mall."""
    known = malls.malls()
    return known[0].zone_name if known else "UTC"


def may(request: HttpRequest, act: Act) -> bool:
    """Whether one of the account's roles may do this."""
    return queries.may_act({grant.role for grant in grants_of(request)}, act)


def page(
    request: HttpRequest, template: str, values: dict[str, Any], problem: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """A page of the studio; with what went wrong above it, in the refusal's own status."""
    known = malls.malls()
    shown = {
        "problem": problem,
        "mall": known[0] if known else None,
        "zone": zone(),
        "may": {act.value: may(request, act) for act in WHO},
    }
    return render(request, template, shown | values, status=200 if problem is None else problem.status)


def attempt(
    request: HttpRequest, act: Callable[[], Any], done: Any, back: str, again: Callable[[Refusal], HttpResponse]
) -> HttpResponseBase:
    """Do it and go back with one sentence; or show the page again with why not."""
    try:
        act()
    except Refusal as refusal:
        return again(refusal)
    messages.success(request, str(done))
    return SeeOther(back)
