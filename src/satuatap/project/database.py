"""The database for a command: the city's server (DATABASE_URL) or the embedded one, and who may do what in it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from django.db import connections

from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from satuatap.project import environment


@dataclass(frozen=True)
class Addresses:
    """Where the application works, and where its owner migrates."""

    app: str
    owner: str
    embedded: Cluster | None = None


def prepare(cluster: Cluster) -> Addresses:
    """Roles and database of a cluster that runs; safe to repeat."""
    with psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True) as admin:
        roles.make_roles(admin, cluster.password(roles.OWNER), cluster.password(roles.APP))
        roles.make_database(admin)
    with psycopg.connect(cluster.url(ADMIN, roles.DATABASE), autocommit=True) as admin:
        admin.execute(f"alter schema public owner to {roles.OWNER}")
        admin.execute("revoke create on schema public from public")
        admin.execute(f"grant usage on schema public to {roles.APP}")
    return addresses_of(cluster)


def addresses_of(cluster: Cluster) -> Addresses:
    return Addresses(cluster.url(roles.APP, roles.DATABASE), cluster.url(roles.OWNER, roles.DATABASE), cluster)


@contextlib.contextmanager
def connected() -> Iterator[Addresses]:
    """The database for the length of a command: given, already running, or started for it."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield Addresses(given, os.environ.get("DATABASE_OWNER_URL") or given)
        return
    cluster = environment.embedded()
    if not cluster.hold():  # `satuatap serve` runs it
        yield addresses_of(cluster)
        return
    cluster.start()
    try:
        yield prepare(cluster)
    finally:
        cluster.stop()


@contextlib.contextmanager
def as_owner(addresses: Addresses) -> Iterator[None]:
    """Django's default connection as the role that owns the tables, for migrations; and back."""
    settings = connections.settings["default"]
    before = dict(settings)
    connections["default"].close()
    settings.update({**environment.django_database(addresses.owner), "TEST": settings.get("TEST", {})})
    connections["default"].settings_dict = settings
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(before)
