"""The table of role x route: which addresses there are, what is asked of each, and how an answer is read.

``routes.csv`` beside this file says, for every address and method, what each role gets:
``yes`` the guard lets through (the view may still refuse the values), ``in`` sign in first, ``no`` not allowed,
``-`` the address does not take this method.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.urls import get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern, URLPattern, URLResolver

TABLE = Path(__file__).with_name("routes.csv")
ROLES = (
    "anonymous",
    "officer",
    "officer_elsewhere",
    "coordinator",
    "help_desk",
    "manager",
    "manager_elsewhere",
    "keeper",
    "kiosk",
    "planner",  # stands for every role of the regrouping
)
METHODS = ("GET", "POST")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """One address of Django's configuration or of the raw front, with holes for what it names."""

    route: str
    raw: bool = False

    @property
    def holes(self) -> list[str]:
        return GROUP.findall(self.route) if self.raw else PARAMETER.findall(self.route)

    def filled(self, world: Mapping[str, str]) -> str:
        """The address with the world's values; a value for this very route comes before one by name."""

        def value(match: re.Match[str]) -> str:
            return world.get(f"{self.route}:{match[1]}") or world[match[1]]

        text = GROUP.sub(value, self.route) if self.raw else PARAMETER.sub(value, self.route)
        return text if text.startswith("/") else f"/{text}"


def django_addresses() -> list[Address]:
    """Every address that Django answers."""
    return sorted({Address(route) for route, _ in _walk(get_resolver())})


def _walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for part in resolver.url_patterns:
        if isinstance(part.pattern, RegexPattern):
            raise AssertionError(f"a regular expression in {part}: write it with path()")
        assert isinstance(part.pattern, RoutePattern) or isinstance(part, URLResolver)
        route = before + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from _walk(part, route)
        else:
            yield route, part


def read_table() -> dict[tuple[str, str], dict[str, str]]:
    """The table by route and method."""
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    table = {(row["route"], row["method"]): {role: row[role] for role in ROLES} for row in rows}
    assert len(table) == len(rows), "a row stands twice in routes.csv"
    return table


def as_row(route: str, method: str, cells: Mapping[str, str]) -> str:
    """One line of the table."""
    return ",".join([route, method, *(cells[role] for role in ROLES)])


def reading(status: int, location: str = "") -> str:
    """What an answer says about the guard."""
    if status == 405:
        return "-"
    if status == 401 or (status == 303 and location.split("?")[0] == "/masuk"):
        return "in"
    if status == 403:
        return "no"
    return "yes" if status < 500 else f"broken {status}"
