"""The two roles beside the administrator: one owns and migrates, one works with the least rights."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

OWNER = "satuatap_owner"
APP = "satuatap_app"
DATABASE = "satuatap"

# The hot statements have a single shape; planning each call anew, or compiling it, costs more than it wins.
APP_SETTINGS = {"plan_cache_mode": "force_generic_plan", "jit": "off", "timezone": "UTC"}


def make_roles(
    admin: psycopg.Connection[Any], owner_password: str, app_password: str, *, createdb: bool = False
) -> None:
    """Owner and application roles with these passwords and no other rights; safe to repeat."""
    for role, password in ((OWNER, owner_password), (APP, app_password)):
        known = admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
        verb = sql.SQL("alter" if known else "create")
        admin.execute(
            sql.SQL(
                "{} role {} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password {}"
            ).format(verb, sql.Identifier(role), sql.Literal(password))
        )
    if createdb:
        admin.execute(sql.SQL("alter role {} createdb").format(sql.Identifier(OWNER)))
    for name, value in APP_SETTINGS.items():
        for role in (APP, OWNER):
            admin.execute(
                sql.SQL("alter role {} set {} = {}").format(
                    sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
                )
            )


def make_database(admin: psycopg.Connection[Any], name: str = DATABASE) -> None:
    """The database, owned by the owner; nobody else may make anything in it. ``admin`` must be in autocommit."""
    if admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
        admin.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
    admin.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
    admin.execute(
        sql.SQL("grant connect, temporary on database {} to {}").format(sql.Identifier(name), sql.Identifier(APP))
    )


def give_schema(admin: psycopg.Connection[Any]) -> None:
    """In the database itself: the owner makes tables, the application only uses what it is granted."""
    admin.execute(sql.SQL("alter schema public owner to {}").format(sql.Identifier(OWNER)))
    admin.execute("revoke all on schema public from public")
    admin.execute(sql.SQL("grant usage on schema public to {}").format(sql.Identifier(APP)))
