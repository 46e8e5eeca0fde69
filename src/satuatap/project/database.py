"""The database for a command: the city's server (DATABASE_URL) or the embedded one, brought up to date."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError, OperationalError
from psycopg.conninfo import conninfo_to_dict

from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import ADMIN, Cluster
from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import environment, grants

OLDEST_SERVER = 15


@dataclass(frozen=True)
class Addresses:
    """Where the application works, and where its owner migrates."""

    app: str
    owner: str
    embedded: Cluster | None = None


def given() -> Addresses | None:
    """The city's own server, if the environment names one."""
    url = os.environ.get("DATABASE_URL")
    return Addresses(url, os.environ.get("DATABASE_OWNER_URL") or url) if url else None


def addresses_of(cluster: Cluster) -> Addresses:
    return Addresses(cluster.url(roles.APP, roles.DATABASE), cluster.url(roles.OWNER, roles.DATABASE), cluster)


def prepare(cluster: Cluster) -> Addresses:
    """Roles and database of a cluster that runs; safe to repeat."""
    with psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True) as admin:
        roles.make_roles(admin, cluster.password(roles.OWNER), cluster.password(roles.APP))
        roles.make_database(admin)
    with psycopg.connect(cluster.url(ADMIN, roles.DATABASE), autocommit=True) as admin:
        roles.give_schema(admin)
    return addresses_of(cluster)


@contextlib.contextmanager
def connected(*, up_to_date: bool = True) -> Iterator[Addresses]:
    """The database for the length of a command: given, already running, or started (and migrated) for it."""
    addresses = given()
    if addresses is not None:
        check_server(addresses)
        if up_to_date:
            bring_up_to_date(addresses)
        yield addresses
        return
    cluster = environment.embedded()
    if not cluster.hold():  # `satuatap serve` runs it
        yield addresses_of(cluster)
        return
    cluster.start()
    try:
        addresses = prepare(cluster)
        if up_to_date:
            bring_up_to_date(addresses)
        yield addresses
    finally:
        connections.close_all()
        cluster.stop()


@contextlib.contextmanager
def beside_the_server() -> Iterator[None]:
    """The database that a server runs, for a process that it began: such a one never starts a database of its own.

    The server may be ending while this one begins; a database started then would keep the next server out.
    """
    try:
        connections["default"].ensure_connection()
    except OperationalError:
        raise DatabaseTrouble(
            "Basis data tidak menjawab: perintah ini bekerja di samping satuatap serve. Jalankan itu dulu.",
            "The database does not answer: this command works beside satuatap serve. Start that first.",
        ) from None
    try:
        yield
    finally:
        connections.close_all()


@contextlib.contextmanager
def as_owner(addresses: Addresses) -> Iterator[None]:
    """Django's default connection as the role that owns the tables, for migrations; and back."""
    settings = connections.settings["default"]
    before = dict(settings)
    connections["default"].close()
    settings.update(environment.django_database(addresses.owner))
    connections["default"].settings_dict = settings
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(before)


def check_server(addresses: Addresses) -> None:
    """A given server must answer and be new enough."""
    for name, url in (("DATABASE_URL", addresses.app), ("DATABASE_OWNER_URL", addresses.owner)):
        try:
            with psycopg.connect(url, connect_timeout=10) as server:
                version = server.info.server_version // 10000
        except psycopg.Error as problem:
            where = conninfo_to_dict(url).get("host") or "?"
            # libpq's first line says what is wrong; its hints come after
            why = [line.strip() for line in str(problem).splitlines() if line.strip()][:1] or ["?"]
            raise DatabaseTrouble(
                f"Basis data dari {name} di {where} tidak dapat dihubungi: {why[0]}. Periksa alamat dan sandinya.",
                f"The database of {name} at {where} can't be reached: {why[0]}. Check its address and password.",
            ) from None
        if version < OLDEST_SERVER:
            raise DatabaseTrouble(
                f"PostgreSQL {version} terlalu lama; perlu {OLDEST_SERVER} atau lebih baru.",
                f"PostgreSQL {version} is too old; {OLDEST_SERVER} or newer is needed.",
            )


def _migrate(addresses: Addresses) -> None:
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, MigrationSchemaMissing) as problem:
        if addresses.embedded is not None:
            raise  # ours: whatever is wrong there is a defect
        first: BaseException = problem
        while (deeper := first.__cause__ or first.__context__) is not None:
            first = deeper
        why = str(first).split("\n", 1)[0]
        raise DatabaseTrouble(
            f"Tabel tidak dapat dibuat oleh peran pemilik: {why}. Beri peran di DATABASE_OWNER_URL kepemilikan basis "
            "data itu dan skema public-nya.",
            f"The owner's role can't make the tables: {why}. Let the role of DATABASE_OWNER_URL own the database and "
            "its schema public.",
        ) from None


def _refuse_another_database(application: psycopg.Connection[Any]) -> None:
    """The tables that the owner has made must be the ones that the application sees."""
    row = application.execute("select to_regclass('public.journal_entry') is not null").fetchone()
    if row is None or not row[0]:
        raise DatabaseTrouble(
            "DATABASE_URL dan DATABASE_OWNER_URL menunjuk basis data yang berbeda. Samakan server dan nama "
            "basis datanya; hanya perannya yang berbeda.",
            "DATABASE_URL and DATABASE_OWNER_URL name different databases. Give both the same server and database; "
            "only the role differs.",
        )


def _refuse_newer(executor: MigrationExecutor) -> None:
    """Tables of a later version: this one would write into them what that one no longer understands."""
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("satuatap.")}
    done = {step for step in executor.loader.applied_migrations if step[0] in ours}
    if unknown := sorted(done - set(executor.loader.disk_migrations)):
        name = ".".join(unknown[0])
        raise DatabaseTrouble(
            f"Basis data ini sudah dipakai satuatap yang lebih baru ({name}). Pasang lagi versi itu, atau kembalikan "
            "basis data yang lama: docs/guides/upgrade.md.",
            f"This database was used by a newer satuatap ({name}). Install that version again, or put the old "
            "database back: docs/guides/upgrade.md.",
        )


def bring_up_to_date(addresses: Addresses) -> int:
    """Migrate as the owner where something is new, then give the application its rights; returns how many steps."""
    with as_owner(addresses):
        executor = MigrationExecutor(connection)
        _refuse_newer(executor)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            _migrate(addresses)
    app = conninfo_to_dict(addresses.app).get("user") or ""
    with psycopg.connect(addresses.owner) as owner:
        grants.give(owner, str(app))
    with psycopg.connect(addresses.app) as application:
        _refuse_another_database(application)
        grants.refuse_too_many_rights(application)
    return len(plan)
