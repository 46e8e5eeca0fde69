"""What a mall promises about waiting, and what it is asked for in a year: three sheets of the city's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import facts, refusals
from satuatap.features.catalogue.models import HalfHour, Load, Promise, Service
from satuatap.features.journal.actions import announce
from satuatap.features.malls import queries as malls
from satuatap.plumbing.sourced import SOURCED, cells_of
from satuatap.plumbing.upsert import Change, put_rows

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class PromiseView:
    """Nine in ten wait at most so many minutes; ``None``: nothing was promised."""

    minutes: float | None
    decree: str
    source: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class LoadView:
    """How often a year a service is asked for."""

    yearly: float
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a day's citizens from a time of the day on, for half an hour."""

    start: time
    share: float
    synthetic: bool


@transaction.atomic
def put_promises(*, by: Actor, rows: Rows) -> dict[str, Change]:
    """Make promises, loads and the day's profile equal to their sheets."""
    malls.forget()  # a mall of the same reading
    key = ["mall_id", "service_id"]
    changes = {
        "promises": put_rows(Promise.objects.all(), key, _of(rows, "promises", "minutes", "decree")),
        "loads": put_rows(Load.objects.all(), key, _of(rows, "loads", "yearly")),
        "arrivals": put_rows(HalfHour.objects.all(), ["start"], [
            {"start": row["from"], "share": row["share"], **_sourced(row)} for row in rows.get("arrivals", ())
        ]),
    }  # fmt: skip
    if any(changes.values()):
        announce(facts.CataloguePut({name: change.counts() for name, change in changes.items() if change}), by=by)
    return changes


def _sourced(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in SOURCED if name in row and (row[name] is not None or name == "source_year")}


def _of(rows: Rows, sheet: str, *names: str) -> list[dict[str, Any]]:
    here = {view.code: view.id for view in malls.malls()}
    services = dict(Service.objects.values_list("code", "id"))
    found = []
    for row in rows.get(sheet, ()):
        if row["mall"] not in here or row["service"] not in services:
            raise refusals.BrokenCatalogue()
        own = {name: row[name] for name in names if row.get(name) is not None or name == "minutes"}
        found.append({"mall_id": here[row["mall"]], "service_id": services[row["service"]], **own, **_sourced(row)})
    return found


def promises(mall: int) -> dict[str, PromiseView]:
    """What a mall promises, by the service's code."""
    rows = Promise.objects.filter(mall=mall, service__active=True).select_related("service")
    return {row.service.code: PromiseView(row.minutes, row.decree, row.source, row.synthetic) for row in rows}


def loads(mall: int) -> dict[str, LoadView]:
    """How often each service is asked for in a mall, by the service's code."""
    rows = Load.objects.filter(mall=mall, service__active=True).select_related("service")
    return {row.service.code: LoadView(row.yearly, row.synthetic) for row in rows}


def arrivals() -> list[Share]:
    """When citizens come, in the order of the day."""
    return [Share(row.start, row.share, row.synthetic) for row in HalfHour.objects.order_by("start")]


def sheet_rows() -> dict[str, list[dict[str, Any]]]:
    """What stands in these sheets of the city's files, in the order in which it came."""
    here = {view.id: view.code for view in malls.malls()}
    found: dict[str, list[dict[str, Any]]] = {}
    for sheet, model, names in (("promises", Promise, ("minutes", "decree")), ("loads", Load, ("yearly",))):
        rows = model.objects.filter(mall__in=here, service__active=True).select_related("service").order_by("id")
        found[sheet] = [
            {"mall": here[row.mall_id], "service": row.service.code, **cells_of(row, *names)} for row in rows
        ]
    found["arrivals"] = [{"from": row.start, **cells_of(row, "share")} for row in HalfHour.objects.order_by("start")]
    return found
